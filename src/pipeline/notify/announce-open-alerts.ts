import { isSnoozedFor } from '../../core/alerts/snooze.ts';
import { withholds } from '../../core/notifications/route.ts';
import type { MeterState } from '../../core/alerts/evaluate.ts';
import type { AccountTransaction, NewNotification } from '../../ports/stores/account-transaction.ts';
import { leadingFor, mentionsFor, snapshotOf } from './alert-snapshot.ts';
import { post, saveNotifications } from './save-notifications.ts';

/**
 * Posts the open alerts of the meters of routes to where the routes lead, unless they were posted there before. A new route gets the
 * present, not the past. Pending alerts are sent as one message, and later changes are posted there too.
 *
 * @param withAlerts the meters with an open alert, locked, so that no newer alert is posted before this one
 * @param routeIds the routes; all of them together cost as much as one
 * @returns the destinations to wake after the commit
 */
export async function announceOpenAlerts(
  transaction: AccountTransaction,
  withAlerts: readonly MeterState[],
  routeIds: ReadonlySet<string>,
  { now, newId }: { readonly now: Date; readonly newId: () => string },
): Promise<readonly string[]> {
  const open = withAlerts.filter((meterState) => !isSnoozed(meterState, now));
  if (open.length === 0) return [];
  const leadingOf = leadingFor(await transaction.routing(open.map(({ meter }) => meter)));
  const messages = await transaction.messagesOf(open.flatMap(({ alerts }) => [...alerts.values()].map(({ id }) => id)));
  const notifications: NewNotification[] = [];
  for (const meterState of open) {
    const { meter, current, alerts } = meterState;
    if (current === null) continue;
    for (const alert of alerts.values()) {
      const said = { change: 'present' as const, findings: alert.conditions, reading: current.reading, cause: null };
      const snapshot = snapshotOf(alert, { ...meterState, ...said });
      const posted = new Set(messages.get(alert.id)?.map(({ destinationId }) => destinationId));
      for (const { destination, routes } of leadingOf(meter).values()) {
        if (posted.has(destination.id) || routes.every((route) => !routeIds.has(route.id) || withholds(route, snapshot))) continue;
        const deliveries = [post(newId(), destination.id, mentionsFor(routes, meter, alert))];
        notifications.push({ id: newId(), alertId: alert.id, threadId: alert.id, snapshot, deliveries });
      }
    }
  }
  return saveNotifications(transaction, notifications);
}

function isSnoozed({ snoozed, current }: MeterState, now: Date): boolean {
  return snoozed !== null && current !== null && isSnoozedFor(snoozed.snooze, now, current.reading);
}
