import { z } from 'zod';
import { compareLeft, measure } from '../meters/balance.ts';
import { findingSchema } from '../rules/rule.ts';
import { storedPerson } from '../text/person.ts';
import { compareSeverity, severitySchema } from '../rules/severity.ts';
import { storedBigint, storedDate, storedPeriodSchema, storedReadingSchema } from '../json-codecs.ts';

/** One meter in a digest, as of when the digest was created. */
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
  /** The base of a balance's share. */
  topUp: storedBigint.nullable().default(null),
  fullest: storedBigint.nullable().default(null),
  /** The severity by its rules and open alerts; null if fine. */
  severity: severitySchema.nullable(),
  /** Consumption in the digest's week and in the week before; null if unknown. */
  consumed: z.object({ week: storedBigint.nullable(), weekBefore: storedBigint.nullable() }),
  /** Consumption by day of the digest's week and the week before, oldest first; only for meters that need attention. */
  days: z.array(z.object({ day: z.int(), consumed: storedBigint })).default([]),
  /** When it runs out at its pace, if before the reset. */
  runOut: z.object({ earliest: storedDate, latest: storedDate }).nullable(),
  /** Whether it lasts until the reset at its pace. False without a `runOut` if it is too early to tell. */
  lasts: z.boolean(),
  usedUpSince: storedDate.nullable(),
  /** Alerts since the last digest, oldest first, with their findings. Older versions stored a headline instead. */
  fired: z.array(
    z.union([
      z.object({ headline: z.string(), at: storedDate }),
      z.object({ findings: z.array(findingSchema), reading: storedReadingSchema, at: storedDate }),
    ]),
  ),
  /** Who acknowledged it. Null in data from older versions. */
  acknowledgedBy: storedPerson.nullable().default(null),
  /** When more credits were requested, if the request is still open. */
  requestedAt: storedDate.nullable(),
  /** `stale`: no reading within the expected interval. `expired`: its period has ended without a newer reading. */
  freshness: z.enum(['current', 'stale', 'expired']),
});
export type DigestMeter = z.infer<typeof digestMeterSchema>;

/** The content of a digest. It is stored, and rendered for each destination without reading usage again. */
export const digestSnapshotSchema = z.object({
  kind: z.literal('digest'),
  /** The days it covers, [start, end). */
  week: storedPeriodSchema,
  dueAt: storedDate,
  /** True if it is late, after downtime. */
  late: z.boolean(),
  /** The time zone of the route, which decides its days. */
  timeZone: z.string(),
  meters: z.array(digestMeterSchema),
});
export type DigestSnapshot = z.infer<typeof digestSnapshotSchema>;

/** The state of a meter in a digest; each meter has exactly one. */
export type DigestState = 'used-up' | 'needs-attention' | 'not-monitored' | 'fine';

export function stateOf({ reading, severity, runOut, freshness }: DigestMeter): DigestState {
  // Stale figures do not describe the present, however severe they were.
  if (freshness !== 'current') return 'not-monitored';
  if (reading.total !== null && reading.used >= reading.total && (reading.used > 0n || severity === 'critical')) return 'used-up';
  return runOut !== null || compareSeverity(severity, 'notice') > 0 ? 'needs-attention' : 'fine';
}

/** Whether a meter needs attention. Only these meters are charted. */
export function needsAttention(one: DigestMeter): boolean {
  return ['used-up', 'needs-attention'].includes(stateOf(one));
}

const STATES: readonly DigestState[] = ['used-up', 'needs-attention', 'not-monitored', 'fine'];

/** Sorts meters worst first: by state, by severity, then by share of their own allowance, because units differ. */
export function worstFirst(meters: readonly DigestMeter[]): readonly DigestMeter[] {
  return meters
    .map((one) => ({ one, state: STATES.indexOf(stateOf(one)), measure: measure(one.meter, one.reading, one) }))
    .toSorted(
      (a, b) =>
        a.state - b.state ||
        compareSeverity(b.one.severity, a.one.severity) ||
        compareLeft(a.measure, b.measure) ||
        alphabetical.compare(a.one.meter.label, b.one.meter.label),
    )
    .map(({ one }) => one);
}

const alphabetical = new Intl.Collator('en');

/** The tenths of the previous week's consumption from which a week counts as faster than usual. */
const FASTER_TENTHS = 15n;
/** In units: below this, twice as much is still very little. */
const FASTER_FROM = 10n;

/** Returns the meters that were used faster than in the week before, fastest first, with the factor in tenths, rounded down. */
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
