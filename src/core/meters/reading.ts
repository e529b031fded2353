import { isFigureField } from './figure-fields.ts';
import { z } from 'zod';
import { DAY_MS, startOfLocalDay, type LocalDay } from '../time/local-time.ts';
import { meterDetailsSchema, MOST_DECIMALS, nameSchema, presentable, type MeterDetails } from './meter.ts';
import { contains, exclusiveEnd, JITTER_MS, type Period } from '../time/period.ts';
import { err, ok, type Result } from '../result.ts';
import { parseInstant, type NotRead, type WrittenInstant } from '../time/parse-date.ts';
import type { ReadingProblem } from './reading-problem.ts';

/** One complete observation of a meter. Amounts are in the meter's smallest unit. */
export type Reading = {
  readonly used: bigint;
  /** The allowance; null if unlimited or unknown, and then there is no percentage. */
  readonly total: bigint | null;
  readonly observedAt: Date;
  readonly period: Period | null;
  /** Only the day is known: the vendor stamps its figures with a date. */
  readonly isCoarse?: boolean;
  /**
   * The total is not known. If `total` is null, `used` is known. Otherwise only what is left is known, `total - used`: `total` is the most
   * that was ever left (0 if more is used than included, or nothing is left), which is no allowance and has no share.
   */
  readonly isTotalUnknown?: boolean;
  /** A lower bound and no measured figure: at least this much was used at that time, as a notice of the vendor says by mail. */
  readonly isAtLeast?: boolean;
};

/** Whether the total of a reading is not known. A measured reading that says so by a total of null is unlimited. */
export function lacksTotal({ total, isAtLeast = false, isTotalUnknown = false }: Totalled): boolean {
  return isTotalUnknown || (total === null && isAtLeast);
}

/** Returns what is left, if a reading tells nothing else; null otherwise. Negative if more is used than included. */
export function leftAlone({ used, total, isTotalUnknown = false }: Pick<Reading, 'used'> & Totalled): bigint | null {
  return isTotalUnknown && total !== null ? total - used : null;
}

/** Whether the total of a reading may be measured against: it is neither unlimited nor unknown. */
export function knownTotalOf({ total, isTotalUnknown = false }: Totalled): bigint | null {
  return isTotalUnknown ? null : total;
}

type Totalled = Pick<Reading, 'total' | 'isAtLeast' | 'isTotalUnknown'>;

/**
 * Returns a reading of which the total became known: `used` is what is not left. The same reading if its total was known already, or if
 * more is left than that total, because then credits were bought since.
 */
export function withTotal(reading: Reading, total: bigint): Reading {
  const { isTotalUnknown = false, ...known } = reading;
  if (!isTotalUnknown) return reading;
  const left = leftAlone(reading);
  if (left === null) return { ...known, total };
  return left <= total ? { ...known, used: total - left, total } : reading;
}

/** Whether a reading was observed within its own period, allowing for jitter. A date stands for any time of its day. */
export function isWithinItsPeriod({ period, observedAt, isCoarse = false }: Pick<Reading, 'period' | 'observedAt' | 'isCoarse'>): boolean {
  if (period === null || contains(period, observedAt)) return true;
  if (observedAt < period.start && period.start.getTime() - observedAt.getTime() <= JITTER_MS) return true;
  return isCoarse && contains(period, new Date(observedAt.getTime() + DAY_MS - 1));
}

/** Vendors' clocks may be ahead: readings up to this far in the future are accepted. */
export const FUTURE_TOLERANCE_MS = 5 * 60_000;

/** Whether a time is in the future beyond the tolerance: the clock of the sender is ahead, or ours was set back. */
export function isStampedAhead(at: Date, now: Date): boolean {
  return at.getTime() > now.getTime() + FUTURE_TOLERANCE_MS;
}

const amount = z.union([z.number(), z.string().min(1)]);
const instant = z.string().transform(statedInstant);

/** One element of `readings` in `POST /v1/usage`. Unknown fields are rejected: a mistyped `total` must not mean unlimited. */
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

/** The same for a notice of a vendor, which may tell a lower bound. */
const noticeReadingSchema = rawReadingSchema.extend({
  /** The figures are reached or passed. */
  atLeast: z.literal(true).optional(),
  /** The used part of the total, in percent. Always a lower bound. */
  share: amount.optional(),
  /** The total of the file, which counts if none is known. */
  statedTotal: amount.optional(),
});

const noticeFields = noticeReadingSchema
  .pick({ atLeast: true, share: true, statedTotal: true })
  .strip()
  .transform(({ atLeast, share, statedTotal }): DraftNotice => ({
    isAtLeast: atLeast === true || share !== undefined,
    share,
    statedTotal,
  }));

/** The range of four-digit ISO 8601 years, which PostgreSQL can read back from text. */
const EARLIEST = Date.parse('0001-01-01T00:00:00Z');
const LATEST = Date.parse('9999-12-31T23:59:59.999Z');

const NO_DETAILS: MeterDetails = {};

/** A validated reading, before the known values of its meter complete it. */
export type DraftReading = {
  readonly meter: string;
  readonly details: MeterDetails;
  readonly used: number | string | undefined;
  readonly remaining: number | string | undefined;
  readonly total: number | string | null | undefined;
  readonly observedAt: Date;
  /** Only the day is known. */
  readonly isCoarse: boolean;
  /** The date that was sent instead of a time. The account's time zone decides when it begins: see `inZone`. */
  readonly day: { readonly is: LocalDay; readonly arrivedAt: Date } | null;
  readonly period: Period | null;
  /** What only a notice of a vendor has; absent otherwise. */
  readonly notice?: DraftNotice;
};

/** `share`: the used part of the total in percent. `statedTotal`: the total of the file, which counts if none is known. */
export type DraftNotice = {
  readonly isAtLeast: boolean;
  readonly share: number | string | undefined;
  readonly statedTotal: number | string | undefined;
};

type StatedInstant = Pick<WrittenInstant, 'at' | 'dateOnly'>;

/** The most common format. Days that not every month has take the slower path. */
const USUAL_INSTANT = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?Z$/;

function statedInstant(text: string): Result<StatedInstant, NotRead | { readonly why: 'no-zone' }> {
  if (USUAL_INSTANT.test(text)) return ok({ at: new Date(text), dateOnly: false });
  const read = parseInstant(text);
  return read.ok && read.value.zoneless ? err({ why: 'no-zone' }) : read;
}

/**
 * Validates one element of `readings`.
 *
 * @param isNotice it comes from a notice of a vendor, which may tell a lower bound
 */
export function draftReading(raw: unknown, arrivedAt: Date, isNotice = false): Result<DraftReading, ReadingProblem> {
  const parsed = (isNotice ? noticeReadingSchema : rawReadingSchema).safeParse(raw);
  if (!parsed.success) return err(problemOf(parsed.error, raw));
  const { meter, label, unit, decimals, used, remaining, total, observedAt: observed, period } = parsed.data;
  const notice = isNotice ? noticeFields.parse(raw) : null;
  if (observed?.ok === false) return err({ code: 'bad-time', field: 'observedAt', problem: observed.error });
  if (period?.start.ok === false) return err({ code: 'bad-time', field: 'period.start', problem: period.start.error });
  if (period?.end.ok === false) return err({ code: 'bad-time', field: 'period.end', problem: period.end.error });
  if (used === undefined && remaining === undefined && notice?.share === undefined) return err({ code: 'used-and-remaining-missing' });
  const observedAt = observed?.value;
  const at = observedAt === undefined ? arrivedAt : notAhead(observedAt, arrivedAt);
  // A midnight may stand for a date, so its age is treated like that of a date.
  const isCoarse = observedAt !== undefined && (observedAt.dateOnly || observedAt.at.getTime() % DAY_MS === 0);
  if (isStampedAhead(at, arrivedAt)) return err({ code: 'ahead-of-clock', observedAt: at, arrivedAt });
  const window = period ? { start: period.start.value.at, end: exclusiveEnd(period.end.value.at) } : null;
  if (isOffCalendar(at)) return err({ code: 'off-calendar', field: 'observedAt' });
  if (window && isOffCalendar(window.start)) return err({ code: 'off-calendar', field: 'period.start' });
  if (window && isOffCalendar(window.end)) return err({ code: 'off-calendar', field: 'period.end' });
  if (window && window.start >= window.end) return err({ code: 'period-not-forward' });
  const details =
    label === undefined && unit === undefined && decimals === undefined
      ? NO_DETAILS
      : meterDetailsSchema.parse({
          ...(label !== undefined && presentable(label, 200) !== '' ? { label: presentable(label, 200) } : {}),
          ...(unit !== undefined ? { unit: presentable(unit, 60) } : {}),
          ...(decimals !== undefined ? { decimals } : {}),
        });
  const day = observedAt?.dateOnly ? { is: Math.floor(observedAt.at.getTime() / DAY_MS), arrivedAt } : null;
  return ok({ meter, details, used, remaining, total, observedAt: at, isCoarse, day, period: window, ...(notice && { notice }) });
}

/** Resolves a draft that has only a date: it begins with that day in the account's time zone, and never after its arrival. */
export function inZone(draft: DraftReading, timeZone: string): DraftReading {
  if (draft.day === null) return draft;
  const { is, arrivedAt } = draft.day;
  const begins = startOfLocalDay(is, timeZone);
  return { ...draft, observedAt: begins > arrivedAt ? arrivedAt : begins };
}

/** The largest offset ahead of UTC. */
const EARLIEST_ZONE_MS = 14 * 60 * 60_000;

/** A date that has begun for the sender but not in UTC is today. */
function notAhead({ at, dateOnly }: StatedInstant, arrivedAt: Date): Date {
  return dateOnly && at > arrivedAt && at.getTime() - arrivedAt.getTime() <= EARLIEST_ZONE_MS ? arrivedAt : at;
}

function isOffCalendar(at: Date): boolean {
  return at.getTime() < EARLIEST || at.getTime() > LATEST;
}

/** The fields parsed by `instant`. Those parsed by `amount` are the figures. */
const INSTANTS: ReadonlySet<string> = new Set(['observedAt', 'period.start', 'period.end']);

function problemOf(error: z.ZodError, raw: unknown): ReadingProblem {
  const issue = error.issues[0];
  if (issue?.code === 'unrecognized_keys')
    return { code: 'unknown-fields', fields: issue.keys.map((key) => presentable(key, 40)), known: Object.keys(rawReadingSchema.shape) };
  if (issue === undefined || issue.path.length === 0) return { code: 'not-an-object' };
  const field = issue.path.join('.');
  if (isMissing(raw, issue.path)) return { code: 'field-missing', field };
  if (isFigureField(field)) return { code: 'not-an-amount', field };
  if (INSTANTS.has(field)) return { code: 'bad-time', field, problem: { why: 'no-time' } };
  if (field === 'decimals') return { code: 'bad-decimals', most: MOST_DECIMALS };
  return { code: field === 'meter' && issue.code !== 'invalid_type' ? 'bad-name' : 'wrong-type', field };
}

function isMissing(raw: unknown, path: readonly PropertyKey[]): boolean {
  let value = raw;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return true;
    value = Object.getOwnPropertyDescriptor(value, key)?.value;
  }
  return false;
}
