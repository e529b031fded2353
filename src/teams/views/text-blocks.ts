import type { IRichTextBlock, ITextBlock, ITextRun, IMention } from '@microsoft/teams.cards';
import { sanitizeText } from '../../messages/text/sanitize-text.ts';
import type { RichText, Span } from '../../core/text/rich-text.ts';
import { plainRichText } from '../../messages/text/plain.ts';
import { TEAMS } from '../traits.ts';
import { isTeamsUser, nameOf, type Names } from './people.ts';

export type LineContext = { readonly timeZone: string; readonly now: Date; readonly names: Names };
export type LineStyle = 'title' | 'plain' | 'quiet';
export type Line = IRichTextBlock | ITextBlock;

/** What one span may count, and one line, in characters of JSON. */
const MAX_SPAN = 1000;
const MAX_LINE = 2000;

const LOOK = {
  title: { size: 'Medium' },
  plain: {},
  quiet: { size: 'Small', isSubtle: true },
} as const satisfies Record<LineStyle, Partial<ITextRun>>;

/**
 * One line of a message. Its text stands in runs, where no Markdown is read: names stay as they are. Only a line that calls
 * somebody is a text block, because a mention works nowhere else
 * (learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-format, "Mention support within Adaptive Cards");
 * what could be Markdown in it is escaped.
 */
export function cardLine(phrase: RichText, style: LineStyle, context: LineContext): Line | null {
  return phrase.some(isMention) ? calling(phrase, style, context) : runs(phrase, style, context);
}

/** Whom a card mentions, once each, as its `msteams` part wants it. */
export function mentionsIn(phrases: readonly RichText[], names: Names): readonly IMention[] {
  const users = new Set(phrases.flat().flatMap((span) => (isMention(span) ? [span.user] : [])));
  return [...users].map((id): IMention => ({ type: 'mention', text: tagOf(id, names), mentioned: { id, name: shownName(id, names) } }));
}

/** Every person and conversation that a message names, by their ids. */
export function namedIn(phrases: readonly RichText[]): readonly string[] {
  return [...new Set(phrases.flat().flatMap((span) => (span.span === 'mention' ? [span.user] : isPlace(span) ? [span.text] : [])))];
}

type Mention = Extract<Span, { span: 'mention' }>;

function isMention(span: Span): span is Mention {
  return span.span === 'mention' && isTeamsUser(span.user);
}

function isPlace(span: Span): span is Extract<Span, { span: 'place' }> {
  return span.span === 'place' && span.platform === TEAMS.id;
}

function runs(phrase: RichText, style: LineStyle, context: LineContext): IRichTextBlock | null {
  let room = MAX_LINE;
  const inlines: ITextRun[] = [];
  for (const span of phrase) {
    const text = shown(span, context);
    room -= text.length;
    if (room < 0) return block([...inlines, { type: 'TextRun', text: '…' }]);
    if (text !== '') inlines.push({ type: 'TextRun', text, ...LOOK[style], ...emphasis(span) });
  }
  return inlines.length === 0 ? null : block(inlines);
}

function block(inlines: ITextRun[]): IRichTextBlock {
  return { type: 'RichTextBlock', inlines };
}

function emphasis({ span }: Span): Partial<ITextRun> {
  if (span === 'strong') return { weight: 'Bolder' };
  return span === 'code' ? { fontType: 'Monospace' } : {};
}

function calling(phrase: RichText, style: LineStyle, context: LineContext): ITextBlock {
  let text = '';
  for (const span of phrase) {
    const piece = isMention(span) ? tagOf(span.user, context.names) : markdown(span, shown(span, context));
    if (text.length + piece.length > MAX_LINE) break;
    text += piece;
  }
  return { type: 'TextBlock', text, wrap: true, ...LOOK[style] };
}

function markdown({ span }: Span, text: string): string {
  const safe = escapeMarkdown(text);
  // Emphasis must touch a word on both sides, or its stars are shown.
  return span === 'strong' && /^\S(?:.*\S)?$/.test(safe) ? `**${safe}**` : safe;
}

/** Everything that Teams' Markdown or its tags could begin with. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\\`*_{}[\]()<>#+!|~]/g, (character) => ESCAPED.get(character) ?? `\\${character}`)
    .replace(/^(\s*)([-=]|\d+\.)/, '$1\\$2');
}

/** A tag is not Markdown: a backslash would not stop it. */
const ESCAPED = new Map([
  ['<', '&lt;'],
  ['>', '&gt;'],
]);

function tagOf(user: string, names: Names): string {
  return `<at>${shownName(user, names)}</at>`;
}

function shownName(user: string, names: Names): string {
  return cut(nameOf(user, names)).replace(/[<>&]/g, '').trim() || 'somebody';
}

function shown(span: Span, context: LineContext): string {
  if (span.span === 'mention') return `@${cut(nameOf(span.user, context.names))}`;
  const place = isPlace(span) ? context.names.get(span.text) : undefined;
  if (place !== undefined) return cut(place);
  return glued(cut(plainRichText([span], context)));
}

const SHARE = / · (?=<?[\d.]+%)/g;
const DAY = /(\d{1,2}) (?=(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b)/g;
const TO = / – (?=\d)/g;
const TO_DAY = /(\d)–(?=\d)/g;
/** At the end of a text the time stands behind it, in a span of its own. */
const BEFORE_A_FIGURE = /\b([Aa]s of|until|since|under) (?=\d|$)/g;

/** What a narrow card must not break: the share behind what was used, a date, and what stands before it. */
function glued(text: string): string {
  return text
    .replace(SHARE, '\u00A0·\u00A0')
    .replace(DAY, '$1\u00A0')
    .replace(TO, '\u00A0–\u00A0')
    .replace(TO_DAY, '$1–\u2060')
    .replace(BEFORE_A_FIGURE, (before) => before.replaceAll(' ', '\u00A0'));
}

function cut(text: string): string {
  return undated(sanitizeText(text, MAX_SPAN, weigh));
}

/** `{{DATE(…)}}` is replaced by clients, wherever it stands: a name is not asked for the date. */
export function undated(text: string): string {
  return text.replaceAll('{{', '{\u2060{');
}

function weigh(text: string): number {
  return Math.max(text.length, Buffer.byteLength(JSON.stringify(text)) - 2);
}
