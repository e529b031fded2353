import { z } from 'zod';
import type { AccountContents } from '../../../ports/stores/setup-store.ts';
import { Prisma } from '../../generated/client.ts';
import type { Database } from './database.ts';
import type { Queries } from './queries.ts';

const MOST_AT_ONCE = 50_000;
const countRows = z.array(z.object({ count: z.coerce.number() })).length(1);

const COUNTED = [
  'source',
  'meter',
  'alert',
  'notification',
  'destination',
  'route',
  'secret',
  'capture_key',
  'teams_conversation',
  'teams_person',
] as const;

/** Counts the rows of an account per table; null if there is no such account. */
export async function contentsOf(queries: Queries, account: string): Promise<AccountContents | null> {
  if ((await counted(queries, Prisma.sql`FROM account WHERE id = ${account}`)) === 0) return null;
  const contents: Record<string, number> = {
    reading: await counted(queries, Prisma.sql`FROM reading JOIN meter ON meter.id = reading.meter_id WHERE meter.account_id = ${account}`),
    delivery: await counted(
      queries,
      Prisma.sql`FROM delivery JOIN notification ON notification.id = delivery.notification_id WHERE notification.account_id = ${account}`,
    ),
  };
  for (const table of COUNTED)
    contents[table] = await counted(queries, Prisma.sql`FROM ${Prisma.raw(table)} WHERE account_id = ${account}`);
  return contents;
}

async function counted(queries: Queries, from: Prisma.Sql): Promise<number> {
  return countRows.parse(await queries.rows`SELECT count(*) AS count ${from}`)[0]?.count ?? 0;
}

/** Deletes the readings of an account in batches, because millions in one statement would take too long. */
export async function deleteReadings(database: Database, account: string): Promise<void> {
  const deletePart = (queries: Queries) => queries.run`
    DELETE FROM reading WHERE (meter_id, observed_at) IN (
      SELECT reading.meter_id, reading.observed_at FROM reading JOIN meter ON meter.id = reading.meter_id WHERE meter.account_id = ${account} LIMIT ${MOST_AT_ONCE}::int)`;
  while ((await database.query(deletePart)) === MOST_AT_ONCE);
}
