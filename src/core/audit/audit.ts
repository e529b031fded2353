import { destinationName, isDirect, type DestinationAddress } from '../notifications/route.ts';
import type { Person, PlatformId } from '../text/person.ts';

/**
 * The codes of recorded actions. `system` performs some of them: a start creates keys, a purge deletes the data of a platform. Rows are
 * kept for a year, so a code that is no longer used stays here until then.
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
  'total-stated',
  'correction',
  'reminder-reassigned',
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
  'capture-key-made',
  'capture-key-revoked',
  'encryption-rotated',
  'account-deleted',
  'person-exported',
  'person-forgotten',
  'audit-read',
  'backup',
  'restored',
] as const;
export type AuditAction = (typeof auditActions)[number];

/** A platform by its id, or `system`. */
type AuditPlatform = PlatformId;

/** Who acted. `id`: a platform user id or a login name; null if no person acted, or if the person is anonymized or unknown. */
export type Actor = { readonly platform: AuditPlatform; readonly id: string | null };

export const SYSTEM: Actor = { platform: 'system', id: null };

/** The longest text in a row, in bytes of JSON. Names are seldom longer. */
const LONGEST_BYTES = 400;
/**
 * The most names in a list, and their most bytes; the rest is counted. A row then stays below the 8,192 bytes that the database
 * accepts.
 */
const MOST_NAMED = 20;
const LIST_BYTES = 4_000;

/**
 * What an action was about: only names and counts. No figures, no typed or pasted text, no secrets, and no ids of people or places,
 * which have their own columns that can be cleared.
 */
export type AuditAbout = {
  /** The account, if the row concerns the whole deployment. */
  readonly account?: string;
  readonly source?: string;
  /** A meter by its full name: `abmatic/open_ai`. */
  readonly meter?: string;
  readonly meters?: 'all' | readonly string[];
  /** How many more meters there are. */
  readonly moreMeters?: number;
  readonly operations?: boolean;
  /** As people type it: `monday 09:00`, `month 1`; `off`. */
  readonly digest?: string;
  readonly period?: string;
  /** The choice of a snooze or a request: `tomorrow`, `allocation`. */
  readonly choice?: string;
  /** The command, without its arguments. */
  readonly command?: string;
  /** The name of a database migration. */
  readonly migration?: string;
  readonly platform?: PlatformId;
  /** The number of imported readings, retired keys or encrypted secrets. */
  readonly count?: number;
  /** True if earlier keys stopped working at once. */
  readonly atOnce?: boolean;
  /** Set if it concerned only the person who acted: a direct message. */
  readonly direct?: true;
};

/** One row before it is stored. `place`: where it took effect. `people`: other people concerned. */
export type AuditEntry = {
  readonly action: AuditAction;
  readonly actor: Actor;
  readonly about?: AuditAbout;
  readonly place?: DestinationAddress | null;
  readonly people?: readonly Person[];
};

/** A stored row. */
export type AuditRow = {
  readonly seq: bigint;
  /** Null if the row concerns the whole deployment. */
  readonly account: string | null;
  readonly at: Date;
  readonly actor: Actor;
  readonly action: string;
  readonly about: Readonly<Record<string, unknown>>;
  readonly place: string | null;
  readonly people: readonly Person[];
};

/** How long rows are kept. The database refuses to delete younger ones. */
export const AUDIT_KEPT_MS = 366 * 24 * 60 * 60_000;

/** Returns how a row records a place: its name, or only that it was a direct message, which no one but the actor reads. */
export function auditPlace(place: DestinationAddress | null): { readonly place: string | null; readonly about: AuditAbout } {
  if (place === null) return { place: null, about: {} };
  return isDirect(place) ? { place: null, about: { direct: true } } : { place: destinationName(place), about: {} };
}

/** Limits a value to what a row can hold, so that recording an action never makes it fail. */
export function boundedAbout(about: AuditAbout): AuditAbout {
  const { meters, ...rest } = about;
  const bounded = Object.fromEntries(
    Object.entries(rest).map(([field, value]) => [field, typeof value === 'string' ? short(value) : value]),
  );
  if (meters === undefined || meters === 'all') return { ...bounded, ...(meters && { meters }) };
  const named: string[] = [];
  let bytes = 0;
  for (const name of meters.slice(0, MOST_NAMED).map(short)) {
    bytes += bytesOf(name) + SEPARATOR_BYTES;
    if (bytes > LIST_BYTES) break;
    named.push(name);
  }
  const more = meters.length - named.length + (about.moreMeters ?? 0);
  return { ...bounded, meters: named, ...(more > 0 && { moreMeters: more }) };
}

/** Quotes, a comma and a space. */
const SEPARATOR_BYTES = 4;
const ELLIPSIS = '…';

/** Control characters and unpaired surrogates: PostgreSQL accepts no NUL in text and no unpaired surrogate in JSON. */
const NO_TEXT = /[\p{Cc}\p{Cs}]/gu;

/** Replaces the characters of an external text that the database cannot store. */
export function storable(text: string): string {
  return text.replace(NO_TEXT, '\uFFFD');
}

/** Cuts between two characters. */
function short(text: string): string {
  const whole = storable(text);
  if (bytesOf(whole) <= LONGEST_BYTES) return whole;
  let kept = '';
  let bytes = bytesOf(ELLIPSIS);
  for (const character of whole) {
    bytes += bytesOf(character);
    if (bytes > LONGEST_BYTES) break;
    kept += character;
  }
  return `${kept}${ELLIPSIS}`;
}

/** The length in JSON, without the quotes. */
function bytesOf(text: string): number {
  return new TextEncoder().encode(JSON.stringify(text)).length - 2;
}
