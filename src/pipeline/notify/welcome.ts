import { directTo } from '../../core/notifications/route.ts';
import { USUAL_DIGEST } from '../../core/time/schedule.ts';
import type { RouteTransaction, SubscriptionStore } from '../../ports/stores/action-store.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Welcome } from '../../ports/inbound/welcome.ts';
import type { Log } from '../../ports/log.ts';
import { post, saveNotifications } from './save-notifications.ts';
import { threadIdOf } from './thread-id.ts';

export function createWelcome({
  store,
  clock,
  newId,
  wake,
  log,
}: {
  readonly store: SubscriptionStore;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly wake: (destinationId: string) => void;
  readonly log: Log;
}): Welcome {
  return async ({ account, kind, team, command, readsMessages, by }) => {
    const threadId = threadIdOf([account, 'welcome', kind, team]);
    const woken = await store.withRoutes(account, clock.now(), async (transaction) => {
      if ((await transaction.lastSnapshot(threadId)) !== null) return [];
      const admins = (await transaction.destinations()).filter((one) => one.kind === kind && one.fallback && !one.isDisabled);
      const installer = by === null || admins.length > 0 ? null : await transaction.destination(directTo(by));
      const welcomed = installer === null ? admins : [installer];
      if (welcomed.length === 0) {
        log.info({ account, team }, 'welcome skipped: no admin can be reached');
        return [];
      }
      const snapshot = {
        kind: 'welcome' as const,
        command,
        readsMessages,
        getsAlerts: installer === null,
        ...(await stateOf(transaction)),
      };
      return saveNotifications(transaction, [
        { id: newId(), alertId: null, threadId, snapshot, deliveries: welcomed.map((one) => post(newId(), one.id)) },
      ]);
    });
    for (const destinationId of woken) wake(destinationId);
  };
}

/** What is already set up, so that the message does not list it as a step. */
async function stateOf(transaction: RouteTransaction) {
  const routes = (await transaction.routes()).filter(({ meters }) => meters !== null);
  const isRouted = routes.length > 0;
  const digestOn = isRouted ? (routes.find(({ digest }) => digest !== null)?.digest?.weekday ?? null) : USUAL_DIGEST.weekday;
  return { hasFigures: (await transaction.meters()).length > 0, isRouted, digestOn, hasOwnRules: (await transaction.rules()).length > 0 };
}
