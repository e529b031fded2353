import { z } from 'zod';
import type { UsageHistory } from './history.ts';
import { storedBigint, storedDate } from './stored.ts';

/**
 * A history as it is kept: a body that changes a few times a day, and a tip that every reading moves. The body alone is a
 * whole history, as of when it was written; written with each reading it would be most of what an ingest sends.
 */

const bodySchema = z.object({
  consumed: storedBigint,
  samples: z.array(z.object({ at: storedDate, consumed: storedBigint })),
  days: z.array(z.object({ day: z.int(), consumed: storedBigint })),
  topUp: storedBigint.nullable().default(null),
});
type StoredBody = z.input<typeof bodySchema>;

/** What stands in place of the body's last sample and last day. */
const tipSchema = z.object({ at: storedDate, consumed: storedBigint, lastDay: storedBigint.nullable(), topUp: storedBigint.nullable() });
type StoredTip = z.input<typeof tipSchema>;

export function encodeBody({ consumed, samples, days, topUp }: UsageHistory): StoredBody {
  return {
    consumed: consumed.toString(),
    samples: samples.map((one) => ({ at: one.at.toISOString(), consumed: one.consumed.toString() })),
    days: days.map((one) => ({ day: one.day, consumed: one.consumed.toString() })),
    topUp: text(topUp),
  };
}

/** Null of a history without samples, which has nothing to move. */
export function encodeTip({ consumed, samples, days, topUp }: UsageHistory): StoredTip | null {
  const latest = samples.at(-1);
  return latest === undefined ? null : { at: latest.at.toISOString(), consumed: consumed.toString(), lastDay: text(days.at(-1)?.consumed ?? null), topUp: text(topUp) };
}

/** Whether the body that was written for one history serves the other too: all but the last sample and the last day is the same. */
export function hasSameBody(before: UsageHistory, after: UsageHistory): boolean {
  const { samples, days } = before;
  return samples.length === after.samples.length && days.length === after.days.length && days.at(-1)?.day === after.days.at(-1)?.day
    // The very same: what is recorded anew leaves what stands before it as it is.
    && samples.slice(0, -1).every((one, index) => one === after.samples[index]) && days.slice(0, -1).every((one, index) => one === after.days[index]);
}

/** @param tip null when the body is all there is */
export function decodeHistory(body: unknown, tip: unknown): UsageHistory {
  const history = bodySchema.parse(body);
  if (tip === null) return history;
  const { at, consumed, lastDay, topUp } = tipSchema.parse(tip);
  // A version that knows no tip has written the body meanwhile, as one does while a new one takes over.
  if ((history.samples.at(-1)?.at ?? at) > at) return history;
  const day = history.days.at(-1);
  return {
    consumed,
    samples: [...history.samples.slice(0, -1), { at, consumed }],
    days: day === undefined || lastDay === null ? history.days : [...history.days.slice(0, -1), { day: day.day, consumed: lastDay }],
    topUp,
  };
}

function text(amount: bigint | null): string | null {
  return amount === null ? null : amount.toString();
}
