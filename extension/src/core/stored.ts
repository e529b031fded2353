import { creditwatchAddress, pageAddress } from './address.ts';
import { shownLines, type Outcome } from './answer.ts';
import { isObject, isOneOf, numberIn, objectOf, textIn, textsIn, type Json } from './json.ts';
import { INTERVALS, minuteOf } from './schedule.ts';
import { HOUR_MS, isTimeZone } from './time-zone.ts';
import type { Vendor } from './vendor.ts';

/** Parses the stored vendors. One that cannot be read, because another version wrote it, is left out. */
export function parseVendors(value: unknown): readonly Vendor[] {
  return Array.isArray(value) ? value.flatMap((one) => parseVendor(one) ?? []) : [];
}

function parseVendor(value: unknown): Vendor | null {
  if (!isObject(value)) return null;
  const [id, key, source, every] = [textIn(value, 'id'), textIn(value, 'key'), textIn(value, 'source'), value['every']];
  const [at, zone] = [textIn(value, 'at') ?? '', textIn(value, 'zone') ?? ''];
  const address = creditwatchAddress(textIn(value, 'address') ?? '');
  const page = value['page'] === null ? null : pageAddress(textIn(value, 'page') ?? '');
  if (id === null || address === null || key === null || source === null || !isOneOf(INTERVALS, every)) return null;
  if (minuteOf(at) === null || !isTimeZone(zone)) return null;
  return {
    id,
    address,
    key,
    source,
    page,
    every,
    at,
    zone,
    isApproved: page !== null && value['isApproved'] === true,
    isPaused: value['isPaused'] === true,
    dueAt: numberIn(value, 'dueAt'),
    failures: numberIn(value, 'failures') ?? 0,
    last: parseLast(objectOf(value['last'])),
    storedAt: numberIn(value, 'storedAt'),
  };
}

function parseLast(json: Json): Vendor['last'] {
  const at = numberIn(json, 'at');
  const outcome = parseOutcome(objectOf(json['outcome']));
  return at === null || outcome === null ? null : { at, outcome };
}

const PLAIN = [
  'to-approve',
  'signed-out',
  'too-long',
  'key-revoked',
  'other-source',
  'clock',
  'offline',
  'page-unreachable',
  'no-access',
  'no-window',
  'failed',
] as const;

function parseOutcome(json: Json): Outcome | null {
  const kind = json['kind'];
  if (isOneOf(PLAIN, kind)) return { kind };
  switch (kind) {
    case 'stored': {
      const [meters, unread, rejected] = [numberIn(json, 'meters'), numberIn(json, 'unread'), numberIn(json, 'rejected')];
      if (meters === null || unread === null || rejected === null) return null;
      return { kind, meters, unread, rejected, lines: shownLines(textsIn(json, 'lines') ?? []), isOlder: json['isOlder'] === true };
    }
    case 'moved': {
      const to = pageAddress(textIn(json, 'to') ?? '');
      return to === null ? null : { kind, to };
    }
    case 'fewer-meters':
      return { kind, missing: numberIn(json, 'missing') ?? 0 };
    case 'no-figures':
    case 'unusable':
      return { kind, said: textIn(json, 'said') ?? '' };
    case 'busy':
      return { kind, retryAfterMs: numberIn(json, 'retryAfterMs') };
    case 'page-error':
    case 'unexpected':
      return { kind, status: numberIn(json, 'status') ?? 0 };
    default:
      return null;
  }
}

/** The text of a page that waits to be sent. */
export type Draft = {
  readonly text: string;
  /** Of the page it was read from: a draft of another page must not be sent. */
  readonly page: string;
  readonly capturedAt: number;
};

/** A text that has waited longer is discarded, and the page is read again: its figures are old. */
const DRAFT_FOR_MS = 6 * HOUR_MS;

/** Returns the draft if it may still be sent: it is of the vendor's page, and not old. Otherwise null. */
export function currentDraft(draft: Draft | null, { page }: Pick<Vendor, 'page'>, now: number): Draft | null {
  return draft !== null && draft.page === page && now - draft.capturedAt < DRAFT_FOR_MS ? draft : null;
}

/** Parses a stored draft; null if there is none. */
export function parseDraft(value: unknown): Draft | null {
  const json = objectOf(value);
  const [text, page, capturedAt] = [textIn(json, 'text'), textIn(json, 'page'), numberIn(json, 'capturedAt')];
  return text === null || page === null || capturedAt === null ? null : { text, page, capturedAt };
}
