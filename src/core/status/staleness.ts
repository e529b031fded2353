import { DAY_MS } from '../time/local-time.ts';
import type { Meter } from '../meters/meter.ts';
import type { Reading } from '../meters/reading.ts';
import type { BoundRule } from '../rules/registry.ts';
import type { HeldReading } from '../meters/held-reading.ts';
import { selects } from '../meters/meter.ts';

const HOUR_MS = 60 * 60_000;

/** How often figures of a source are expected: by its kind, and by its poll interval if it is polled. */
export type ExpectedInterval = { readonly kind: string; readonly everyMs: number | null };

/** How long figures stay current, by kind of source: a daily push may be two hours late, a paste is weekly, and a vendor may write once a month. */
const CURRENT_FOR_MS: Readonly<Record<string, number>> = { push: 26 * HOUR_MS, import: 7 * 24 * HOUR_MS, mail: 35 * 24 * HOUR_MS };
const LEAST_FOR_POLLS_MS = HOUR_MS;

/** Returns how long a meter's figures stay current: by its `stale` rule, else twice the poll interval, else by kind. */
export function currentForMs(
  { kind, everyMs }: ExpectedInterval,
  meter: Pick<Meter, 'source' | 'key'>,
  rules: readonly BoundRule[],
): number {
  const said = rules.flatMap(({ rule, staleAfterMs }) => (staleAfterMs !== null && selects(rule.meters, meter) ? [staleAfterMs] : []));
  return said.length > 0 ? Math.min(...said) : usuallyCurrentForMs({ kind, everyMs });
}

/** Returns how long figures stay current without a rule. */
export function usuallyCurrentForMs({ kind, everyMs }: ExpectedInterval): number {
  if (everyMs !== null && kind !== 'mail') return Math.max(2 * everyMs, LEAST_FOR_POLLS_MS);
  return CURRENT_FOR_MS[kind] ?? 26 * HOUR_MS;
}

/**
 * Returns when a reading stops being current. After that it is shown with its age, and nothing is decided by it.
 *
 * @param held a later reading that waits for confirmation, which shows that the source is not stale
 */
export function staleFrom(
  { observedAt, isCoarse = false }: Pick<Reading, 'observedAt' | 'isCoarse'>,
  withinMs: number,
  held: Pick<HeldReading, 'seenAt'> | null = null,
): Date {
  // A date stands for any time of its day.
  const latest = Math.max(observedAt.getTime() + (isCoarse ? DAY_MS : 0), held?.seenAt.getTime() ?? -Infinity);
  return new Date(latest + withinMs);
}
