/** What a delivery does: posts a message, or changes or answers one that an earlier delivery posted. */
export const deliveryActions = ['post', 'edit', 'reply'] as const;
export type DeliveryAction = (typeof deliveryActions)[number];

/** What became of one attempt to send, in words that every platform's errors translate into. */
export type SendOutcome =
  /** `messageRef` is the platform's name of the message, for later edits. */
  | { readonly outcome: 'sent'; readonly messageRef: string }
  /**
   * The platform said no for now, and surely nothing was posted. `afterMs` is its Retry-After, if it gave one. `unfamiliar`: nobody
   * here knows what it means by that, so it is not tried for as long.
   */
  | { readonly outcome: 'retry'; readonly reason: string; readonly afterMs?: number; readonly unfamiliar?: true }
  /**
   * The platform said no for good. `scope` tells what is unusable: this message (ours to mend), the destination, or the
   * whole installation. `remedy` is the operator's next step; `invite` is
   * what to type there, where the bot is missing only. `removed`: the installation is not there any more, so that what is stored of it goes in time.
   */
  | {
      readonly outcome: 'rejected';
      readonly reason: string;
      readonly scope: 'message' | 'destination' | 'installation';
      readonly remedy: string;
      readonly invite?: string;
      readonly removed?: true;
    }
  /** The request was written and no answer came: it may have landed. */
  | { readonly outcome: 'unknown'; readonly reason: string };

/**
 * What an attempt was: a post (or an edit), a look whether an earlier one landed, or a post that is marked as a possible duplicate.
 * `restored`: what the installation may have done that a backup was taken of, after it was taken.
 */
export const attemptKinds = ['post', 'lookup', 'repost', 'restored'] as const;
export type AttemptKind = (typeof attemptKinds)[number];

/**
 * Whether a message of an earlier attempt stands at its destination. `no-answer`: the platform does not answer now, and nothing is
 * known. `unavailable`: it answers, and cannot tell.
 */
export type FindOutcome =
  | { readonly found: 'yes'; readonly messageRef: string }
  | { readonly found: 'no' }
  | { readonly found: 'no-answer'; readonly reason: string; readonly afterMs?: number }
  | { readonly found: 'unavailable'; readonly reason: string };

/** `too-soon`: nothing stands there yet, but the platform may still be posting it. */
export type LookedUp = FindOutcome | { readonly found: 'too-soon'; readonly reason: string; readonly lookAgainAt: Date };

/**
 * How an attempt ended, as the ledger has it. A look-up that found the message ends as sent, one that was made too
 * soon to believe that nothing stands there as no-answer.
 */
export const attemptOutcomes = ['sent', 'retry', 'rejected', 'unknown', 'not-found', 'no-answer', 'unavailable'] as const;
export type AttemptOutcome = (typeof attemptOutcomes)[number];

export type PastAttempt = {
  readonly number: number;
  readonly kind: AttemptKind;
  readonly startedAt: Date;
  /** Null: interrupted before its outcome was written. */
  readonly outcome: AttemptOutcome | null;
};

/** The remedy for what nobody but us can mend. */
export const REPORT_FAULT = 'This is a fault in Creditwatch: please report it with this line.';

/** `dropped`: outdated before it could be sent. */
export const deliveryStatuses = ['pending', 'sent', 'rejected', 'unknown', 'expired', 'dropped'] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];

/** What follows an attempt. */
export type NextStep =
  | { readonly status: 'sent'; readonly messageRef: string }
  /** Try again at `dueAt`. `pausedUntil`: nothing goes to that destination before, because the platform asked for it. */
  | { readonly status: 'pending'; readonly dueAt: Date; readonly pausedUntil: Date | null }
  /** Stays pending, but the destination is off until somebody has followed the remedy. */
  | { readonly status: 'held' }
  | { readonly status: 'rejected' | 'unknown' | 'expired' };

const FIRST_WAITS_S = [1, 2, 5, 15, 30];
const LATER_WAIT_S = 60;
/** A platform may ask for patience, but not for longer than this at a time. */
export const LONGEST_PAUSE_MS = 60 * 60_000;
/** How long a delivery is tried. */
const GIVE_UP_AFTER_MS = 24 * 60 * 60_000;

/** The same where the platform answers something that nobody here knows: operations shall hear of that while it matters. */
const GIVE_UP_UNFAMILIAR_AFTER_MS = 60 * 60_000;

/** What the attempts of a delivery so far come to. */
export type Tried = {
  /** Attempts so far, the one at hand included. */
  readonly attempts: number;
  /** For how long it has been tried: see `triedForMs`. */
  readonly forMs: number;
};

/**
 * For how long a delivery has been tried, in milliseconds. A gap between two attempts counts for an hour at most: while the service
 * was stopped, the machine slept or its clock was wrong, nobody tried.
 *
 * @param startedAt of all attempts, in their order
 */
export function triedForMs(startedAt: readonly Date[], now: Date): number {
  const instants = [...startedAt, now].map((at) => at.getTime());
  return instants.slice(1).reduce((sum, at, index) => sum + Math.min(Math.max(at - (instants[index] ?? at), 0), LONGEST_PAUSE_MS), 0);
}

/** The attempts that may have landed, unless a look-up after them has shown that nothing stands there. */
export function inDoubt<A extends Pick<PastAttempt, 'kind' | 'outcome'>>(attempts: readonly A[]): readonly A[] {
  const cleared = attempts.findLastIndex(({ outcome }) => outcome === 'not-found');
  return attempts.slice(cleared + 1).filter(({ kind, outcome }) => kind !== 'lookup' && (outcome === null || outcome === 'unknown'));
}

/**
 * What to do after a message was sent.
 *
 * @param repeatable doing it twice comes to the same as once
 * @param jitter in [0, 1): spreads retries by up to a tenth, so that destinations that failed together do not return together
 */
export function nextStep(outcome: SendOutcome, tried: Tried & { readonly repeatable: boolean }, now: Date, jitter: number): NextStep {
  switch (outcome.outcome) {
    case 'sent':
      return { status: 'sent', messageRef: outcome.messageRef };
    case 'rejected':
      return outcome.scope === 'message' ? { status: 'rejected' } : { status: 'held' };
    case 'unknown': {
      // Twice the same edit is one edit.
      if (tried.repeatable) return again({}, 'expired', tried, now, jitter);
      // It may stand there: that is looked up first, and at once the first time.
      const next = again({}, 'unknown', tried, now, jitter);
      return next.status === 'pending' && tried.attempts === 1 ? { ...next, dueAt: now } : next;
    }
    case 'retry':
      return again(outcome, 'expired', tried, now, jitter);
  }
}

/** A platform that gave no answer in time may go on posting the message for as long as this. */
const MAY_STILL_LAND_MS = 10_000;

/**
 * What a look-up shows: that nothing stands there only counts once a slow platform has had the time to finish what it was sent.
 *
 * @param attempts all that were made before the look-up, in their order
 * @param askedAt when the platform was asked
 */
export function believed(
  found: FindOutcome,
  attempts: readonly Pick<PastAttempt, 'kind' | 'outcome' | 'startedAt'>[],
  askedAt: Date,
): LookedUp {
  const last = inDoubt(attempts).at(-1);
  if (found.found !== 'no' || last === undefined) return found;
  // Added up over the attempts since then: a clock that was set back meanwhile must not make it wait for longer.
  const since = attempts.slice(attempts.indexOf(last)).map(({ startedAt }) => startedAt);
  const leftMs = MAY_STILL_LAND_MS - triedForMs(since, askedAt);
  if (leftMs <= 0) return found;
  return { found: 'too-soon', reason: 'It is not there yet, and may still arrive', lookAgainAt: new Date(askedAt.getTime() + leftMs) };
}

/**
 * What to do once it was looked up whether an earlier attempt landed: where nothing stands there it waits like one that was never
 * tried, and may be outdated by now; where nobody can tell it is sent again, marked as a possible duplicate; or what `nextStep` says otherwise. A platform that does not answer has not used up the one marked copy.
 * What was restored from a backup is not sent again where nobody can tell: the installation of the backup has probably sent it.
 *
 * @param doubts the attempts that may have landed
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
