import type { Known } from './doubt.ts';
import type { HeldReading } from './held-reading.ts';
import { knownTotalOf, leftAlone, withTotal, type Reading } from './reading.ts';

type Current = Known & { readonly held: HeldReading | null };

/**
 * Measures the earlier readings of a meter, of which only what is left was known, against its total once a reading tells that. Not if
 * more is left now, because then the total may have been another one.
 */
export function onceTotalIsKnown(current: Current, given: Reading): Current {
  const total = knownTotalOf(given);
  const left = leftAlone(current.reading);
  if (total === null || left === null || total - given.used > left) return current;
  const reading = withTotal(current.reading, total);
  if (reading === current.reading) return current;
  const { held } = current;
  return { ...current, reading, closedAtUsed: null, held: held && { ...held, reading: withTotal(held.reading, total) } };
}
