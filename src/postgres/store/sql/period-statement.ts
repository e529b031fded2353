import { z } from 'zod';
import { finalReading } from '../../../core/meters/final-reading.ts';
import { storedBigint } from '../../../core/json-codecs.ts';
import type { PeriodStatement } from '../../../ports/stores/timer-store.ts';
import type { Queries } from './queries.ts';

const closedRows = z.array(
  z.object({
    key: z.string(),
    label: z.string(),
    unit: z.string(),
    decimals: z.number(),
    readings: z.array(z.object({ used: storedBigint, total: storedBigint.nullable(), at: z.number() })),
    period_start: z.date(),
    period_end: z.date(),
    top_ups: z.bigint(),
    begun: z.date(),
    ends: z.date(),
  }),
);

/** Enough readings to find the last one that counts: single readings may be wrong, and a counter may reset early once. */
const LAST_READINGS = 30;

/** Reads the last figure of each meter in the period before its current one, and how often the total grew during that period. */
export async function readPeriodStatement(queries: Queries, accountId: string, source: string): Promise<PeriodStatement | null> {
  const rows = closedRows.parse(
    await queries.rows`
      SELECT meter.key, meter.label, meter.unit, meter.decimals, last.period_start, last.period_end, meter.period_start AS begun, meter.period_end AS ends,
        (SELECT count(*) FROM (
          SELECT total, lag(total) OVER (ORDER BY observed_at) AS before FROM reading
          WHERE meter_id = meter.id AND observed_at >= last.period_start AND observed_at < last.period_end
        ) AS totals WHERE total > before AND before > 0) AS top_ups,
        (SELECT json_agg(json_build_object('used', used::text, 'total', total::text, 'at', extract(epoch FROM observed_at) * 1000) ORDER BY observed_at) FROM (
          SELECT used, total, observed_at FROM reading
          WHERE meter_id = meter.id AND observed_at >= last.period_start AND observed_at <= last.observed_at ORDER BY observed_at DESC LIMIT ${LAST_READINGS}
        ) AS latest) AS readings
      FROM meter CROSS JOIN LATERAL (
        SELECT observed_at, period_start, period_end FROM reading
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
    meters: rows.flatMap(({ key, label, unit, decimals, readings, period_start: start, period_end: end, top_ups: topUps }) => {
      const period = { start, end };
      const all = readings.map(({ used, total, at }) => ({ used, total, observedAt: new Date(at), period }));
      const reading = finalReading(all, { resets: true });
      return reading === null ? [] : [{ meter: { source, key, label, unit, decimals }, reading, topUps: Number(topUps) }];
    }),
  };
}
