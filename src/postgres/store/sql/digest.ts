import type { ExpectedInterval } from '../../../core/status/staleness.ts';
import type { PostedAlert } from '../../../core/status/digest-meter.ts';
import { decodeSnapshot } from '../../../core/notifications/notification.ts';
import type { MeterState } from '../../../core/alerts/evaluate.ts';
import { Prisma } from '../../generated/client.ts';
import { expectedIntervalFromRow } from './rows.ts';
import { readMeterState } from './read-meter-state.ts';

/** Reads the meters of an account for a digest. */
export async function readDigestMeters(
  queries: Prisma.TransactionClient,
  accountId: string,
): Promise<readonly { meterState: MeterState; expectedInterval: ExpectedInterval }[]> {
  const sources = await queries.source.findMany({ where: { accountId }, include: { poll: true } });
  const sourceOf = new Map(
    sources.map((source) => [source.id, { period: source.period, expectedInterval: expectedIntervalFromRow(source) }]),
  );
  const meters = await readMeterState(
    queries,
    Prisma.sql`account_id = ${accountId} AND observed_at IS NOT NULL`,
    (source) => sourceOf.get(source)?.period ?? null,
  );
  return meters.flatMap((meterState) => {
    const source = sourceOf.get(meterState.meter.source);
    return source === undefined ? [] : [{ meterState, expectedInterval: source.expectedInterval }];
  });
}

export async function readPostedAlerts(queries: Prisma.TransactionClient, meterId: string, since: Date): Promise<readonly PostedAlert[]> {
  const rows = await queries.notification.findMany({
    where: { kind: 'alert', alert: { meterId }, OR: [{ createdAt: { gte: since } }, { alert: { openTopic: { not: null } } }] },
    orderBy: { createdAt: 'asc' },
  });
  return rows.flatMap(({ snapshot: stored }): PostedAlert[] => {
    const snapshot = decodeSnapshot(stored);
    if (snapshot.kind !== 'alert' || !NEWS.has(snapshot.change)) return [];
    return [{ findings: snapshot.findings, reading: snapshot.reading, critical: snapshot.severity === 'critical' }];
  });
}

const NEWS: ReadonlySet<string> = new Set(['fired', 'worsened', 'updated']);
