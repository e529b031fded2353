import { DAY_MS } from '../time/local-time.ts';
import type { Forecast } from './forecast.ts';
import { knownEnd } from '../time/period.ts';
import type { Reading } from './reading.ts';

/** The requests that a vendor can get. */
export const requestAsks = ['allocation', 'plan', 'enterprise'] as const;
export type RequestAsk = (typeof requestAsks)[number];

/**
 * Returns the amount that is missing to reach the reset at the present pace, including any excess, in the smallest unit; null if the
 * credits last or if it is unknown.
 */
export function missingUntilReset(forecast: Forecast, reading: Reading): bigint | null {
  const { used, total, observedAt } = reading;
  const end = knownEnd(reading);
  if (total === null || end === null || forecast.kind !== 'runs-out') return null;
  const days = BigInt(Math.max(0, end.getTime() - observedAt.getTime()));
  const missing = (forecast.perDay * days) / BigInt(DAY_MS) - (total - used);
  return missing > 0n ? missing : null;
}
