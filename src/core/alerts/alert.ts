import type { Reading } from '../meters/reading.ts';
import type { AlertTopic, Finding } from '../rules/rule.ts';
import type { Person } from '../text/person.ts';
import { compareSeverity, worstSeverity, type Severity } from '../rules/severity.ts';

/** An alert that has ended. */
export type PastAlert = {
  readonly label: string;
  readonly topic: Alert['topic'];
  readonly openedAt: Date;
  readonly resolvedAt: Date;
  readonly resolution: Alert['resolution'];
};

/**
 * One episode in which a meter needs attention. Open while `firing` or `acknowledged`. A meter has at most one open alert per topic.
 */
export type Alert = {
  readonly id: string;
  readonly topic: AlertTopic;
  readonly status: 'firing' | 'acknowledged' | 'resolved';
  readonly severity: Severity;
  /** Conditions that fired and have not cleared. Empty once resolved. */
  readonly conditions: readonly ActiveCondition[];
  /** observedAt of the reading that opened it. */
  readonly openedAt: Date;
  readonly resolvedAt: Date | null;
  readonly resolution: Resolution | null;
  /** Who acknowledged it, and when. */
  readonly acknowledged: Deed | null;
  /** Who requested more credits from the vendor, and when. */
  readonly requested: Deed | null;
  /** When its reminder was posted, because it was not acknowledged. */
  readonly repeatedAt: Date | null;
};

/**
 * Why an alert ended: usage recovered; the vendor corrected its figures; the meter has no limit now (`unlimited`); an informational
 * finding passed (`lapsed`); a new period began, which is not a recovery; or the rule was edited or removed.
 */
export const resolutions = ['recovered', 'corrected', 'unlimited', 'lapsed', 'period-ended', 'rule-changed'] as const;
export type Resolution = (typeof resolutions)[number];

/** What a person did about it, and when. */
type Deed = { readonly by: Person; readonly at: Date };

type ActiveCondition = {
  readonly ruleId: string;
  readonly ruleVersion: number;
  readonly condition: string;
  readonly severity: Severity;
  /** observedAt of the reading that it fired on; null in data from older versions. */
  readonly since: Date | null;
  /** The kind and detail of the finding, to post it again. */
  readonly kind: string;
  readonly detail: unknown;
};

/** The result of one rule for one reading. */
export type RuleVerdict = {
  readonly ruleId: string;
  readonly ruleVersion: number;
  readonly fired: readonly Finding[];
  readonly cleared: readonly string[];
};

/**
 * `updated`: another condition of the same severity, posted without a mention. `eased`: the worst condition cleared and a milder one
 * still holds. `repeated`: the reminder of an unacknowledged alert. `woken`: posted again after a snooze. `closed`: ended without a
 * recovery; only its message is edited.
 */
export type AlertChange = 'fired' | 'worsened' | 'updated' | 'eased' | 'repeated' | 'woken' | 'recovered' | 'closed';

/** Whether a change is an improvement: it notifies no one, and nothing fired. */
export function isCalming(change: AlertChange): boolean {
  return change === 'recovered' || change === 'closed' || change === 'eased';
}

export type AlertStep = {
  /** The alert after the reading; null if none was open and none opened. */
  readonly alert: Alert | null;
  /** What to post; null if nothing changed for people. */
  readonly announce: {
    readonly change: AlertChange;
    readonly findings: readonly Finding[];
    /** For a recovery: when the worst condition fired. Null if it was only forecast. */
    readonly overSince?: Date | null;
  } | null;
};

/**
 * Returns why and when an alert ended, for its message. Null for an open alert, and for a recovery, which is posted instead. An alert
 * that a new period ended takes the start of that period, if known, else the time of its first reading; one that a rule change ended
 * takes the time of the change.
 */
export function closedSnapshotOf(
  { resolution, openedAt, resolvedAt }: Pick<Alert, 'resolution' | 'openedAt' | 'resolvedAt'>,
  { observedAt, period }: Reading,
): { readonly why: Exclude<Resolution, 'recovered'>; readonly at: Date } | null {
  if (resolution === null || resolution === 'recovered') return null;
  const isKnown = resolution === 'period-ended' && period !== null && openedAt < period.start && period.start <= observedAt;
  return { why: resolution, at: isKnown ? period.start : (resolvedAt ?? observedAt) };
}

/** Ends an alert because its period ended, without a recovery, because a reset is not one. */
export function endWithPeriod(alert: Alert, at: Date): Alert {
  return { ...alert, status: 'resolved', conditions: [], resolvedAt: at, resolution: 'period-ended' };
}

/** Ends an alert because its rule was edited or removed. */
export function endWithRule(alert: Alert, at: Date): Alert {
  return { ...alert, status: 'resolved', conditions: [], resolvedAt: at, resolution: 'rule-changed' };
}

/**
 * Advances a meter's alert of one topic by the results of its rules for one reading.
 *
 * @param open the open alert, if any
 * @param verdicts of all rules of this topic; conditions of other rules or rule versions are dropped
 * @param reading the evaluated reading; `corrected`: the vendor corrected its figure down
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
    // People who read that credits are used up must read that they are not.
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
  // The acknowledgement stays: the worse alert is posted anyway and shows who acknowledged it.
  const alert: Alert = { ...open, severity, conditions, ...(worse && { repeatedAt: null }) };
  const eased = compareSeverity(severity, open.severity) < 0;
  if (findings.length === 0) return { alert, announce: eased ? { change: 'eased', findings: mildestFirst(still) } : null };
  // If none of the earlier conditions hold, for example after an edit of the rule, the new ones are news.
  return { alert, announce: { change: worse ? 'worsened' : still.length === 0 ? 'fired' : 'updated', findings } };
}

/** Topics whose recovery is posted. Others need no action, so their end is not news. */
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

/** The kind of a condition that has not happened yet. */
const FORESEES = 'forecast';

function overSince(held: readonly ActiveCondition[]): Date | null {
  const crossed = held.filter(({ kind }) => kind !== FORESEES);
  const worst = worstSeverity(crossed.map(({ severity }) => severity));
  const moments = crossed.flatMap(({ severity, since }) => (severity === worst && since !== null ? [since.getTime()] : []));
  return moments.length === 0 ? null : new Date(Math.min(...moments));
}
