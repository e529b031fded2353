import { z } from 'zod';
import type { StorageUse, TableUse } from '../../../core/status/storage-outlook.ts';
import { DAY_MS } from '../../../core/time/local-time.ts';
import { Prisma } from '../../generated/client.ts';
import type { Queries } from './queries.ts';

/** About this many blocks of 8 kB of a table are read. A smaller table is read as a whole. */
const SAMPLED_BLOCKS = 1_000;
const MOST_DAYS = 7;

/** Rows that count as growth: imported history came lately, but comes only once. */
const RECENT = {
  reading: Prisma.sql`least(received_at, observed_at)`,
  notification: Prisma.sql`created_at`,
  delivery: Prisma.sql`created_at`,
  attempt: Prisma.sql`started_at`,
} as const;

/** Measures the database, and estimates its rows and growth from samples. */
export async function readStorageUse(queries: Queries, now: Date): Promise<StorageUse> {
  const [database] = databaseRows.parse(
    await queries.rows`
      SELECT pg_database_size(current_database()) AS bytes, (SELECT min(created_at) FROM account) AS since`,
  );
  const ageDays = database?.since == null ? 0 : (now.getTime() - database.since.getTime()) / DAY_MS;
  const days = Math.min(MOST_DAYS, ageDays);
  const since = new Date(now.getTime() - days * DAY_MS);
  return {
    databaseBytes: Number(database?.bytes ?? 0n),
    readings: await readTableUse(queries, 'reading', since),
    deliveries: [
      await readTableUse(queries, 'notification', since),
      await readTableUse(queries, 'delivery', since),
      await readTableUse(queries, 'attempt', since),
    ],
    days,
  };
}

const databaseRows = z.array(z.object({ bytes: z.bigint(), since: z.date().nullable() }));

async function readTableUse(queries: Queries, table: keyof typeof RECENT, since: Date): Promise<TableUse> {
  const [size] = sizeRows.parse(
    await queries.rows`
      SELECT pg_relation_size(${table}::regclass) AS heap, pg_total_relation_size(${table}::regclass) AS total, current_setting('block_size')::int AS block`,
  );
  const [heap, total] = [Number(size?.heap ?? 0n), Number(size?.total ?? 0n)];
  const percent = Math.min(100, (100 * SAMPLED_BLOCKS * (size?.block ?? 1)) / Math.max(1, heap));
  const [sample] = sampleRows.parse(
    await queries.rows`
      SELECT count(*)::int AS rows, count(*) FILTER (WHERE ${RECENT[table]} >= ${since})::int AS recent, coalesce(sum(pg_column_size(${Prisma.raw(table)})), 0)::float AS bytes
      FROM ${Prisma.raw(table)} TABLESAMPLE SYSTEM (${percent}::real)`,
  );
  const { rows, recent, bytes } = sample ?? { rows: 0, recent: 0, bytes: 0 };
  const perRow = rows === 0 ? 0 : bytes / rows + POINTER_BYTES;
  return {
    rows: Math.round((rows * 100) / percent),
    bytes: total,
    rowBytes: heap === 0 ? 0 : (perRow * total) / heap,
    recentRows: Math.round((recent * 100) / percent),
  };
}

/** Of each row in its block. */
const POINTER_BYTES = 4;
const sizeRows = z.array(z.object({ heap: z.bigint(), total: z.bigint(), block: z.number() }));
const sampleRows = z.array(z.object({ rows: z.number(), recent: z.number(), bytes: z.number() }));
