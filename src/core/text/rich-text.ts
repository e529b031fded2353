import { z } from 'zod';
import { SOMEBODY } from './user-id.ts';

/**
 * Text before a platform has rendered it. Foreign names travel in spans, so that each room can show them literally; a
 * moment stays an instant, so that everybody can read it in a zone of their own. A calendar day is no moment but text.
 */
const spanSchema = z.discriminatedUnion('span', [
  z.object({ span: z.literal('text'), text: z.string() }),
  z.object({ span: z.literal('strong'), text: z.string() }),
  /** Something to type, shown in a fixed-width face. */
  z.object({ span: z.literal('code'), text: z.string() }),
  z.object({ span: z.literal('moment'), at: z.date(), show: z.enum(['time', 'lately', 'when']) }),
  z.object({ span: z.literal('mention'), user: z.string() }),
  /** Where messages go. `text` is its address, for platforms that cannot name it. */
  z.object({ span: z.literal('place'), platform: z.string(), text: z.string() }),
]);
export type Span = z.infer<typeof spanSchema>;
export type RichText = readonly Span[];

/** Builds a phrase: ``say`as of ${when(at)}` ``. Plain strings among the values are shown literally. */
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

export function mention(user: string): Span {
  return user === SOMEBODY ? { span: 'text', text: user } : { span: 'mention', user };
}

/** A channel, a conversation or a person, by the name that each platform knows. */
export function placeNamed({ kind, address }: { readonly kind: string; readonly address: string }): Span {
  return { span: 'place', platform: kind, text: address };
}

/** A title with those who are called to it. */
export function mentioned(title: RichText, users: readonly string[]): RichText {
  return users.reduce((said: RichText, user, index) => richText`${said}${index === 0 ? '  ' : ' '}${mention(user)}`, title);
}

/** The weekday and the time, of the days around the one it is read on: `Sun 18:40`; `6 Nov 18:40` of others. */
export function lately(at: Date): Span {
  return { span: 'moment', at, show: 'lately' };
}

/** The time, and the day with it when that is not today: `14:05`, `23 Nov 14:05`. */
export function when(at: Date): Span {
  return { span: 'moment', at, show: 'when' };
}

/** Several phrases in one, with something between them. */
export function joined(phrases: readonly RichText[], separator: string): RichText {
  return joinTexts(phrases.flatMap((phrase, index): RichText => (index === 0 ? phrase : [{ span: 'text', text: separator }, ...phrase])));
}

/** Neighbouring texts become one, so that a figure stays findable as a whole in what a platform receives. */
function joinTexts(spans: readonly Span[]): RichText {
  const joined: Span[] = [];
  for (const span of spans) {
    const last = joined.at(-1);
    if (span.span === 'text' && last?.span === 'text') joined[joined.length - 1] = { span: 'text', text: last.text + span.text };
    else joined.push(span);
  }
  return joined;
}
