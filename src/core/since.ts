import { localDay, localDayOf, type LocalDay } from './local-time.ts';

/** From which day on: a calendar day, or so many days ago. */
export type Since = { readonly day: LocalDay } | { readonly ago: number };

const LONGEST_DAYS = 3650;

/** Reads `2026-11-01` or `30d`; null for what is neither. */
export function typedSince(word: string): Since | null {
  const ago = /^(\d{1,4})d$/i.exec(word)?.[1];
  if (ago !== undefined) return { ago: Math.min(LONGEST_DAYS, Math.max(1, Number(ago))) };
  const [, year, month, date] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(word) ?? [];
  const day = year === undefined ? null : localDay(Number(year), Number(month), Number(date));
  return day === null ? null : { day };
}

/** The first day that is meant; today counts as one of the days ago. */
export function firstDay(since: Since, now: Date, timeZone: string): LocalDay {
  return 'day' in since ? since.day : localDayOf(now, timeZone) - since.ago + 1;
}
