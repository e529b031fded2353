import { DAY_MS } from '../../../core/time/local-time.ts';
import { FUTURE_TOLERANCE_MS } from '../../../core/meters/reading.ts';
import { rewind } from '../../../core/alerts/rewind.ts';
import type { MeterState } from '../../../core/alerts/evaluate.ts';
import type { IngestOpening } from '../../../ports/stores/ingest-store.ts';
import type { Prisma } from '../../generated/client.ts';
import { readingFromRow } from './rows.ts';
import { saveDecisions } from './save-decisions.ts';

/** As far back as a history goes. */
const REMEMBERED_MS = 40 * DAY_MS;
/** A meter that is polled every two minutes. */
const MOST_READINGS = 30_000;

/**
 * Removes the readings of a meter that lie in the future, and the firings of periods that are still to come, so that these are
 * said when they come. The meter is locked.
 *
 * @returns the meter as it stands by what remains
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
  // The statement on a period that has not ended yet.
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
  // As if there had been no history: all of it is written.
  await saveDecisions(queries, opening, [
    { before: { ...after, history: null }, meterState: after, alerts: [...after.alerts.values()], firings: [] },
  ]);
  return after;
}
