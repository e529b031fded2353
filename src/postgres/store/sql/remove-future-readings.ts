import { DAY_MS } from '../../../core/time/local-time.ts';
import { FUTURE_TOLERANCE_MS } from '../../../core/meters/reading.ts';
import { rewind } from '../../../core/alerts/rewind.ts';
import type { MeterState } from '../../../core/alerts/evaluate.ts';
import type { IngestOpening } from '../../../ports/stores/ingest-store.ts';
import type { Queries } from './queries.ts';
import { readingFromRow, readingRows, READING_COLUMNS } from './meter-rows.ts';
import { saveDecisions } from './save-decisions.ts';

/** The length of a history. */
const REMEMBERED_MS = 40 * DAY_MS;
/** Enough for a meter that is polled every two minutes. */
const MOST_READINGS = 30_000;

/**
 * Removes a meter's readings in the future, and the firings of future periods, so that those periods can fire when they come. The
 * caller has locked the meter.
 *
 * @returns the state of the meter by its remaining readings
 */
export async function removeFutureReadings(
  queries: Queries,
  opening: IngestOpening,
  meterState: MeterState,
  timeZone: string,
): Promise<MeterState> {
  const meterId = meterState.meter.id;
  const latest = new Date(opening.arrivedAt.getTime() + FUTURE_TOLERANCE_MS);
  await queries.run`DELETE FROM reading WHERE meter_id = ${meterId}::uuid AND observed_at > ${latest}`;
  // Removes the timer of a period statement for a period that has not ended.
  await queries.run`
    DELETE FROM timer WHERE account_id = ${opening.account} AND kind = 'period-statement' AND subject = ${opening.source} AND due_at > ${latest}`;
  await queries.run`DELETE FROM firing WHERE meter_id = ${meterId}::uuid AND period_began_at > ${latest}`;
  const rows = readingRows.parse(
    await queries.rows`
      SELECT ${READING_COLUMNS} FROM reading WHERE meter_id = ${meterId}::uuid AND observed_at >= ${new Date(latest.getTime() - REMEMBERED_MS)}
      ORDER BY observed_at DESC LIMIT ${MOST_READINGS}::int`,
  );
  const after = rewind(meterState, rows.toReversed().map(readingFromRow), timeZone);
  // `history: null` as the state before has the whole history written.
  await saveDecisions(queries, opening, [
    { before: { ...after, history: null }, meterState: after, alerts: [...after.alerts.values()], firings: [] },
  ]);
  return after;
}
