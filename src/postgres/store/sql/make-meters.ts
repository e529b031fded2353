import { z } from 'zod';
import { meterCapacity, type LimitName } from '../../../core/meters/limits.ts';
import type { IngestOpening, NewMeter } from '../../../ports/stores/ingest-store.ts';
import type { Queries } from './queries.ts';

/**
 * Serialises the creation of sources and meters of an account, so that two transactions cannot both take the last place under a
 * limit. Take this lock before all others: its holder may wait for other locks, so no transaction may hold one of those and wait
 * for it.
 */
export async function holdMaking(queries: Queries, accountId: string): Promise<void> {
  await queries.run`SELECT pg_advisory_xact_lock(hashtext('creditwatch make'), hashtext(${accountId}))`;
}

/** Creates a source, unless the account has reached its limit of sources; then returns false. The caller holds the lock of `holdMaking`. */
export async function makeSource(queries: Queries, { account, source, via, arrivedAt, limits }: IngestOpening): Promise<boolean> {
  const known = await queries.rows`SELECT 1 FROM source WHERE account_id = ${account} LIMIT ${limits.sourcesPerAccount}::int`;
  if (known.length >= limits.sourcesPerAccount) return false;
  await queries.run`
    INSERT INTO source (account_id, id, kind, first_seen_at) VALUES (${account}, ${source}, ${via}, ${arrivedAt}) ON CONFLICT DO NOTHING`;
  return true;
}

/**
 * Creates the meters that are new, in the given order, as far as the limits allow. The caller holds the lock of `holdMaking`.
 *
 * @returns the meters that were not created, with the limit that each exceeds
 */
export async function makeMeters(
  queries: Queries,
  { account, source, arrivedAt, limits }: IngestOpening,
  meters: ReadonlyMap<string, NewMeter>,
): Promise<ReadonlyMap<string, LimitName>> {
  const keys = [...meters.keys()];
  const known = keyRows.parse(
    await queries.rows`SELECT key FROM meter WHERE account_id = ${account} AND source_id = ${source} AND key = ANY(${keys})`,
  );
  const isKnown = new Set(known.map(({ key }) => key));
  const fresh = [...meters].filter(([key]) => !isKnown.has(key));
  if (fresh.length === 0) return new Map();
  const [held] = countRows.parse(
    await queries.rows`
      SELECT count(*) FILTER (WHERE source_id = ${source})::int AS "ofSource", count(*)::int AS "ofAccount" FROM meter WHERE account_id = ${account}`,
  );
  const { room, limit } = meterCapacity(limits, held ?? { ofSource: 0, ofAccount: 0 });
  const specs = JSON.stringify(fresh.slice(0, room).map(([key, { id, initial }]) => ({ id, key, ...initial })));
  // Another process may start now and declare some of these meters.
  await queries.run`
    INSERT INTO meter (id, account_id, source_id, key, label, unit, decimals, aliases, consequence, created_at)
    SELECT id, ${account}, ${source}, key, label, unit, decimals, aliases, consequence, ${arrivedAt}
    FROM jsonb_to_recordset(${specs}::jsonb) AS spec(id uuid, key text, label text, unit text, decimals int, aliases text[], consequence text)
    ORDER BY key
    ON CONFLICT (account_id, source_id, key) DO NOTHING`;
  return new Map(fresh.slice(room).map(([key]) => [key, limit]));
}

const keyRows = z.array(z.object({ key: z.string() }));
const countRows = z.array(z.object({ ofSource: z.int(), ofAccount: z.int() }));
