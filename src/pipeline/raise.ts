import type { Meter } from '../core/meter.ts';
import type { AlertSnapshot } from '../core/notification.ts';
import { routesFor, type Route } from '../core/route.ts';
import type { Severity } from '../core/severity.ts';
import type { Announcement, Watched } from '../core/watch.ts';
import type { DestinationRow, IngestTransaction, NewNotification } from '../ports/store.ts';
import { edit, leadsTo, post, reply, tell } from './tell.ts';

/**
 * Turns announcements into notifications with one delivery for each destination that wants them, within the ingest's
 * transaction. A recovery goes only where the alert was told; an alert that no route wants goes to the fallback.
 *
 * @returns the destinations to wake once it is committed.
 */
export async function raise(
  transaction: IngestTransaction,
  { announcements, routes, meters, newId }: {
    readonly announcements: readonly Announcement[];
    readonly routes: readonly Route[];
    readonly meters: ReadonlyMap<string, Watched>;
    readonly newId: () => string;
  },
): Promise<readonly string[]> {
  if (announcements.length === 0) return [];
  const byId = new Map([...meters.values()].map(({ meter }) => [meter.id, meter]));
  const destinations = await transaction.destinations();
  const notifications: NewNotification[] = [];
  for (const announcement of announcements) {
    const meter = meterOf(announcement);
    const snapshot = snapshotOf(announcement, meter);
    const told = await toldAt(announcement);
    const notify = (said: AlertSnapshot, deliveries: NewNotification['deliveries']) =>
      notifications.push({ id: newId(), alertId: announcement.alert.id, threadId: announcement.alert.id, snapshot: said, deliveries });
    if (announcement.change === 'recovered') {
      notify(snapshot, told.flatMap((one) => [edit(newId(), one), reply(newId(), one)]));
      continue;
    }
    const wanted = routesFor(meter, routes);
    notify(snapshot, wantedDestinations(wanted, destinations).map((destination) => post(newId(), destination.id, mentionsAt(destination, wanted, meter, announcement))));
    // The message of the milder severity points to the one that now follows it.
    if (announcement.change === 'worsened') notify({ ...snapshot, change: 'superseded' }, told.map((one) => edit(newId(), one)));
  }
  return tell(transaction, notifications);

  function meterOf({ meterId }: Announcement): Meter {
    const meter = byId.get(meterId);
    if (!meter) throw new Error('an announcement without its meter');
    return meter;
  }

  /** Where the alert was told last. Within one ingest it can open and recover: then it is about to be told. */
  async function toldAt({ alert }: Announcement): Promise<readonly { destinationId: string; deliveryId: string }[]> {
    const stored = await transaction.toldAt(alert.id);
    const pending = notifications.filter((one) => one.alertId === alert.id).flatMap((one) => one.deliveries.filter(({ action }) => action === 'post'));
    const last = new Map([...stored.map((one) => [one.destinationId, one.deliveryId] as const), ...pending.map((one) => [one.destinationId, one.id] as const)]);
    return [...last].map(([destinationId, deliveryId]) => ({ destinationId, deliveryId }));
  }

}

function wantedDestinations(wanted: readonly Route[], destinations: readonly DestinationRow[]): readonly DestinationRow[] {
  const routed = destinations.filter((destination) => wanted.some((route) => leadsTo(route, destination)));
  return routed.length > 0 ? routed : destinations.filter((destination) => destination.fallback);
}


/** The meter's owner on critical, and whom the routes to that destination name for the severity. */
function mentionsAt(destination: DestinationRow, wanted: readonly Route[], meter: Meter, { alert }: Announcement): readonly string[] {
  const severity: Severity = alert.severity;
  const owner = severity === 'critical' && meter.owner !== null ? [meter.owner] : [];
  const routed = wanted.filter((route) => leadsTo(route, destination)).flatMap((route) => route.mention[severity] ?? []);
  return [...new Set([...owner, ...routed])];
}

function snapshotOf({ alert, change, findings, reading }: Announcement, meter: Meter): AlertSnapshot {
  const { source, key, label, unit, decimals, consequence } = meter;
  return {
    kind: 'alert',
    change,
    alertId: alert.id,
    topic: alert.topic,
    severity: alert.severity,
    findings: findings.map((finding) => ({ ...finding })),
    meter: { source, key, label, unit, decimals, consequence },
    reading: { used: reading.used, total: reading.total, observedAt: reading.observedAt, period: reading.period && { ...reading.period } },
    openedAt: alert.openedAt,
  };
}
