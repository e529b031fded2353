import { z } from 'zod';
import { storedBigint } from '../../../core/json-codecs.ts';
import type { MeterState } from '../../../core/alerts/evaluate.ts';
import type { Prisma } from '../../generated/client.ts';
import type { Queries } from './queries.ts';
import { currentReadingFromRow, figureShape, historyFromMeter, memoryFromRow, meterFromRow, storedSnoozeFromRow } from './meter-rows.ts';
import { alertFromRow, alertShape } from './rows.ts';

/**
 * Reads meters with all data needed to evaluate them, by source and key, so that alerts of one ingest are posted in the same order every
 * time. One statement returns one value: reading row by row through relations would be the most expensive part of an ingest.
 *
 * @param which a condition on rows of `meter`
 * @param periodOf the period of a source, which decides whether its meters reset
 */
export async function readMeterState(
  queries: Queries,
  which: Prisma.Sql,
  periodOf: (source: string) => unknown,
): Promise<readonly MeterState[]> {
  const [answer] = answers.parse(
    await queries.rows`
      SELECT coalesce(json_agg(json_build_object(
        'id', id, 'accountId', account_id, 'sourceId', source_id, 'key', key, 'label', label, 'unit', unit, 'decimals', decimals, 'aliases', aliases,
        'owner', owner, 'consequence', consequence, 'used', used::text, 'total', total::text, 'observedAt', extract(epoch FROM observed_at),
        'periodStart', extract(epoch FROM period_start), 'periodEnd', extract(epoch FROM period_end), 'periodBeganAt', extract(epoch FROM period_began_at),
        'resetPending', reset_pending, 'held', held, 'isCoarse', is_coarse, 'isTotalUnknown', is_total_unknown, 'isAtLeast', is_at_least, 'measured', measured,
        'closedAtUsed', closed_at_used::text, 'jumpedFrom', jumped_from::text, 'jumpedTo', jumped_to::text, 'history', history, 'historyTip', history_tip, 'snoozed', snoozed, 'statedTotal', stated_total::text,
        'memories', (
          SELECT coalesce(json_agg(json_build_object('ruleId', rule_id, 'ruleVersion', rule_version, 'state', state, 'firings', firings)), '[]')
          FROM rule_memory WHERE meter_id = meter.id),
        'alerts', (
          SELECT coalesce(json_agg(json_build_object(
            'id', id, 'topic', topic, 'status', status, 'severity', severity, 'conditions', conditions, 'openedAt', extract(epoch FROM opened_at),
            'resolvedAt', extract(epoch FROM resolved_at), 'resolution', resolution, 'acknowledgedBy', acknowledged_by, 'acknowledgedAt', extract(epoch FROM acknowledged_at),
            'requestedBy', requested_by, 'requestedAt', extract(epoch FROM requested_at), 'repeatedAt', extract(epoch FROM repeated_at)) ORDER BY opened_at, topic), '[]')
          FROM alert WHERE meter_id = meter.id AND open_topic IS NOT NULL)
      ) ORDER BY source_id, key), '[]')::text AS meters
      FROM meter WHERE ${which}`,
  );
  return watchedRows.parse(JSON.parse(answer?.meters ?? '[]')).map((row) => ({
    meter: meterFromRow(row, { period: periodOf(row.sourceId) }),
    current: currentReadingFromRow(row),
    history: historyFromMeter(row),
    memories: new Map(row.memories.map((memory) => [memory.ruleId, memoryFromRow(memory)])),
    alerts: new Map(row.alerts.map(alertFromRow).map((alert) => [alert.topic, alert])),
    snoozed: storedSnoozeFromRow(row),
    statedTotal: row.statedTotal,
  }));
}

const answers = z.array(z.object({ meters: z.string() }));

/** Seconds since 1970, with millisecond precision. */
const instant = z.number().transform((seconds) => new Date(Math.round(seconds * 1000)));
const watchedRows = z.array(
  z.object({
    ...figureShape(instant, storedBigint),
    periodBeganAt: instant.nullable(),
    resetPending: z.boolean(),
    closedAtUsed: storedBigint.nullable(),
    jumpedFrom: storedBigint.nullable(),
    jumpedTo: storedBigint.nullable(),
    history: z.unknown(),
    historyTip: z.unknown(),
    measured: z.unknown(),
    snoozed: z.unknown(),
    statedTotal: storedBigint.nullable(),
    memories: z.array(z.object({ ruleId: z.string(), ruleVersion: z.number(), state: z.unknown(), firings: z.unknown() })),
    alerts: z.array(z.object(alertShape(instant))),
  }),
);
