import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { encodeSnooze } from '../../../core/alerts/stored-snooze.ts';
import { encodeBody, encodeTip, hasSameBody } from '../../../core/meters/stored-history.ts';
import { encodeReading } from '../../../core/json-codecs.ts';
import { encodeHeld } from '../../../core/meters/held-reading.ts';
import type { Firing } from '../../../core/alerts/evaluate.ts';
import type { IngestOpening, MeterDecision } from '../../../ports/stores/ingest-store.ts';
import type { Queries } from './queries.ts';
import { saveAlerts } from './save-meter-state.ts';

/**
 * Stores the current readings of meters, the memory of their rules, their alerts and firings. Returns the firings that were new
 * under the once-per-period key.
 */
export async function saveDecisions(
  queries: Queries,
  { account, arrivedAt }: Pick<IngestOpening, 'account' | 'arrivedAt'>,
  decisions: readonly MeterDecision[],
): Promise<readonly Firing[]> {
  if (decisions.length === 0) return [];
  const states = decisions.flatMap(({ before, meterState: { meter, current, history, snoozed } }) => {
    if (current === null) return [];
    const rests = before.history !== null && history !== null && hasSameBody(before.history, history);
    return [
      {
        id: meter.id,
        used: current.reading.used.toString(),
        total: current.reading.total?.toString() ?? null,
        observed_at: current.reading.observedAt,
        period_start: current.reading.period?.start ?? null,
        period_end: current.reading.period?.end ?? null,
        period_began_at: current.periodBeganAt,
        reset_pending: current.resetPending,
        held: current.held && encodeHeld(current.held),
        is_coarse: current.reading.isCoarse ?? false,
        is_total_unknown: current.reading.isTotalUnknown ?? false,
        is_at_least: current.reading.isAtLeast ?? false,
        measured: current.measured ? encodeReading(current.measured) : null,
        closed_at_used: current.closedAtUsed?.toString() ?? null,
        jumped_from: current.jump?.from.toString() ?? null,
        jumped_to: current.jump?.to.toString() ?? null,
        snoozed: snoozed && encodeSnooze(snoozed),
        history: history && !rests ? encodeBody(history) : null,
        history_tip: history && encodeTip(history),
      },
    ];
  });
  await queries.run`
    UPDATE meter SET used = new.used, total = new.total, observed_at = new.observed_at, period_start = new.period_start,
      period_end = new.period_end, period_began_at = new.period_began_at, reset_pending = new.reset_pending, held = new.held, is_coarse = new.is_coarse, snoozed = new.snoozed,
      is_total_unknown = new.is_total_unknown, is_at_least = new.is_at_least, measured = new.measured, closed_at_used = new.closed_at_used, jumped_from = new.jumped_from, jumped_to = new.jumped_to,
      history = coalesce(new.history, meter.history), history_tip = new.history_tip
    FROM jsonb_to_recordset(${JSON.stringify(states)}::jsonb) AS new(id uuid, used bigint, total bigint, observed_at timestamptz,
      period_start timestamptz, period_end timestamptz, period_began_at timestamptz, reset_pending boolean, held jsonb, is_coarse boolean, is_total_unknown boolean, is_at_least boolean, measured jsonb,
      closed_at_used bigint, jumped_from bigint, jumped_to bigint, snoozed jsonb, history jsonb, history_tip jsonb)
    WHERE meter.id = new.id`;
  await saveMemories(queries, decisions);
  await saveAlerts(
    queries,
    account,
    decisions.flatMap(({ meterState, alerts }) => alerts.map((alert) => ({ meterId: meterState.meter.id, alert }))),
  );
  const firings = decisions.flatMap(({ meterState, firings: all }) => all.map((firing) => ({ meterId: meterState.meter.id, firing })));
  return firings.length === 0 ? [] : claimFirings(queries, firings, arrivedAt);
}

/** Only changed memories are written: most rules remember nothing new after most readings. */
async function saveMemories(queries: Queries, decisions: readonly MeterDecision[]): Promise<void> {
  const changed = decisions.flatMap(({ before, meterState: { meter, memories } }) =>
    [...memories].flatMap(([ruleId, memory]) =>
      isDeepStrictEqual(memory, before.memories.get(ruleId))
        ? []
        : [{ meter_id: meter.id, rule_id: ruleId, rule_version: memory.ruleVersion, state: memory.state, firings: memory.firings }],
    ),
  );
  if (changed.length === 0) return;
  await queries.run`
    INSERT INTO rule_memory (meter_id, rule_id, rule_version, state, firings)
    SELECT meter_id, rule_id, rule_version, coalesce(state, 'null'::jsonb), firings
    FROM jsonb_to_recordset(${JSON.stringify(changed)}::jsonb) AS new(meter_id uuid, rule_id text, rule_version int, state jsonb, firings jsonb)
    ON CONFLICT (meter_id, rule_id) DO UPDATE SET rule_version = excluded.rule_version, state = excluded.state, firings = excluded.firings`;
}

const firingRows = z.array(
  z.object({
    meter_id: z.string(),
    rule_id: z.string(),
    rule_version: z.number(),
    period_began_at: z.date(),
    condition: z.string(),
    occurrence: z.number(),
  }),
);

async function claimFirings(
  queries: Queries,
  all: readonly { meterId: string; firing: Firing }[],
  firedAt: Date,
): Promise<readonly Firing[]> {
  const rows = all.map(({ meterId, firing }) => ({
    meter_id: meterId,
    rule_id: firing.ruleId,
    rule_version: firing.ruleVersion,
    period_began_at: firing.periodBeganAt,
    condition: firing.condition,
    occurrence: firing.occurrence,
    alert_id: firing.alertId,
  }));
  const claimed = firingRows.parse(
    await queries.rows`
      INSERT INTO firing (meter_id, rule_id, rule_version, period_began_at, condition, occurrence, alert_id, fired_at)
      SELECT new.*, ${firedAt} FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        AS new(meter_id uuid, rule_id text, rule_version int, period_began_at timestamptz, condition text, occurrence int, alert_id uuid)
      ON CONFLICT DO NOTHING
      RETURNING meter_id, rule_id, rule_version, period_began_at, condition, occurrence`,
  );
  const keys = new Set(
    claimed.map((row) => JSON.stringify([row.meter_id, row.rule_id, row.rule_version, row.period_began_at, row.condition, row.occurrence])),
  );
  return all
    .filter(({ meterId, firing }) =>
      keys.has(JSON.stringify([meterId, firing.ruleId, firing.ruleVersion, firing.periodBeganAt, firing.condition, firing.occurrence])),
    )
    .map(({ firing }) => firing);
}
