import type { Snapshot } from '../../core/notifications/notification.ts';
import { quietHoursEnd } from '../../core/notifications/quiet-hours.ts';
import { isDirect, leadsTo, TERMINAL, type Route } from '../../core/notifications/route.ts';
import { severityOf } from '../../messages/notices/notification.ts';
import type { AccountTransaction, DestinationRow, NewDelivery, NewNotification } from '../../ports/stores/account-transaction.ts';

/** Where a thread was told last. */
export type PostedDelivery = { readonly destinationId: string; readonly deliveryId: string };

/** Stores notifications with their deliveries, held where a person has quiet hours; returns the destinations to wake once it is committed. */
export async function saveNotifications(
  transaction: AccountTransaction,
  notifications: readonly NewNotification[],
): Promise<readonly string[]> {
  const direct = new Set((await transaction.destinations()).filter(isDirect).map(({ id }) => id));
  await transaction.saveNotifications(notifications, ({ snapshot }, { destinationId }) =>
    direct.has(destinationId) ? quietUntil(snapshot, transaction) : null,
  );
  return [...new Set(notifications.flatMap((notification) => notification.deliveries.map((delivery) => delivery.destinationId)))];
}

function quietUntil(snapshot: Snapshot, { now, account }: AccountTransaction): Date | null {
  // Who has just asked for alerts is there.
  const isAnswer = snapshot.kind === 'alert' && snapshot.change === 'present';
  return isAnswer ? null : quietHoursEnd(severityOf(snapshot), now, account.timeZone);
}

export function post(id: string, destinationId: string, mentions: readonly string[] = []): NewDelivery {
  return { id, destinationId, mentions, action: 'post', targetId: null };
}

/** Changes the message that told the thread there. */
export function edit(id: string, told: PostedDelivery): NewDelivery {
  return { id, destinationId: told.destinationId, mentions: [], action: 'edit', targetId: told.deliveryId };
}

/** One line under the message that told the thread there. */
export function reply(id: string, told: PostedDelivery, mentions: readonly string[] = []): NewDelivery {
  return { id, destinationId: told.destinationId, mentions, action: 'reply', targetId: told.deliveryId };
}

/** Who hears of troubles: the routes for operations, else whoever gets what no route wants, else the terminal; whichever takes messages. */
export function operationsAt(routes: readonly Route[], destinations: readonly DestinationRow[]): readonly DestinationRow[] {
  const on = destinations.filter((destination) => !destination.off);
  const routed = on.filter((destination) => routes.some((route) => route.operations && leadsTo(route, destination)));
  if (routed.length > 0) return routed;
  const fallback = on.filter((destination) => destination.fallback);
  return fallback.length > 0 ? fallback : on.filter(({ kind }) => kind === TERMINAL.kind);
}
