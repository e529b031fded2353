import { z } from 'zod';
import { LARGEST_AMOUNT } from '../../../core/meters/amount.ts';
import { scaledUp } from '../../../core/alerts/scaled-up.ts';
import type { MeterState } from '../../../core/alerts/evaluate.ts';
import type { IngestOpening } from '../../../ports/stores/ingest-store.ts';
import type { Queries } from './queries.ts';
import { saveDecisions } from './save-decisions.ts';

/**
 * Gives a meter more decimals and converts its stored amounts to the smaller unit. If an amount would then be too large, the meter
 * keeps its decimals. The caller has locked the meter.
 */
export async function growDecimals(
  queries: Queries,
  opening: IngestOpening,
  meterState: MeterState,
  decimals: number,
): Promise<MeterState> {
  const { id, decimals: before } = meterState.meter;
  const factor = 10n ** BigInt(decimals - before);
  const after = scaledUp(meterState, decimals);
  if (meterState.current !== null) {
    const [largest] = largestRows.parse(
      await queries.rows`SELECT coalesce(max(greatest(used, total)), 0)::text AS amount FROM reading WHERE meter_id = ${id}::uuid`,
    );
    const { used, total } = meterState.current.reading;
    const most = [BigInt(largest?.amount ?? 0), used, total ?? 0n, meterState.history?.consumed ?? 0n, meterState.statedTotal ?? 0n];
    if (most.some((amount) => amount * factor > LARGEST_AMOUNT)) return meterState;
    await queries.run`
      UPDATE reading SET used = used * ${factor}::bigint, total = total * ${factor}::bigint WHERE meter_id = ${id}::uuid`;
    // `history: null` as the state before has the whole history written.
    const alerts = [...after.alerts.values()];
    await saveDecisions(queries, opening, [{ before: { ...after, history: null }, meterState: after, alerts, firings: [] }]);
  }
  await queries.run`UPDATE meter SET decimals = ${decimals}, stated_total = stated_total * ${factor}::bigint WHERE id = ${id}::uuid`;
  return after;
}

const largestRows = z.array(z.object({ amount: z.string() }));
