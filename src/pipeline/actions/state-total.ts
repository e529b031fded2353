import { bindRules } from '../../core/rules/registry.ts';
import { usuallyCurrentForMs } from '../../core/status/staleness.ts';
import { withTotal, type Reading } from '../../core/meters/reading.ts';
import type { AccountTransaction } from '../../ports/stores/account-transaction.ts';
import type { LockedMeter } from '../../ports/stores/action-store.ts';
import { announcementsOf, startDeciding } from '../ingest/decide.ts';
import { createNotifications } from '../notify/create-notifications.ts';

/**
 * Stores the total that a person states. If the total of the current figures was not known, they are measured against it at once, and
 * evaluated as if they came now. Figures that are too old to describe the present, as those of an import, are only shown with it.
 *
 * @param total in the smallest unit; null takes it back, from the next figures on
 * @returns the destinations to wake after the commit
 */
export async function saveStatedTotal(
  transaction: AccountTransaction & LockedMeter,
  { total, now, newId }: { readonly total: bigint | null; readonly now: Date; readonly newId: () => string },
): Promise<readonly string[]> {
  await transaction.saveStatedTotal(total);
  const { meterState } = transaction;
  const { meter, current } = meterState;
  if (total === null || current === null) return [];
  const reading = withTotal(current.reading, total);
  if (reading === current.reading) return [];
  const deciding = startDeciding(new Map([[meter.key, meterState]]), {
    rules: bindRules(await transaction.rules()),
    timeZone: transaction.account.timeZone,
    now,
    judgesFrom: () => judgesFrom(reading, now),
    newId,
  });
  deciding.take([{ ...reading, meterId: meter.id }]);
  const decided = deciding.decided();
  const fired = await transaction.saveMeasured(reading, decided);
  const meters = new Map(decided.map((one) => [meter.id, one.meterState]));
  return createNotifications(transaction, { announcements: announcementsOf(decided, fired), meters, now, newId });
}

function judgesFrom({ period }: Reading, now: Date): Date {
  if (period !== null && period.end <= now) return now;
  return new Date(now.getTime() - usuallyCurrentForMs({ kind: 'import', everyMs: null }));
}
