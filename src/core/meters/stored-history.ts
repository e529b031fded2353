import { z } from 'zod';
import { daysOf, samplesOf, type DayConsumption, type Sample, type UsageHistory } from './history.ts';
import { storedBigint, storedDate } from '../json-codecs.ts';

/**
 * Stores a history in two parts: a body that changes a few times a day, and a tip that every reading changes. The body alone is a whole
 * history, as of when it was written. Writing it with each reading would be most of the data of an ingest.
 */

/** Pairs of an instant, as the distance from the previous one, and an amount: `1767225600000 0,21600000 1614`. */
const pairs = z
  .string()
  .regex(/^(?:-?\d+ -?\d+(?:,-?\d+ -?\d+)*)?$/)
  .transform(decodePairs);

/** Missing in data from older versions. */
const fullestSchema = storedBigint.nullable().default(null);

const bodySchema = z.object({
  consumed: storedBigint,
  samples: pairs,
  days: pairs,
  topUp: storedBigint.nullable(),
  fullest: fullestSchema,
});
type StoredBody = z.input<typeof bodySchema>;

/** The first format of bodies. It was five times as long, which made it the most expensive part of an ingest. */
const wordySchema = z.object({
  consumed: storedBigint,
  samples: z.array(z.object({ at: storedDate, consumed: storedBigint })),
  days: z.array(z.object({ day: z.int(), consumed: storedBigint })),
  topUp: storedBigint.nullable().default(null),
});

/** Replaces the last sample and the last day of the body. */
const tipSchema = z.object({
  at: storedDate,
  consumed: storedBigint,
  lastDay: storedBigint.nullable(),
  topUp: storedBigint.nullable(),
  fullest: fullestSchema,
});
type StoredTip = z.input<typeof tipSchema>;

export function encodeBody(history: UsageHistory): StoredBody {
  return {
    consumed: history.consumed.toString(),
    samples: encodePairs(samplesOf(history).map((one) => [one.at.getTime(), one.consumed])),
    days: encodePairs(daysOf(history).map((one) => [one.day, one.consumed])),
    topUp: text(history.topUp),
    fullest: text(history.fullest),
  };
}

function decodeBody(body: unknown): UsageHistory {
  const written = bodySchema.safeParse(body);
  if (!written.success) return withLatestApart({ ...wordySchema.parse(body), fullest: null });
  const { consumed, samples, days, topUp, fullest } = written.data;
  return withLatestApart({
    consumed,
    samples: samples.map(([at, amount]) => ({ at: new Date(at), consumed: amount })),
    days: days.map(([day, amount]) => ({ day, consumed: amount })),
    topUp,
    fullest,
  });
}

function withLatestApart({
  consumed,
  samples,
  days,
  topUp,
  fullest,
}: Pick<UsageHistory, 'consumed' | 'topUp' | 'fullest'> & {
  readonly samples: readonly Sample[];
  readonly days: readonly DayConsumption[];
}): UsageHistory {
  return {
    consumed,
    earlierSamples: samples.slice(0, -1),
    latestSample: samples.at(-1) ?? null,
    earlierDays: days.slice(0, -1),
    latestDay: days.at(-1) ?? null,
    topUp,
    fullest,
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

/** Encodes the tip; null if the history has no samples. */
export function encodeTip({ consumed, latestSample, latestDay, topUp, fullest }: UsageHistory): StoredTip | null {
  if (latestSample === null) return null;
  return {
    at: latestSample.at.toISOString(),
    consumed: consumed.toString(),
    lastDay: text(latestDay?.consumed ?? null),
    topUp: text(topUp),
    fullest: text(fullest),
  };
}

/** Whether the stored body of one history also fits another that `recordUsage` made from it: only the latest sample and day differ. */
export function hasSameBody(before: UsageHistory, after: UsageHistory): boolean {
  return (
    before.earlierSamples === after.earlierSamples &&
    (before.latestSample === null) === (after.latestSample === null) &&
    before.earlierDays === after.earlierDays &&
    before.latestDay?.day === after.latestDay?.day
  );
}

/**
 * Decodes a stored history.
 *
 * @param tip null if the body is complete
 * @throws {ZodError} if this version does not know the format
 */
export function decodeHistory(body: unknown, tip: unknown): UsageHistory {
  const history = decodeBody(body);
  if (tip === null) return history;
  const { at, consumed, lastDay, topUp, fullest } = tipSchema.parse(tip);
  // A version without tips wrote the body later, which happens during an upgrade.
  if ((history.latestSample?.at ?? at) > at) return history;
  const { earlierSamples, earlierDays, latestDay } = history;
  return {
    consumed,
    earlierSamples,
    latestSample: { at, consumed },
    earlierDays,
    latestDay: latestDay === null || lastDay === null ? latestDay : { day: latestDay.day, consumed: lastDay },
    topUp,
    fullest,
  };
}

function text(amount: bigint | null): string | null {
  return amount === null ? null : amount.toString();
}
