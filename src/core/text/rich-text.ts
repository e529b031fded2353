import { z } from 'zod';
import { hasPlatform, uniquePeople, type Person } from './person.ts';

/**
 * Text before a platform renders it. External names are in spans, so that each adapter can escape them. A moment stays an instant, so
 * that each reader sees it in their own time zone. A calendar day is plain text.
 */
const spanSchema = z.discriminatedUnion('span', [
  z.object({ span: z.literal('text'), text: z.string() }),
  z.object({ span: z.literal('strong'), text: z.string() }),
  /** Text to type, in a fixed-width font. */
  z.object({ span: z.literal('code'), text: z.string() }),
  z.object({ span: z.literal('moment'), at: z.date(), show: z.enum(['time', 'lately', 'when']) }),
  /** Only the person's own platform mentions the person. Elsewhere it is text. */
  z.object({ span: z.literal('mention'), person: z.object({ platform: z.string(), id: z.string() }) }),
  /** A destination. `text` is its address, for platforms that cannot show its name. */
  z.object({ span: z.literal('place'), platform: z.string(), text: z.string() }),
]);
export type Span = z.infer<typeof spanSchema>;
export type RichText = readonly Span[];

/** Builds rich text: ``richText`as of ${when(at)}` ``. Plain strings among the values are shown literally. */
export function richText(strings: TemplateStringsArray, ...values: readonly (string | Span | RichText)[]): RichText {
  const spans: Span[] = [];
  strings.forEach((string, index) => {
    if (string !== '') spans.push({ span: 'text', text: string });
    const value = values[index];
    if (value === undefined || value === '') return;
    if (typeof value === 'string') spans.push({ span: 'text', text: value });
    else if ('span' in value) spans.push(value);
    else spans.push(...value);
  });
  return joinTexts(spans);
}

export function strong(text: string): Span {
  return { span: 'strong', text };
}

export function code(text: string): Span {
  return { span: 'code', text };
}

export function mention(person: Person): Span {
  return hasPlatform(person) ? { span: 'mention', person } : { span: 'text', text: person.id };
}

/** Creates a span for a channel, a conversation or a person, which the platform shows by name. */
export function placeNamed({ kind, address }: { readonly kind: string; readonly address: string }): Span {
  return { span: 'place', platform: kind, text: address };
}

/** Returns the people whom a text mentions, each once. */
export function peopleIn(text: RichText): readonly Person[] {
  return uniquePeople(text.flatMap((span) => (span.span === 'mention' ? [span.person] : [])));
}

/** Appends mentions to a title. */
export function mentioned(title: RichText, people: readonly Person[]): RichText {
  return people.reduce((said: RichText, person, index) => richText`${said}${index === 0 ? '  ' : ' '}${mention(person)}`, title);
}

/** Creates a span with weekday and time near the day of reading: `Sun 18:40`; otherwise `6 Nov 18:40`. */
export function lately(at: Date): Span {
  return { span: 'moment', at, show: 'lately' };
}

/** Creates a span with the time, and the day if it is not today: `14:05`, `23 Nov 14:05`. */
export function when(at: Date): Span {
  return { span: 'moment', at, show: 'when' };
}

/** Joins rich texts with a separator. */
export function joined(phrases: readonly RichText[], separator: string): RichText {
  return joinTexts(phrases.flatMap((phrase, index): RichText => (index === 0 ? phrase : [{ span: 'text', text: separator }, ...phrase])));
}

/** Merges neighbouring texts, so that a figure can be found as a whole in the output. */
function joinTexts(spans: readonly Span[]): RichText {
  const joined: Span[] = [];
  for (const span of spans) {
    const last = joined.at(-1);
    if (span.span === 'text' && last?.span === 'text') joined[joined.length - 1] = { span: 'text', text: last.text + span.text };
    else joined.push(span);
  }
  return joined;
}
