import type { Clock } from '../ports/clock.ts';

/**
 * Teams takes 50 calls a second of one bot in one organisation
 * (learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit). Somewhat fewer are made, so that answers to people
 * always find room; other processes of the same deployment have their own count, and a 429 is heeded in any case.
 */
const MOST_A_SECOND = 40;
/** Who would have to wait longer is told to come back, before its lease runs out. */
const LONGEST_WAIT_MS = 2000;

/** Lets so many through that no second sees more than Teams takes. False: come back later. */
export function createRate(clock: Clock): (tenant: string) => Promise<boolean> {
  const slots = new Map<string, number[]>();
  return async (tenant) => {
    const now = clock.now().getTime();
    const taken = (slots.get(tenant) ?? []).filter((at) => at > now - 1000);
    const oldest = taken.at(-MOST_A_SECOND);
    const at = oldest === undefined ? now : Math.max(now, oldest + 1000);
    if (at - now > LONGEST_WAIT_MS) return false;
    slots.set(tenant, [...taken, at]);
    if (at > now) await clock.sleep(at - now, new AbortController().signal);
    return true;
  };
}
