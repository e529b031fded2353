import type { Prisma } from '../../generated/client.ts';
import type { Queries } from './queries.ts';

/**
 * Locks meters until the transaction ends, in the order in which ingests lock them: two transactions that locked the same meters in
 * different orders could deadlock. Ingests lock meters before their source and before timers.
 *
 * @param which a condition on rows of `meter`
 */
export async function holdMeters(queries: Queries, which: Prisma.Sql): Promise<void> {
  await queries.run`SELECT id FROM meter WHERE ${which} ORDER BY id FOR UPDATE`;
}
