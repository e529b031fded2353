import type { IngestOpening, IngestTransaction } from '../../ports/stores/ingest-store.ts';
import { post, saveNotifications } from '../notify/save-notifications.ts';
import type { Decided } from './decide.ts';

/** The meters of a source start their periods at different times; the statement waits this long for all of them. */
const STATEMENT_AFTER_MS = 10 * 60_000;

/** Notifies operations of new periods: certain ones in a period statement, presumed ones at once. */
export async function notifyOfResets(
  transaction: IngestTransaction,
  { source, arrivedAt }: IngestOpening,
  { decided, newId }: { readonly decided: readonly Decided[]; readonly newId: () => string },
): Promise<readonly string[]> {
  if (decided.some(({ resets }) => resets.some(({ presumed }) => !presumed)))
    await transaction.hastenTimer('period-statement', source, new Date(arrivedAt.getTime() + STATEMENT_AFTER_MS));
  const presumed = decided.flatMap(({ resets, meterState: { meter } }) =>
    resets.filter((reset) => reset.presumed).map((reset) => ({ ...reset, meter })),
  );
  if (presumed.length === 0) return [];
  const destinations = await transaction.operations();
  return saveNotifications(
    transaction,
    presumed.map(({ meter: { key, label, unit, decimals }, before, after }) => {
      const id = newId();
      const snapshot = {
        kind: 'presumed-reset' as const,
        meter: { source, key, label, unit, decimals },
        before: before.used,
        after: after.used,
        observedAt: after.observedAt,
        periodKnown: after.period !== null,
        answer: null,
      };
      return { id, alertId: null, threadId: id, snapshot, deliveries: destinations.map((one) => post(newId(), one.id)) };
    }),
  );
}
