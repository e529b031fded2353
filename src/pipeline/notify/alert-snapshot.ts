import { closedSnapshotOf, type Alert } from '../../core/alerts/alert.ts';
import type { Cause } from '../../core/meters/classify-change.ts';
import { forecast } from '../../core/meters/forecast.ts';
import { topUpOf, type UsageHistory } from '../../core/meters/history.ts';
import type { Meter } from '../../core/meters/meter.ts';
import type { AlertSnapshot } from '../../core/notifications/notification.ts';
import type { Reading } from '../../core/meters/reading.ts';
import { leadsTo, routesFor, withholds, type Route } from '../../core/notifications/route.ts';
import type { Finding } from '../../core/rules/rule.ts';
import { shownSnooze, type StoredSnooze } from '../../core/alerts/stored-snooze.ts';
import type { DestinationRow, NewDelivery } from '../../ports/stores/account-transaction.ts';
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

/** Creates a post for every destination whose routes include the meter; for the fallback destinations if no route does. */
export function postsOf(
  snapshot: Pick<AlertSnapshot, 'topic' | 'severity' | 'forecast'>,
  meter: Meter,
  {
    routes,
    destinations,
    newId,
  }: { readonly routes: readonly Route[]; readonly destinations: readonly DestinationRow[]; readonly newId: () => string },
): readonly NewDelivery[] {
  const wanted = routesFor(meter, routes);
  const routed = destinations.filter((destination) => wanted.some((route) => leadsTo(route, destination)));
  const told = routed.filter((destination) => wanted.some((route) => leadsTo(route, destination) && !withholds(route, snapshot)));
  // An alert that a route withholds does not go to the fallback either, because it needs no action.
  const targets = routed.length > 0 ? told : destinations.filter((destination) => destination.fallback);
  return targets.map((destination) => post(newId(), destination.id, mentionsAt(destination, wanted, meter, snapshot)));
}

/**
 * Returns the people to mention: the meter's owner for a critical alert, and those whom the routes to the destination list for the
 * severity.
 */
export function mentionsAt(
  destination: DestinationRow,
  wanted: readonly Route[],
  meter: Meter,
  { severity }: Pick<Alert, 'severity'>,
): readonly Person[] {
  const owner = severity === 'critical' && meter.owner !== null ? [meter.owner] : [];
  const routed = wanted.filter((route) => leadsTo(route, destination)).flatMap((route) => route.mention[severity] ?? []);
  return uniquePeople([...owner, ...routed]);
}
