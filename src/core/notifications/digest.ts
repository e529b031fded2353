import { z } from 'zod';
import { compareLeft, measure } from '../meters/balance.ts';
import { findingSchema } from '../rules/rule.ts';
import { compareSeverity, severitySchema } from '../rules/severity.ts';
import { storedBigint, storedDate, storedPeriodSchema, storedReadingSchema } from '../json-codecs.ts';

/** One meter as a digest speaks of it, as it was when the digest was decided. */
const digestMeterSchema = z.object({
  meter: z.object({
    source: z.string(),
    key: z.string(),
    label: z.string(),
    unit: z.string(),
    decimals: z.number(),
    resets: z.boolean().default(true),
  }),
  reading: storedReadingSchema,
  /** What a balance is measured against. */
  topUp: storedBigint.nullable().default(null),
  fullest: storedBigint.nullable().default(null),
  /** How bad it is by its rules and open alerts; null is fine. */
  severity: severitySchema.nullable(),
  /** What was consumed in the digest's week and in the week before it; null when that is not known. */
  consumed: z.object({ week: storedBigint.nullable(), weekBefore: storedBigint.nullable() }),
  /** Consumption by day of the digest's week and of the week before it, oldest first: of what needs attention alone. */
  days: z.array(z.object({ day: z.int(), consumed: storedBigint })).default([]),
  /** When it runs out at its pace, if that is before the reset. */
  runOut: z.object({ earliest: storedDate, latest: storedDate }).nullable(),
  /** At its pace it lasts until the reset. False beside no `runOut` when it is too early to tell. */
  lasts: z.boolean(),
  usedUpSince: storedDate.nullable(),
  /** Alerts since the last digest, oldest first: what was found. Older versions stored how it was worded after the meter's name. */
  fired: z.array(
    z.union([
      z.object({ headline: z.string(), at: storedDate }),
      z.object({ findings: z.array(findingSchema), reading: storedReadingSchema, at: storedDate }),
    ]),
  ),
  /** Who acknowledged it: a platform user id. Null in what older versions stored. */
  acknowledgedBy: z.string().nullable().default(null),
  /** When more was asked for and nothing has come of it yet. */
  requestedAt: storedDate.nullable(),
  /** `stale`: no reading for longer than its source promises. `expired`: its period has ended and no reading came since. */
  freshness: z.enum(['current', 'stale', 'expired']),
});
export type DigestMeter = z.infer<typeof digestMeterSchema>;

/** All that a digest says. It is stored, and rendered for each destination without another look at usage. */
export const digestSnapshotSchema = z.object({
  kind: z.literal('digest'),
  /** The days it speaks about, [start, end). */
  week: storedPeriodSchema,
  dueAt: storedDate,
  /** It goes out later than it should, after downtime. */
  late: z.boolean(),
  /** The route's: decides what its days are called. */
  timeZone: z.string(),
  meters: z.array(digestMeterSchema),
});
export type DigestSnapshot = z.infer<typeof digestSnapshotSchema>;

/** What a digest counts: a meter is exactly one of these. */
export type DigestState = 'used-up' | 'needs-attention' | 'blind' | 'fine';

export function stateOf({ reading, severity, runOut, freshness }: DigestMeter): DigestState {
  // Old figures say nothing about now, however bad they were.
  if (freshness !== 'current') return 'blind';
  if (reading.total !== null && reading.used >= reading.total && (reading.used > 0n || severity === 'critical')) return 'used-up';
  return runOut !== null || compareSeverity(severity, 'notice') > 0 ? 'needs-attention' : 'fine';
}

/** Whether somebody should look: what a digest draws, if it draws anything. */
export function needsAttention(one: DigestMeter): boolean {
  return ['used-up', 'needs-attention'].includes(stateOf(one));
}

const STATES: readonly DigestState[] = ['used-up', 'needs-attention', 'blind', 'fine'];

/** Worst first: by state, then by severity, then by share of the own allowance, for units differ. */
export function worstFirst(meters: readonly DigestMeter[]): readonly DigestMeter[] {
  return meters.toSorted(
    (a, b) =>
      STATES.indexOf(stateOf(a)) - STATES.indexOf(stateOf(b)) ||
      compareSeverity(b.severity, a.severity) ||
      compareLeft(measure(a.meter, a.reading, a), measure(b.meter, b.reading, b)) ||
      a.meter.label.localeCompare(b.meter.label, 'en'),
  );
}

/** Tenths of last week's consumption from which a week is called faster than usual. */
const FASTER_TENTHS = 15n;
/** In units: below this, twice as much is still next to nothing. */
const FASTER_FROM = 10n;

/** Meters that went faster than in the week before, fastest first, with the factor in tenths, rounded down. */
export function fasterThanUsual(
  meters: readonly DigestMeter[],
): readonly { readonly meter: DigestMeter['meter']; readonly tenths: bigint }[] {
  return meters
    .flatMap(({ meter, consumed: { week, weekBefore }, freshness }) => {
      if (freshness !== 'current' || week === null || weekBefore === null || weekBefore < FASTER_FROM * 10n ** BigInt(meter.decimals))
        return [];
      const tenths = (week * 10n) / weekBefore;
      return tenths < FASTER_TENTHS ? [] : [{ meter, tenths }];
    })
    .sort((a, b) => (a.tenths === b.tenths ? 0 : a.tenths < b.tenths ? 1 : -1));
}
