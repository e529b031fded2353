import type { Reading } from '../meters/reading.ts';
import type { AlertTopic, Finding } from '../rules/rule.ts';
import { compareSeverity, worstSeverity, type Severity } from '../rules/severity.ts';

/**
 * One episode of a meter needing attention. Open while `firing` or `acknowledged`; a meter has at most one open alert
 * per topic.
 */
export type Alert = {
  readonly id: string;
  readonly topic: AlertTopic;
  readonly status: 'firing' | 'acknowledged' | 'resolved';
  readonly severity: Severity;
  /** What was announced and still holds. Empty once resolved. */
  readonly conditions: readonly ActiveCondition[];
  /** observedAt of the reading that opened it. */
  readonly openedAt: Date;
  readonly resolvedAt: Date | null;
  readonly resolution: Resolution | null;
  /** Who is on it, and since when. */
  readonly acknowledged: Deed | null;
  /** Who asked the vendor for more, and when. */
  readonly requested: Deed | null;
  /** When it was said once more because nobody was on it. */
  readonly repeatedAt: Date | null;
};

/**
 * Why an alert is closed. Usage recovered; the vendor corrected its figures, so that it never was as bad; the meter has no
 * limit any more; what was only worth knowing is past (`lapsed`); a new period began (never called a recovery); or the rule
 * was edited or removed.
 */
export const resolutions = ['recovered', 'corrected', 'unlimited', 'lapsed', 'period-ended', 'rule-changed'] as const;
export type Resolution = (typeof resolutions)[number];

/** `by` is a platform user id. */
type Deed = { readonly by: string; readonly at: Date };

type ActiveCondition = {
  readonly ruleId: string;
  readonly ruleVersion: number;
  readonly condition: string;
  readonly severity: Severity;
  /** observedAt of the reading that it came to hold with; null in what older versions stored. */
  readonly since: Date | null;
  /** The finding's kind and detail, so that it can be said again. */
  readonly kind: string;
  readonly detail: unknown;
};

/** What one rule said of one reading, as the alert sees it. */
export type RuleVerdict = {
  readonly ruleId: string;
  readonly ruleVersion: number;
  readonly fired: readonly Finding[];
  readonly cleared: readonly string[];
};

/**
 * `updated`: more of the same severity, for which nobody is rung again. `eased`: the worst of it is over and something milder
 * still holds. `repeated` and `woken` say what holds once more: nobody was on it, or its snooze is over. `closed`: it ended
 * without good news, so that its message changes and nobody hears of it.
 */
export type AlertChange = 'fired' | 'worsened' | 'updated' | 'eased' | 'repeated' | 'woken' | 'recovered' | 'closed';

/** Whether a change says that it is better than it was: it rings nobody, and nothing has fired with it. */
export function isCalming(change: AlertChange): boolean {
  return change === 'recovered' || change === 'closed' || change === 'eased';
}

export type AlertStep = {
  /** The alert after the reading; null when there was none and none opened. */
  readonly alert: Alert | null;
  /** What to tell people; null when nothing changed for them. */
  readonly announce: {
    readonly change: AlertChange;
    readonly findings: readonly Finding[];
    /** Of a recovery: since when the worst of it held. Null when it was only foreseen. */
    readonly overSince?: Date | null;
  } | null;
};

/**
 * Why an alert ended and when, for the message that it leaves; null for one that is open, or whose end is the good news of a
 * recovery. A new period ended it when that began, if the figures say when, and else when its first figures were read; rules
 * that changed, when they did.
 */
export function closedSnapshotOf(
  { resolution, openedAt, resolvedAt }: Pick<Alert, 'resolution' | 'openedAt' | 'resolvedAt'>,
  { observedAt, period }: Reading,
): { readonly why: Exclude<Resolution, 'recovered'>; readonly at: Date } | null {
  if (resolution === null || resolution === 'recovered') return null;
  const isKnown = resolution === 'period-ended' && period !== null && openedAt < period.start && period.start <= observedAt;
  return { why: resolution, at: isKnown ? period.start : (resolvedAt ?? observedAt) };
}

/** Ends an alert because its period did: quietly, for a reset is no recovery. */
export function endWithPeriod(alert: Alert, at: Date): Alert {
  return { ...alert, status: 'resolved', conditions: [], resolvedAt: at, resolution: 'period-ended' };
}

/** Ends an alert because the rules no longer ask for what it says. */
export function endWithRule(alert: Alert, at: Date): Alert {
  return { ...alert, status: 'resolved', conditions: [], resolvedAt: at, resolution: 'rule-changed' };
}

/**
 * Moves a meter's alert of one topic by what its rules said of a reading.
 *
 * @param verdicts of every rule that speaks in this topic; a condition of a rule or version not among them is dropped.
 * @param open the open alert, if any.
 * @param reading what the verdicts are about; `corrected` when the vendor took back some of what it had counted
 */
export function advanceAlert(
  open: Alert | null,
  verdicts: readonly RuleVerdict[],
  topic: AlertTopic,
  { observedAt: at, total, corrected = false }: Pick<Reading, 'observedAt' | 'total'> & { readonly corrected?: boolean },
  newId: () => string,
): AlertStep {
  const findings = mildestFirst(verdicts.flatMap((verdict) => verdict.fired));
  const held = (open?.conditions ?? []).filter((condition) => verdicts.some((verdict) => isOf(condition, verdict)));
  const still = held.filter(
    (condition) => !verdicts.some((verdict) => isOf(condition, verdict) && verdict.cleared.includes(condition.condition)),
  );
  const conditions = [...still, ...verdicts.flatMap((verdict) => verdict.fired.map((finding) => activate(finding, verdict, at)))];
  const severity = worstSeverity(conditions.map((condition) => condition.severity));

  if (severity === null) {
    if (open === null) return { alert: null, announce: null };
    const resolution =
      held.length === 0
        ? 'rule-changed'
        : !RECOVERS.has(topic)
          ? 'lapsed'
          : total === null
            ? 'unlimited'
            : corrected
              ? 'corrected'
              : 'recovered';
    const alert: Alert = { ...open, status: 'resolved', conditions: [], resolvedAt: at, resolution };
    // Who was told that it is used up must hear that it was not.
    if (resolution === 'recovered' || resolution === 'corrected')
      return { alert, announce: { change: 'recovered', findings: [], overSince: overSince(held) } };
    return { alert, announce: { change: 'closed', findings: [] } };
  }
  if (open === null) {
    const alert: Alert = {
      id: newId(),
      topic,
      status: 'firing',
      severity,
      conditions,
      openedAt: at,
      resolvedAt: null,
      resolution: null,
      acknowledged: null,
      requested: null,
      repeatedAt: null,
    };
    return { alert, announce: { change: 'fired', findings } };
  }
  const worse = compareSeverity(severity, open.severity) > 0;
  // Who is on it stays on it: the worse one is said to everybody anyway, and shows who that is.
  const alert: Alert = { ...open, severity, conditions, ...(worse && { repeatedAt: null }) };
  const eased = compareSeverity(severity, open.severity) < 0;
  if (findings.length === 0) return { alert, announce: eased ? { change: 'eased', findings: mildestFirst(still) } : null };
  // With nothing left of what was announced, as after an edit of its rule, what fires is news.
  return { alert, announce: { change: worse ? 'worsened' : still.length === 0 ? 'fired' : 'updated', findings } };
}

/** That it is over is worth saying only of what somebody had to act on. */
const RECOVERS: ReadonlySet<AlertTopic> = new Set(['running-out']);

function mildestFirst<T extends { readonly severity: Severity }>(all: readonly T[]): readonly T[] {
  return all.toSorted((a, b) => compareSeverity(a.severity, b.severity));
}

function isOf(condition: ActiveCondition, verdict: RuleVerdict): boolean {
  return condition.ruleId === verdict.ruleId && condition.ruleVersion === verdict.ruleVersion;
}

function activate(finding: Finding, { ruleId, ruleVersion }: RuleVerdict, since: Date): ActiveCondition {
  return { ruleId, ruleVersion, since, ...finding };
}

/** What a forecast says has not come. */
const FORESEES = 'forecast';

function overSince(held: readonly ActiveCondition[]): Date | null {
  const crossed = held.filter(({ kind }) => kind !== FORESEES);
  const worst = worstSeverity(crossed.map(({ severity }) => severity));
  const moments = crossed.flatMap(({ severity, since }) => (severity === worst && since !== null ? [since.getTime()] : []));
  return moments.length === 0 ? null : new Date(Math.min(...moments));
}
