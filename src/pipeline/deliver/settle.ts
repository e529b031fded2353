import type { AttemptOutcome, LookedUp, NextStep, SendOutcome } from '../../core/notifications/delivery.ts';
import type { AttemptStart, Settlement, Disabling } from '../../ports/stores/delivery-store.ts';

/** How a look-up stands in the ledger. */
export const LOOKED_UP = {
  yes: 'sent',
  no: 'not-found',
  // Nothing is settled by it: the doubt stays.
  'too-soon': 'no-answer',
  'no-answer': 'no-answer',
  unavailable: 'unavailable',
} as const satisfies Record<LookedUp['found'], AttemptOutcome>;

/** What every log line of an attempt says. */
export function fieldsOf({ lease, deliveryIds, number, kind }: AttemptStart) {
  return { deliveries: deliveryIds, destination: lease.destinationId, kind: lease.kind, attempt: number, as: kind };
}

/** Until when the platform wants nothing there. */
export function pauseOf(step: NextStep): Date | null {
  return step.status === 'pending' ? step.pausedUntil : null;
}

/** What a refusal switches off. */
export function disablingOf({ reason, remedy, scope, removed }: Extract<SendOutcome, { outcome: 'rejected' }>): Disabling {
  return { scope: scope === 'installation' ? 'installation' : 'destination', reason: `${reason}. ${remedy}`, ...(removed && { removed }) };
}

/** What a next step makes of the delivery. */
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
