import { holdsUntil } from '../../../core/time/clock-skew.ts';
import { directTo, leadsTo, type Route } from '../../../core/notifications/route.ts';
import { DELIVERY_REASONS } from '../../../messages/notices/delivery-reasons.ts';
import type { DestinationRow } from '../../../ports/stores/account-transaction.ts';
import type { TimerTransaction, DisabledDestination } from '../../../ports/stores/timer-store.ts';
import { post, saveNotifications } from '../../notify/save-notifications.ts';
import type { TimerContext, RunTimer } from './handler.ts';
import { uniquePeople } from '../../../core/text/person.ts';

/**
 * The timer runs once more after this, for deliveries that were being added when the destination was disabled; those transactions have
 * ended by then.
 */
const AGAIN_AFTER_MS = 60_000;
const BUSY_MS = 1000;

/**
 * Handles a disabled destination: notifies the people who can fix it, once, and moves its pending deliveries to operations, so that no
 * alert is lost. Later deliveries for it set this timer again.
 */
export const failover: RunTimer = async (transaction, timer, context) => {
  const disabledDestination = await transaction.disabledDestination(timer.subject);
  if (disabledDestination === null) return { nextAt: null, wake: [] };
  // A delivery that is being sent must not be sent elsewhere too.
  if (disabledDestination.isBusy) return { nextAt: new Date(context.now.getTime() + BUSY_MS), wake: [] };
  const routes = await transaction.routes();
  const operations = await transaction.operations();
  const notified = disabledDestination.notified
    ? []
    : await notifyDisabled(transaction, disabledDestination, { routes, operations }, context);
  const elsewhere = operations.map(({ id }) => id);
  await transaction.divert(disabledDestination.id, elsewhere, DELIVERY_REASONS.deliveredElsewhere);
  const againAt = holdsUntil(new Date((disabledDestination.since ?? context.now).getTime() + AGAIN_AFTER_MS), context.now, AGAIN_AFTER_MS);
  return { nextAt: againAt > context.now ? againAt : null, wake: [...notified, ...elsewhere] };
};

async function notifyDisabled(
  transaction: TimerTransaction,
  disabledDestination: DisabledDestination,
  { routes, operations }: { readonly routes: readonly Route[]; readonly operations: readonly DestinationRow[] },
  { newId, platformName }: TimerContext,
): Promise<readonly string[]> {
  const { kind, address, direct, scope, reason, command } = disabledDestination;
  const leading = routes.filter((route) => leadsTo(route, disabledDestination));
  const owners = await ownersOf(transaction, leading);
  const recipients = new Map([...owners, ...operations].map((one) => [one.id, one]));
  await transaction.setNotifiedReason(disabledDestination);
  const id = newId();
  const snapshot = {
    kind: 'destination-disabled' as const,
    change: 'disabled' as const,
    place: { kind, address, ...(direct && { direct }) },
    platformName: platformName(kind),
    scope,
    reason,
    fromChat: leading.some(({ origin }) => origin === 'chat'),
    command,
  };
  return saveNotifications(transaction, [
    { id, alertId: null, threadId: id, snapshot, deliveries: [...recipients.values()].map((one) => post(newId(), one.id)) },
  ]);
}

/** Returns the people who subscribed it in chat, else the admins, if they can be reached. */
async function ownersOf(transaction: TimerTransaction, leading: readonly Route[]): Promise<readonly DestinationRow[]> {
  const people = uniquePeople(leading.flatMap(({ by }) => by ?? [])).map(directTo);
  const owners: DestinationRow[] = [];
  for (const one of people) owners.push(await transaction.destination(one));
  const reachable = owners.filter((one) => !one.isDisabled);
  return reachable.length > 0 ? reachable : (await transaction.destinations()).filter((one) => one.fallback && !one.isDisabled);
}
