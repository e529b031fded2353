import { z } from 'zod';
import { DAY_MS } from '../time/local-time.ts';
import { parseInstant } from '../time/parse-date.ts';

/** How long data is kept, in milliseconds; null: for ever. */
export type Retention = {
  /** Every reading. Older ones are thinned to one per meter and day (`thinReadings`). */
  readonly allReadingsMs: number | null;
  /** One reading per meter and day, and closed alerts. At least as long as every reading. */
  readonly dailyReadingsMs: number | null;
  /** Deliveries with their attempts, and the notifications that they delivered. */
  readonly deliveriesMs: number | null;
};

/** A year of an age. */
export const YEAR_DAYS = 365;

/**
 * Counts the readings of an import that are stored and soon deleted again, because they are older than one reading per day is kept.
 *
 * @param readings as they were sent
 * @param rejected the positions of those that were not stored
 */
export function countExpired(
  readings: readonly unknown[],
  rejected: readonly { readonly index: number }[],
  { dailyReadingsMs, now }: Pick<Retention, 'dailyReadingsMs'> & { readonly now: Date },
): number {
  if (dailyReadingsMs === null) return 0;
  const from = now.getTime() - dailyReadingsMs;
  const isExpired = (raw: unknown) => observedAtMs(raw) < from;
  return readings.filter(isExpired).length - rejected.filter(({ index }) => isExpired(readings[index])).length;
}

/** The time in a reading, in milliseconds since 1970; infinite if it has none that can be read, which rejects it or means now. */
function observedAtMs(raw: unknown): number {
  if (typeof raw !== 'object' || raw === null || !('observedAt' in raw) || typeof raw.observedAt !== 'string') return Infinity;
  // The most common format, which takes a tenth of the time.
  const usual = raw.observedAt.endsWith('Z') ? Date.parse(raw.observedAt) : Number.NaN;
  if (!Number.isNaN(usual)) return usual;
  const read = parseInstant(raw.observedAt);
  return read.ok ? read.value.at.getTime() : Infinity;
}

export const USUAL_RETENTION: Retention = {
  allReadingsMs: 90 * DAY_MS,
  dailyReadingsMs: 3 * YEAR_DAYS * DAY_MS,
  deliveriesMs: YEAR_DAYS * DAY_MS,
};

const MOST_DAYS = 100 * YEAR_DAYS;
const WRITTEN = /^(\d{1,5}) ?([dy])$/;

/** Parses an age: `90d`, `3y` of 365 days each, or `forever`, which is null. */
function ageSchema(leastDays: number) {
  const error = `must be a number of days or years from ${leastDays}d to 100y, such as ${leastDays > 30 ? '400d' : '90d'} or 3y, or forever`;
  return z.string(error).transform((text, context): number | null => {
    if (text.trim() === 'forever') return null;
    const [, count = '', unit = ''] = WRITTEN.exec(text.trim()) ?? [];
    const days = Number(count) * (unit === 'y' ? YEAR_DAYS : 1);
    if (days >= leastDays && days <= MOST_DAYS) return days * DAY_MS;
    context.addIssue({ code: 'custom', message: error });
    return z.NEVER;
  });
}

/** Forecasts look back nine days, and are computed again from the readings after a clock was corrected. */
const LEAST_ALL_DAYS = 10;
/** No reading is thinned before this age, whatever creditwatch.yml says. */
export const LEAST_ALL_READINGS_MS = LEAST_ALL_DAYS * DAY_MS;
/** For 30 days after the app was removed, the attempts show whether it is back. */
const LEAST_DELIVERIES_DAYS = 40;

/** `retention:` in creditwatch.yml; omitted ages have their defaults. */
export const retentionSchema = z
  .strictObject({
    allReadings: ageSchema(LEAST_ALL_DAYS).optional(),
    dailyReadings: ageSchema(LEAST_ALL_DAYS).optional(),
    deliveries: ageSchema(LEAST_DELIVERIES_DAYS).optional(),
  })
  .transform(({ allReadings, dailyReadings, deliveries }, context): Retention => {
    const retention = {
      allReadingsMs: allReadings === undefined ? USUAL_RETENTION.allReadingsMs : allReadings,
      dailyReadingsMs: dailyReadings === undefined ? USUAL_RETENTION.dailyReadingsMs : dailyReadings,
      deliveriesMs: deliveries === undefined ? USUAL_RETENTION.deliveriesMs : deliveries,
    };
    if (!isLonger(retention.allReadingsMs, retention.dailyReadingsMs)) return retention;
    const written = dailyReadings === undefined ? 'allReadings' : 'dailyReadings';
    context.addIssue({
      code: 'custom',
      path: [written],
      message:
        written === 'allReadings'
          ? 'must not be longer than dailyReadings (3y if it is not set): set dailyReadings to the same or longer'
          : 'must not be shorter than allReadings (90d if it is not set), because every reading counts as one of its day',
    });
    return z.NEVER;
  });

function isLonger(ms: number | null, than: number | null): boolean {
  return than !== null && (ms === null || ms > than);
}
