import type { SendOutcome } from '../../core/notifications/delivery.ts';
import type { DeliveryPlan } from '../../core/notifications/delivery-plan.ts';
import { worstSeverity } from '../../core/rules/severity.ts';
import { DELIVERY_REASONS, NOT_RENDERED } from '../../messages/notices/delivery-reasons.ts';
import { severityOf, messageForAll } from '../../messages/notices/notification.ts';
import type { PendingDelivery } from '../../ports/stores/delivery-store.ts';
import type { Log } from '../../ports/log.ts';
import type { Messenger } from '../../ports/outbound/messenger.ts';
import { uniquePeople } from '../../core/text/person.ts';

/** One message: one delivery, or several in a summary, which is sent with the id of the first. */
export type ToSend = Omit<Extract<DeliveryPlan<PendingDelivery>, { step: 'send' }>, 'step'>;

/** The process that holds the destination now sends it. */
const TOO_LATE: SendOutcome = { outcome: 'retry', reason: DELIVERY_REASONS.leaseExpired };

/** Renders deliveries and sends them, once. Never throws: a failure is the outcome. */
export async function attempt(
  messenger: Messenger,
  address: string,
  { members, place, snapshots }: ToSend,
  { possibleDuplicate, isCurrent, log }: { readonly possibleDuplicate: boolean; readonly isCurrent: () => boolean; readonly log: Log },
): Promise<SendOutcome> {
  const [first] = members;
  const deliveryId = first?.id ?? '';
  let isTooLate = false;
  const mayWrite = (): boolean => {
    isTooLate ||= !isCurrent();
    return !isTooLate;
  };
  try {
    const message = messageForAll(snapshots, {
      timeZone: first?.timeZone ?? 'UTC',
      mentions: uniquePeople(members.flatMap((one) => one.mentions)),
      place: place.kind,
      originalDestination: first?.originalDestination ?? null,
      underSummary: (first?.target?.members.length ?? 0) > 1,
    });
    const severity = worstSeverity(snapshots.map(severityOf));
    const outcome = await messenger.send({ address, place, message, severity, deliveryId, possibleDuplicate, mayWrite });
    return isTooLate ? TOO_LATE : outcome;
  } catch (error) {
    // A bug, not a failure of the platform. A retry would block the deliveries behind it for ever.
    log.error({ error, delivery: deliveryId }, 'message rendering failed');
    return { outcome: 'rejected', scope: 'message', code: 'not-rendered', ...NOT_RENDERED };
  }
}
