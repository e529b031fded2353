import { encodeSnooze, type StoredSnooze } from '../../../core/alerts/stored-snooze.ts';
import type { Alert } from '../../../core/alerts/alert.ts';
import { Prisma } from '../../generated/client.ts';
import { toJson } from './json.ts';
import { encodePerson } from '../../../core/text/person.ts';

type Queries = Prisma.TransactionClient;

/** Saves closed alerts before open ones, because the unique key allows one open alert per topic. */
export async function saveAlerts(queries: Queries, accountId: string, meterId: string, alerts: readonly Alert[]): Promise<void> {
  for (const alert of [...alerts].sort((a, b) => Number(b.status === 'resolved') - Number(a.status === 'resolved'))) {
    const { id, topic, status, severity, conditions, openedAt, resolvedAt, resolution, acknowledged, requested, repeatedAt } = alert;
    const row = {
      topic,
      openTopic: status === 'resolved' ? null : topic,
      status,
      severity,
      conditions: toJson(conditions.map((one) => ({ ...one, since: one.since?.toISOString() ?? null }))),
      openedAt,
      resolvedAt,
      resolution,
      acknowledgedBy: acknowledged && encodePerson(acknowledged.by),
      acknowledgedAt: acknowledged?.at ?? null,
      requestedBy: requested && encodePerson(requested.by),
      requestedAt: requested?.at ?? null,
      repeatedAt,
    };
    await queries.alert.upsert({ where: { id }, create: { id, accountId, meterId, ...row }, update: row });
  }
}

export async function saveSnooze(queries: Queries, meterId: string, snoozed: StoredSnooze | null): Promise<void> {
  await queries.meter.update({
    where: { id: meterId },
    data: { snoozed: snoozed === null ? Prisma.DbNull : toJson(encodeSnooze(snoozed)) },
  });
}
