import { z } from 'zod';
import { duration } from '../time/duration.ts';
import { DAY_MS, startOfLocalDay, type LocalDay } from '../time/local-time.ts';
import { meterDetailsSchema, MOST_DECIMALS, nameSchema, presentable, type MeterDetails } from './meter.ts';
import { contains, exclusiveEnd, JITTER_MS, type Period } from '../time/period.ts';
import { err, ok, type Result } from '../result.ts';
import { readInstant, whyNotRead, type WrittenInstant } from '../time/parse-date.ts';

/** One observation of a meter, complete: amounts in the meter's smallest unit. */
export type Reading = {
  readonly used: bigint;
  /** The allowance; null = unlimited or unknown, and then there is no percentage. */
  readonly total: bigint | null;
  readonly observedAt: Date;
  readonly period: Period | null;
  /** Its time is known to the day only: the vendor stamps its figures with a date. */
  readonly isCoarse?: boolean;
  /** More is used than is included, and nobody said how much is included: the total is 0, and used is what is over. */
  readonly isTotalUnknown?: boolean;
};

/** Whether a reading was observed within its own period, but for jitter. A date stands for any time of its day. */
export function isWithinItsPeriod({ period, observedAt, isCoarse = false }: Pick<Reading, 'period' | 'observedAt' | 'isCoarse'>): boolean {
  if (period === null || contains(period, observedAt)) return true;
  if (observedAt < period.start && period.start.getTime() - observedAt.getTime() <= JITTER_MS) return true;
  return isCoarse && contains(period, new Date(observedAt.getTime() + DAY_MS - 1));
}

/** Clocks of vendors run ahead a little: up to this a reading from the future is taken. */
export const FUTURE_TOLERANCE_MS = 5 * 60_000;

/** Whether a figure was stamped in the future: by a clock that runs ahead, or that has been set back since. */
export function isStampedAhead(at: Date, now: Date): boolean {
  return at.getTime() > now.getTime() + FUTURE_TOLERANCE_MS;
}

const AMOUNT = 'must be a number or a decimal string';
const amount = z.union([z.number(), z.string().min(1, AMOUNT)], AMOUNT);
const INSTANT = 'must be an ISO 8601 time with a zone, such as 2026-11-23T08:00:00Z';
const instant = z.string(INSTANT).transform((text, context): StatedInstant => {
  const read = statedInstant(text);
  if (read.ok) return read.value;
  context.addIssue({ code: 'custom', message: read.error });
  return z.NEVER;
});

/** One element of `readings` in `POST /v1/usage`. Unknown fields are refused: a mistyped `total` must not read as unlimited. */
const rawReadingSchema = z.strictObject({
  meter: nameSchema,
  label: z.string().optional(),
  unit: z.string().optional(),
  used: amount.optional(),
  remaining: amount.optional(),
  total: amount.nullish(),
  decimals: z.int().min(0).max(MOST_DECIMALS).optional(),
  observedAt: instant.optional(),
  period: z.strictObject({ start: instant, end: instant }).nullish(),
});

/** What PostgreSQL can read back from text, as ISO 8601 writes it with four digits. */
const EARLIEST = Date.parse('0001-01-01T00:00:00Z');
const LATEST = Date.parse('9999-12-31T23:59:59.999Z');
const OFF_CALENDAR = 'must lie in the years 1 to 9999';

const NO_DETAILS: MeterDetails = {};

/** A reading whose own fields are sound, before what the meter knows has filled its gaps. */
export type DraftReading = {
  readonly meter: string;
  readonly details: MeterDetails;
  readonly used: number | string | undefined;
  readonly remaining: number | string | undefined;
  readonly total: number | string | null | undefined;
  readonly observedAt: Date;
  /** Its time is known to the day only. */
  readonly isCoarse: boolean;
  /** The day that was written instead of a time. When it begins, the zone of the account decides: see `inZone`. */
  readonly day: { readonly is: LocalDay; readonly arrivedAt: Date } | null;
  readonly period: Period | null;
};

type StatedInstant = Pick<WrittenInstant, 'at' | 'dateOnly'>;

/** As nearly all of them are written. Days that not every month has are looked at more closely. */
const USUAL_INSTANT = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?Z$/;

function statedInstant(text: string): Result<StatedInstant, string> {
  if (USUAL_INSTANT.test(text)) return ok({ at: new Date(text), dateOnly: false });
  const read = readInstant(text);
  if (!read.ok) return err(read.error.why === 'no-time' ? INSTANT : whyNotRead(read.error));
  return read.value.zoneless ? err(INSTANT) : read;
}

/** Checks one element of `readings` by itself. The error is one sentence that names the field. */
export function draftReading(raw: unknown, arrivedAt: Date): Result<DraftReading, string> {
  const parsed = rawReadingSchema.safeParse(raw);
  if (!parsed.success) return err(explain(parsed.error, raw));
  const { meter, label, unit, decimals, used, remaining, total, observedAt, period } = parsed.data;
  if (used === undefined && remaining === undefined) return err('used or remaining is required');
  const at = observedAt === undefined ? arrivedAt : notAhead(observedAt, arrivedAt);
  // A midnight is as likely a date as an instant, so its age is judged like one.
  const isCoarse = observedAt !== undefined && (observedAt.dateOnly || observedAt.at.getTime() % DAY_MS === 0);
  if (isStampedAhead(at, arrivedAt)) return err(aheadOf(arrivedAt, at));
  const window = period ? { start: period.start.at, end: exclusiveEnd(period.end.at) } : null;
  if (isOffCalendar(at)) return err(`observedAt ${OFF_CALENDAR}`);
  if (window && isOffCalendar(window.start)) return err(`period.start ${OFF_CALENDAR}`);
  if (window && isOffCalendar(window.end)) return err(`period.end ${OFF_CALENDAR}`);
  if (window && window.start >= window.end) return err('period.start is not before period.end');
  const details =
    label === undefined && unit === undefined && decimals === undefined
      ? NO_DETAILS
      : meterDetailsSchema.parse({
          ...(label !== undefined && presentable(label, 200) !== '' ? { label: presentable(label, 200) } : {}),
          ...(unit !== undefined ? { unit: presentable(unit, 60) } : {}),
          ...(decimals !== undefined ? { decimals } : {}),
        });
  const day = observedAt?.dateOnly ? { is: Math.floor(observedAt.at.getTime() / DAY_MS), arrivedAt } : null;
  return ok({ meter, details, used, remaining, total, observedAt: at, isCoarse, day, period: window });
}

/**
 * A draft at its place in the account's time: a day alone means that day there, from its beginning on, and is never later than
 * its arrival.
 */
export function inZone(draft: DraftReading, timeZone: string): DraftReading {
  if (draft.day === null) return draft;
  const { is, arrivedAt } = draft.day;
  const begins = startOfLocalDay(is, timeZone);
  return { ...draft, observedAt: begins > arrivedAt ? arrivedAt : begins };
}

/** How far ahead of UTC the earliest zone is. */
const EARLIEST_ZONE_MS = 14 * 60 * 60_000;

/** A day that has begun where it was written, and not yet in UTC, is today. */
function notAhead({ at, dateOnly }: StatedInstant, arrivedAt: Date): Date {
  return dateOnly && at > arrivedAt && at.getTime() - arrivedAt.getTime() <= EARLIEST_ZONE_MS ? arrivedAt : at;
}

/** A time in the future is a clock that is off, and whoever reads the reason needs both times to tell which. */
function aheadOf(arrivedAt: Date, at: Date): string {
  const clock = `${arrivedAt.toISOString().slice(0, 19)}Z`;
  return `observedAt is ${duration(arrivedAt, at)} ahead of this server's clock (${clock}): check the clock of what sends it, then this server's`;
}

function isOffCalendar(at: Date): boolean {
  return at.getTime() < EARLIEST || at.getTime() > LATEST;
}

function explain(error: z.ZodError, raw: unknown): string {
  const issue = error.issues[0];
  if (!issue) return 'is not a reading';
  if (issue.code === 'unrecognized_keys') {
    return `${issue.keys.map((key) => `"${presentable(key, 40)}"`).join(', ')} is not a field of a reading (${Object.keys(rawReadingSchema.shape).join(', ')})`;
  }
  if (issue.path.length === 0) return 'a reading must be an object';
  const field = issue.path.join('.');
  if (isMissing(raw, issue.path)) return `${field} is required`;
  return `${field} ${issue.message.startsWith('Invalid') ? 'has the wrong type' : issue.message}`;
}

function isMissing(raw: unknown, path: readonly PropertyKey[]): boolean {
  let value = raw;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return true;
    value = Object.getOwnPropertyDescriptor(value, key)?.value;
  }
  return false;
}
