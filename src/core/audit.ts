import { z } from 'zod';
import { destinationName, isDirect, personPattern, type DestinationAddress } from './route.ts';

/**
 * What is recorded, by its code. `system` does a few of them by itself: a start makes keys, the purge forgets a platform.
 * Codes are stored for a year: one that is no longer used stays here until then.
 */
export const auditActions = [
  'subscribe',
  'subscribe-undone',
  'unsubscribe',
  'digest-set',
  'import',
  'acknowledge',
  'snooze',
  'unsnooze',
  'request',
  'ask-admins',
  'period-set',
  'correction',
  'reminder-handed-on',
  'reminders-stopped',
  'install',
  'uninstall',
  'platform-purged',
  'export',
  'figures-read',
  'test-sent',
  'migrate',
  'key-made',
  'keys-shown',
  'key-rotated',
  'keys-retired',
  'encryption-rotated',
  'account-deleted',
  'person-exported',
  'person-forgotten',
  'audit-read',
  'backup',
  'restored',
] as const;
export type AuditAction = (typeof auditActions)[number];

export const auditPlatforms = ['slack', 'teams', 'terminal', 'system'] as const;
export type AuditPlatform = (typeof auditPlatforms)[number];

/** Whose doing it was. `id`: a platform user id, or a login name; null for what no person did, and for who is forgotten or unknown. */
export type Actor = { readonly platform: AuditPlatform; readonly id: string | null };

export const SYSTEM: Actor = { platform: 'system', id: null };

/** No name that people give is longer, but for those that are cut here. */
const LONGEST = 200;
/** Of a list so many are named, and the others counted. */
const MOST_NAMED = 20;

const name = z.string().max(LONGEST);
const count = z.int().nonnegative();

/** What an action was about. Names and counts alone: no figures, no text that somebody pasted, no secrets. */
const auditAboutSchema = z
  .strictObject({
    /** An account, where the row is of the whole deployment. */
    account: name,
    source: name,
    /** A meter by its full name: `abmatic/open_ai`. */
    meter: name,
    meters: z.union([z.literal('all'), z.array(name).max(MOST_NAMED)]),
    /** How many meters there are beside those that are named. */
    moreMeters: count,
    operations: z.boolean(),
    /** As people type it: `monday 09:00`, `month 1`; `off`. */
    digest: name,
    period: name,
    /** How long, or what for: `tomorrow`, `allocation`. */
    choice: name,
    command: name,
    /** A platform, a workspace or an organisation. */
    platform: name,
    workspace: name,
    /** How many readings were taken, keys ended, secrets encrypted. */
    count,
    /** Earlier keys ended at once. */
    atOnce: z.boolean(),
    /** It concerned the person who did it alone: a direct message. */
    direct: z.literal(true),
  })
  .partial();
export type AuditAbout = z.infer<typeof auditAboutSchema>;

/** One row before it is stored. `place`: where it took effect; `people`: platform user ids of others whom it concerned. */
export type AuditEntry = {
  readonly action: AuditAction;
  readonly actor: Actor;
  readonly about?: AuditAbout;
  readonly place?: DestinationAddress | null;
  readonly people?: readonly string[];
};

/** A row as it is read back. */
export type AuditRow = {
  readonly seq: bigint;
  /** Null for what concerns the whole deployment. */
  readonly account: string | null;
  readonly at: Date;
  readonly actor: Actor;
  readonly action: string;
  readonly about: Readonly<Record<string, unknown>>;
  readonly place: string | null;
  readonly people: readonly string[];
};

/** So long a row is kept, and no shorter: the database refuses to delete a younger one. */
export const AUDIT_KEPT_MS = 366 * 24 * 60 * 60_000;

/**
 * Whose doing it was, by an id that came without its platform: ids of Slack and Teams show by their form of which they are, and all
 * else is a login name.
 */
export function actorOf(id: string, platform?: AuditPlatform): Actor {
  if (platform !== undefined) return { platform, id };
  for (const kind of ['slack', 'teams'] as const) {
    const pattern = personPattern(kind);
    if (pattern !== null && new RegExp(pattern, 'i').test(id)) return { platform: kind, id };
  }
  return { platform: 'terminal', id };
}

/** What a row says of the place: its name, or nothing but that it was a direct message, which only the actor reads. */
export function auditPlace(place: DestinationAddress | null): { readonly place: string | null; readonly about: AuditAbout } {
  if (place === null) return { place: null, about: {} };
  return isDirect(place) ? { place: null, about: { direct: true } } : { place: destinationName(place), about: {} };
}

/** Names of meters as a row holds them. */
export function auditMeters(meters: 'all' | readonly string[] | null): AuditAbout {
  if (meters === null) return {};
  if (meters === 'all') return { meters };
  const more = meters.length - MOST_NAMED;
  return { meters: meters.slice(0, MOST_NAMED).map(short), ...(more > 0 && { moreMeters: more }) };
}

/** The same value with nothing in it that is longer than a row may hold. */
export function boundedAbout(about: AuditAbout): AuditAbout {
  return auditAboutSchema.parse(
    Object.fromEntries(Object.entries(about).map(([field, value]) => [field, typeof value === 'string' ? short(value) : value])),
  );
}

function short(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`;
}
