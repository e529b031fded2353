import type { types } from '@slack/bolt';
import type { Message } from '../../core/words/message.ts';
import { say, type Phrase } from '../../core/words/phrase.ts';
import { plainLine } from './plain-text.ts';
import { richLine, weigh, type RichTextElement } from './rich-text.ts';

/** What Slack is given for one message: `blocks` is what people see, `text` what notifications and screen readers say. */
export type SlackView = { readonly text: string; readonly blocks: types.RichTextBlock[] };

/** For all blocks together, well below what Slack was seen to refuse (see `weigh`). */
const MAX_BLOCKS_WEIGHT = 12_000;
/** Slack takes 40,000 characters of text; nobody listens to more than this. */
const MAX_TEXT = 3000;
/** Kept free for the sentence that says how much is missing, and for the blocks around the lines. */
const RESERVE = 400;
/** So many lines at the end are kept when lines have to go. */
const LAST_LINES = 2;

const REPEAT = say`This may be a repeat: Slack did not confirm the first one.`;

/**
 * A message in Slack's shape: title, lines and small print in `rich_text` blocks, at most three of them. Always a payload
 * that Slack takes: what does not fit is left out, and the message says how much that was.
 *
 * @param possibleRepeat adds that the same may have been posted before
 */
export function slackView(message: Message, { possibleRepeat }: { possibleRepeat: boolean }): SlackView {
  const quiet = [...(message.footer === undefined ? [] : [message.footer]), ...(possibleRepeat ? [REPEAT] : [])];
  return { text: textOf(message, quiet), blocks: blocksOf(message, quiet) };
}

function blocksOf(message: Message, quiet: readonly Phrase[]): types.RichTextBlock[] {
  const title = richLine(message.title);
  const footer = joined(quiet.map((line) => richLine(line, true)));
  const room = MAX_BLOCKS_WEIGHT - weigh([title, footer]) - RESERVE;
  const body = joined(fitting(message.lines.map((line) => richLine(line)), room, (line) => weigh(line) + weigh(LINE_BREAK), (line) => richLine(line)));
  const blocks = [title, body, footer].filter((elements) => elements.length > 0).map(richTextBlock);
  return blocks.length > 0 ? blocks : [richTextBlock([{ type: 'text', text: '…' }])];
}

function textOf(message: Message, quiet: readonly Phrase[]): string {
  const summary = plainLine(message.summary);
  const title = plainLine(message.title);
  const first = [summary, ...(title === summary ? [] : [title])].filter((line) => line !== '');
  const last = quiet.map(plainLine);
  const room = MAX_TEXT - [...first, ...last].join('\n').length - RESERVE;
  const body = fitting(message.lines.map(plainLine), room, (line) => line.length + 1, plainLine);
  return [...first, ...body, ...last].join('\n') || '…';
}

/**
 * The lines when they fit into `room`, else the first of them and the last, and between them how many are missing: what
 * comes last says how to get at the rest, or what to do.
 */
function fitting<T>(lines: readonly T[], room: number, weightOf: (line: T) => number, render: (phrase: Phrase) => T): T[] {
  if (fittingCount(lines, room, weightOf) === lines.length) return [...lines];
  const last = fittingCount(lines.toReversed().slice(0, LAST_LINES), room / 4, weightOf);
  const ending = last === 0 ? [] : lines.slice(-last);
  const others = lines.slice(0, lines.length - last);
  const first = fittingCount(others, room - ending.reduce((sum, line) => sum + weightOf(line), 0), weightOf);
  return [...others.slice(0, first), render(missing(others.length - first)), ...ending];
}

/** How many lines fit into `room`, from the first on. */
function fittingCount<T>(lines: readonly T[], room: number, weightOf: (line: T) => number): number {
  let left = room;
  const end = lines.findIndex((line) => {
    left -= weightOf(line);
    return left < 0;
  });
  return end === -1 ? lines.length : end;
}

function missing(count: number): Phrase {
  return count === 1 ? say`… 1 more line does not fit here.` : say`… ${String(count)} more lines do not fit here.`;
}

const LINE_BREAK: RichTextElement = { type: 'text', text: '\n' };

function joined(lines: readonly RichTextElement[][]): RichTextElement[] {
  return lines.flatMap((line, index) => (index === 0 ? line : [LINE_BREAK, ...line]));
}

function richTextBlock(elements: RichTextElement[]): types.RichTextBlock {
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] };
}
