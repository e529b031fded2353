import type { Outcome } from './answer.ts';
import type { Pairing } from './pairing.ts';
import { nextAttempt, nextCapture, type Interval, type Schedule } from './schedule.ts';

/** A vendor whose page is captured. All times are milliseconds since 1970. */
export type Vendor = Schedule & {
  /** Of Creditwatch and the source: each pair is captured once. */
  readonly id: string;
  /** Of Creditwatch, without a slash at the end. */
  readonly address: string;
  readonly key: string;
  readonly source: string;
  /** The address of the usage page; null until the person has typed it. */
  readonly page: string | null;
  /** Whether the person has seen what is sent of this page, and to where. Nothing is sent before. */
  readonly isApproved: boolean;
  readonly isPaused: boolean;
  /** When the next capture is due; null if none is. */
  readonly dueAt: number | null;
  /** How many attempts in a row have failed for a reason that passes. */
  readonly failures: number;
  readonly last: { readonly at: number; readonly outcome: Outcome } | null;
  /** When figures were last stored. */
  readonly storedAt: number | null;
};

/** The vendor's capture is over until the person does something. */
const STOPS = new Set<Outcome['kind']>(['key-revoked', 'other-source']);
/** Reasons that pass without the person. */
const PASSES = new Set<Outcome['kind']>(['busy', 'offline', 'page-error', 'page-unreachable', 'no-window', 'failed']);

/** Of these, the ones after which the page is opened again. */
const OPENS_PAGE = new Set<Outcome['kind']>(['page-error', 'page-unreachable', 'failed']);

/** Whether a capture with this outcome is tried again before the next scheduled one. */
export function isRetried(outcome: Outcome): boolean {
  return PASSES.has(outcome.kind);
}

/** Whether captures are over until the person connects again. */
export function isStopped({ last }: Vendor): boolean {
  return last !== null && STOPS.has(last.outcome.kind);
}

/** Returns the addresses to whose hosts the extension needs access for a vendor. */
export function addressesOf({ address, page }: Pick<Vendor, 'address' | 'page'>): readonly string[] {
  return page === null ? [address] : [address, page];
}

/** After so many attempts, more than an hour, a reason that should pass has not. */
const MOST_RETRIES = 4;

/** Whether the last capture failed for a reason that does not pass without the person, or has not passed. */
export function needsPerson({ last, isPaused, failures }: Vendor): boolean {
  if (last === null || isPaused || last.outcome.kind === 'stored') return false;
  return !isRetried(last.outcome) || failures > MOST_RETRIES;
}

/** Sets when the next capture is due by the schedule. */
function planned(vendor: Vendor, now: number): Vendor {
  const isCaptured = vendor.isApproved && !vendor.isPaused && !isStopped(vendor);
  return { ...vendor, dueAt: isCaptured ? nextCapture(vendor, now) : null };
}

/** Adds the sources of a pairing link. A source that is there already gets the new key, and keeps its page, interval and approval. */
export function paired(vendors: readonly Vendor[], { address, key, sources, at, zone }: Pairing, now: number): readonly Vendor[] {
  const added = sources.map(({ source, page }): Vendor => {
    const id = `${address} ${source}`;
    const known = vendors.find((one) => one.id === id);
    if (known) {
      const renewed = planned({ ...known, key, at, zone, failures: 0, last: isStopped(known) ? null : known.last }, now);
      return known.page === null && page !== null ? withPage(renewed, page) : renewed;
    }
    const none = { isApproved: false, isPaused: false, dueAt: null, failures: 0, last: null, storedAt: null };
    return { id, address, key, source, page, every: 'daily', at, zone, ...none };
  });
  return [...vendors.filter((one) => !added.some(({ id }) => id === one.id)), ...added];
}

/** Sets the address of the page. Another page needs a new approval. */
export function withPage(vendor: Vendor, page: string): Vendor {
  return vendor.page === page ? vendor : { ...vendor, page, isApproved: false, dueAt: null, failures: 0, last: null };
}

/** Sets how often the page is captured, and plans the next capture. */
export function withInterval(vendor: Vendor, every: Interval, now: number): Vendor {
  return planned({ ...vendor, every }, now);
}

/** Pauses or resumes the captures. */
export function withPause(vendor: Vendor, isPaused: boolean, now: number): Vendor {
  return planned({ ...vendor, isPaused }, now);
}

/** The person has approved what is sent of this page. */
export function approved(vendor: Vendor, now: number): Vendor {
  return planned({ ...vendor, isApproved: true }, now);
}

/** Records what became of a capture, and plans the next one. */
export function afterCapture(vendor: Vendor, outcome: Outcome, now: number): Vendor {
  const failures = isRetried(outcome) ? vendor.failures + 1 : 0;
  const storedAt = outcome.kind === 'stored' ? now : vendor.storedAt;
  const next = planned({ ...vendor, failures, storedAt, last: { at: now, outcome } }, now);
  if (next.dueAt === null || failures === 0) return next;
  // A page that gives no text again and again is not opened every hour.
  if (OPENS_PAGE.has(outcome.kind) && failures > MOST_RETRIES) return next;
  const retryAfterMs = outcome.kind === 'busy' ? outcome.retryAfterMs : null;
  return { ...next, dueAt: nextAttempt(vendor, { now, failures, retryAfterMs }) };
}

/** Moves a capture that is later than the schedule says: it was planned while the clock of the computer was wrong. */
export function notLate(vendor: Vendor, now: number): Vendor {
  if (vendor.dueAt === null) return vendor;
  const next = nextCapture(vendor, now);
  return vendor.dueAt > next ? { ...vendor, dueAt: next } : vendor;
}

/** A revoked key ends the captures of all sources that it was made for. */
export function afterRevoked(vendors: readonly Vendor[], key: string, now: number): readonly Vendor[] {
  return vendors.map((one) => (one.key === key && !isStopped(one) ? afterCapture(one, { kind: 'key-revoked' }, now) : one));
}

/** Returns when the next capture of any vendor is due. */
export function nextDue(vendors: readonly Vendor[]): number | null {
  const due = vendors.flatMap(({ dueAt }) => dueAt ?? []);
  return due.length === 0 ? null : Math.min(...due);
}
