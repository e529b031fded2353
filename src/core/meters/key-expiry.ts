import { z } from 'zod';
import { dayOfIso, instantAt, localDayOf } from '../time/local-time.ts';

/** The date on which a key expires, as creditwatch.yml states it, the variables that hold the key, and the page where one is made. */
export const keyExpirySchema = z.object({
  on: z.iso.date(),
  variables: z.array(z.string()).readonly(),
  page: z.string().nullable(),
});
export type KeyExpiry = z.infer<typeof keyExpirySchema>;

/** The last warning: which one, and about which date. */
export const toldExpirySchema = z.object({ on: z.iso.date(), days: z.int() });
export type ToldExpiry = z.infer<typeof toldExpirySchema>;

/** The days before the date, latest first. */
const WARN_DAYS = [7, 30];
/** 09:00, as of digests and reminders. */
const WARN_MINUTE = 9 * 60;

/**
 * Returns the warning that is due now, and when the next one is. Each comes once for a date; if both were missed, only the later one. A
 * warning that was missed altogether, or a date in the past, is told at once.
 */
export function dueWarning(
  { on }: Pick<KeyExpiry, 'on'>,
  told: ToldExpiry | null,
  { now, timeZone }: { readonly now: Date; readonly timeZone: string },
): { readonly warning: ToldExpiry | null; readonly nextAt: Date | null } {
  const times = WARN_DAYS.map((days) => ({ days, at: instantAt(dayOfIso(on) - days, WARN_MINUTE, timeZone) }));
  const due = times.find(({ at }) => at <= now);
  const isTold = due !== undefined && told?.on === on && told.days <= due.days;
  return {
    warning: due === undefined || isTold ? null : { on, days: due.days },
    nextAt: times.findLast(({ at }) => at > now)?.at ?? null,
  };
}

/** Returns the days until a date in a time zone; negative after it. */
export function daysUntil(on: string, now: Date, timeZone: string): number {
  return dayOfIso(on) - localDayOf(now, timeZone);
}
