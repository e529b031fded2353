import { DAY_MS } from '../time/local-time.ts';
import type { Reading } from '../meters/reading.ts';
import { cannotBeJudged } from '../meters/balance.ts';
import { compareSeverity } from '../rules/severity.ts';
import type { Judged, MeterFigures } from './meter-status.ts';

/** The time of figures. */
export type Stamp = Pick<Reading, 'observedAt' | 'isCoarse'>;

/** What an overview says of all its meters together. */
export type Tally = {
  readonly count: number;
  /** A notice informs; from a warning on, a meter needs attention. */
  readonly needAttention: number;
  /** Meters whose figures are not current. */
  readonly outdated: number;
  /** Current figures that cannot be judged, because their total is not known. */
  readonly withoutTotal: number;
  readonly openAlerts: number;
  /** The labels that meters of several sources have. */
  readonly sharedLabels: ReadonlySet<string>;
  /** A few of their times. All times have the same minute or day if these have. */
  readonly stamps: readonly Stamp[];
};

/** Counts meters one by one, so that the caller need not keep all of them in memory. */
export function startTally(): { add(one: MeterFigures & Judged): void; end(): Tally } {
  const counts = { count: 0, needAttention: 0, outdated: 0, withoutTotal: 0, openAlerts: 0 };
  const sourceOf = new Map<string, string>();
  const sharedLabels = new Set<string>();
  const stamps = startStamps();
  return {
    add(one) {
      const {
        meter: { label, source },
        reading,
        severity,
        freshness,
        alerts,
      } = one;
      counts.count += 1;
      if (compareSeverity(severity, 'notice') > 0) counts.needAttention += 1;
      if (freshness !== 'current') counts.outdated += 1;
      else if (severity === null && cannotBeJudged(one)) counts.withoutTotal += 1;
      counts.openAlerts += alerts.length;
      const before = sourceOf.get(label);
      if (before === undefined) sourceOf.set(label, source);
      else if (before !== source) sharedLabels.add(label);
      stamps.add(reading);
    },
    end: () => ({ ...counts, sharedLabels, stamps: stamps.end() }),
  };
}

export function tallyOf(all: readonly (MeterFigures & Judged)[]): Tally {
  const tally = startTally();
  for (const one of all) tally.add(one);
  return tally.end();
}

/** Keeps the first and the last of each form of time: with a time of day, a day, and a day that was given as midnight in UTC. */
function startStamps(): { add(stamp: Stamp): void; end(): readonly Stamp[] } {
  const spans = new Map<string, { first: Stamp; last: Stamp }>();
  return {
    add({ observedAt, isCoarse = false }) {
      const stamp: Stamp = { observedAt, isCoarse };
      const form = isCoarse ? (observedAt.getTime() % DAY_MS === 0 ? 'midnight' : 'day') : 'time';
      const span = spans.get(form);
      if (span === undefined) spans.set(form, { first: stamp, last: stamp });
      else if (observedAt < span.first.observedAt) span.first = stamp;
      else if (observedAt > span.last.observedAt) span.last = stamp;
    },
    end: () => [...spans.values()].flatMap(({ first, last }) => [first, last]),
  };
}
