import { z } from 'zod';
import { addressSchema } from './route.ts';
import { resolutions } from '../alerts/alert.ts';
import { digestSnapshotSchema } from './digest.ts';
import { forecastSchema } from '../meters/forecast.ts';
import { periodSpecSchema } from '../time/period-spec.ts';
import { keyExpirySnapshot, sourceProblemSnapshot } from './source-snapshots.ts';
import { requestAsks } from '../meters/request.ts';
import { weekdays } from '../time/weekday.ts';
import { findingSchema } from '../rules/rule.ts';
import { severitySchema } from '../rules/severity.ts';
import { storedPerson } from '../text/person.ts';
import { snoozedWith } from '../alerts/stored-snooze.ts';
import { storedBigint, storedDate, storedPeriodSchema, storedReadingSchema } from '../json-codecs.ts';

/** The data that a message needs to name a meter and format its figures. */
const namedMeter = z.object({ source: z.string(), key: z.string(), label: z.string(), unit: z.string(), decimals: z.number() });

const alertSnapshot = z.object({
  kind: z.literal('alert'),
  /**
   * `eased`: the worst condition cleared. `repeated`: the reminder of an unacknowledged alert. `woken`: posted again after a snooze.
   * `present`: posted to a new destination. `superseded`: a newer message of the alert follows. `closed`: ended without a recovery, or
   * the recovery is in a newer message.
   */
  change: z.enum(['fired', 'worsened', 'updated', 'eased', 'repeated', 'woken', 'present', 'superseded', 'recovered', 'closed']),
  alertId: z.string(),
  topic: z.enum(['running-out', 'unusual', 'unused', 'stale']),
  severity: severitySchema,
  findings: z.array(findingSchema),
  meter: namedMeter.extend({ consequence: z.string().nullable(), resets: z.boolean().default(true) }),
  reading: storedReadingSchema,
  openedAt: storedDate,
  /** For a recovery: when the worst level was reached; null if it was only forecast. */
  overSince: storedDate.nullable().default(null),
  /** For an end without a recovery: the reason and the time. */
  closed: z
    .object({ why: z.enum(resolutions).exclude(['recovered']), at: storedDate })
    .nullable()
    .default(null),
  /** The cause, if it was not consumption. */
  cause: z
    .object({ kind: z.enum(['top-up', 'plan-cut', 'correction']), amount: storedBigint })
    .nullable()
    .default(null),
  /** The last top-up. */
  topUp: storedBigint.nullable().default(null),
  /** Whether the rest will last; null in data from older versions. */
  forecast: forecastSchema.nullable().default(null),
  acknowledged: z.object({ by: storedPerson, at: storedDate }).nullable().default(null),
  requested: z.object({ by: storedPerson, at: storedDate }).nullable().default(null),
  snoozed: z
    .object({
      by: storedPerson,
      until: z.enum(['reset', 'total-changes']).or(storedDate),
      /** How it was snoozed, and whether a higher severity would still be posted. Older versions stored neither. */
      with: z.enum(snoozedWith).default('snooze'),
      worseComes: z.boolean().default(false),
    })
    .nullable()
    .default(null),
});
export type AlertSnapshot = z.infer<typeof alertSnapshot>;

const stalenessSnapshot = z.object({
  kind: z.literal('staleness'),
  change: z.enum(['stale', 'back']),
  source: z.string(),
  sourceKind: z.string(),
  /** The time of the latest figures. */
  since: storedDate,
  expectedWithinMs: z.number(),
  /** The poll interval; null if it is not polled, and in data from older versions. */
  everyMs: z.number().nullable().default(null),
  /** The problem of its last poll. */
  problem: z.object({ reason: z.string(), remedy: z.string() }).nullable().default(null),
  /** How many meters have no current figures; 0 if there never were any. */
  notMonitored: z.number(),
  /** A capture key sends its pages, so a person has to sign in at the vendor. */
  isCaptured: z.boolean().default(false),
  /** When it was detected, or when figures arrived again. */
  at: storedDate,
});
export type StalenessSnapshot = z.infer<typeof stalenessSnapshot>;

const periodStatementSnapshot = z.object({
  kind: z.literal('period-statement'),
  source: z.string(),
  /** The new period. */
  period: storedPeriodSchema,
  ended: storedPeriodSchema,
  /** The final readings of the ended period. */
  meters: z.array(z.object({ meter: namedMeter, reading: storedReadingSchema, topUps: z.number() })),
});
export type PeriodStatementSnapshot = z.infer<typeof periodStatementSnapshot>;

const presumedResetSnapshot = z.object({
  kind: z.literal('presumed-reset'),
  meter: namedMeter,
  before: storedBigint,
  after: storedBigint,
  observedAt: storedDate,
  /** The reset time of the meter is known, and this was another time. */
  periodKnown: z.boolean().default(false),
  /** The answer of a person: how the periods recur, or null if it was a correction. */
  answer: z.object({ by: storedPerson, period: periodSpecSchema.nullable() }).nullable().default(null),
});
export type PresumedResetSnapshot = z.infer<typeof presumedResetSnapshot>;

const requestSnapshot = z.object({
  kind: z.literal('request'),
  /** The requester, and what is requested. */
  by: storedPerson,
  ask: z.enum(requestAsks),
  /** The recipient of the mail; null if none is configured. */
  to: z.string().nullable(),
  /** The page where more is bought; null if none is known. */
  buy: z.string().nullable().default(null),
  meter: namedMeter,
  reading: storedReadingSchema,
  forecast: forecastSchema,
});
export type RequestSnapshot = z.infer<typeof requestSnapshot>;

const destinationDisabledSnapshot = z.object({
  kind: z.literal('destination-disabled'),
  /** `back`: a delivery there succeeded again. */
  change: z.enum(['disabled', 'back']),
  /** The disabled destination. */
  place: addressSchema,
  /** The name of its platform; derived from its id if missing. */
  platformName: z.string().optional(),
  /** `installation`: all destinations of its kind are disabled. */
  scope: z.enum(['destination', 'installation']),
  /** The reason and the remedy, in sentences. */
  reason: z.string(),
  /** A subscription from chat leads there, so its owner can subscribe again. */
  fromChat: z.boolean(),
  /** The name of the slash command. */
  command: z.string().default('/usage'),
});
export type DestinationDisabledSnapshot = z.infer<typeof destinationDisabledSnapshot>;

/** How a delivery ends without being delivered: with an unknown outcome, after a day of retries, or rejected by the platform. */
export const undeliveredEnds = ['unknown', 'expired', 'rejected'] as const;
export type UndeliveredEnd = (typeof undeliveredEnds)[number];

const undeliveredSnapshot = z.object({
  kind: z.literal('undelivered'),
  platform: z.string(),
  /** The name of the platform; derived from its id if missing. */
  platformName: z.string().optional(),
  /** The messages listed by name. */
  messages: z.array(
    z.object({
      place: addressSchema,
      /** The headline of the message, and the people that it names as `@id`. */
      said: z.string(),
      people: z.array(storedPerson).default([]),
      ended: z.enum(undeliveredEnds),
      reason: z.string(),
    }),
  ),
  /** All deliveries that are reported, so that none is reported twice. */
  deliveries: z.array(z.string()),
});
export type UndeliveredSnapshot = z.infer<typeof undeliveredSnapshot>;

const pasteReminderSnapshot = z.object({
  kind: z.literal('paste-reminder'),
  source: z.string(),
  /** When its latest figures were observed. */
  observedAt: storedDate,
  digestAt: storedDate,
  /** A capture key sends its pages, so that the person has to sign in at the vendor, not to paste. */
  isCaptured: z.boolean().default(false),
});
export type PasteReminderSnapshot = z.infer<typeof pasteReminderSnapshot>;

const permissionRequestSnapshot = z.object({
  kind: z.literal('permission-request'),
  /** The requester. */
  by: storedPerson,
  /** The name of the command there, and its text. */
  invokedAs: z.string(),
  command: z.string(),
  /** Where it must be typed; null if the place does not matter. */
  place: addressSchema.nullable(),
  at: storedDate,
});
export type PermissionRequestSnapshot = z.infer<typeof permissionRequestSnapshot>;

const welcomeSnapshot = z.object({
  kind: z.literal('welcome'),
  /** The name of the slash command. */
  command: z.string(),
  /** Whether the app may look up messages. */
  readsMessages: z.boolean(),
  hasFigures: z.boolean(),
  /** Whether the reader gets the alerts that match no route, as an admin of creditwatch.yml. */
  getsAlerts: z.boolean().default(true),
  /** Whether a route for alerts exists. */
  isRouted: z.boolean(),
  /** The weekday of the first digest; null if there is none. */
  digestOn: z.enum(weekdays).nullable(),
  /** creditwatch.yml declares rules. */
  hasOwnRules: z.boolean(),
});
export type WelcomeSnapshot = z.infer<typeof welcomeSnapshot>;

const testSnapshot = z.object({ kind: z.literal('test'), route: z.string() });
export type TestSnapshot = z.infer<typeof testSnapshot>;

/**
 * The content of a notification, as of when it was created. A delivery renders this and never reads usage again. A new kind is one
 * schema here and its wording in src/messages.
 */
export const snapshotSchema = z.discriminatedUnion('kind', [
  alertSnapshot,
  stalenessSnapshot,
  sourceProblemSnapshot,
  keyExpirySnapshot,
  periodStatementSnapshot,
  presumedResetSnapshot,
  digestSnapshotSchema,
  requestSnapshot,
  destinationDisabledSnapshot,
  undeliveredSnapshot,
  pasteReminderSnapshot,
  permissionRequestSnapshot,
  welcomeSnapshot,
  testSnapshot,
]);
export type Snapshot = z.infer<typeof snapshotSchema>;

/** Encodes a snapshot as JSON for the database. */
export function encodeSnapshot(snapshot: Snapshot): z.input<typeof snapshotSchema> {
  return z.encode(snapshotSchema, snapshot);
}

/**
 * Decodes a stored snapshot.
 *
 * @throws {ZodError} if this version does not know the format
 */
export function decodeSnapshot(stored: unknown): Snapshot {
  return snapshotSchema.parse(renamed(stored));
}

const changed = z.looseObject({ kind: z.string(), change: z.string().optional() });

/**
 * Renames the values that an earlier version writes: while an upgrade replaces one process after the other, some of that version still
 * run after the database was migrated.
 */
function renamed(stored: unknown): unknown {
  const { data } = changed.safeParse(stored);
  if (data?.kind === 'staleness' && data.change === 'quiet') return { ...data, change: 'stale' };
  if (data?.kind === 'destination-disabled' && (data.change ?? 'off') === 'off') return { ...data, change: 'disabled' };
  return stored;
}
