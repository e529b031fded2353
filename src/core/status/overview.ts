import { compareLeft, measure, type Measure } from '../meters/balance.ts';
import { forecast, type Forecast } from '../meters/forecast.ts';
import { freshnessOf, type Freshness, type MeterNow } from './meter-status.ts';
import { rulesFor, type BoundRule } from '../rules/registry.ts';
import { compareSeverity, worstSeverity, type Severity } from '../rules/severity.ts';

/** One meter as the overview shows it. */
export type MeterLine = MeterNow & {
  /** How bad it is, by its rules and its open alerts; null is fine. Of figures that are not current nobody knows. */
  readonly severity: Severity | null;
  readonly freshness: Freshness;
  /** How old the figures are. */
  readonly ageMs: number;
  readonly forecast: Forecast;
};

export type Overview = {
  /** Worst first: by severity, then by share of the own allowance. */
  readonly lines: readonly MeterLine[];
  readonly needAttention: number;
};

/** Puts the latest readings of all meters in order for people. `now` decides only what is out of date, and how old it is. */
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

/** An overview of some lines, in their order. A notice informs; from a warning on somebody has to look. */
export function selection(lines: readonly MeterLine[]): Overview {
  return { lines, needAttention: lines.filter((line) => compareSeverity(line.severity, 'notice') > 0).length };
}

/**
 * Until when all that is fine surely lasts: an instant, or the reset of each where they differ. Null when that cannot be
 * said of each. What has no limit, and of what nothing is used, always lasts.
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
