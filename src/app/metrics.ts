import { plainAmount } from '../core/meters/amount.ts';
import type { MetricsSnapshot } from '../http/metrics.ts';
import type { ReadStore } from '../ports/stores/read-store.ts';

/**
 * Reads the values that `/metrics` shows of the database. The meters are read while they are taken.
 *
 * @throws {StoreUnavailable} if the database does not answer
 */
export async function readMetrics(store: Pick<ReadStore, 'destinationCounts' | 'polls' | 'samples'>): Promise<MetricsSnapshot> {
  const [destinations, polls] = await Promise.all([store.destinationCounts(), store.polls()]);
  return {
    meters: metersOf(store),
    polls: polls.map(({ account, source, lastSuccessAt, failures }) => ({ account, source, lastSuccessAt, failures })),
    destinations,
  };
}

async function* metersOf(store: Pick<ReadStore, 'samples'>): MetricsSnapshot['meters'] {
  for await (const part of store.samples())
    yield part.map(({ account, source, key, unit, decimals, used, remaining, total, observedAt }) => ({
      account,
      source,
      meter: key,
      unit,
      used: valueOf(used, decimals),
      remaining: valueOf(remaining, decimals),
      total: valueOf(total, decimals),
      observedAt,
    }));
}

function valueOf(amount: bigint | null, decimals: number): number | null {
  return amount === null ? null : Number(plainAmount(amount, decimals));
}
