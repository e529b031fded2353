import { richText, when, type RichText } from '../../core/text/rich-text.ts';

/** Reports figures with a time that is ahead of this machine's clock: `abmatic/campaigns is stamped 2 Dec 09:00, …`. */
export function aheadOfClock(name: string, stampedAt: Date, now: Date): RichText {
  return richText`${name} is stamped ${when(stampedAt)}, ${age(stampedAt.getTime() - now.getTime())} ahead of this machine's clock. The next figures replace it. Check the clock of this machine and the clock of the sender.`;
}
/** `9 days`, `5 hours`: whole ones, the larger unit from two days on. */
export function age(ms: number): string {
  const hours = Math.floor(ms / 3_600_000);
  if (hours >= 48) return days(Math.floor(hours / 24));
  return hours === 0 ? 'less than an hour' : `${String(hours)} ${hours === 1 ? 'hour' : 'hours'}`;
}

/** `1 day`, `3 days`. */
export function days(count: number): string {
  return `${String(count)} ${count === 1 ? 'day' : 'days'}`;
}
