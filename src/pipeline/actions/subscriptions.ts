import type { MeterSelector } from '../../core/meters/meter.ts';
import { leadsTo, settingsOf, type DestinationAddress, type Route, type RouteSettings } from '../../core/notifications/route.ts';
import { localWeek, nextRun, remindAt, USUAL_DIGEST } from '../../core/time/schedule.ts';
import type { Clock } from '../../ports/clock.ts';
import type { RouteTransaction, SubscriptionStore } from '../../ports/stores/action-store.ts';
import type { Subscriptions } from '../../ports/inbound/subscriptions.ts';
import { digestSnapshot } from '../notify/digest-snapshot.ts';
import { isSamePerson } from '../../core/text/person.ts';

/**
 * Open alerts are posted to a new route only after it is confirmed that they can be delivered; otherwise the first one would fail and
 * be reported while the person is being told how to fix it. Without a confirmation they are posted after this delay.
 */
const UNCONFIRMED_MS = 60_000;

/** Creates the subscriptions from chat: one route for each place, in addition to those of the file. */
export function createSubscriptions(options: {
  readonly store: SubscriptionStore;
  readonly clock: Clock;
  /** Called when a timer is due now. */
  readonly onDue?: () => void;
}): Subscriptions {
  const { store, clock, onDue } = options;

  return {
    at: (account, place) => held(account, async (transaction) => (await routesAt(transaction, place)).map(subscribedRoute)),

    subscribe: ({ account, place, by, meters, operations, replaces = false }) =>
      held(account, async (transaction, now) => {
        const routes = await routesAt(transaction, place);
        if (routes.some(isOfFile)) return { done: 'managed-in-file' };
        const [former] = routes;
        const settings = former && !replaces ? addedTo(former, { meters, operations }) : usual({ meters, operations });
        await save(transaction, { id: routeId(place), destination: place, origin: 'chat', by, ...settings }, now);
        await transaction.setTimer('announce-open-alerts', routeId(place), new Date(now.getTime() + UNCONFIRMED_MS));
        const about = { ...(meters !== null && { meters }), ...(operations && { operations }) };
        await transaction.record({ action: 'subscribe', actor: by, about, place });
        return { done: 'subscribed', settings, former: former ? subscribedRoute(former) : null };
      }),

    confirm: ({ account, place }) =>
      held(account, (transaction, now) => transaction.setTimer('announce-open-alerts', routeId(place), now), onDue),

    takeBack: ({ account, place, by, former }) =>
      held(account, async (transaction, now) => {
        const mine = (await routesAt(transaction, place)).find(
          (route) => !isOfFile(route) && route.by !== null && isSamePerson(route.by, by),
        );
        if (!mine) return;
        await transaction.setTimer('announce-open-alerts', mine.id, null);
        await transaction.record({ action: 'subscribe-undone', actor: by, place });
        if (former)
          await save(transaction, { id: former.id, destination: place, origin: former.origin, by: former.by, ...former.settings }, now);
        else await remove(transaction, mine.id);
      }),

    unsubscribe: ({ account, place, by }) =>
      held(account, async (transaction) => {
        const routes = await routesAt(transaction, place);
        if (routes.some(isOfFile)) return { done: 'managed-in-file' };
        for (const { id } of routes) await remove(transaction, id);
        if (routes.length > 0) await transaction.record({ action: 'unsubscribe', actor: by, place });
        return { done: routes.length === 0 ? 'nothing' : 'unsubscribed' };
      }),

    setDigest: ({ account, place, by, digest }) =>
      held(account, async (transaction, now) => {
        const routes = await routesAt(transaction, place);
        if (routes.some(isOfFile)) return { done: 'managed-in-file' };
        const [known] = routes;
        if (!known) return { done: 'nothing' };
        const route = { ...known, digest };
        await transaction.saveRoute(route);
        const about = { digest: digest === null ? 'off' : `${digest.weekday} ${digest.at}` };
        await transaction.record({ action: 'digest-set', actor: by, about, place });
        const nextAt = await nextDigest(transaction, route, now);
        await schedule(transaction, route.id, nextAt);
        return { done: 'set', settings: settingsOf(route), nextAt };
      }),

    digestNow: (account, place) =>
      held(account, async (transaction, now) => {
        const routes = place === null ? [] : await routesAt(transaction, place);
        const route = routes.find(({ meters }) => meters !== null);
        const timeZone = route?.timeZone ?? transaction.account.timeZone;
        return digestSnapshot(transaction, { meters: route?.meters ?? 'all', dueAt: now, late: false, timeZone, now });
      }),
  };

  async function held<T>(
    account: string,
    work: (transaction: RouteTransaction, now: Date) => Promise<T>,
    committed?: () => void,
  ): Promise<T> {
    const now = clock.now();
    const result = await store.withRoutes(account, now, (transaction) => work(transaction, now));
    committed?.();
    return result;
  }
}

function usual(command: Pick<Route, 'meters' | 'operations'>): RouteSettings {
  const { meters, operations } = command;
  return { meters, operations, mention: {}, digest: USUAL_DIGEST, timeZone: null, onlyIfRunningOut: false, recovery: 'thread' };
}

/** A second subscription adds to the first and keeps its digest. */
function addedTo(former: Route, { meters, operations }: Pick<Route, 'meters' | 'operations'>): RouteSettings {
  return {
    ...settingsOf(former),
    meters: former.meters === null || meters === null ? (former.meters ?? meters) : allOf(former.meters, meters),
    operations: former.operations || operations,
  };
}

function allOf(one: MeterSelector, other: MeterSelector): MeterSelector {
  return one === 'all' || other === 'all' ? 'all' : [...new Set([...one, ...other])];
}

/** Chat has one route for each place. */
function routeId({ kind, address }: DestinationAddress): string {
  return `chat:${kind}:${address}`;
}

async function routesAt(transaction: RouteTransaction, place: DestinationAddress): Promise<readonly Route[]> {
  return (await transaction.routes()).filter((route) => leadsTo(route, place));
}

function isOfFile({ origin }: Route): boolean {
  return origin === 'file';
}

function subscribedRoute(route: Route) {
  const { id, origin, by } = route;
  return { id, settings: settingsOf(route), origin, by };
}

async function save(transaction: RouteTransaction, route: Route, now: Date): Promise<void> {
  await transaction.saveRoute(route);
  await schedule(transaction, route.id, await nextDigest(transaction, route, now));
}

async function remove(transaction: RouteTransaction, id: string): Promise<void> {
  await transaction.removeRoute(id);
  await schedule(transaction, id, null);
}

async function schedule(transaction: RouteTransaction, routeId: string, digestAt: Date | null): Promise<void> {
  await transaction.setTimer('digest', routeId, digestAt);
  await transaction.setTimer('paste-reminder', routeId, digestAt && remindAt(digestAt));
}

/** A route has one digest per week, so the next one may be a week later than the schedule says. */
async function nextDigest(transaction: RouteTransaction, route: Route, now: Date): Promise<Date | null> {
  if (route.digest === null) return null;
  const timeZone = route.timeZone ?? transaction.account.timeZone;
  const run = nextRun(route.digest, now, timeZone);
  return (await transaction.hadDigest(route.id, localWeek(run, timeZone))) ? nextRun(route.digest, run, timeZone) : run;
}
