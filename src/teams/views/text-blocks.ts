import type { IRichTextBlock, ITextBlock, ITextRun, IMention } from '@microsoft/teams.cards';
import { sanitizeText } from '../../messages/text/sanitize-text.ts';
import type { RichText, Span } from '../../core/text/rich-text.ts';
import { plainRichText } from '../../messages/text/plain.ts';
import { uniquePeople, type Person } from '../../core/text/person.ts';
import { TEAMS } from '../traits.ts';
import { canMention, nameOf, type Names } from './people.ts';

export type LineContext = { readonly timeZone: string; readonly now: Date; readonly names: Names };
export type LineStyle = 'title' | 'plain' | 'subtle';
export type Line = IRichTextBlock | ITextBlock;

/** The longest span, and the longest line, in characters of JSON. */
const MAX_SPAN = 1000;
const MAX_LINE = 2000;

const LOOK = {
  title: { size: 'Medium' },
  plain: {},
  subtle: { size: 'Small', isSubtle: true },
} as const satisfies Record<LineStyle, Partial<ITextRun>>;

/**
 * Renders one line of a message. Its text is in text runs, where no Markdown is read, so names are shown unchanged. Only a line with a
 * mention is a text block, because mentions work nowhere else
 * (learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-format, "Mention support within Adaptive Cards").
 * Characters that could be Markdown are escaped in it.
 */
export function cardLine(phrase: RichText, style: LineStyle, context: LineContext): Line | null {
  return phrase.some(isMention) ? calling(phrase, style, context) : runs(phrase, style, context);
}

/** Returns the mentions of a card for its `msteams` part, each person once. */
export function mentionsIn(phrases: readonly RichText[], names: Names): readonly IMention[] {
  const people = uniquePeople(phrases.flat().flatMap((span) => (isMention(span) ? [span.person] : [])));
  return people.map((person): IMention => ({
    type: 'mention',
    text: tagOf(person, names),
    mentioned: { id: person.id, name: shownName(person, names) },
  }));
}

/** Returns the IDs of all people and conversations of Teams in a message. */
export function namedIn(phrases: readonly RichText[]): readonly string[] {
  return [
    ...new Set(
      phrases
        .flat()
        .flatMap((span) =>
          span.span === 'mention' && span.person.platform === TEAMS.id ? [span.person.id] : isPlace(span) ? [span.text] : [],
        ),
    ),
  ];
}

type Mention = Extract<Span, { span: 'mention' }>;

function isMention(span: Span): span is Mention {
  return span.span === 'mention' && canMention(span.person);
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
    const piece = isMention(span) ? tagOf(span.person, context.names) : markdown(span, shown(span, context));
    if (text.length + piece.length > MAX_LINE) break;
    text += piece;
  }
  return { type: 'TextBlock', text, wrap: true, ...LOOK[style] };
}

function markdown({ span }: Span, text: string): string {
  const safe = escapeMarkdown(text);
  // Emphasis must touch a word on both sides, or the stars are visible.
  return span === 'strong' && /^\S(?:.*\S)?$/.test(safe) ? `**${safe}**` : safe;
}

/** The characters with which Markdown or tags can start in Teams. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\\`*_{}[\]()<>#+!|~]/g, (character) => ESCAPED.get(character) ?? `\\${character}`)
    .replace(/^(\s*)([-=]|\d+\.)/, '$1\\$2');
}

/** A backslash does not escape a tag. */
const ESCAPED = new Map([
  ['<', '&lt;'],
  ['>', '&gt;'],
]);

function tagOf(person: Person, names: Names): string {
  return `<at>${shownName(person, names)}</at>`;
}

function shownName(person: Person, names: Names): string {
  return cut(nameOf(person, names)).replace(/[<>&]/g, '').trim() || 'somebody';
}

function shown(span: Span, context: LineContext): string {
  if (span.span === 'mention') return `@${cut(nameOf(span.person, context.names))}`;
  const place = isPlace(span) ? context.names.get(span.text) : undefined;
  if (place !== undefined) return cut(place);
  return glued(cut(plainRichText([span], context)));
}

const SHARE = / · (?=<?[\d.]+%)/g;
const DAY = /(\d{1,2}) (?=(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b)/g;
const TO = / – (?=\d)/g;
const TO_DAY = /(\d)–(?=\d)/g;
/** At the end of a text, the time follows in a span of its own. */
const BEFORE_A_FIGURE = /\b([Aa]s of|until|since|under) (?=\d|$)/g;

/** Keeps parts on one line in a narrow card: the share after the amount used, a date, and the words before a date. */
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

/** Breaks up `{{DATE(…)}}`, which clients replace anywhere, also inside a name. */
export function undated(text: string): string {
  return text.replaceAll('{{', '{\u2060{');
}

function weigh(text: string): number {
  return Math.max(text.length, Buffer.byteLength(JSON.stringify(text)) - 2);
}
