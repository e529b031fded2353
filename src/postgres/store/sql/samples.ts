import { z } from 'zod';
import { plainText } from '../../../core/text/plain-text.ts';
import type { DestinationCount, MeterSample } from '../../../ports/stores/read-store.ts';
import { Prisma } from '../../generated/client.ts';
import type { Database } from './database.ts';
import type { Queries } from './queries.ts';

/** The meters of one statement, which are decoded without a pause: a few milliseconds. */
const AT_ONCE = 250;

/** Streams the measured figures of all meters that have some, in the order of their unique key. */
export async function* readSamples(database: Database): AsyncGenerator<readonly MeterSample[]> {
  let after: MeterSample | undefined;
  do {
    const from =
      after === undefined ? Prisma.empty : Prisma.sql`AND (account_id, source_id, key) > (${after.account}, ${after.source}, ${after.key})`;
    const samples = sampleRows.parse(
      await database.query(
        (queries) => queries.rows`
          SELECT account_id AS account, source_id AS source, key, unit, decimals, CASE WHEN is_total_unknown THEN NULL ELSE total END AS total,
            CASE WHEN is_at_least THEN NULL WHEN total IS NOT NULL THEN total - used END AS remaining,
            CASE WHEN is_total_unknown AND total IS NOT NULL THEN NULL WHEN is_at_least THEN (measured ->> 'used')::bigint ELSE used END AS used,
            CASE WHEN is_at_least THEN (measured ->> 'observedAt')::timestamptz(3) ELSE observed_at END AS "observedAt"
          FROM meter WHERE observed_at IS NOT NULL AND used IS NOT NULL AND (NOT is_at_least OR measured IS NOT NULL) ${from} ORDER BY account_id, source_id, key LIMIT ${AT_ONCE}::int`,
      ),
    );
    yield samples;
    after = samples.length === AT_ONCE ? samples.at(-1) : undefined;
  } while (after !== undefined);
}

const sampleRows = z.array(
  z.object({
    account: z.string(),
    source: z.string(),
    key: z.string(),
    unit: z.string().transform(plainText),
    decimals: z.number(),
    used: z.bigint().nullable(),
    remaining: z.bigint().nullable(),
    total: z.bigint().nullable(),
    observedAt: z.date(),
  }),
);

/** Counts pending deliveries and disabled destinations per account and platform. */
export async function countDestinations(queries: Queries): Promise<readonly DestinationCount[]> {
  return countRows.parse(
    await queries.rows`
      SELECT account_id AS account, kind, count(*) FILTER (WHERE disabled_reason IS NOT NULL)::int AS disabled, coalesce(sum(waiting.count), 0)::int AS pending
      FROM destination LEFT JOIN (SELECT destination_id, count(*) FROM delivery WHERE status = 'pending' GROUP BY destination_id) AS waiting
        ON waiting.destination_id = destination.id
      GROUP BY account_id, kind ORDER BY account_id, kind`,
  );
}

const countRows = z.array(z.object({ account: z.string(), kind: z.string(), pending: z.int(), disabled: z.int() }));
