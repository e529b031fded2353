import { z } from 'zod';
import { calendarDate, DAY_MS, instantAt, localDayOf, startOfLocalDay, weekdayIndex } from './local-time.ts';
import type { Period } from './period.ts';
import { weekdays, type Weekday } from './weekday.ts';

const TIME_OF_DAY = /^([01]\d|2[0-3]):[0-5]\d$/;

/** A time on a clock, `HH:mm`. */
const timeOfDaySchema = z.string().regex(TIME_OF_DAY, 'must be a time such as "09:00", in quotes');

/** Once a week, in the time zone of its owner. */
export const scheduleSchema = z.strictObject({ weekday: z.enum(weekdays), at: timeOfDaySchema });
export type Schedule = z.infer<typeof scheduleSchema>;

/** Every route for meters has a digest by default, so that a missing digest shows a failure. */
export const USUAL_DIGEST: Schedule = { weekday: 'monday', at: '09:00' };

/**
 * Returns the first run after an instant (never at it). A run in an hour that a clock change skips is later by that hour; one in an
 * hour that occurs twice is in the first. There is exactly one run per local week.
 */
export function nextRun(schedule: Schedule, after: Date, timeZone: string): Date {
  return nextTime(after, { at: schedule.at, on: [schedule.weekday] }, timeZone);
}

/**
 * Returns the first time after an instant (never at it) at which clocks in a time zone show `at` on one of the weekdays.
 *
 * @throws {RangeError} if `on` is empty
 */
export function nextTime(after: Date, { at, on }: { readonly at: string; readonly on: readonly Weekday[] }, timeZone: string): Date {
  const minute = minutesOf(at);
  const today = localDayOf(after, timeZone);
  // Starts yesterday, for a run that a clock change at midnight moved, and ends with the same weekday next week.
  for (let day = today - 1; day <= today + 8; day++) {
    const weekday = weekdays[weekdayIndex(day)];
    if (weekday === undefined || !on.includes(weekday)) continue;
    const run = instantAt(day, minute, timeZone);
    if (run > after) return run;
  }
  throw new RangeError('no weekday to run on');
}

/** Returns the ISO week of an instant in a time zone: `2026-W48`. It identifies a run, so that a week has one. */
export function localWeek(at: Date, timeZone: string): string {
  const day = localDayOf(at, timeZone);
  // A week belongs to the year of its Thursday (ISO 8601).
  const thursday = day - weekdayIndex(day) + 3;
  const { year } = calendarDate(thursday);
  const week = Math.floor((thursday - Date.UTC(year, 0, 1) / DAY_MS) / 7) + 1;
  return `${String(year)}-W${String(week).padStart(2, '0')}`;
}

/** An hour is enough to paste missing figures before a digest. */
const REMIND_BEFORE_MS = 60 * 60_000;

export function remindAt(digestAt: Date): Date {
  return new Date(digestAt.getTime() - REMIND_BEFORE_MS);
}

/** Returns the days of a digest: the seven whole days before its run. For a run on Monday, the week before. */
export function weekBefore(run: Date, timeZone: string): Period {
  const day = localDayOf(run, timeZone);
  return { start: startOfLocalDay(day - 7, timeZone), end: startOfLocalDay(day, timeZone) };
}

/** A delay that is normal on a loaded machine does not count as late. */
const ON_TIME_MS = 5 * 60_000;
/** A digest older than this could be mistaken for the current one. */
const TOO_LATE_MS = 24 * 60 * 60_000;

export type ClaimDecision = 'not-due' | 'on-time' | 'late' | 'skipped';

/** Decides about a run at `now`: after downtime of 24 h or more it is recorded as skipped. */
export function claimDecision(dueAt: Date, now: Date): ClaimDecision {
  const lateMs = now.getTime() - dueAt.getTime();
  if (lateMs < 0) return 'not-due';
  if (lateMs < ON_TIME_MS) return 'on-time';
  return lateMs < TOO_LATE_MS ? 'late' : 'skipped';
}

export type Claim = {
  /** The run to do now: at most one, however many were missed. */
  readonly run: { readonly dueAt: Date; readonly week: string; readonly late: boolean } | null;
  /** Skipped runs, to be recorded. */
  readonly skipped: readonly { readonly dueAt: Date; readonly week: string }[];
  /** The next run: after `now`, unless nothing was due. */
  readonly nextRunAt: Date;
};

/** The most missed weeks that are recorded. */
const MOST_SKIPPED = 60;

/** Decides about a schedule that is due: runs the latest missed run, unless it is too late. */
export function claimRun(schedule: Schedule, storedDueAt: Date, now: Date, timeZone: string): Claim {
  if (claimDecision(storedDueAt, now) === 'not-due') return { run: null, skipped: [], nextRunAt: storedDueAt };
  const missed: { dueAt: Date; week: string }[] = [];
  let dueAt = storedDueAt;
  while (dueAt <= now) {
    missed.push({ dueAt, week: localWeek(dueAt, timeZone) });
    if (missed.length > MOST_SKIPPED) missed.shift();
    dueAt = nextRun(schedule, dueAt, timeZone);
  }
  const latest = missed.at(-1);
  const decision = latest ? claimDecision(latest.dueAt, now) : 'not-due';
  if (!latest || decision === 'skipped' || decision === 'not-due') return { run: null, skipped: missed, nextRunAt: dueAt };
  // An edited schedule may have two missed runs in one week, which has its digest now.
  return { run: { ...latest, late: decision === 'late' }, skipped: missed.filter(({ week }) => week !== latest.week), nextRunAt: dueAt };
}

/**
 * Returns the minutes since midnight of `HH:mm`.
 *
 * @throws {RangeError} for anything else; `timeOfDaySchema` validates user input
 */
export function minutesOf(at: string): number {
  if (!TIME_OF_DAY.test(at)) throw new RangeError(`"${at}" is not a time of day such as 09:00`);
  return Number(at.slice(0, 2)) * 60 + Number(at.slice(3));
}
