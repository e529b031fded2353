import { z } from 'zod';
import type { ExpectedInterval } from '../../../core/status/staleness.ts';
import type { PostedAlert } from '../../../core/status/digest-meter.ts';
import { decodeSnapshot } from '../../../core/notifications/notification.ts';
import type { MeterState } from '../../../core/alerts/evaluate.ts';
import { Prisma } from '../../generated/client.ts';
import type { Queries } from './queries.ts';
import { readMeterState } from './read-meter-state.ts';

/** Reads the meters of an account for a digest. */
export async function readDigestMeters(
  queries: Queries,
  accountId: string,
): Promise<readonly { meterState: MeterState; expectedInterval: ExpectedInterval }[]> {
  const sources = sourceRows.parse(
    await queries.rows`
      SELECT source.id, kind, period, every_ms AS "everyMs" FROM source LEFT JOIN poll ON poll.account_id = source.account_id AND poll.source_id = source.id
      WHERE source.account_id = ${accountId}`,
  );
  const sourceOf = new Map(sources.map(({ id, period, kind, everyMs }) => [id, { period, expectedInterval: { kind, everyMs } }]));
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

export async function readPostedAlerts(queries: Queries, meterId: string, since: Date): Promise<readonly PostedAlert[]> {
  const rows = saidRows.parse(
    await queries.rows`
      SELECT snapshot FROM notification JOIN alert ON alert.id = alert_id
      WHERE kind = 'alert' AND meter_id = ${meterId}::uuid AND (created_at >= ${since} OR open_topic IS NOT NULL) ORDER BY created_at`,
  );
  return rows.flatMap(({ snapshot: stored }): PostedAlert[] => {
    const snapshot = decodeSnapshot(stored);
    if (snapshot.kind !== 'alert' || !NEWS.has(snapshot.change)) return [];
    return [{ findings: snapshot.findings, reading: snapshot.reading, critical: snapshot.severity === 'critical' }];
  });
}

const sourceRows = z.array(z.object({ id: z.string(), kind: z.string(), period: z.unknown(), everyMs: z.number().nullable() }));
const saidRows = z.array(z.object({ snapshot: z.unknown() }));

const NEWS: ReadonlySet<string> = new Set(['fired', 'worsened', 'updated']);
