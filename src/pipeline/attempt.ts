import type { SendOutcome } from '../core/delivery.ts';
import type { DeliveryPlan } from '../core/delivery-plan.ts';
import { worstSeverity } from '../core/severity.ts';
import { severityOf, wordsForAll } from '../core/words/notification.ts';
import type { PendingDelivery } from '../ports/delivery-store.ts';
import type { Log } from '../ports/log.ts';
import type { Messenger } from '../ports/messenger.ts';

/** What one message says: of one delivery, or of several that are summed up in it. The id of the first goes with the message. */
export type ToSend = Omit<Extract<DeliveryPlan<PendingDelivery>, { step: 'send' }>, 'step'>;

/** Puts deliveries into words and sends them, once. Never throws: what became of it is the outcome. */
export async function attempt(
  messenger: Messenger,
  address: string,
  { members, place, snapshots }: ToSend,
  { possibleRepeat, log }: { readonly possibleRepeat: boolean; readonly log: Log },
): Promise<SendOutcome> {
  const [first] = members;
  const deliveryId = first?.id ?? '';
  try {
    const message = wordsForAll(snapshots, {
      timeZone: first?.timeZone ?? 'UTC',
      mentions: [...new Set(members.flatMap((one) => one.mentions))],
      place: place.kind,
      meantFor: first?.meantFor ?? null,
      underSummary: (first?.target?.members.length ?? 0) > 1,
    });
    const severity = worstSeverity(snapshots.map(severityOf));
    return await messenger.send({ address, place, message, severity, deliveryId, possibleRepeat });
  } catch (error) {
    // A fault of ours, not of the platform. Retrying it would block what waits behind it for ever.
    log.error({ error, delivery: deliveryId }, 'a delivery could not be put into words');
    return {
      outcome: 'rejected',
      scope: 'message',
      reason: 'it could not be put into words',
      remedy: 'Please report the error in the log.',
    };
  }
}
