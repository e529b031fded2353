import { compareLeft, measure, type Measure } from '../meters/balance.ts';
import { forecast, type Forecast } from '../meters/forecast.ts';
import { freshnessOf, type Freshness, type MeterNow } from './meter-status.ts';
import { rulesFor, type BoundRule } from '../rules/registry.ts';
import { compareSeverity, worstSeverity, type Severity } from '../rules/severity.ts';

/** One meter in the overview. */
export type MeterLine = MeterNow & {
  /** The severity by its rules and open alerts; null if fine, or if its figures are not current. */
  readonly severity: Severity | null;
  readonly freshness: Freshness;
  /** The age of the figures. */
  readonly ageMs: number;
  readonly forecast: Forecast;
};

export type Overview = {
  /** Worst first: by severity, then by share of their own allowance. */
  readonly lines: readonly MeterLine[];
  readonly needAttention: number;
};

/** Builds the overview of all meters. `now` only decides which figures are not current, and their age. */
export function overviewOf(meters: readonly MeterNow[], rules: readonly BoundRule[], now: Date): Overview {
  const lines = meters.map((one): MeterLine => {
    const { meter, reading, history, alerts } = one;
    const freshness = freshnessOf(one, rules, now);
    const severity = worstSeverity([
      ...rulesFor(meter, rules).map((rule) => rule.severityNow({ meter, reading, filled: history })),
      ...alerts.map((alert) => alert.severity),
    ]);
    const ageMs = Math.max(0, now.getTime() - reading.observedAt.getTime());
    return { ...one, severity: freshness === 'current' ? severity : null, freshness, ageMs, forecast: forecast(history, reading) };
  });
  lines.sort(
    (a, b) =>
      compareSeverity(b.severity, a.severity) || compareLeft(measured(a), measured(b)) || a.meter.label.localeCompare(b.meter.label, 'en'),
  );
  return selection(lines);
}

function measured({ meter, reading, history }: MeterNow): Measure | null {
  return measure(meter, reading, history);
}

/** Builds an overview of some lines, in their order. A notice informs; from a warning on, a meter needs attention. */
export function selection(lines: readonly MeterLine[]): Overview {
  return { lines, needAttention: lines.filter((line) => compareSeverity(line.severity, 'notice') > 0).length };
}

/**
 * Returns until when all green meters last: an instant, or the reset of each if they differ. Null if that is not certain for each of
 * them. Unlimited and unused meters always last.
 */
export function greenLasts(lines: readonly MeterLine[]): Date | 'each-reset' | null {
  const ends: Date[] = [];
  for (const { forecast: expected, severity, freshness } of lines) {
    if (severity !== null || freshness !== 'current') continue;
    if (expected.kind === 'lasts') ends.push(expected.until);
    else if (expected.kind === 'runs-out' || expected.why === 'too-early' || expected.why === 'used-up') return null;
  }
  const [first] = ends;
  if (first === undefined) return null;
  return ends.every((end) => end.getTime() === first.getTime()) ? first : 'each-reset';
}
