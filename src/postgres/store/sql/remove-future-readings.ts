import { DAY_MS } from '../../../core/time/local-time.ts';
import { FUTURE_TOLERANCE_MS } from '../../../core/meters/reading.ts';
import { rewind } from '../../../core/alerts/rewind.ts';
import type { MeterState } from '../../../core/alerts/evaluate.ts';
import type { IngestOpening } from '../../../ports/stores/ingest-store.ts';
import type { Prisma } from '../../generated/client.ts';
import { readingFromRow } from './rows.ts';
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
  queries: Prisma.TransactionClient,
  opening: IngestOpening,
  meterState: MeterState,
  timeZone: string,
): Promise<MeterState> {
  const meterId = meterState.meter.id;
  const latest = new Date(opening.arrivedAt.getTime() + FUTURE_TOLERANCE_MS);
  await queries.reading.deleteMany({ where: { meterId, observedAt: { gt: latest } } });
  // Removes the timer of a period statement for a period that has not ended.
  await queries.timer.deleteMany({
    where: { accountId: opening.account, kind: 'period-statement', subject: opening.source, dueAt: { gt: latest } },
  });
  await queries.firing.deleteMany({ where: { meterId, periodBeganAt: { gt: latest } } });
  const rows = await queries.reading.findMany({
    where: { meterId, observedAt: { gte: new Date(latest.getTime() - REMEMBERED_MS) } },
    orderBy: { observedAt: 'desc' },
    take: MOST_READINGS,
  });
  const after = rewind(meterState, rows.toReversed().map(readingFromRow), timeZone);
  // `history: null` as the state before has the whole history written.
  await saveDecisions(queries, opening, [
    { before: { ...after, history: null }, meterState: after, alerts: [...after.alerts.values()], firings: [] },
  ]);
  return after;
}
