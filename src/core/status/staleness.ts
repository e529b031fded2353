import { DAY_MS } from '../time/local-time.ts';
import type { Meter } from '../meters/meter.ts';
import type { Reading } from '../meters/reading.ts';
import type { BoundRule } from '../rules/registry.ts';
import type { HeldReading } from '../meters/held-reading.ts';
import { selects } from '../meters/meter.ts';

const HOUR_MS = 60 * 60_000;

/** How often figures of a source are to be expected: by its kind, and how often it is polled if it is. */
export type ExpectedInterval = { readonly kind: string; readonly everyMs: number | null };

/** How long the latest figures of a source stay current, by its kind: a daily push may be two hours late, a paste is weekly. */
const CURRENT_FOR_MS: Readonly<Record<string, number>> = { push: 26 * HOUR_MS, import: 7 * 24 * HOUR_MS };
const LEAST_FOR_POLLS_MS = HOUR_MS;

/** How long a meter's figures stay current: as a `stale` rule for it says, else twice the interval of a poll, else by kind. */
export function currentForMs(
  { kind, everyMs }: ExpectedInterval,
  meter: Pick<Meter, 'source' | 'key'>,
  rules: readonly BoundRule[],
): number {
  const said = rules.flatMap(({ rule, staleAfterMs }) => (staleAfterMs !== null && selects(rule.meters, meter) ? [staleAfterMs] : []));
  return said.length > 0 ? Math.min(...said) : usuallyCurrentForMs({ kind, everyMs });
}

/** The same, when no rule says otherwise. */
export function usuallyCurrentForMs({ kind, everyMs }: ExpectedInterval): number {
  if (everyMs !== null) return Math.max(2 * everyMs, LEAST_FOR_POLLS_MS);
  return CURRENT_FOR_MS[kind] ?? 26 * HOUR_MS;
}

/**
 * When a reading stops being current. It is shown with its age after that, and nothing is decided on it.
 *
 * @param held a later reading that waits to be confirmed: the source has not gone quiet
 */
export function staleFrom(
  { observedAt, isCoarse = false }: Pick<Reading, 'observedAt' | 'isCoarse'>,
  withinMs: number,
  held: Pick<HeldReading, 'seenAt'> | null = null,
): Date {
  // Of a date the day may go on for as long as it has gone by.
  const latest = Math.max(observedAt.getTime() + (isCoarse ? DAY_MS : 0), held?.seenAt.getTime() ?? -Infinity);
  return new Date(latest + withinMs);
}
