import type { Finding } from '../chat/platform.ts';
import { destinationName, routesFor } from '../core/notifications/route.ts';
import { finding } from './doctor-finding.ts';
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
  const route = { kind: 'route', name: destinationName(destination), pending } as const;
  if (disabledReason !== null) return finding('bad', { ...route, problem: { disabled: disabledReason } });
  return finding(trouble === null ? 'ok' : 'off', { ...route, problem: trouble === null ? null : { trouble } });
}

async function unroutedFinding(
  store: ReadStore,
  account: string,
  destinations: readonly DestinationState[],
  named: boolean,
): Promise<readonly Finding[]> {
  const routes = await store.routes(account);
  const about = { account: named ? account : null, instead: destinations.filter(({ fallback }) => fallback).map(destinationName) };
  if (routes.every(({ meters }) => meters === null)) return [finding('off', { kind: 'no-routes', ...about })];
  const meters = (await store.meters(account)).filter(({ meter }) => routesFor(meter, routes).length === 0).map(({ meter }) => meter.key);
  return meters.length === 0 ? [] : [finding('off', { kind: 'not-routed', meters, ...about })];
}
