import { compareLeft, measure, type Measure } from '../meters/balance.ts';
import { forecast, outlook, type Forecast, type Outlook } from '../meters/forecast.ts';
import { freshnessOf, type Judged, type MeterFigures, type MeterNow } from './meter-status.ts';
import { rulesFor, type BoundRule } from '../rules/registry.ts';
import { compareSeverity, worstSeverity, type Severity } from '../rules/severity.ts';
import { tallyOf, type Tally } from './tally.ts';

/** One meter in the overview. */
export type MeterLine = MeterNow &
  Judged & {
    /** The age of the figures. */
    readonly ageMs: number;
    readonly forecast: Forecast;
  };

export type Overview = Tally & {
  /** Worst first: by severity, then by share of their own allowance. Of many meters, at least the first `MOST_SHOWN`. */
  readonly lines: readonly MeterLine[];
  /**
   * Until when all green meters last: an instant, or the reset of each if they differ. Null if that is not certain for each of them.
   * Unlimited and unused meters always last.
   */
  readonly greenLasts: Date | 'each-reset' | null;
};

/** The most meters that an overview shows: people do not read more in a chat, and the length of a message is limited. */
export const MOST_SHOWN = 40;

/** Judges a meter. `now` only decides whether its figures are current. */
export function judge<Of extends MeterFigures>(one: Of, rules: readonly BoundRule[], now: Date): Of & Judged {
  const { meter, reading, history, alerts } = one;
  const freshness = freshnessOf(one, rules, now);
  const severity = worstSeverity([
    ...rulesFor(meter, rules).map((rule) => rule.severityNow({ meter, reading, filled: history })),
    ...alerts.map((alert) => alert.severity),
  ]);
  return { ...one, severity: freshness === 'current' ? severity : null, freshness };
}

/** The place of a meter in a list. */
export type Rank = { readonly severity: Severity | null; readonly left: Measure | null; readonly label: string };

export function rankOf({ severity, meter, reading, history }: MeterFigures & Judged): Rank {
  return { severity, left: measure(meter, reading, history), label: meter.label };
}

/** Orders meters as lists show them: by severity, then by share of their own allowance. */
export function worstFirst(a: Rank, b: Rank): number {
  return compareSeverity(b.severity, a.severity) || compareLeft(a.left, b.left) || BY_LABEL.compare(a.label, b.label);
}

const BY_LABEL = new Intl.Collator('en');

/** Builds the lines of meters, worst first. `now` decides which figures are not current, and their age. */
export function linesOf(meters: readonly MeterNow[], rules: readonly BoundRule[], now: Date): readonly MeterLine[] {
  return meters
    .map((one): MeterLine => {
      const ageMs = Math.max(0, now.getTime() - one.reading.observedAt.getTime());
      return { ...judge(one, rules, now), ageMs, forecast: forecast(one.history, one.reading) };
    })
    .map((line) => ({ line, rank: rankOf(line) }))
    .sort((a, b) => worstFirst(a.rank, b.rank))
    .map(({ line }) => line);
}

/** Builds the overview of a few meters. */
export function overviewOf(meters: readonly MeterNow[], rules: readonly BoundRule[], now: Date): Overview {
  return overviewOfLines(linesOf(meters, rules, now));
}

/** Builds the overview of all its lines. */
export function overviewOfLines(lines: readonly MeterLine[]): Overview {
  const green = collectGreen();
  for (const line of lines) if (isGreen(line)) green.add(line.forecast);
  return { ...tallyOf(lines), lines, greenLasts: green.last() };
}

/** Whether a meter is fine and its figures are current. */
export function isGreen({ severity, freshness }: Judged): boolean {
  return severity === null && freshness === 'current';
}

/** Returns what is known of how long a meter lasts without its history; null if that needs the history. */
export function outlookWithoutHistory({ reading }: Pick<MeterFigures, 'reading'>): Outlook | null {
  const known = outlook(null, reading);
  return known.kind === 'none' && known.why === 'too-early' ? null : known;
}

/** Collects how long green meters last. */
export function collectGreen(): {
  /** Adds one meter. */
  add(expected: Outlook | Forecast): void;
  /** Whether further meters cannot change the result, because one does not last for certain. */
  isDecided(): boolean;
  last(): Overview['greenLasts'];
} {
  let last: Overview['greenLasts'] = null;
  let isUncertain = false;
  return {
    add(expected) {
      if (expected.kind === 'lasts')
        last = last === null || (last !== 'each-reset' && last.getTime() === expected.until.getTime()) ? expected.until : 'each-reset';
      else if (expected.kind === 'runs-out' || expected.why === 'too-early' || expected.why === 'used-up') isUncertain = true;
    },
    isDecided: () => isUncertain,
    last: () => (isUncertain ? null : last),
  };
}
