import type { AttemptOutcome, LookedUp, NextStep, SendOutcome } from '../../core/notifications/delivery.ts';
import { DELIVERY_REASONS } from '../../messages/notices/delivery-reasons.ts';
import { problemText } from '../../messages/platforms/call-failure.ts';
import type { AttemptStart, Settlement, Disabling } from '../../ports/stores/delivery-store.ts';

/** The outcome of a look-up in the ledger. */
export const LOOKED_UP = {
  yes: 'sent',
  no: 'not-found',
  // This settles nothing: the outcome stays unknown.
  'too-soon': 'no-answer',
  'no-answer': 'no-answer',
  unavailable: 'unavailable',
} as const satisfies Record<LookedUp['found'], AttemptOutcome>;

/** Why a look-up settled nothing; null if it did. */
export function lookUpReason(found: LookedUp): string | null {
  if (found.found === 'too-soon') return DELIVERY_REASONS.mayStillArrive;
  return 'reason' in found ? found.reason : null;
}

/** The log fields of an attempt. */
export function fieldsOf({ lease, deliveryIds, number, kind }: AttemptStart) {
  return { deliveries: deliveryIds, destination: lease.destinationId, kind: lease.kind, attempt: number, as: kind };
}

/** The end of the pause that the platform requested; null if there is none. */
export function pauseOf(step: NextStep): Date | null {
  return step.status === 'pending' ? step.pausedUntil : null;
}

/** What a rejection disables. */
export function disablingOf({ code, reason, remedy, scope, removed }: Extract<SendOutcome, { outcome: 'rejected' }>): Disabling {
  return {
    scope: scope === 'installation' ? 'installation' : 'destination',
    code,
    reason: problemText({ reason, remedy }),
    ...(removed && { removed }),
  };
}

/** The settlement of a delivery for its next step. */
export function settlementOf(step: NextStep): Settlement {
  switch (step.status) {
    case 'sent':
      return { status: 'sent', messageRef: step.messageRef };
    case 'pending':
      return { status: 'pending', dueAt: step.dueAt };
    case 'held':
      return { status: 'pending' };
    default:
      return { status: step.status };
  }
}
