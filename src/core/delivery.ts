/** What a delivery does: posts a message, or changes or answers one that an earlier delivery posted. */
export const deliveryActions = ['post', 'edit', 'reply'] as const;
export type DeliveryAction = (typeof deliveryActions)[number];

/** What became of one attempt to send, in words that every platform's errors translate into. */
export type SendOutcome =
  /** `messageRef` is the platform's name of the message, for later edits. */
  | { readonly outcome: 'sent'; readonly messageRef: string }
  /** The platform said no for now, and surely nothing was posted. `afterMs` is its Retry-After, if it gave one. */
  | { readonly outcome: 'retry'; readonly reason: string; readonly afterMs?: number }
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

/** The remedy for what nobody but us can mend. */
export const REPORT_FAULT = 'This is a fault in Creditwatch: please report it with this line.';

/** `dropped`: outdated before it could be sent. */
export const deliveryStatuses = ['pending', 'sent', 'rejected', 'unknown', 'expired', 'dropped'] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];

/** What follows an attempt. */
export type NextStep =
  | { readonly status: 'sent'; readonly messageRef: string }
  /** Try again at `dueAt`. `pause` holds everything for that destination until then, because the platform asked for it. */
  | { readonly status: 'pending'; readonly dueAt: Date; readonly pause: boolean }
  /** Stays pending, but the destination is off until somebody has followed the remedy. */
  | { readonly status: 'held' }
  | { readonly status: 'rejected' | 'unknown' | 'expired' };

const FIRST_WAITS_S = [1, 2, 5, 15, 30];
const LATER_WAIT_S = 60;
/** How long a delivery is retried, from its first attempt. */
const GIVE_UP_AFTER_MS = 24 * 60 * 60_000;

/**
 * What to do after an attempt.
 *
 * @param attempts attempts so far, this one included
 * @param unknowns how many of them ended unknown, this one included
 * @param repeatable doing it twice comes to the same as once
 * @param jitter in [0, 1): spreads retries by up to a tenth, so that destinations that failed together do not return together
 */
export function nextStep(
  outcome: SendOutcome,
  history: { attempts: number; unknowns: number; firstAttemptAt: Date; repeatable: boolean },
  now: Date,
  jitter: number,
): NextStep {
  // Twice the same edit is one edit.
  if (outcome.outcome === 'unknown' && history.repeatable)
    return nextStep({ outcome: 'retry', reason: outcome.reason }, history, now, jitter);
  switch (outcome.outcome) {
    case 'sent':
      return { status: 'sent', messageRef: outcome.messageRef };
    case 'rejected':
      return outcome.scope === 'message' ? { status: 'rejected' } : { status: 'held' };
    case 'unknown':
      // It may stand there already: once more, marked as a possible repeat, and then never again.
      return history.unknowns > 1 ? { status: 'unknown' } : { status: 'pending', dueAt: now, pause: false };
    case 'retry': {
      if (now.getTime() - history.firstAttemptAt.getTime() >= GIVE_UP_AFTER_MS) return { status: 'expired' };
      const waitMs = (FIRST_WAITS_S[history.attempts - 1] ?? LATER_WAIT_S) * 1000 * (1 + jitter / 10);
      const wait = Math.max(Math.round(waitMs), outcome.afterMs ?? 0);
      return { status: 'pending', dueAt: new Date(now.getTime() + wait), pause: outcome.afterMs !== undefined };
    }
  }
}
