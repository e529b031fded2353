import type { AlertSnapshot } from '../../core/notifications/notification.ts';
import { awaitsRenotify, renotifyAt } from '../../core/alerts/renotify.ts';
import { wantsRecovery } from '../../core/notifications/route.ts';
import type { Announcement, MeterState } from '../../core/alerts/evaluate.ts';
import type { AccountTransaction, NewNotification } from '../../ports/stores/account-transaction.ts';
import { leadingFor, postsOf, snapshotOf } from './alert-snapshot.ts';
import { endOfAlert } from './end-alert.ts';
import { edit, newestOf, saveNotifications, type PostedDelivery } from './save-notifications.ts';

/**
 * Creates notifications for announcements, with one delivery for each destination of the meter's routes, in the transaction that made
 * the decision. An improvement only edits the existing messages.
 *
 * @param meters by id, as they are after the decision
 * @returns the destinations to wake after the commit
 */
export async function createNotifications(
  transaction: AccountTransaction,
  {
    announcements,
    meters,
    now,
    newId,
  }: {
    readonly announcements: readonly Announcement[];
    readonly meters: ReadonlyMap<string, Pick<MeterState, 'meter' | 'snoozed'>>;
    readonly now: Date;
    readonly newId: () => string;
  },
): Promise<readonly string[]> {
  if (announcements.length === 0) return [];
  const { routes, fallback } = await transaction.routing(announcements.flatMap(({ meterId }) => meters.get(meterId)?.meter ?? []));
  const leadingOf = leadingFor({ routes });
  const stored = await transaction.messagesOf([...new Set(announcements.map(({ alert }) => alert.id))]);
  const recovered = announcements.flatMap(({ alert, change }) => (change === 'recovered' ? [alert.id] : []));
  const lookedAfter = await transaction.lookedAfter(recovered);
  const renotified: string[] = [];
  const pending = new Map<string, readonly PostedDelivery[]>();
  const notifications: NewNotification[] = [];
  for (const announcement of announcements) {
    const { alert, change } = announcement;
    const known = meters.get(announcement.meterId);
    if (!known) throw new Error('an announcement without its meter');
    const snapshot = snapshotOf(alert, { ...known, ...announcement });
    const { meter } = known;
    // An alert can open and recover within one ingest; then its messages are still pending. Newest first.
    const messages = [...(pending.get(alert.id) ?? []), ...(stored.get(alert.id) ?? [])];
    const notify = (said: AlertSnapshot, deliveries: NewNotification['deliveries']): void => {
      notifications.push({ id: newId(), alertId: alert.id, threadId: alert.id, snapshot: said, deliveries });
      const posts = deliveries
        .filter(({ action }) => action === 'post')
        .map(({ id, destinationId }) => ({ deliveryId: id, destinationId }));
      if (posts.length > 0) pending.set(alert.id, [...posts.toReversed(), ...(pending.get(alert.id) ?? [])]);
    };
    if (change === 'recovered' || change === 'closed') {
      const mentions = lookedAfter.get(alert.id) ?? [];
      const leading = leadingOf(meter);
      const answered = change === 'recovered' ? { isAt: (id: string) => wantsRecovery(leading.get(id)?.routes ?? []), mentions } : null;
      notifications.push(...endOfAlert({ alertId: alert.id, snapshot, messages }, answered, newId));
      continue;
    }
    const posted = newestOf(messages);
    if (change === 'eased') {
      notify(
        snapshot,
        posted.map((one) => edit(newId(), one)),
      );
      continue;
    }
    const posts = postsOf(snapshot, meter, { leading: leadingOf(meter), fallback, newId });
    if (change === 'updated' && posted.length > 0) {
      // It is news where it was withheld before.
      const news = posts.filter((one) => posted.every(({ destinationId }) => destinationId !== one.destinationId));
      notify(snapshot, [...posted.map((one) => edit(newId(), one)), ...news]);
      continue;
    }
    notify(snapshot, posts);
    // The older message points to the new one.
    if (posted.length > 0)
      notify(
        { ...snapshot, change: 'superseded' },
        posted.map((one) => edit(newId(), one)),
      );
    if (awaitsRenotify(alert, alert.repeatedAt)) renotified.push(alert.id);
  }
  await transaction.setTimers('renotify', renotified, renotifyAt(now, transaction.account.timeZone));
  return saveNotifications(transaction, notifications);
}
