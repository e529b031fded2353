import type { Alert } from '../alerts/alert.ts';
import type { UsageHistory } from '../meters/history.ts';
import type { Meter } from '../meters/meter.ts';
import type { Pasted } from '../audit/pasted.ts';
import { knownEnd } from '../time/period.ts';
import { isWithinItsPeriod, type Reading } from '../meters/reading.ts';
import type { BoundRule } from '../rules/registry.ts';
import type { HeldReading } from '../meters/held-reading.ts';
import type { Severity } from '../rules/severity.ts';
import { currentForMs, staleFrom, type ExpectedInterval } from './staleness.ts';
import type { StoredSnooze } from '../alerts/stored-snooze.ts';
import type { Source } from '../meters/source.ts';
import type { Filled } from '../meters/balance.ts';

/** A meter as shown to people: its current reading, its recent consumption, and its open alerts. */
export type MeterNow = {
  readonly meter: Meter;
  readonly source: Source;
  readonly reading: Reading;
  /** Who pasted or imported that reading; null if it was pushed or polled. */
  readonly pasted: Pasted | null;
  /** A later, doubtful reading that waits for confirmation. */
  readonly held: HeldReading | null;
  readonly history: UsageHistory | null;
  /** Open alerts. */
  readonly alerts: readonly Alert[];
  readonly snoozed: StoredSnooze | null;
};

/** A meter as lists show it: all that its severity depends on, without the rest of its history, which is most of its data. */
export type MeterFigures = Pick<MeterNow, 'meter' | 'source' | 'reading' | 'held'> & {
  /** What the history records about a balance; null for other meters. */
  readonly history: Filled | null;
  /** Open alerts. */
  readonly alerts: readonly Pick<Alert, 'severity'>[];
};

/**
 * `expired`: its period has ended without a newer reading. `stale`: older than the expected interval. Neither describes the present.
 */
export type Freshness = 'current' | 'stale' | 'expired';

/** How much attention a meter needs now. */
export type Judged = {
  /** The severity by its rules and open alerts; null if fine, or if its figures are not current. */
  readonly severity: Severity | null;
  readonly freshness: Freshness;
};

export function freshnessOf(
  { meter, reading, held, source }: Pick<MeterNow, 'meter' | 'reading' | 'held'> & { readonly source: ExpectedInterval },
  rules: readonly BoundRule[],
  now: Date,
): Freshness {
  const end = knownEnd(reading);
  if (end !== null && (end <= now || !isWithinItsPeriod(reading))) return 'expired';
  return staleFrom(reading, currentForMs(source, meter, rules), held) <= now ? 'stale' : 'current';
}
