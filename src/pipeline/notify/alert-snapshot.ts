import { closedSnapshotOf, type Alert } from '../../core/alerts/alert.ts';
import type { Cause } from '../../core/meters/classify-change.ts';
import { forecast } from '../../core/meters/forecast.ts';
import { topUpOf, type UsageHistory } from '../../core/meters/history.ts';
import type { Meter } from '../../core/meters/meter.ts';
import type { AlertSnapshot } from '../../core/notifications/notification.ts';
import type { Reading } from '../../core/meters/reading.ts';
import { indexByMeter, withholds, type Route } from '../../core/notifications/route.ts';
import type { Finding } from '../../core/rules/rule.ts';
import { shownSnooze, type StoredSnooze } from '../../core/alerts/stored-snooze.ts';
import type { DestinationRow, NewDelivery, Routing } from '../../ports/stores/account-transaction.ts';
import { post } from './save-notifications.ts';
import { uniquePeople, type Person } from '../../core/text/person.ts';

/** Builds the snapshot of an alert, as of now. */
export function snapshotOf(
  alert: Alert,
  {
    change,
    findings,
    overSince = null,
    reading,
    cause,
    meter,
    history,
    snoozed,
  }: {
    readonly change: AlertSnapshot['change'];
    readonly findings: readonly Finding[];
    readonly overSince?: Date | null;
    readonly reading: Reading;
    readonly cause: Cause | null;
    readonly meter: Meter;
    readonly history: UsageHistory | null;
    readonly snoozed: StoredSnooze | null;
  },
): AlertSnapshot {
  const { source, key, label, unit, decimals, consequence, resets } = meter;
  return {
    kind: 'alert',
    change,
    alertId: alert.id,
    topic: alert.topic,
    severity: alert.severity,
    findings: findings.map(({ kind, condition, severity, detail }) => ({ kind, condition, severity, detail })),
    meter: { source, key, label, unit, decimals, consequence, resets },
    reading: {
      used: reading.used,
      total: reading.total,
      observedAt: reading.observedAt,
      period: reading.period && { ...reading.period },
      ...(reading.isCoarse && { isCoarse: true }),
      ...(reading.isTotalUnknown && { isTotalUnknown: true }),
      ...(reading.isAtLeast && { isAtLeast: true }),
    },
    openedAt: alert.openedAt,
    overSince,
    closed: closedSnapshotOf(alert, reading),
    cause: cause && { ...cause },
    topUp: topUpOf(history),
    forecast: forecast(history, reading),
    acknowledged: alert.acknowledged && { ...alert.acknowledged },
    requested: alert.requested && { ...alert.requested },
    snoozed: snoozed && shownSnooze(snoozed),
  };
}

/** The routes of a meter's alerts by the destination that they lead to. */
export type Leading = ReadonlyMap<string, { readonly destination: DestinationRow; readonly routes: readonly Route[] }>;

/** Finds for a meter which routes lead where. */
export function leadingFor({ routes }: Pick<Routing, 'routes'>): (meter: Pick<Meter, 'source' | 'key'>) => Leading {
  const routesOf = indexByMeter(routes, ({ route }) => route.meters);
  return (meter) => {
    const leading = new Map<string, { readonly destination: DestinationRow; readonly routes: Route[] }>();
    for (const { route, destination } of routesOf(meter)) {
      const known = leading.get(destination.id);
      if (known) known.routes.push(route);
      else leading.set(destination.id, { destination, routes: [route] });
    }
    return leading;
  };
}

/** Creates a post for every destination that a route of the meter leads to; for the fallback destinations if no route does. */
export function postsOf(
  snapshot: Pick<AlertSnapshot, 'topic' | 'severity' | 'forecast'>,
  meter: Meter,
  { leading, fallback, newId }: { readonly leading: Leading; readonly fallback: readonly DestinationRow[]; readonly newId: () => string },
): readonly NewDelivery[] {
  // An alert that a route withholds does not go to the fallback either, because it needs no action.
  if (leading.size === 0) return fallback.map(({ id }) => post(newId(), id, mentionsFor([], meter, snapshot)));
  return [...leading.values()].flatMap(({ destination, routes }) =>
    routes.every((route) => withholds(route, snapshot)) ? [] : [post(newId(), destination.id, mentionsFor(routes, meter, snapshot))],
  );
}

/**
 * Returns the people to mention: the meter's owner for a critical alert, and those whom the routes to the destination list for the
 * severity.
 */
export function mentionsFor(routes: readonly Route[], meter: Meter, { severity }: Pick<Alert, 'severity'>): readonly Person[] {
  const owner = severity === 'critical' && meter.owner !== null ? [meter.owner] : [];
  return uniquePeople([...owner, ...routes.flatMap((route) => route.mention[severity] ?? [])]);
}
