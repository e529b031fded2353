import { plainAmount } from './amount.ts';
import { beginsPeriod } from './classify-change.ts';
import { lessOfLatest } from './history.ts';
import { isoDay, localDayOf, type LocalDay } from '../time/local-time.ts';
import type { Meter } from './meter.ts';
import { hasSameStart, JITTER_MS, laterPeriod, type Period } from '../time/period.ts';
import type { Reading } from './reading.ts';
import { followReading, type Followed, type CurrentReading, type Transition } from './follow-reading.ts';
import { plainText } from '../text/plain-text.ts';

/** The consumption of one meter on one local day within one period. */
export type ConsumptionRow = {
  readonly meter: Meter;
  readonly day: LocalDay;
  readonly period: Period | null;
  /** Never negative: corrections are subtracted from the latest days of the period. */
  readonly consumed: bigint;
  /** From the last reading of the day. */
  readonly used: bigint;
  readonly total: bigint | null;
};

/** A stored reading. `isCorrection`: a person reclassified the drop to it as a correction. */
export type RecordedReading = Reading & { readonly isCorrection?: boolean };

/** Counts the readings of one meter, ordered by `observedAt`. Readings before the exported days are the baseline. */
export type ConsumptionCount = {
  /** Returns the rows that this reading completes. The rows of a period are complete when the next one begins. */
  add(reading: RecordedReading): readonly ConsumptionRow[];
  /** Returns the last rows. */
  end(): readonly ConsumptionRow[];
};

/** The most days of one period kept in memory for later corrections; the period of a balance never ends. */
const MOST_ROWS = 400;

/**
 * Counts consumption per day and period. Consumption between two readings counts on the day of the later one; nothing is estimated.
 * Readings that did not count on arrival do not count here. A day on which a period ends and another begins has a row for each. Memory
 * holds one period, however many readings there are.
 *
 * @param since leaves out rows of earlier readings
 * @param timeZone decides the day of a reading
 */
export function countConsumption(
  meter: Meter,
  { timeZone, since = null }: { readonly timeZone: string; readonly since?: Date | null },
): ConsumptionCount {
  let current: CurrentReading | null = null;
  let rows: ConsumptionRow[] = [];
  let periodBeganAt: Date | null = null;
  /** The last row of the previous period. */
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
    // A reading outside its own period begins a new one, but only a later reading names it.
    const begins = beginsPeriod(change) || after.periodBeganAt.getTime() !== periodBeganAt?.getTime();
    periodBeganAt = after.periodBeganAt;
    // No row for a lower bound: the next measured reading has the consumption.
    if (reading.isAtLeast) {
      const ended = begins ? rows : [];
      if (begins) rows = [];
      closing = ended.at(-1) ?? closing;
      return ended;
    }
    const [day, before] = [localDayOf(reading.observedAt, timeZone), rows.at(-1)];
    const period = periodOf(reading, after);
    // A presumed reset has no period of its own.
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
      // After a presumed reset, the vendor may still report the period of the previous row.
      const isTaken = closing?.day === day && hasSameStart(closing.period, named);
      rows[rows.length - 1] = { ...row, period: isTaken ? last.period : named, consumed: last.consumed + row.consumed };
    } else rows.push(row);
    return rows.length <= MOST_ROWS ? completed : [...completed, ...rows.splice(0, 1)];
  }

  /** A counter that was reset before the end of the reported period already counts for the next one. */
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

/** Formats rows as CSV (RFC 4180: CRLF, doubled quotes) with a header. Amounts are plain decimals; an unlimited total is empty. */
export function consumptionCsv(rows: Iterable<ConsumptionRow>): string {
  return csvLine(EXPORT_HEADER) + consumptionLines(rows);
}

/** Formats rows as CSV without the header, for the parts of a long export. */
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
 * Prefixes text that a spreadsheet would run as a formula with an apostrophe, because names are untrusted
 * (owasp.org/www-community/attacks/CSV_Injection). A spreadsheet set to another separator starts a cell behind each separator, even
 * within quotes.
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
