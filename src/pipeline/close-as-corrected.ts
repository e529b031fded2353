import type { PresumedResetSnapshot } from '../core/notification.ts';
import { wantsRecovery } from '../core/route.ts';
import type { AccountTransaction, NewNotification } from '../ports/account-transaction.ts';
import type { MeterInHand } from '../ports/action-store.ts';
import { edit, reply, tell } from './tell.ts';

/**
 * Makes the alerts that a presumed reset closed say that the figures were corrected, once somebody has said so. Whoever was
 * told that it is used up hears it in the thread, as with a correction that was known as one at once.
 *
 * @returns the destinations to wake once it is committed.
 */
export async function closeAsCorrected(
  transaction: AccountTransaction & MeterInHand,
  { observedAt, before, after }: Pick<PresumedResetSnapshot, 'observedAt' | 'before' | 'after'>,
  newId: () => string,
): Promise<readonly string[]> {
  const [closed, destinations, routes] = await Promise.all([
    transaction.closedByPeriodAt(observedAt),
    transaction.destinations(),
    transaction.routes(),
  ]);
  const { meter } = transaction.watched;
  const quiet = new Set(destinations.filter((one) => !wantsRecovery(meter, routes, one)).map((one) => one.id));
  const notifications: NewNotification[] = [];
  for (const alert of closed) {
    await transaction.saveAlert({ ...alert, resolution: 'corrected' });
    const said = await transaction.lastSaid(alert.id);
    if (said?.kind !== 'alert') continue;
    const [told, called] = [await transaction.toldAt(alert.id), await transaction.lookedAfter(alert.id)];
    const isNews = alert.topic === 'running-out';
    notifications.push({
      id: newId(),
      alertId: alert.id,
      threadId: alert.id,
      snapshot: {
        ...said,
        change: isNews ? 'recovered' : 'closed',
        closed: { why: 'corrected', at: observedAt },
        cause: { kind: 'correction', amount: before - after },
      },
      deliveries: told.flatMap((one) => [
        edit(newId(), one),
        ...(isNews && !quiet.has(one.destinationId) ? [reply(newId(), one, called)] : []),
      ]),
    });
  }
  return tell(transaction, notifications);
}
