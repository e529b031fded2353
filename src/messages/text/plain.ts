import { TZDate } from '@date-fns/tz';
import { format } from 'date-fns/format';
import { isSameDay } from 'date-fns/isSameDay';
import { localDayOf } from '../../core/time/local-time.ts';
import { plainText } from '../../core/text/plain-text.ts';
import type { Message } from '../../core/text/message.ts';
import type { RichText, Span } from '../../core/text/rich-text.ts';
import { plainChart } from './plain-chart.ts';

export type PlainContext = { readonly timeZone: string; readonly now: Date; readonly strong?: (text: string) => string };

/** A message as lines of plain text, with dates in the given zone. */
export function plainMessage({ title, lines, chart, verbatim, footer }: Message, context: PlainContext): string {
  const written = (phrases: readonly RichText[]) => phrases.map((phrase) => plainRichText(phrase, context));
  return [
    ...written([title, ...lines]),
    ...(chart ? ['', ...plainChart(chart)] : []),
    ...(verbatim === undefined ? [] : ['', verbatim]),
    ...(footer && (chart || verbatim !== undefined) ? [''] : []),
    ...written(footer ? [footer] : []),
  ]
    .join('\n')
    .trimEnd();
}

export function plainRichText(phrase: RichText, context: PlainContext): string {
  return phrase.map((span) => plainSpan(span, context)).join('');
}

function plainSpan(span: Span, { timeZone, now, strong }: PlainContext): string {
  switch (span.span) {
    case 'text':
    case 'code':
      return plainText(span.text);
    case 'strong':
      return strong ? strong(plainText(span.text)) : plainText(span.text);
    case 'place':
      return `${span.platform}:${span.text}`;
    case 'mention':
      return `@${span.person.id}`;
    case 'moment': {
      const at = new TZDate(span.at, timeZone);
      const today = isSameDay(at, new TZDate(now, timeZone));
      const daysAway = localDayOf(span.at, timeZone) - localDayOf(now, timeZone);
      if (span.show === 'lately' && Math.abs(daysAway) < 7) return format(at, 'EEE HH:mm');
      if (span.show === 'time' || (today && span.show === 'when')) return format(at, 'HH:mm');
      return format(at, at.getFullYear() === new TZDate(now, timeZone).getFullYear() ? 'd MMM HH:mm' : 'd MMM yyyy HH:mm');
    }
  }
}
