import { z } from 'zod';
import type { Closing } from '../../ports/timer-store.ts';
import type { Prisma } from '../generated/client.ts';

const closedRows = z.array(
  z.object({
    key: z.string(),
    label: z.string(),
    unit: z.string(),
    decimals: z.number(),
    used: z.bigint(),
    total: z.bigint().nullable(),
    observed_at: z.date(),
    period_start: z.date(),
    period_end: z.date(),
    top_ups: z.bigint(),
    begun: z.date(),
    ends: z.date(),
  }),
);

/** The last reading of each meter within the period before its present one, and how often the total grew in it. */
export async function readClosing(queries: Prisma.TransactionClient, accountId: string, source: string): Promise<Closing | null> {
  const rows = closedRows.parse(
    await queries.$queryRaw`
      SELECT meter.key, meter.label, meter.unit, meter.decimals, last.*, meter.period_start AS begun, meter.period_end AS ends,
        (SELECT count(*) FROM (
          SELECT total, lag(total) OVER (ORDER BY observed_at) AS before FROM reading
          WHERE meter_id = meter.id AND observed_at >= last.period_start AND observed_at < last.period_end
        ) AS totals WHERE total > before) AS top_ups
      FROM meter CROSS JOIN LATERAL (
        SELECT used, total, observed_at, period_start, period_end FROM reading
        WHERE meter_id = meter.id AND observed_at < meter.period_start ORDER BY observed_at DESC LIMIT 1
      ) AS last
      WHERE meter.account_id = ${accountId} AND meter.source_id = ${source} AND last.period_start < meter.period_start AND last.period_end >= last.observed_at
      ORDER BY meter.label`,
  );
  const [first] = rows;
  if (first === undefined) return null;
  return {
    period: { start: first.begun, end: first.ends },
    ended: { start: first.period_start, end: first.period_end },
    meters: rows.map(({ key, label, unit, decimals, used, total, observed_at, period_start, period_end, top_ups }) => ({
      meter: { source, key, label, unit, decimals },
      reading: { used, total, observedAt: observed_at, period: { start: period_start, end: period_end } },
      topUps: Number(top_ups),
    })),
  };
}
