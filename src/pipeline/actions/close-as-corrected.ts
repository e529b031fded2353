import type { AlertSnapshot, PresumedResetSnapshot } from '../../core/notifications/notification.ts';
import { wantsRecovery } from '../../core/notifications/route.ts';
import type { AccountTransaction, NewNotification } from '../../ports/stores/account-transaction.ts';
import type { LockedMeter } from '../../ports/stores/action-store.ts';
import { endOfAlert } from '../notify/end-alert.ts';
import { saveNotifications } from '../notify/save-notifications.ts';

/**
 * Makes the alerts that a presumed reset closed say that the figures were corrected, once somebody has said so. Whoever was
 * told that it is used up hears it in the thread, as with a correction that was known as one at once.
 *
 * @returns the destinations to wake once it is committed.
 */
export async function closeAsCorrected(
  transaction: AccountTransaction & LockedMeter,
  { observedAt, before, after }: Pick<PresumedResetSnapshot, 'observedAt' | 'before' | 'after'>,
  newId: () => string,
): Promise<readonly string[]> {
  const [closed, destinations, routes] = await Promise.all([
    transaction.closedByPeriodAt(observedAt),
    transaction.destinations(),
    transaction.routes(),
  ]);
  const { meter } = transaction.meterState;
  const quiet = new Set(destinations.filter((one) => !wantsRecovery(meter, routes, one)).map((one) => one.id));
  const notifications: NewNotification[] = [];
  for (const alert of closed) {
    await transaction.saveAlert({ ...alert, resolution: 'corrected' });
    const said = await transaction.lastSnapshot(alert.id);
    if (said?.kind !== 'alert') continue;
    const messages = await transaction.messagesOf(alert.id);
    const mentions = await transaction.lookedAfter(alert.id);
    const isNews = alert.topic === 'running-out';
    const snapshot: AlertSnapshot = {
      ...said,
      change: isNews ? 'recovered' : 'closed',
      closed: { why: 'corrected', at: observedAt },
      cause: { kind: 'correction', amount: before - after },
    };
    const answered = isNews ? { isAt: (id: string) => !quiet.has(id), mentions } : null;
    notifications.push(...endOfAlert({ alertId: alert.id, snapshot, messages }, answered, newId));
  }
  return saveNotifications(transaction, notifications);
}
