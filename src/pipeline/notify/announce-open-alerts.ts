import { selects } from '../../core/meters/meter.ts';
import { leadsTo, routesFor, withholds, type Route } from '../../core/notifications/route.ts';
import { isQuiet } from '../../core/alerts/snooze.ts';
import type { Watched } from '../../core/alerts/evaluate.ts';
import type { AccountTransaction, DestinationRow, NewNotification } from '../../ports/stores/account-transaction.ts';
import { mentionsAt, snapshotOf } from './alert-snapshot.ts';
import { post, tell } from './save-notifications.ts';

/**
 * Tells the destination of a route what is open now for its meters and was not told there: a new route is told the present,
 * not the past. What waits together goes out as one message, and each alert lives there from then on.
 */
export async function tellPresent(
  transaction: AccountTransaction,
  route: Route,
  { now, newId }: { readonly now: Date; readonly newId: () => string },
): Promise<readonly string[]> {
  const { meters } = route;
  const destination = (await transaction.destinations()).find((one) => leadsTo(route, one));
  if (!destination || meters === null) return [];
  const routes = await transaction.routes();
  const notifications: NewNotification[] = [];
  for (const { watched } of await transaction.meters()) {
    if (selects(meters, watched.meter) && !isSnoozed(watched, now))
      notifications.push(...(await untold(transaction, watched, { destination, route, routes, newId })));
  }
  return tell(transaction, notifications);
}

async function untold(
  transaction: AccountTransaction,
  watched: Watched,
  {
    destination,
    route,
    routes,
    newId,
  }: { readonly destination: DestinationRow; readonly route: Route; readonly routes: readonly Route[]; readonly newId: () => string },
): Promise<readonly NewNotification[]> {
  const { meter, standing, alerts } = watched;
  if (standing === null) return [];
  const notifications: NewNotification[] = [];
  for (const alert of alerts.values()) {
    const snapshot = snapshotOf(alert, {
      ...watched,
      change: 'present',
      findings: alert.conditions,
      reading: standing.reading,
      cause: null,
    });
    if (withholds(route, snapshot)) continue;
    const told = await transaction.toldAt(alert.id);
    if (told.some(({ destinationId }) => destinationId === destination.id)) continue;
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

function isSnoozed({ snoozed, standing }: Watched, now: Date): boolean {
  return snoozed !== null && standing !== null && isQuiet(snoozed.snooze, now, standing.reading);
}
