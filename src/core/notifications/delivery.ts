/** What a delivery does: posts a message, or edits or replies to the message of an earlier delivery. */
export const deliveryActions = ['post', 'edit', 'reply'] as const;
export type DeliveryAction = (typeof deliveryActions)[number];

/** The outcome of one attempt. The errors of every platform map to it. */
export type SendOutcome =
  /** `messageRef`: the platform's id of the message, for later edits. */
  | { readonly outcome: 'sent'; readonly messageRef: string }
  /**
   * A temporary rejection: nothing was posted. `afterMs`: the Retry-After of the platform, if any. `unfamiliar`: an unknown error,
   * which is retried for a shorter time.
   */
  | { readonly outcome: 'retry'; readonly reason: string; readonly afterMs?: number; readonly unfamiliar?: true }
  /**
   * A permanent rejection. `scope`: what is unusable: this message (a bug), the destination, or the whole installation. `code`: the
   * cause, which no rewording changes: the platform's own error code, or one of ours. `reason` and `remedy` (the operator's next step)
   * are only shown. `invite`: what to type there, if only the bot is missing. `removed`: the app was uninstalled, so its stored data is
   * purged later.
   */
  | {
      readonly outcome: 'rejected';
      readonly code: string;
      readonly reason: string;
      readonly scope: 'message' | 'destination' | 'installation';
      readonly remedy: string;
      readonly invite?: string;
      readonly removed?: true;
    }
  /** The request was sent and no answer came: the message may have been delivered. */
  | { readonly outcome: 'unknown'; readonly reason: string };

/**
 * The kind of an attempt: a post (or an edit), a look-up of an earlier one, or a repost that is marked as a possible duplicate.
 * `restored`: an attempt that the backed-up installation may have made after the backup.
 */
export const attemptKinds = ['post', 'lookup', 'repost', 'restored'] as const;
export type AttemptKind = (typeof attemptKinds)[number];

/**
 * Whether the message of an earlier attempt exists. `no-answer`: the platform does not answer now. `unavailable`: it answers, but
 * cannot tell.
 */
export type FindOutcome =
  | { readonly found: 'yes'; readonly messageRef: string }
  | { readonly found: 'no' }
  | { readonly found: 'no-answer'; readonly reason: string; readonly afterMs?: number }
  | { readonly found: 'unavailable'; readonly reason: string };

/** `too-soon`: not found, but the platform may still be posting it. */
export type LookedUp = FindOutcome | { readonly found: 'too-soon'; readonly lookAgainAt: Date };

/**
 * The outcome of an attempt in the ledger. A look-up that found the message ends as `sent`; one that was too early to prove its absence
 * ends as `no-answer`.
 */
export const attemptOutcomes = ['sent', 'retry', 'rejected', 'unknown', 'not-found', 'no-answer', 'unavailable'] as const;
export type AttemptOutcome = (typeof attemptOutcomes)[number];

export type PastAttempt = {
  readonly number: number;
  readonly kind: AttemptKind;
  readonly startedAt: Date;
  /** Null if the process stopped before the outcome was written. */
  readonly outcome: AttemptOutcome | null;
  /** The process stopped before the outcome was written. The next holder of the destination gives it an outcome. */
  readonly isInterrupted: boolean;
};

/** `dropped`: outdated before it could be sent. */
export const deliveryStatuses = ['pending', 'sent', 'rejected', 'unknown', 'expired', 'dropped'] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];

/** The next step after an attempt. */
export type NextStep =
  | { readonly status: 'sent'; readonly messageRef: string }
  /** Retry at `dueAt`. `pausedUntil`: nothing is sent to the destination before this, because the platform asked for it. */
  | { readonly status: 'pending'; readonly dueAt: Date; readonly pausedUntil: Date | null }
  /** Stays pending; the destination is disabled until someone follows the remedy. */
  | { readonly status: 'held' }
  | { readonly status: 'rejected' | 'unknown' | 'expired' };

const FIRST_WAITS_S = [1, 2, 5, 15, 30];
const LATER_WAIT_S = 60;
/** The longest single Retry-After of a platform that is respected. */
export const LONGEST_PAUSE_MS = 60 * 60_000;
/** How long a delivery is retried. */
const GIVE_UP_AFTER_MS = 24 * 60 * 60_000;

/** The same for an unknown error of the platform, so that operations learns of it while it matters. */
const GIVE_UP_UNFAMILIAR_AFTER_MS = 60 * 60_000;

/** The attempts of a delivery so far. */
export type Tried = {
  /** The number of attempts, including the current one. */
  readonly attempts: number;
  /** The time it has been retried: see `triedForMs`. */
  readonly forMs: number;
};

/**
 * Returns how long a delivery has been retried, in milliseconds. A gap between two attempts counts for an hour at most, because while
 * the service was stopped, the machine slept or its clock was wrong, nothing was attempted.
 *
 * @param startedAt of all attempts, in order
 */
export function triedForMs(startedAt: readonly Date[], now: Date): number {
  const instants = [...startedAt, now].map((at) => at.getTime());
  return instants.slice(1).reduce((sum, at, index) => sum + Math.min(Math.max(at - (instants[index] ?? at), 0), LONGEST_PAUSE_MS), 0);
}

/** Returns the attempts that may have been delivered, unless a later look-up showed that they were not. */
export function inDoubt<A extends Pick<PastAttempt, 'kind' | 'outcome'>>(attempts: readonly A[]): readonly A[] {
  const cleared = attempts.findLastIndex(({ outcome }) => outcome === 'not-found');
  return attempts.slice(cleared + 1).filter(({ kind, outcome }) => kind !== 'lookup' && (outcome === null || outcome === 'unknown'));
}

/**
 * Returns the next step after an attempt to send.
 *
 * @param tried.repeatable repeating it has no further effect
 * @param jitter in [0, 1): delays retries by up to a tenth, so that destinations that failed together do not retry together
 */
export function nextStep(outcome: SendOutcome, tried: Tried & { readonly repeatable: boolean }, now: Date, jitter: number): NextStep {
  switch (outcome.outcome) {
    case 'sent':
      return { status: 'sent', messageRef: outcome.messageRef };
    case 'rejected':
      return outcome.scope === 'message' ? { status: 'rejected' } : { status: 'held' };
    case 'unknown': {
      // Repeating an edit has no further effect.
      if (tried.repeatable) return again({}, 'expired', tried, now, jitter);
      // It may have been delivered. That is looked up first; the first time, at once.
      const next = again({}, 'unknown', tried, now, jitter);
      return next.status === 'pending' && tried.attempts === 1 ? { ...next, dueAt: now } : next;
    }
    case 'retry':
      return again(outcome, 'expired', tried, now, jitter);
  }
}

/** A platform that did not answer in time may still post the message for this long. */
const MAY_STILL_LAND_MS = 10_000;
/**
 * The same for an attempt that was interrupted: that its process died is no sign of a slow platform. A second longer than a post may take
 * whose process lives.
 */
const INTERRUPTED_MAY_LAND_MS = 6_000;

/**
 * Interprets a look-up: "not found" counts only once the platform has had the time to finish.
 *
 * @param attempts all attempts before the look-up, in order
 * @param askedAt when the platform was asked
 */
export function believed(found: FindOutcome, attempts: readonly Omit<PastAttempt, 'number'>[], askedAt: Date): LookedUp {
  const last = inDoubt(attempts).at(-1);
  if (found.found !== 'no' || last === undefined) return found;
  // Summed over the attempts since then, so that a clock that was set back does not prolong the wait.
  const since = attempts.slice(attempts.indexOf(last)).map(({ startedAt }) => startedAt);
  const mayLandMs = last.isInterrupted ? INTERRUPTED_MAY_LAND_MS : MAY_STILL_LAND_MS;
  const leftMs = mayLandMs - triedForMs(since, askedAt);
  if (leftMs <= 0) return found;
  return { found: 'too-soon', lookAgainAt: new Date(askedAt.getTime() + leftMs) };
}

/**
 * Returns the next step after a look-up. If the message does not exist, the delivery is pending again, as if never attempted, and may
 * be outdated by now. If the platform cannot tell, it is sent again, marked as a possible duplicate. If the platform does not answer,
 * the one marked copy is not used up. A delivery restored from a backup is not sent again if the platform cannot tell: the backed-up
 * installation has probably sent it.
 *
 * @param doubts the attempts that may have been delivered
 */
export function afterLookup(
  found: LookedUp,
  doubts: readonly Pick<PastAttempt, 'kind'>[],
  tried: Tried,
  now: Date,
  jitter: number,
): NextStep | { readonly send: 'repost' } {
  switch (found.found) {
    case 'yes':
      return { status: 'sent', messageRef: found.messageRef };
    case 'no':
      return { status: 'pending', dueAt: now, pausedUntil: null };
    case 'too-soon':
      return { status: 'pending', dueAt: found.lookAgainAt, pausedUntil: null };
    case 'unavailable':
      return doubts.some(({ kind }) => kind === 'repost' || kind === 'restored') ? { status: 'unknown' } : { send: 'repost' };
    case 'no-answer':
      return again(found, 'unknown', tried, now, jitter);
  }
}

function again(
  { afterMs, unfamiliar }: Pick<Extract<SendOutcome, { outcome: 'retry' }>, 'afterMs' | 'unfamiliar'>,
  inTheEnd: 'expired' | 'unknown',
  { attempts, forMs }: Tried,
  now: Date,
  jitter: number,
): NextStep {
  if (forMs >= (unfamiliar ? GIVE_UP_UNFAMILIAR_AFTER_MS : GIVE_UP_AFTER_MS)) return { status: inTheEnd };
  const waitMs = Math.round((FIRST_WAITS_S[attempts - 1] ?? LATER_WAIT_S) * 1000 * (1 + jitter / 10));
  const after = (ms: number) => new Date(now.getTime() + ms);
  return {
    status: 'pending',
    dueAt: after(waitMs),
    pausedUntil: afterMs === undefined ? null : after(Math.min(afterMs, LONGEST_PAUSE_MS)),
  };
}
