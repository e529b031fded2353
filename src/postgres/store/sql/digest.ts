import { z } from 'zod';
import type { ExpectedInterval } from '../../../core/status/staleness.ts';
import type { PostedAlert } from '../../../core/status/digest-meter.ts';
import { decodeSnapshot } from '../../../core/notifications/notification.ts';
import { chunked } from '../../../core/chunked.ts';
import { grouped } from '../../../core/grouped.ts';
import type { MeterState } from '../../../core/alerts/evaluate.ts';
import { Prisma } from '../../generated/client.ts';
import type { Queries } from './queries.ts';
import { idRows } from './pending-deliveries.ts';
import { readMeterState } from './read-meter-state.ts';

type DigestMeter = { readonly meterState: MeterState; readonly expectedInterval: ExpectedInterval };

/** Reads the meters of an account that have a reading, for a digest. */
export async function readDigestMeters(queries: Queries, accountId: string): Promise<readonly DigestMeter[]> {
  return readWatched(queries, accountId, Prisma.empty);
}

/** A condition on rows of `meter`. */
export const HAS_OPEN_ALERT = Prisma.sql`EXISTS (SELECT FROM alert WHERE alert.meter_id = meter.id AND open_topic IS NOT NULL)`;

/** Reads the meters of an account that have an open alert. */
export async function readMetersWithAlerts(queries: Queries, accountId: string): Promise<readonly MeterState[]> {
  return (await readWatched(queries, accountId, Prisma.sql`AND ${HAS_OPEN_ALERT}`)).map(({ meterState }) => meterState);
}

/** Meters that are read and decoded without a pause for other work. */
const METERS_AT_ONCE = 100;

async function readWatched(queries: Queries, accountId: string, which: Prisma.Sql): Promise<readonly DigestMeter[]> {
  const sources = sourceRows.parse(
    await queries.rows`
      SELECT source.id, kind, period, every_ms AS "everyMs" FROM source LEFT JOIN poll ON poll.account_id = source.account_id AND poll.source_id = source.id
      WHERE source.account_id = ${accountId}`,
  );
  const sourceOf = new Map(sources.map(({ id, period, kind, everyMs }) => [id, { period, expectedInterval: { kind, everyMs } }]));
  const found = idRows.parse(
    await queries.rows`SELECT id FROM meter WHERE account_id = ${accountId} AND observed_at IS NOT NULL ${which} ORDER BY source_id, key`,
  );
  const read: DigestMeter[] = [];
  const ids = found.map(({ id }) => id);
  for (const part of chunked(ids, METERS_AT_ONCE)) {
    const states = await readMeterState(queries, Prisma.sql`id = ANY(${part}::uuid[])`, (source) => sourceOf.get(source)?.period ?? null);
    for (const meterState of states) {
      const source = sourceOf.get(meterState.meter.source);
      if (source !== undefined) read.push({ meterState, expectedInterval: source.expectedInterval });
    }
  }
  return read;
}

export async function readPostedAlerts(
  queries: Queries,
  meterIds: readonly string[],
  since: Date,
): Promise<ReadonlyMap<string, readonly PostedAlert[]>> {
  const rows = saidRows.parse(
    await queries.rows`
      SELECT meter_id AS "meterId", snapshot FROM notification JOIN alert ON alert.id = alert_id
      WHERE kind = 'alert' AND meter_id = ANY(${[...meterIds]}::uuid[]) AND (created_at >= ${since} OR open_topic IS NOT NULL) ORDER BY created_at`,
  );
  const posted = rows.flatMap(({ meterId, snapshot: stored }) => {
    const snapshot = decodeSnapshot(stored);
    if (snapshot.kind !== 'alert' || !NEWS.has(snapshot.change)) return [];
    return [{ meterId, findings: snapshot.findings, reading: snapshot.reading, critical: snapshot.severity === 'critical' }];
  });
  return grouped(posted, ({ meterId }) => meterId);
}

const sourceRows = z.array(z.object({ id: z.string(), kind: z.string(), period: z.unknown(), everyMs: z.number().nullable() }));
const saidRows = z.array(z.object({ meterId: z.string(), snapshot: z.unknown() }));

const NEWS: ReadonlySet<string> = new Set(['fired', 'worsened', 'updated']);
