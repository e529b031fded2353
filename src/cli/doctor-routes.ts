import type { Finding } from '../chat/platform.ts';
import { destinationName, routesFor } from '../core/notifications/route.ts';
import type { DestinationState, ReadStore } from '../ports/stores/read-store.ts';

/** Returns a finding for each destination with routes, pending deliveries or a failure, and one for meters that no route includes. */
export async function routeFindings(store: ReadStore): Promise<readonly Finding[]> {
  const [accounts, all] = await Promise.all([store.accounts(), store.destinations()]);
  const destinations = all.filter((one) => one.routes.length > 0 || one.pending > 0 || one.disabledReason !== null);
  const unrouted = await Promise.all(
    accounts.map((id) =>
      unroutedFinding(
        store,
        id,
        all.filter((one) => one.account === id),
        accounts.length > 1,
      ),
    ),
  );
  return [...destinations.map(destinationFinding), ...unrouted.flat()];
}

function destinationFinding(destination: DestinationState): Finding {
  const { disabledReason, pending, trouble } = destination;
  const name = destinationName(destination);
  const waiting = pending === 0 ? '' : `, ${String(pending)} waiting`;
  if (disabledReason !== null)
    return { what: `Route ${name}`, state: 'bad', says: `off${waiting}: ${disabledReason} Then: npx creditwatch test ${name}` };
  return {
    what: `Route ${name}`,
    state: trouble === null ? 'ok' : 'off',
    says: `on${waiting}${trouble === null ? '' : `, tried again: ${trouble}`}`,
  };
}

const MOST_NAMED = 5;

async function unroutedFinding(
  store: ReadStore,
  account: string,
  destinations: readonly DestinationState[],
  named: boolean,
): Promise<readonly Finding[]> {
  const routes = await store.routes(account);
  const what = named ? `Alerts of ${account}` : 'Alerts';
  const instead = destinations
    .filter(({ fallback }) => fallback)
    .map(destinationName)
    .join(', ');
  const how = 'Type /usage subscribe in a channel, or add a route to creditwatch.yml.';
  if (routes.every(({ meters }) => meters === null))
    return [{ what, state: 'off', says: `no channel gets them yet: they go to ${instead}. ${how}` }];
  const unrouted = (await store.meters(account)).filter(({ meter }) => routesFor(meter, routes).length === 0).map(({ meter }) => meter.key);
  if (unrouted.length === 0) return [];
  const names = `${unrouted.slice(0, MOST_NAMED).join(', ')}${unrouted.length > MOST_NAMED ? ` and ${String(unrouted.length - MOST_NAMED)} more` : ''}`;
  return [{ what, state: 'off', says: `no route gets those of ${names}: they go to ${instead}. ${how}` }];
}
