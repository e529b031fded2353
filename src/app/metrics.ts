import { plainAmount } from '../core/meters/amount.ts';
import type { MetricsSnapshot } from '../http/metrics.ts';
import type { ReadStore } from '../ports/stores/read-store.ts';

/**
 * Reads the values that `/metrics` shows of the database.
 *
 * @throws {StoreUnavailable} if the database does not answer
 */
export async function readMetrics(store: ReadStore): Promise<MetricsSnapshot> {
  const [accounts, destinations, polls] = await Promise.all([store.accounts(), store.destinations(), store.polls()]);
  const meters = (await Promise.all(accounts.map((account) => store.meters(account)))).flat();
  return {
    meters: meters.map(({ meter, reading }) => ({
      account: meter.account,
      source: meter.source,
      meter: meter.key,
      unit: meter.unit,
      used: Number(plainAmount(reading.used, meter.decimals)),
      total: reading.total === null ? null : Number(plainAmount(reading.total, meter.decimals)),
      observedAt: reading.observedAt,
    })),
    polls: polls.map(({ account, source, lastSuccessAt, failures }) => ({ account, source, lastSuccessAt, failures })),
    destinations: destinations.map(({ account, kind, pending, disabledReason }) => ({
      account,
      kind,
      pending,
      off: disabledReason !== null,
    })),
  };
}
