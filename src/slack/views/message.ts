import type { types } from '@slack/bolt';
import type { Message } from '../../core/text/message.ts';
import type { RichText } from '../../core/text/rich-text.ts';
import { buttonsBlock } from './buttons.ts';
import { figuresBlock, figuresLine, type DataVisualizationBlock, type FiguresAs } from './chart.ts';
import { truncateLines, moreLines } from '../../messages/text/truncate-lines.ts';
import { plainLine } from './plain-text.ts';
import { LINE_BREAK, richLine, underOneAnother, weigh, type RichTextElement } from './rich-text.ts';
import { verbatimBlock } from './verbatim.ts';
import { possibleDuplicateText } from '../../messages/notices/possible-duplicate.ts';

type SlackBlock = types.RichTextBlock | types.ActionsBlock | types.TableBlock | DataVisualizationBlock;

/** A message for Slack: people see `blocks`; notifications and screen readers use `text`. */
export type SlackView = { readonly text: string; readonly blocks: SlackBlock[] };

export type ViewOptions = {
  /** Adds the line that marks a possible duplicate. */
  readonly possibleDuplicate?: boolean;
  /** Default: `chart`. */
  readonly figuresAs?: FiguresAs;
};

/** For all blocks together, well below the size that Slack was seen to reject (see `weigh`). */
const MAX_BLOCKS_WEIGHT = 12_000;
const MAX_BUTTONS_WEIGHT = 2500;
/** Slack accepts 40,000 characters of text. That is too long for a notification. */
const MAX_TEXT = 3000;
/** Kept free for the line that says how much is left out, and for the blocks around the lines. */
const RESERVE = 400;

const POSSIBLE_DUPLICATE = possibleDuplicateText('Slack');

/**
 * Builds the Slack form of a message: title, lines and footer in `rich_text` blocks, then figures, text to copy and buttons. The result
 * always fits Slack's limits: lines that do not fit are left out, and the message says how many.
 */
export function slackView(message: Message, { possibleDuplicate = false, figuresAs = 'chart' }: ViewOptions = {}): SlackView {
  const quiet = [...(message.footer === undefined ? [] : [message.footer]), ...(possibleDuplicate ? [POSSIBLE_DUPLICATE] : [])];
  return { text: textOf(message, quiet), blocks: blocksOf(message, quiet, figuresAs) };
}

function blocksOf(message: Message, quiet: readonly RichText[], figuresAs: FiguresAs): SlackBlock[] {
  const title = richLine(message.title);
  const footer = underOneAnother(quiet.map((line) => richLine(line, true)));
  const buttons = buttonsBlock(message.buttons ?? [], MAX_BUTTONS_WEIGHT);
  let room = MAX_BLOCKS_WEIGHT - RESERVE - weigh([title, footer, buttons]);
  const figures = message.chart === undefined ? null : figuresBlock(message.chart, figuresAs, (room * 2) / 3);
  room -= weigh(figures);
  // Lines get their space first. The text to copy gets the rest.
  const body = underOneAnother(
    truncateLines(
      message.lines.map((line) => richLine(line)),
      message.verbatim === undefined ? room : (room * 2) / 3,
      (line) => weigh([...line, LINE_BREAK]),
      (count) => richLine(moreLines(count)),
    ),
  );
  const verbatim = message.verbatim === undefined ? null : verbatimBlock(message.verbatim, room - weigh(body) - RESERVE);
  const blocks = [richTextBlock(title), richTextBlock(body), figures, verbatim, richTextBlock(footer), buttons].filter(
    (block) => block !== null,
  );
  return blocks.some(({ type }) => type !== 'actions') ? blocks : [...nothing(), ...blocks];
}

function textOf(message: Message, quiet: readonly RichText[]): string {
  const summary = plainLine(message.summary);
  const title = plainLine(message.title);
  const figures = message.chart === undefined ? null : figuresLine(message.chart);
  const first = [summary, ...(title === summary ? [] : [title])].filter((line) => line !== '');
  const last = [...(figures === null ? [] : [figures]), ...quiet].map(plainLine);
  const room = MAX_TEXT - [...first, ...last].join('\n').length - RESERVE;
  const body = truncateLines(
    message.lines.map(plainLine),
    room,
    (line) => line.length + 1,
    (count) => plainLine(moreLines(count)),
  );
  return [...first, ...body, ...last].join('\n') || '…';
}

function richTextBlock(elements: RichTextElement[]): types.RichTextBlock | null {
  return elements.length === 0 ? null : { type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] };
}

/** Slack rejects a message without blocks, and buttons need a text above them. */
function nothing(): SlackBlock[] {
  return [{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: '…' }] }] }];
}
