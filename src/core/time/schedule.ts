import { z } from 'zod';
import { calendarDate, DAY_MS, instantAt, localDayOf, startOfLocalDay, weekdayIndex } from './local-time.ts';
import type { Period } from './period.ts';
import { weekdays, type Weekday } from './weekday.ts';

const TIME_OF_DAY = /^([01]\d|2[0-3]):[0-5]\d$/;

/** A time on a clock, `HH:mm`. */
const timeOfDaySchema = z.string().regex(TIME_OF_DAY, 'must be a time such as "09:00", in quotes');

/** Once a week, in the time zone of whoever it belongs to. */
export const scheduleSchema = z.strictObject({ weekday: z.enum(weekdays), at: timeOfDaySchema });
export type Schedule = z.infer<typeof scheduleSchema>;

/** Every route for meters has a digest, so that silence means broken. */
export const USUAL_DIGEST: Schedule = { weekday: 'monday', at: '09:00' };

/**
 * The first run after an instant (never at it). A run in an hour that a change of clocks leaves out is that much later, one
 * in an hour that comes twice is in the first of the two: there is exactly one in every local week.
 */
export function nextRun(schedule: Schedule, after: Date, timeZone: string): Date {
  return nextTime(after, { at: schedule.at, on: [schedule.weekday] }, timeZone);
}

/** The first time after an instant (never at it) that clocks in a zone show `at` on one of some weekdays. */
export function nextTime(after: Date, { at, on }: { readonly at: string; readonly on: readonly Weekday[] }, timeZone: string): Date {
  const minute = minutesOf(at);
  const today = localDayOf(after, timeZone);
  // From yesterday, for what a change of clocks at midnight has moved; to the same weekday next week.
  for (let day = today - 1; day <= today + 8; day++) {
    const weekday = weekdays[weekdayIndex(day)];
    if (weekday === undefined || !on.includes(weekday)) continue;
    const run = instantAt(day, minute, timeZone);
    if (run > after) return run;
  }
  throw new RangeError('no weekday to run on');
}

/** The ISO week in which an instant falls in a zone: `2026-W48`. Names a run, so that a week has one. */
export function localWeek(at: Date, timeZone: string): string {
  const day = localDayOf(at, timeZone);
  // A week belongs to the year of its Thursday (ISO 8601).
  const thursday = day - weekdayIndex(day) + 3;
  const { year } = calendarDate(thursday);
  const week = Math.floor((thursday - Date.UTC(year, 0, 1) / DAY_MS) / 7) + 1;
  return `${String(year)}-W${String(week).padStart(2, '0')}`;
}

/** An hour before a digest there is time to paste what it lacks. */
const REMIND_BEFORE_MS = 60 * 60_000;

export function remindAt(digestAt: Date): Date {
  return new Date(digestAt.getTime() - REMIND_BEFORE_MS);
}

/** What a digest speaks about: the seven whole days before the day of its run. Of a Monday's run, the week before. */
export function weekBefore(run: Date, timeZone: string): Period {
  const day = localDayOf(run, timeZone);
  return { start: startOfLocalDay(day - 7, timeZone), end: startOfLocalDay(day, timeZone) };
}

/** What is normal for a loaded machine is not called late. */
const ON_TIME_MS = 5 * 60_000;
/** A digest older than this would be taken for the current one. */
const TOO_LATE_MS = 24 * 60 * 60_000;

export type ClaimDecision = 'not-due' | 'on-time' | 'late' | 'skipped';

/** What becomes of a run that somebody comes to at `now`: after downtime of 24 h or more it is recorded and not made up for. */
export function claimDecision(dueAt: Date, now: Date): ClaimDecision {
  const lateMs = now.getTime() - dueAt.getTime();
  if (lateMs < 0) return 'not-due';
  if (lateMs < ON_TIME_MS) return 'on-time';
  return lateMs < TOO_LATE_MS ? 'late' : 'skipped';
}

export type Claim = {
  /** The run to do now, if any: at most one, however many were missed. */
  readonly run: { readonly dueAt: Date; readonly week: string; readonly late: boolean } | null;
  /** Runs that are not made up for, to be recorded. */
  readonly skipped: readonly { readonly dueAt: Date; readonly week: string }[];
  /** When to come again: after `now`, unless nothing was due. */
  readonly nextRunAt: Date;
};

/** More missed weeks than this are not listed one by one. */
const MOST_SKIPPED = 60;

/** What to do about a schedule whose stored due time has come: the latest run of those missed, if it is not too late for it. */
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
  // An edited schedule may have been missed twice in one week, and that week has its digest now.
  return { run: { ...latest, late: decision === 'late' }, skipped: missed.filter(({ week }) => week !== latest.week), nextRunAt: dueAt };
}

/** Minutes since midnight of `HH:mm`. Throws on anything else: what people write is checked with `timeOfDaySchema`. */
export function minutesOf(at: string): number {
  if (!TIME_OF_DAY.test(at)) throw new RangeError(`"${at}" is not a time of day such as 09:00`);
  return Number(at.slice(0, 2)) * 60 + Number(at.slice(3));
}
