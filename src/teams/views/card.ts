import type { CardElement, IAdaptiveCard, IContainer } from '@microsoft/teams.cards';
import { moreText, truncateLines } from '../../messages/text/truncate-lines.ts';
import type { Message } from '../../core/text/message.ts';
import type { RichText } from '../../core/text/rich-text.ts';
import { plainRichText } from '../../messages/text/plain.ts';
import type { Severity } from '../../core/rules/severity.ts';
import { buttonAction, REFRESH } from './actions.ts';
import { chartElement, chartFacts } from './chart.ts';
import { cardLine, mentionsIn, undated, type Line, type LineContext } from './text-blocks.ts';
import { nameOf } from './people.ts';
import { verbatimElement } from './verbatim.ts';
import { possibleDuplicateText } from '../../messages/notices/possible-duplicate.ts';

export type CardContext = LineContext & {
  /** Adds the line that marks a possible duplicate. */
  readonly possibleDuplicate?: boolean;
  /** The colour of the title. The text says the same. */
  readonly severity?: Severity | null;
  /** The most bytes of UTF-8, if less than usual. */
  readonly room?: number;
};

/** In bytes of UTF-8. Teams rejects messages above 28 kB, including all fields around the card. */
export const CARD_BYTES = 18_000;
/** Kept free for the line that says how much is left out. */
const RESERVE = 400;
const MAX_SUMMARY = 300;

const POSSIBLE_DUPLICATE = possibleDuplicateText('Teams');

const TONES = { critical: 'attention', warning: 'warning', notice: 'accent' } as const satisfies Record<Severity, IContainer['style']>;

/** Builds an Adaptive Card 1.5 of a message. Lines that do not fit are left out, and the card says how many. */
export function teamsCard(message: Message, context: CardContext): IAdaptiveCard {
  const buttons = (message.buttons ?? []).map(buttonAction);
  const phrases = [message.title, ...message.lines, ...(message.footer ? [message.footer] : [])];
  const entities = mentionsIn(phrases, context.names);
  const shell = {
    type: 'AdaptiveCard',
    $schema: 'https://adaptivecards.io/schemas/adaptive-card.json',
    version: '1.5',
    fallbackText: undated(summaryText(message, context)),
    // No client refreshes by itself. Anyone can refresh, and changes are edited for all.
    refresh: { action: REFRESH, userIds: [] },
    msteams: { width: 'full', ...(entities.length > 0 && { entities: [...entities] }) },
    ...(buttons.length > 0 && { actions: buttons }),
  } satisfies Omit<IAdaptiveCard, 'body'>;
  return { ...shell, body: cardBody(message, context, { drawn: true, room: (context.room ?? CARD_BYTES) - bytes(shell) }) };
}

/** Returns the text of the notification on a phone and of the list of chats. */
export function summaryText(message: Message, context: LineContext): string {
  const named = message.summary.map((span) =>
    span.span === 'mention' ? { span: 'text' as const, text: `@${nameOf(span.person, context.names)}` } : span,
  );
  const text = plainRichText(named, context).replaceAll(/\s+/g, ' ').trim() || '…';
  return text.length <= MAX_SUMMARY ? text : `${text.slice(0, MAX_SUMMARY - 1)}…`;
}

/**
 * Builds the body of a card.
 *
 * @param how whether charts are drawn, and the most bytes for the whole body
 */
export function cardBody(message: Message, context: CardContext, how: { readonly drawn: boolean; readonly room: number }): CardElement[] {
  const title = cardLine(message.title, 'title', context);
  const small = [...(message.footer ? [message.footer] : []), ...(context.possibleDuplicate ? [POSSIBLE_DUPLICATE] : [])].flatMap((line) =>
    elementOf(line, 'subtle', context),
  );
  const head: CardElement[] = title === null ? [] : [toned(title, context.severity ?? null)];
  let room = how.room - bytes([head, small]) - RESERVE;
  // Less space between lines than between parts. Lines get their space first; the chart and the text to copy get the rest.
  const lines = message.lines.flatMap((line) => elementOf(line, 'plain', context)).map((line) => ({ ...line, spacing: 'Small' as const }));
  const body = truncateLines<CardElement>(
    lines,
    room,
    (line) => bytes(line) + 1,
    (count) => ({ type: 'TextBlock', text: moreText(count), isSubtle: true, wrap: true }),
  );
  room -= bytes(body);
  const enclosed: CardElement[] = [];
  for (const element of enclosures(message, how.drawn, room)) {
    if (bytes(element) > room) continue;
    enclosed.push(element);
    room -= bytes(element);
  }
  const all = [...head, ...body, ...enclosed, ...small];
  return all.length > 0 ? all : [{ type: 'TextBlock', text: '…' }];
}

function enclosures({ chart, verbatim }: Message, drawn: boolean, room: number): CardElement[] {
  const figures = chart === undefined ? [] : [drawn ? chartElement(chart) : chartFacts(chart)];
  return [...figures, ...(verbatim === undefined ? [] : [verbatimElement(verbatim, room, drawn)])];
}

function elementOf(line: RichText, style: 'plain' | 'subtle', context: LineContext): Line[] {
  const element = cardLine(line, style, context);
  return element === null ? [] : [element];
}

function toned(title: Line, severity: Severity | null): CardElement {
  return severity === null ? title : { type: 'Container', style: TONES[severity], bleed: true, items: [title] };
}

function bytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
