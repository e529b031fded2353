import { selects } from '../../core/meters/meter.ts';
import { leadsTo, routesFor, withholds, type Route } from '../../core/notifications/route.ts';
import { isSnoozedFor } from '../../core/alerts/snooze.ts';
import type { MeterState } from '../../core/alerts/evaluate.ts';
import type { AccountTransaction, DestinationRow, NewNotification } from '../../ports/stores/account-transaction.ts';
import { mentionsAt, snapshotOf } from './alert-snapshot.ts';
import { newestMessagesOf, post, saveNotifications } from './save-notifications.ts';

/**
 * Posts the open alerts of a route's meters to its destination, unless they were posted there before. A new route gets the present, not
 * the past. Pending alerts are sent as one message, and later changes are posted there too.
 *
 * @returns the destinations to wake after the commit
 */
export async function announceOpenAlerts(
  transaction: AccountTransaction,
  route: Route,
  { now, newId }: { readonly now: Date; readonly newId: () => string },
): Promise<readonly string[]> {
  const { meters } = route;
  const destination = (await transaction.destinations()).find((one) => leadsTo(route, one));
  if (!destination || meters === null) return [];
  const routes = await transaction.routes();
  const notifications: NewNotification[] = [];
  for (const { meterState } of await transaction.meters()) {
    if (selects(meters, meterState.meter) && !isSnoozed(meterState, now))
      notifications.push(...(await missingNotifications(transaction, meterState, { destination, route, routes, newId })));
  }
  return saveNotifications(transaction, notifications);
}

async function missingNotifications(
  transaction: AccountTransaction,
  meterState: MeterState,
  {
    destination,
    route,
    routes,
    newId,
  }: { readonly destination: DestinationRow; readonly route: Route; readonly routes: readonly Route[]; readonly newId: () => string },
): Promise<readonly NewNotification[]> {
  const { meter, current, alerts } = meterState;
  if (current === null) return [];
  const notifications: NewNotification[] = [];
  for (const alert of alerts.values()) {
    const snapshot = snapshotOf(alert, {
      ...meterState,
      change: 'present',
      findings: alert.conditions,
      reading: current.reading,
      cause: null,
    });
    if (withholds(route, snapshot)) continue;
    const posted = await newestMessagesOf(transaction, alert.id);
    if (posted.some(({ destinationId }) => destinationId === destination.id)) continue;
    notifications.push({
      id: newId(),
      alertId: alert.id,
      threadId: alert.id,
      snapshot,
      deliveries: [post(newId(), destination.id, mentionsAt(destination, routesFor(meter, routes), meter, alert))],
    });
  }
  return notifications;
}

function isSnoozed({ snoozed, current }: MeterState, now: Date): boolean {
  return snoozed !== null && current !== null && isSnoozedFor(snoozed.snooze, now, current.reading);
}
