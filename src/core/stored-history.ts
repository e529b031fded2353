import { z } from 'zod';
import type { UsageHistory } from './history.ts';
import { storedBigint, storedDate } from './stored.ts';

/**
 * A history as it is kept: a body that changes a few times a day, and a tip that every reading moves. The body alone is a
 * whole history, as of when it was written; written with each reading it would be most of what an ingest sends.
 */

/** A moment, as the distance from the one before it, and an amount; many of them as `1767225600000 0,21600000 1614`. */
const pairs = z
  .string()
  .regex(/^(?:-?\d+ -?\d+(?:,-?\d+ -?\d+)*)?$/)
  .transform(decodePairs);

const bodySchema = z.object({ consumed: storedBigint, samples: pairs, days: pairs, topUp: storedBigint.nullable() });
type StoredBody = z.input<typeof bodySchema>;

/** As bodies were written at first: five times as long, which made them the most expensive part of an ingest. */
const wordySchema = z.object({
  consumed: storedBigint,
  samples: z.array(z.object({ at: storedDate, consumed: storedBigint })),
  days: z.array(z.object({ day: z.int(), consumed: storedBigint })),
  topUp: storedBigint.nullable().default(null),
});

/** What stands in place of the body's last sample and last day. */
const tipSchema = z.object({ at: storedDate, consumed: storedBigint, lastDay: storedBigint.nullable(), topUp: storedBigint.nullable() });
type StoredTip = z.input<typeof tipSchema>;

export function encodeBody({ consumed, samples, days, topUp }: UsageHistory): StoredBody {
  return {
    consumed: consumed.toString(),
    samples: encodePairs(samples.map((one) => [one.at.getTime(), one.consumed])),
    days: encodePairs(days.map((one) => [one.day, one.consumed])),
    topUp: text(topUp),
  };
}

function decodeBody(body: unknown): UsageHistory {
  const written = bodySchema.safeParse(body);
  if (!written.success) return wordySchema.parse(body);
  const { consumed, samples, days, topUp } = written.data;
  return {
    consumed,
    samples: samples.map(([at, amount]) => ({ at: new Date(at), consumed: amount })),
    days: days.map(([day, amount]) => ({ day, consumed: amount })),
    topUp,
  };
}

type Pair = [moment: number, amount: bigint];

function encodePairs(all: readonly Pair[]): string {
  let before = 0;
  return all
    .map(([moment, amount]) => {
      const pair = `${String(moment - before)} ${String(amount)}`;
      before = moment;
      return pair;
    })
    .join(',');
}

function decodePairs(written: string): Pair[] {
  let before = 0;
  return written === ''
    ? []
    : written.split(',').map((pair): Pair => {
        const gap = pair.indexOf(' ');
        before += Number(pair.slice(0, gap));
        return [before, BigInt(pair.slice(gap + 1))];
      });
}

/** Null of a history without samples, which has nothing to move. */
export function encodeTip({ consumed, samples, days, topUp }: UsageHistory): StoredTip | null {
  const latest = samples.at(-1);
  return latest === undefined
    ? null
    : { at: latest.at.toISOString(), consumed: consumed.toString(), lastDay: text(days.at(-1)?.consumed ?? null), topUp: text(topUp) };
}

/** Whether the body that was written for one history serves the other too: all but the last sample and the last day is the same. */
export function hasSameBody(before: UsageHistory, after: UsageHistory): boolean {
  const { samples, days } = before;
  return (
    samples.length === after.samples.length &&
    days.length === after.days.length &&
    days.at(-1)?.day === after.days.at(-1)?.day &&
    // The very same: what is recorded anew leaves what stands before it as it is.
    samples.slice(0, -1).every((one, index) => one === after.samples[index]) &&
    days.slice(0, -1).every((one, index) => one === after.days[index])
  );
}

/** @param tip null when the body is all there is */
export function decodeHistory(body: unknown, tip: unknown): UsageHistory {
  const history = decodeBody(body);
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
