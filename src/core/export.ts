import { plainAmount } from './amount.ts';
import { classifyChange, consumedBetween } from './change.ts';
import { calendarDate, localDayOf, type LocalDay } from './local-time.ts';
import type { Meter } from './meter.ts';
import type { Period } from './period.ts';
import type { Reading } from './reading.ts';

/** What one meter consumed on one local day within one period. */
export type ConsumptionRow = {
  readonly meter: Meter;
  readonly day: LocalDay;
  readonly period: Period | null;
  /** Below zero on a day on which the vendor corrected its figures down. */
  readonly consumed: bigint;
  /** As the last reading of the day had them. */
  readonly used: bigint;
  readonly total: bigint | null;
};

/** Counts one meter's readings as they come, by `observedAt`; the one before the days of interest is their baseline. */
export type ConsumptionCount = {
  /** The row that this reading completes, if it begins another. */
  add(reading: Reading): ConsumptionRow | null;
  /** The last row. */
  end(): ConsumptionRow | null;
};

/**
 * Consumption per day and period. All that lies between two readings counts on the day of the later one: nothing is
 * estimated. A day on which a period ends and another begins has a row for each. Holds one row, however many readings there are.
 *
 * @param since leaves out the rows of readings before it
 * @param timeZone decides which day it is
 */
export function countConsumption(
  meter: Meter,
  { timeZone, since = null }: { readonly timeZone: string; readonly since?: Date | null },
): ConsumptionCount {
  let previous: Reading | null = null;
  let open: ConsumptionRow | null = null;
  return {
    add(reading) {
      // Of what the first one says it is not known when it was consumed, so it counts as nothing.
      const consumed = previous === null ? 0n : consumedBetween(previous, reading, classifyChange(previous, reading, meter.resets));
      previous = reading;
      if (since !== null && reading.observedAt < since) return null;
      const { used, total, period } = reading;
      const row: ConsumptionRow = { meter, day: localDayOf(reading.observedAt, timeZone), period, consumed, used, total };
      const before = open;
      const goesOn = before !== null && before.day === row.day && samePeriod(before.period, period);
      open = goesOn ? { ...row, consumed: before.consumed + consumed } : row;
      return goesOn ? null : before;
    },
    end: () => open,
  };
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
 * (owasp.org/www-community/attacks/CSV_Injection).
 */
function harmless(text: string): string {
  return /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/u.test(text) ? `'${text}` : text;
}

function csvLine(values: readonly string[]): string {
  return `${values.map((value) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)).join(',')}\r\n`;
}

/** `2026-11-01`. */
export function isoDay(day: LocalDay): string {
  const { year, month, day: date } = calendarDate(day);
  return `${String(year)}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`;
}

function isoInstant(at: Date): string {
  return at.toISOString().replace('.000Z', 'Z');
}

function samePeriod(a: Period | null, b: Period | null): boolean {
  return a?.start.getTime() === b?.start.getTime() && a?.end.getTime() === b?.end.getTime();
}
