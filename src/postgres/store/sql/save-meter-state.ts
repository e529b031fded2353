import { encodeSnooze, type StoredSnooze } from '../../../core/alerts/stored-snooze.ts';
import type { Alert } from '../../../core/alerts/alert.ts';
import type { Queries } from './queries.ts';
import { encodePerson } from '../../../core/text/person.ts';

/**
 * Saves the alerts of meters, in two statements at most. Closed alerts come before open ones, because the unique key allows one open
 * alert per topic.
 */
export async function saveAlerts(
  queries: Queries,
  accountId: string,
  alerts: readonly { readonly meterId: string; readonly alert: Alert }[],
): Promise<void> {
  const isClosed = ({ alert }: (typeof alerts)[number]) => alert.status === 'resolved';
  for (const rows of [alerts.filter(isClosed), alerts.filter((one) => !isClosed(one))]) {
    if (rows.length === 0) continue;
    await queries.run`
      INSERT INTO alert (id, account_id, meter_id, topic, open_topic, status, severity, conditions, opened_at, resolved_at, resolution,
        acknowledged_by, acknowledged_at, requested_by, requested_at, repeated_at)
      SELECT id, ${accountId}, meter_id, topic, open_topic, status, severity, conditions, opened_at, resolved_at, resolution,
        acknowledged_by, acknowledged_at, requested_by, requested_at, repeated_at
      FROM jsonb_to_recordset(${JSON.stringify(rows.map(alertRow))}::jsonb) AS new(id uuid, meter_id uuid, topic text, open_topic text, status text,
        severity text, conditions jsonb, opened_at timestamptz, resolved_at timestamptz, resolution text, acknowledged_by text,
        acknowledged_at timestamptz, requested_by text, requested_at timestamptz, repeated_at timestamptz)
      ON CONFLICT (id) DO UPDATE SET topic = excluded.topic, open_topic = excluded.open_topic, status = excluded.status,
        severity = excluded.severity, conditions = excluded.conditions, opened_at = excluded.opened_at, resolved_at = excluded.resolved_at,
        resolution = excluded.resolution, acknowledged_by = excluded.acknowledged_by, acknowledged_at = excluded.acknowledged_at,
        requested_by = excluded.requested_by, requested_at = excluded.requested_at, repeated_at = excluded.repeated_at`;
  }
}

function alertRow({ meterId, alert }: { readonly meterId: string; readonly alert: Alert }): object {
  const { id, topic, status, severity, conditions, openedAt, resolvedAt, resolution, acknowledged, requested, repeatedAt } = alert;
  return {
    id,
    meter_id: meterId,
    topic,
    open_topic: status === 'resolved' ? null : topic,
    status,
    severity,
    conditions: conditions.map((one) => ({ ...one, since: one.since?.toISOString() ?? null })),
    opened_at: openedAt,
    resolved_at: resolvedAt,
    resolution,
    acknowledged_by: acknowledged && encodePerson(acknowledged.by),
    acknowledged_at: acknowledged?.at ?? null,
    requested_by: requested && encodePerson(requested.by),
    requested_at: requested?.at ?? null,
    repeated_at: repeatedAt,
  };
}

export async function saveSnooze(queries: Queries, meterId: string, snoozed: StoredSnooze | null): Promise<void> {
  const stored = snoozed && JSON.stringify(encodeSnooze(snoozed));
  await queries.run`UPDATE meter SET snoozed = ${stored}::jsonb WHERE id = ${meterId}::uuid`;
}
