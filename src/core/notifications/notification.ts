import { z } from 'zod';
import { resolutions } from '../alerts/alert.ts';
import { digestSnapshotSchema } from './digest.ts';
import { forecastSchema } from '../meters/forecast.ts';
import { periodSpecSchema } from '../time/period-spec.ts';
import { requestAsks } from '../meters/request.ts';
import { weekdays } from '../time/weekday.ts';
import { findingSchema } from '../rules/rule.ts';
import { severitySchema } from '../rules/severity.ts';
import { snoozedWith } from '../alerts/stored-snooze.ts';
import { storedBigint, storedDate, storedPeriodSchema, storedReadingSchema } from '../json-codecs.ts';

/** What a message needs of a meter to name it and write its figures. */
const namedMeter = z.object({ source: z.string(), key: z.string(), label: z.string(), unit: z.string(), decimals: z.number() });

const alertSnapshot = z.object({
  kind: z.literal('alert'),
  /**
   * `eased`: the worst of it is over; `repeated`: said once more because nobody is on it; `woken`: because its snooze is over;
   * `present`: to a destination that is new to it; `closed`: it ended without good news, or
   * the good news is in a newer message of the same alert.
   */
  change: z.enum(['fired', 'worsened', 'updated', 'eased', 'repeated', 'woken', 'present', 'superseded', 'recovered', 'closed']),
  alertId: z.string(),
  topic: z.enum(['running-out', 'unusual', 'unused', 'stale']),
  severity: severitySchema,
  findings: z.array(findingSchema),
  meter: namedMeter.extend({ consequence: z.string().nullable(), resets: z.boolean().default(true) }),
  reading: storedReadingSchema,
  openedAt: storedDate,
  /** Of a recovery: since when the worst level that held was reached; null when it was only foreseen. */
  overSince: storedDate.nullable().default(null),
  /** Of one that ended otherwise than by a recovery: why, and when. */
  closed: z
    .object({ why: z.enum(resolutions).exclude(['recovered']), at: storedDate })
    .nullable()
    .default(null),
  /** Why it came to this, if it was not consumption. */
  cause: z
    .object({ kind: z.enum(['top-up', 'plan-cut', 'correction']), amount: storedBigint })
    .nullable()
    .default(null),
  /** The last top-up seen. */
  topUp: storedBigint.nullable().default(null),
  /** Whether what is left will last; null in what older versions stored. */
  forecast: forecastSchema.nullable().default(null),
  acknowledged: z.object({ by: z.string(), at: storedDate }).nullable().default(null),
  requested: z.object({ by: z.string(), at: storedDate }).nullable().default(null),
  snoozed: z
    .object({
      by: z.string(),
      until: z.enum(['reset', 'total-changes']).or(storedDate),
      /** What they did, and whether anything worse can come through; older versions stored neither. */
      with: z.enum(snoozedWith).default('snooze'),
      worseComes: z.boolean().default(false),
    })
    .nullable()
    .default(null),
});
export type AlertSnapshot = z.infer<typeof alertSnapshot>;

const stalenessSnapshot = z.object({
  kind: z.literal('staleness'),
  change: z.enum(['quiet', 'back']),
  source: z.string(),
  sourceKind: z.string(),
  /** The latest figures before the silence. */
  since: storedDate,
  expectedWithinMs: z.number(),
  /** How often it is polled; null for what is not polled, and in what older versions stored. */
  everyMs: z.number().nullable().default(null),
  /** What its last poll ran into. */
  problem: z.object({ reason: z.string(), remedy: z.string() }).nullable().default(null),
  /** How many meters have no current figures; 0 when there never were any. */
  notMonitored: z.number(),
  /** When it was noticed, or when figures came again. */
  at: storedDate,
});
export type StalenessSnapshot = z.infer<typeof stalenessSnapshot>;

const periodStatementSnapshot = z.object({
  kind: z.literal('period-statement'),
  source: z.string(),
  /** The period that has begun. */
  period: storedPeriodSchema,
  ended: storedPeriodSchema,
  /** The last figures of the ended period. */
  meters: z.array(z.object({ meter: namedMeter, reading: storedReadingSchema, topUps: z.number() })),
});
export type PeriodStatementSnapshot = z.infer<typeof periodStatementSnapshot>;

const presumedResetSnapshot = z.object({
  kind: z.literal('presumed-reset'),
  meter: namedMeter,
  before: storedBigint,
  after: storedBigint,
  observedAt: storedDate,
  /** It is known when the meter resets, and this was not the time. */
  periodKnown: z.boolean().default(false),
  /** What somebody said of it: when it resets, or that it was none. */
  answer: z.object({ by: z.string(), period: periodSpecSchema.nullable() }).nullable().default(null),
});
export type PresumedResetSnapshot = z.infer<typeof presumedResetSnapshot>;

const requestSnapshot = z.object({
  kind: z.literal('request'),
  /** Who asks for more, and what for. */
  by: z.string(),
  ask: z.enum(requestAsks),
  /** To whom the mail goes; null when nobody is named. */
  to: z.string().nullable(),
  meter: namedMeter,
  reading: storedReadingSchema,
  forecast: forecastSchema,
});
export type RequestSnapshot = z.infer<typeof requestSnapshot>;

const destinationDisabledSnapshot = z.object({
  kind: z.literal('destination-disabled'),
  /** `back`: something has arrived there again. */
  change: z.enum(['off', 'back']).default('off'),
  /** The destination that takes nothing any more. */
  place: z.object({ kind: z.string(), address: z.string() }),
  /** What its platform is called; without it, as its id says. */
  platformName: z.string().optional(),
  /** `installation`: nothing of its kind does. */
  scope: z.enum(['destination', 'installation']),
  /** Why, and what to do about it, in sentences. */
  reason: z.string(),
  /** A route of chat leads there: whoever subscribed it can do so again. */
  fromChat: z.boolean(),
  /** What the command is called. */
  command: z.string().default('/usage'),
});
export type DestinationDisabledSnapshot = z.infer<typeof destinationDisabledSnapshot>;

/** How a delivery ends unsaid: nobody knows whether it arrived, it was tried for a day in vain, or the platform does not take it. */
export const undeliveredEnds = ['unknown', 'expired', 'rejected'] as const;
export type UndeliveredEnd = (typeof undeliveredEnds)[number];

const undeliveredSnapshot = z.object({
  kind: z.literal('undelivered'),
  platform: z.string(),
  /** What it is called; without it, as its id says. */
  platformName: z.string().optional(),
  /** Those that are named. */
  messages: z.array(
    z.object({
      place: z.object({ kind: z.string(), address: z.string() }),
      /** What the message would have said first. */
      said: z.string(),
      ended: z.enum(undeliveredEnds),
      reason: z.string(),
    }),
  ),
  /** All that this tells of, so that none is told of twice. */
  deliveries: z.array(z.string()),
});
export type UndeliveredSnapshot = z.infer<typeof undeliveredSnapshot>;

const pasteReminderSnapshot = z.object({
  kind: z.literal('paste-reminder'),
  source: z.string(),
  /** Of its latest figures. */
  observedAt: storedDate,
  digestAt: storedDate,
});
export type PasteReminderSnapshot = z.infer<typeof pasteReminderSnapshot>;

const permissionRequestSnapshot = z.object({
  kind: z.literal('permission-request'),
  /** Who may not do it, and asks. */
  by: z.string(),
  /** How the command is called there, and what it is asked for. */
  invokedAs: z.string(),
  command: z.string(),
  /** Where it has to be said; null when anywhere does. */
  place: z.object({ kind: z.string(), address: z.string() }).nullable(),
  at: storedDate,
});
export type PermissionRequestSnapshot = z.infer<typeof permissionRequestSnapshot>;

const welcomeSnapshot = z.object({
  kind: z.literal('welcome'),
  /** What the command is called. */
  command: z.string(),
  /** It was granted to look messages up. */
  readsMessages: z.boolean(),
  hasFigures: z.boolean(),
  /** What no route wants goes to whoever reads this, as an admin of creditwatch.yml. */
  getsAlerts: z.boolean().default(true),
  /** Some route leads alerts somewhere. */
  isRouted: z.boolean(),
  /** When the first digest goes out; null when none does. */
  digestOn: z.enum(weekdays).nullable(),
  /** creditwatch.yml declares rules. */
  hasOwnRules: z.boolean(),
});
export type WelcomeSnapshot = z.infer<typeof welcomeSnapshot>;

const testSnapshot = z.object({ kind: z.literal('test'), route: z.string() });
export type TestSnapshot = z.infer<typeof testSnapshot>;

/**
 * All that a notification says, as it was when it was decided. A delivery renders this and never looks at usage again.
 * A new kind is one schema here and one line in words/notification.ts.
 */
export const snapshotSchema = z.discriminatedUnion('kind', [
  alertSnapshot,
  stalenessSnapshot,
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

/** The snapshot as JSON for the database. */
export function encodeSnapshot(snapshot: Snapshot): z.input<typeof snapshotSchema> {
  return z.encode(snapshotSchema, snapshot);
}

/** Reads a stored snapshot back; throws when it is not one this version knows. */
export function decodeSnapshot(stored: unknown): Snapshot {
  return snapshotSchema.parse(stored);
}
