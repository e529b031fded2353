const DAY_MS = 24 * 60 * 60_000;

/** A billing period that an instant lies well inside of, whatever day the tests run. */
export function periodAround(at: Date): { start: string; end: string } {
  return { start: new Date(at.getTime() - 20 * DAY_MS).toISOString(), end: new Date(at.getTime() + 8 * DAY_MS).toISOString() };
}

let latest = 0;

/** A reading of now; of two in a row the second is later. */
export function readingNow(meter: string, used: number, total: number | null = 1000): Record<string, unknown> {
  latest = Math.max(latest + 1, Date.now());
  const at = new Date(latest);
  return { meter, used, total, observedAt: at.toISOString(), period: periodAround(new Date()) };
}
