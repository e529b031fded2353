import { destinationName, isDirect, type DestinationAddress, type DestinationKind } from '../notifications/route.ts';

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

/** A platform by its id, or `system`. */
export type AuditPlatform = DestinationKind;

/** Whose doing it was. `id`: a platform user id, or a login name; null for what no person did, and for who is forgotten or unknown. */
export type Actor = { readonly platform: AuditPlatform; readonly id: string | null };

export const SYSTEM: Actor = { platform: 'system', id: null };

/** So much a row keeps of one text, in bytes of JSON. Names that people give are seldom longer. */
const LONGEST_BYTES = 400;
/** Of a list so many are named, in no more than so many bytes, and the others counted. With all else it stays below the 8,192 bytes that the database takes. */
const MOST_NAMED = 20;
const LIST_BYTES = 4_000;

/**
 * What an action was about: names and counts alone. No figures, no text that somebody typed or pasted, no secrets, and no ids of people
 * or places: those have fields of their own, which can be emptied, and this cannot.
 */
export type AuditAbout = {
  /** An account, where the row is of the whole deployment. */
  readonly account?: string;
  readonly source?: string;
  /** A meter by its full name: `abmatic/open_ai`. */
  readonly meter?: string;
  readonly meters?: 'all' | readonly string[];
  /** How many meters there are beside those that are named. */
  readonly moreMeters?: number;
  readonly operations?: boolean;
  /** As people type it: `monday 09:00`, `month 1`; `off`. */
  readonly digest?: string;
  readonly period?: string;
  /** How long, or what for: `tomorrow`, `allocation`. */
  readonly choice?: string;
  /** Which command it was, without what was typed behind it. */
  readonly command?: string;
  /** A migration of the database by its name. */
  readonly migration?: string;
  readonly platform?: DestinationKind;
  /** How many readings were taken, keys ended, secrets encrypted. */
  readonly count?: number;
  /** Earlier keys ended at once. */
  readonly atOnce?: boolean;
  /** It concerned the person who did it alone: a direct message. */
  readonly direct?: true;
};

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

/** What a row says of the place: its name, or nothing but that it was a direct message, which only the actor reads. */
export function auditPlace(place: DestinationAddress | null): { readonly place: string | null; readonly about: AuditAbout } {
  if (place === null) return { place: null, about: {} };
  return isDirect(place) ? { place: null, about: { direct: true } } : { place: destinationName(place), about: {} };
}

/** The same value as a row can hold it, whatever is in it: no text of it makes the action fail that is recorded. */
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

/** Controls and halves of a character: PostgreSQL takes NUL in no text, and half a character in no JSON. */
const NO_TEXT = /[\p{Cc}\p{Cs}]/gu;

/** A text from outside as the database can store it. */
export function storable(text: string): string {
  return text.replace(NO_TEXT, '\uFFFD');
}

/** Cut between two characters. */
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

/** In JSON, without the quotes around it. */
function bytesOf(text: string): number {
  return new TextEncoder().encode(JSON.stringify(text)).length - 2;
}
