import type { Replayed } from '../../core/alerts/backtest.ts';
import { since as seenSince } from '../text/as-of.ts';
import { alertHeadline, SEVERITY_SIGNS } from '../alerts/alert.ts';
import { howMuch, usedOfTotal } from '../text/figures.ts';
import type { Message } from '../../core/text/message.ts';
import { dayOf } from '../../core/time/days.ts';
import { richText, strong } from '../../core/text/rich-text.ts';

/** Enough lines to show that a rule alerts too often; the rest is counted. */
const MOST_LINES = 100;

/**
 * Lists the alerts that a rule would have posted, oldest first.
 *
 * @param since the day of the first stored figures, if it is later than the requested start; null otherwise
 */
export function backtestMessage(
  replayed: readonly Replayed[],
  {
    days,
    meters,
    since,
    timeZone,
  }: { readonly days: number; readonly meters: number; readonly since: Date | null; readonly timeZone: string },
): Message {
  const on = `On the last ${days === 1 ? 'day' : `${String(days)} days`} of ${meters === 1 ? '1 meter' : `${String(meters)} meters`}`;
  const count = ['nothing', 'once', 'twice'][replayed.length] ?? `${String(replayed.length)} times`;
  const title = richText`${on} this would have posted ${count}${replayed.length === 0 ? '.' : ':'}`;
  const lines = replayed
    .slice(0, MOST_LINES)
    .map(
      ({ meter, reading, severity, findings }) =>
        richText`${SEVERITY_SIGNS[severity]} ${seenSince(reading.observedAt, timeZone)}  ${strong(meter.label)} ${alertHeadline({ findings: [...findings], meter, reading })} · ${usedOfTotal(meter, reading)} · ${howMuch(meter, reading)}`,
    );
  const more = replayed.length - lines.length;
  return {
    summary: title,
    title,
    lines: [...lines, ...(more > 0 ? [richText`… and ${String(more)} more.`] : [])],
    ...(since === null ? {} : { footer: richText`Figures are on record since ${dayOf(since, timeZone)}.` }),
  };
}
