import { plainAmount } from './amount.ts';
import { beginsPeriod } from './classify-change.ts';
import { lessOfLatest } from './history.ts';
import { isoDay, localDayOf, type LocalDay } from '../time/local-time.ts';
import type { Meter } from './meter.ts';
import { hasSameStart, JITTER_MS, laterPeriod, type Period } from '../time/period.ts';
import type { Reading } from './reading.ts';
import { followReading, type Followed, type CurrentReading, type Transition } from './follow-reading.ts';
import { plainText } from '../text/plain-text.ts';

/** What one meter consumed on one local day within one period. */
export type ConsumptionRow = {
  readonly meter: Meter;
  readonly day: LocalDay;
  readonly period: Period | null;
  /** Never below zero: what the vendor took back is taken from the latest days of the period. */
  readonly consumed: bigint;
  /** As the last reading of the day had them. */
  readonly used: bigint;
  readonly total: bigint | null;
};

/** A reading on record. Somebody may have said that the fall to it was a correction and no reset. */
export type RecordedReading = Reading & { readonly isCorrection?: boolean };

/** Counts one meter's readings as they come, by `observedAt`; those before the days of interest are their baseline. */
export type ConsumptionCount = {
  /** The rows that this reading completes: those of a period come when the next begins. */
  add(reading: RecordedReading): readonly ConsumptionRow[];
  /** The last rows. */
  end(): readonly ConsumptionRow[];
};

/** Days of one period held at most, for a later correction to take back from; what never resets would be held for ever. */
const MOST_ROWS = 400;

/**
 * Consumption per day and period. All that lies between two readings counts on the day of the later one: nothing is
 * estimated, and what did not count when it arrived does not count here. A day on which a period ends and another begins has a
 * row for each. Holds the days of one period, however many readings there are.
 *
 * @param since leaves out the rows of readings before it
 * @param timeZone decides which day it is
 */
export function countConsumption(
  meter: Meter,
  { timeZone, since = null }: { readonly timeZone: string; readonly since?: Date | null },
): ConsumptionCount {
  let current: CurrentReading | null = null;
  let rows: ConsumptionRow[] = [];
  let periodBeganAt: Date | null = null;
  /** The last row of the period before. */
  let closing: ConsumptionRow | undefined;
  return {
    add(reading) {
      const { isCorrection = false } = reading;
      const followed: Followed = followReading(current, reading, { resets: meter.resets, judgesFrom: null, isCorrection });
      current = followed.current;
      return followed.transitions.flatMap(count);
    },
    end: () => rows,
  };

  function count({ reading, change, consumed, current: after }: Transition): readonly ConsumptionRow[] {
    // A reading outside its own period begins one, but only a later one names it.
    const begins = beginsPeriod(change) || after.periodBeganAt.getTime() !== periodBeganAt?.getTime();
    periodBeganAt = after.periodBeganAt;
    const [day, before] = [localDayOf(reading.observedAt, timeZone), rows.at(-1)];
    const period = periodOf(reading, after);
    // A reset that is only presumed has no period of its own.
    const goesOn = before !== undefined && before.day === day && hasSameStart(before.period, period);
    const completed = begins ? (goesOn ? rows.slice(0, -1) : rows) : [];
    if (begins) {
      closing = completed.at(-1) ?? closing;
      rows = goesOn ? [before] : [];
    }
    if (consumed < 0n) rows = [...lessOfLatest(rows, -consumed)];
    if (since !== null && reading.observedAt < since) return completed;
    const { used, total } = reading;
    const row: ConsumptionRow = {
      meter,
      day,
      period,
      consumed: consumed < 0n ? 0n : consumed,
      used,
      total,
    };
    const last = rows.at(-1);
    if (last?.day === row.day) {
      const named = period ?? last.period;
      // After a reset that is only presumed, the vendor may go on naming the period of the row before.
      const isTaken = closing?.day === day && hasSameStart(closing.period, named);
      rows[rows.length - 1] = { ...row, period: isTaken ? last.period : named, consumed: last.consumed + row.consumed };
    } else rows.push(row);
    return rows.length <= MOST_ROWS ? completed : [...completed, ...rows.splice(0, 1)];
  }

  /** Where the counter was reset before the period that the vendor still names is over, it counts for the next one already. */
  function periodOf({ period }: Reading, { periodBeganAt: began }: CurrentReading): Period | null {
    if (period === null || began.getTime() < period.end.getTime() - JITTER_MS) return period;
    return laterPeriod(period, period.end, timeZone);
  }
}

const EXPORT_HEADER = [
  'account',
  'source',
  'meter',
  'label',
  'unit',
  'day',
  'period_start',
  'period_end',
  'consumed',
  'used',
  'total',
] as const;

/** The rows as CSV (RFC 4180: CRLF, quotes doubled), header included. Amounts are plain decimals, an unlimited total is empty. */
export function consumptionCsv(rows: Iterable<ConsumptionRow>): string {
  return csvLine(EXPORT_HEADER) + consumptionLines(rows);
}

/** The same without the header, for one part after another. */
export function consumptionLines(rows: Iterable<ConsumptionRow>): string {
  let csv = '';
  for (const row of rows) csv += csvLine(cells(row));
  return csv;
}

function cells({ meter, day, period, consumed, used, total }: ConsumptionRow): readonly string[] {
  const names = [meter.account, meter.source, meter.key, meter.label, meter.unit].map(harmless);
  const amounts = [consumed, used, total].map((amount) => (amount === null ? '' : plainAmount(amount, meter.decimals)));
  return [
    ...names,
    isoDay(day),
    period === null ? '' : isoInstant(period.start),
    period === null ? '' : isoInstant(period.end),
    ...amounts,
  ];
}

/**
 * Spreadsheets run what begins like a formula, and names come from outside: an apostrophe keeps it text
 * (owasp.org/www-community/attacks/CSV_Injection). Where a spreadsheet is set to other separators than the comma, whatever the
 * quotes, a cell begins behind each of them too.
 */
function harmless(text: string): string {
  const plain = plainText(text);
  const guarded = plain.replace(/(?<=[;|,\t\r\n] {0,8})(?=[=+\-@＝＋－＠])/gu, "'");
  return /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/u.test(plain) ? `'${guarded}` : guarded;
}

function csvLine(values: readonly string[]): string {
  return `${values.map((value) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)).join(',')}\r\n`;
}

function isoInstant(at: Date): string {
  return at.toISOString().replace('.000Z', 'Z');
}
