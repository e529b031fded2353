import { z } from 'zod';
import type { Cursor } from '../../../ports/stores/retention-store.ts';
import { Prisma } from '../../generated/client.ts';
import type { Queries } from './queries.ts';

/** A row of these tables has 100 bytes or more, so this many blocks of 8 kB have 5,000 rows at most. */
const BLOCKS = 64;

/**
 * Bounds a statement to some blocks of a table, which PostgreSQL reads one after the other. So old rows are found without an index that each
 * new row would pay for.
 *
 * @returns `next` is null if these are the last blocks
 */
export async function blocksFrom(
  queries: Queries,
  table: 'alert' | 'notification',
  from: Cursor,
): Promise<{ readonly isWithin: Prisma.Sql; readonly next: Cursor | null }> {
  const [size] = sizeRows.parse(
    await queries.rows`SELECT pg_relation_size(${table}::regclass) / current_setting('block_size')::bigint AS blocks`,
  );
  const first = Number(from);
  const end = first + BLOCKS;
  const isWithin = Prisma.sql`${Prisma.raw(table)}.ctid >= ${`(${String(first)},0)`}::tid AND ${Prisma.raw(table)}.ctid < ${`(${String(end)},0)`}::tid`;
  return { isWithin, next: end < Number(size?.blocks ?? 0n) ? String(end) : null };
}

const sizeRows = z.array(z.object({ blocks: z.bigint() }));
