import type { Reading } from './reading.ts';

const HOUR_MS = 60 * 60_000;

/** How long the latest figures of a source stay current, by its kind: a daily push may be two hours late, a paste is weekly. */
const CURRENT_FOR_MS: Readonly<Record<string, number>> = { push: 26 * HOUR_MS, import: 7 * 24 * HOUR_MS };

export function currentForMs(sourceKind: string): number {
  return CURRENT_FOR_MS[sourceKind] ?? 26 * HOUR_MS;
}

/** When a reading stops being current. It is shown with its age after that, and nothing is decided on it. */
export function staleFrom({ observedAt }: Pick<Reading, 'observedAt'>, withinMs: number): Date {
  return new Date(observedAt.getTime() + withinMs);
}
