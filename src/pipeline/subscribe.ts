import { leadsTo, routeSettingsSchema, type DestinationAddress, type Route } from '../core/route.ts';
import { localWeek, nextRun, remindAt, USUAL_DIGEST } from '../core/schedule.ts';
import type { Clock } from '../ports/clock.ts';
import type { RouteTransaction, SubscriptionStore } from '../ports/action-store.ts';
import type { Subscriptions } from '../ports/subscriptions.ts';
import { digestSnapshot } from './digest-snapshot.ts';

/** What a channel or a person subscribes in chat: one route of theirs, beside those of the file. */
export function createSubscriptions(options: {
  readonly store: SubscriptionStore;
  readonly clock: Clock;
  /** Called when something was set that is due now. */
  readonly onDue?: () => void;
}): Subscriptions {
  const { store, clock, onDue } = options;

  return {
    at: (account, place) => held(account, async (transaction) => (await routesAt(transaction, place)).map(subscribedRoute)),

    subscribe: ({ account, place, by, meters, operations }) =>
      held(account, async (transaction, now) => {
        if ((await routesAt(transaction, place)).some(isOfFile)) return { done: 'managed-in-file' };
        const settings = routeSettingsSchema.parse({ meters, operations, mention: {}, digest: USUAL_DIGEST });
        const route: Route = { id: `chat:${place.kind}:${place.address}`, destination: place, origin: 'chat', by, ...settings };
        await transaction.saveRoute(route);
        await schedule(transaction, route.id, await nextDigest(transaction, route, now));
        await transaction.setTimer('present', route.id, now);
        return { done: 'subscribed', settings };
      }, onDue),

    unsubscribe: ({ account, place }) =>
      held(account, async (transaction) => {
        const routes = await routesAt(transaction, place);
        if (routes.some(isOfFile)) return { done: 'managed-in-file' };
        for (const { id } of routes) {
          await transaction.removeRoute(id);
          await schedule(transaction, id, null);
        }
        return { done: routes.length === 0 ? 'nothing' : 'unsubscribed' };
      }),

    setDigest: ({ account, place, digest }) =>
      held(account, async (transaction, now) => {
        const routes = await routesAt(transaction, place);
        if (routes.some(isOfFile)) return { done: 'managed-in-file' };
        const [known] = routes;
        if (!known) return { done: 'nothing' };
        const route = { ...known, digest };
        await transaction.saveRoute(route);
        const nextAt = await nextDigest(transaction, route, now);
        await schedule(transaction, route.id, nextAt);
        return { done: 'set', settings: routeSettingsSchema.parse(route), nextAt };
      }),

    digestNow: (account, place) =>
      held(account, async (transaction, now) => {
        const routes = place === null ? [] : await routesAt(transaction, place);
        const route = routes.find(({ meters }) => meters !== null);
        const timeZone = route?.timeZone ?? transaction.account.timeZone;
        return digestSnapshot(transaction, { meters: route?.meters ?? 'all', dueAt: now, late: false, timeZone, now });
      }),
  };

  async function held<T>(account: string, work: (transaction: RouteTransaction, now: Date) => Promise<T>, committed?: () => void): Promise<T> {
    const now = clock.now();
    const result = await store.withRoutes(account, now, (transaction) => work(transaction, now));
    committed?.();
    return result;
  }
}

async function routesAt(transaction: RouteTransaction, place: DestinationAddress): Promise<readonly Route[]> {
  return (await transaction.routes()).filter((route) => leadsTo(route, place));
}

function isOfFile({ origin }: Route): boolean {
  return origin === 'file';
}

function subscribedRoute(route: Route) {
  const { id, origin, by } = route;
  return { id, settings: routeSettingsSchema.parse(route), origin, by };
}

async function schedule(transaction: RouteTransaction, routeId: string, digestAt: Date | null): Promise<void> {
  await transaction.setTimer('digest', routeId, digestAt);
  await transaction.setTimer('paste-reminder', routeId, digestAt && remindAt(digestAt));
}

/** A week has one digest: the next one may be a week later than the schedule says. */
async function nextDigest(transaction: RouteTransaction, route: Route, now: Date): Promise<Date | null> {
  if (route.digest === null) return null;
  const timeZone = route.timeZone ?? transaction.account.timeZone;
  const run = nextRun(route.digest, now, timeZone);
  return (await transaction.hadDigest(route.id, localWeek(run, timeZone))) ? nextRun(route.digest, run, timeZone) : run;
}
