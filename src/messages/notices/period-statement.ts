import { MONTH_NAMES } from '../../core/time/parse-deadline.ts';
import { calendarDate, dayOfMonth, isoDay } from '../../core/time/local-time.ts';
import type { PeriodStatementSnapshot } from '../../core/notifications/notification.ts';
import type { Period } from '../../core/time/period.ts';
import { vendorOf } from '../../core/vendors/registry.ts';
import { since } from '../text/as-of.ts';
import { share, totalWithUnit } from '../text/figures.ts';
import type { Message } from '../../core/text/message.ts';
import { boundaryDay, periodText } from '../../core/time/days.ts';
import { richText, strong } from '../../core/text/rich-text.ts';
import { upperFirst } from '../text/upper-first.ts';

/** Words the statement on an ended period, for people who keep the budget. */
export function periodStatementMessage({ source, period, ended, meters }: PeriodStatementSnapshot, timeZone: string): Message {
  const name = vendorOf(source)?.name ?? source;
  const last = meters.map(({ reading }) => reading).toSorted((a, b) => b.observedAt.getTime() - a.observedAt.getTime())[0];
  const title = richText`🔄 ${strong(`New ${name} period`)}: ${periodText(period, timeZone)}`;
  return {
    summary: title,
    title,
    lines: [
      richText`${nameOfPeriod(ended, timeZone)} closed at${last === undefined ? '' : richText` (last reading ${since(last.observedAt, timeZone)})`}:`,
      ...meters.map(
        ({ meter, reading, topUps }) =>
          richText`${strong(meter.label)} ${totalWithUnit(meter, reading)} · ${share(reading)}${topUpWords(topUps)}`,
      ),
      richText`Alerts are armed again.`,
    ],
    // The CSV covers the ended period and the days since.
    buttons: [{ action: 'show', label: 'CSV', value: `export ${source} since ${isoDay(boundaryDay(ended.start, timeZone))}` }],
  };
}

/** `November` for a calendar month; otherwise the first and last day. */
function nameOfPeriod({ start, end }: Period, timeZone: string): string {
  const first = calendarDate(boundaryDay(start, timeZone));
  const isMonth = first.day === 1 && boundaryDay(end, timeZone) === dayOfMonth(first.year, first.month + 1, 1);
  return isMonth ? upperFirst(MONTH_NAMES[first.month - 1] ?? '') : periodText({ start, end }, timeZone);
}

function topUpWords(count: number): string {
  if (count === 0) return '';
  return count === 1 ? ' (topped up once)' : ` (topped up ${String(count)} times)`;
}
