import type { types } from '@slack/bolt';
import { richText } from '../../core/text/rich-text.ts';
import { truncateLines, moreLines } from '../../messages/text/truncate-lines.ts';
import { LINE_BREAK, richLine, underOneAnother, weigh, type RichTextElement } from './rich-text.ts';

/** The longest text of one element. */
const MAX_ELEMENT = 2500;

/**
 * Builds a block with text to copy. Lines that do not fit into `room` are left out, and the block says how many.
 *
 * @param room in the unit of `weigh`
 */
export function verbatimBlock(text: string, room: number): types.RichTextBlock | null {
  const lines = text.split('\n').map((line) => richLine(richText`${line}`));
  const shown = merged(
    underOneAnother(
      truncateLines(
        lines,
        room,
        (line) => weigh([...line, LINE_BREAK]),
        (count) => richLine(moreLines(count)),
      ),
    ),
  );
  return shown.length === 0 ? null : { type: 'rich_text', elements: [{ type: 'rich_text_preformatted', elements: shown }] };
}

/** Joins adjacent texts into one element. Otherwise, each of hundreds of lines would be an element. */
function merged(elements: readonly RichTextElement[]): (types.RichTextText | types.RichTextLink)[] {
  const texts: types.RichTextText[] = [];
  for (const element of elements) {
    if (element.type !== 'text') continue;
    const last = texts.at(-1);
    if (last !== undefined && last.text.length + element.text.length <= MAX_ELEMENT)
      texts[texts.length - 1] = { type: 'text', text: last.text + element.text };
    else texts.push(element);
  }
  return texts;
}
