import { TZDate } from '@date-fns/tz';
import { addMonths } from 'date-fns/addMonths';
import { format } from 'date-fns/format';
import { isoDay } from '../export.ts';
import { localDayOf } from '../local-time.ts';
import type { ClosingSnapshot } from '../notification.ts';
import type { Period } from '../period.ts';
import { vendorOf } from '../vendors/registry.ts';
import { share, totalWithUnit } from './figures.ts';
import type { Message } from './message.ts';
import { day, say, strong, when, type Phrase } from './phrase.ts';

/** The statement on an ended period, for whoever keeps the budget. */
export function closingWords({ source, period, ended, meters }: ClosingSnapshot, timeZone: string): Message {
  const name = vendorOf(source)?.name ?? source;
  const last = new Date(Math.max(...meters.map(({ reading }) => reading.observedAt.getTime())));
  const title = say`🔄 ${strong(`New ${name} period`)}: ${day(period.start)} – ${day(period.end)}`;
  return {
    summary: title,
    title,
    lines: [
      say`${nameOfPeriod(ended, timeZone)} closed at (last reading ${when(last)}):`,
      ...meters.map(
        ({ meter, reading, topUps }) =>
          say`${strong(meter.label)} ${totalWithUnit(meter, reading)} · ${share(reading)}${topUpWords(topUps)}`,
      ),
      say`Alerts are armed again.`,
    ],
    // The ended period, and what has begun since.
    buttons: [{ action: 'show', label: 'CSV', value: `export ${source} since ${isoDay(localDayOf(ended.start, timeZone))}` }],
  };
}

/** `November` for a calendar month, else its days. */
function nameOfPeriod({ start, end }: Period, timeZone: string): Phrase {
  const local = new TZDate(start, timeZone);
  const wholeMonth = local.getDate() === 1 && addMonths(local, 1).getTime() === end.getTime();
  return wholeMonth ? say`${format(local, 'LLLL')}` : say`${day(start)} – ${day(end)}`;
}

function topUpWords(count: number): string {
  if (count === 0) return '';
  return count === 1 ? ' (topped up once)' : ` (topped up ${String(count)} times)`;
}
