import type { AlertSnapshot, PresumedResetSnapshot } from '../../core/notifications/notification.ts';
import { wantsRecovery } from '../../core/notifications/route.ts';
import type { AccountTransaction, NewNotification } from '../../ports/stores/account-transaction.ts';
import type { LockedMeter } from '../../ports/stores/action-store.ts';
import { leadingFor } from '../notify/alert-snapshot.ts';
import { endOfAlert } from '../notify/end-alert.ts';
import { saveNotifications } from '../notify/save-notifications.ts';

/**
 * Marks the alerts that a presumed reset closed as corrected, after a person reclassified it. People who were alerted get a reply in
 * the thread, as for a correction that was detected at once.
 *
 * @returns the destinations to wake after the commit
 */
export async function closeAsCorrected(
  transaction: AccountTransaction & LockedMeter,
  { observedAt, before, after }: Pick<PresumedResetSnapshot, 'observedAt' | 'before' | 'after'>,
  newId: () => string,
): Promise<readonly string[]> {
  const { meter } = transaction.meterState;
  const closed = await transaction.closedByPeriodAt(observedAt);
  const leading = leadingFor(await transaction.routing([meter]))(meter);
  const ids = closed.map(({ id }) => id);
  const [messages, lookedAfter] = [await transaction.messagesOf(ids), await transaction.lookedAfter(ids)];
  const notifications: NewNotification[] = [];
  for (const alert of closed) {
    await transaction.saveAlert({ ...alert, resolution: 'corrected' });
    const said = await transaction.lastSnapshot(alert.id);
    if (said?.kind !== 'alert') continue;
    const isNews = alert.topic === 'running-out';
    const snapshot: AlertSnapshot = {
      ...said,
      change: isNews ? 'recovered' : 'closed',
      closed: { why: 'corrected', at: observedAt },
      cause: { kind: 'correction', amount: before - after },
    };
    const answered = isNews
      ? { isAt: (id: string) => wantsRecovery(leading.get(id)?.routes ?? []), mentions: lookedAfter.get(alert.id) ?? [] }
      : null;
    notifications.push(...endOfAlert({ alertId: alert.id, snapshot, messages: messages.get(alert.id) ?? [] }, answered, newId));
  }
  return saveNotifications(transaction, notifications);
}
