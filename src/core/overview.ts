import type { Meter } from './meter.ts';
import { contains } from './period.ts';
import { compareShare, type Reading } from './reading.ts';
import { rulesFor, type BoundRule } from './rules/registry.ts';
import { compareSeverity, worstSeverity, type Severity } from './severity.ts';

/** One meter as the overview shows it. */
export type MeterLine = {
  readonly meter: Meter;
  readonly reading: Reading;
  /** How bad it is; null is fine. */
  readonly severity: Severity | null;
  /** The reading's period has ended and nothing newer came: not to be taken for the current figure. */
  readonly expired: boolean;
};

export type Overview = {
  /** Worst first: by severity, then by share of the own allowance. */
  readonly lines: readonly MeterLine[];
  readonly needAttention: number;
};

/** Puts the latest readings of all meters in order for people. `now` decides only what has expired. */
export function overviewOf(meters: readonly { meter: Meter; reading: Reading }[], rules: readonly BoundRule[], now: Date): Overview {
  const lines = meters.map(({ meter, reading }): MeterLine => {
    const expired = reading.period !== null && !contains(reading.period, reading.observedAt) || (reading.period !== null && reading.period.end <= now);
    const severity = worstSeverity(rulesFor(meter, rules).map((rule) => rule.standing(meter, reading)));
    return { meter, reading, severity: expired ? null : severity, expired };
  });
  lines.sort((a, b) => compareSeverity(b.severity, a.severity) || compareShare(b.reading, a.reading) || a.meter.label.localeCompare(b.meter.label, 'en'));
  return selection(lines);
}

/** An overview of some lines, in their order. A notice informs; from a warning on somebody has to look. */
export function selection(lines: readonly MeterLine[]): Overview {
  return { lines, needAttention: lines.filter((line) => compareSeverity(line.severity, 'notice') > 0).length };
}
