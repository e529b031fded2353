import { isCalming } from '../../core/alerts/alert.ts';
import { beginsPeriod } from '../../core/meters/classify-change.ts';
import { applySnooze } from '../../core/alerts/apply-snooze.ts';
import type { Reading } from '../../core/meters/reading.ts';
import type { Finding } from '../../core/rules/rule.ts';
import { rulesFor, type BoundRule } from '../../core/rules/registry.ts';
import { compareSeverity } from '../../core/rules/severity.ts';
import { evaluateReading, type Announcement, type Firing, type MeterState } from '../../core/alerts/evaluate.ts';
import type { MeterDecision, NewReading } from '../../ports/stores/ingest-store.ts';

/** The decision for a meter, with its announcements and resets. */
export type Decided = MeterDecision & { readonly announcements: readonly Announcement[]; readonly resets: readonly Reset[] };

/** A new period that the figures show. */
type Reset = { readonly presumed: boolean; readonly before: Reading; readonly after: Reading };

export type DecidingBy<R extends NewReading> = {
  readonly rules: readonly BoundRule[];
  readonly timeZone: string;
  readonly now: Date;
  /** The reading is stored, but not evaluated, if it was observed before this; null if it is evaluated in any case. */
  readonly judgesFrom: (reading: R) => Date | null;
  readonly newId: () => string;
};

export type Deciding<R extends NewReading> = {
  /** Evaluates new readings, in the order of observation; none may be older than those of earlier calls. */
  take(readings: readonly R[]): void;
  /** Returns the decision for each meter that had a reading. */
  decided(): readonly Decided[];
};

/** Starts an evaluation that takes readings in parts, so that some are evaluated while others are being written. */
export function startDeciding<R extends NewReading>(meters: ReadonlyMap<string, MeterState>, by: DecidingBy<R>): Deciding<R> {
  const started = new Map<string, Walk<R>>();
  const byId = new Map([...meters.values()].map((meterState) => [meterState.meter.id, meterState]));
  return {
    take(readings) {
      for (const reading of readings) walkOf(reading.meterId).step(reading);
    },
    // In the order of the meters, not of their first readings.
    decided: () =>
      [...byId.keys()].flatMap((id) => {
        const walked = started.get(id)?.end();
        return walked ? [{ ...walked, ...applySnooze(walked.before, walked.meterState, walked.announcements, by.now) }] : [];
      }),
  };

  function walkOf(meterId: string): Walk<R> {
    const known = started.get(meterId);
    if (known) return known;
    const meterState = byId.get(meterId);
    if (!meterState) throw new Error('a reading without its meter');
    const walk = startWalk(meterState, { ...by, rules: rulesFor(meterState.meter, by.rules) });
    started.set(meterId, walk);
    return walk;
  }
}

type Walk<R> = { step(reading: R): void; end(): Decided };

function startWalk<R extends NewReading>(start: MeterState, by: DecidingBy<R>): Walk<R> {
  const alerts = new Map<string, Decided['alerts'][number]>();
  const firings: Firing[] = [];
  const announcements: Announcement[] = [];
  const resets: Reset[] = [];
  let meterState = start;
  return {
    step(reading) {
      const judgesFrom = by.judgesFrom(reading);
      const step = evaluateReading(meterState, { rules: by.rules, timeZone: by.timeZone, judgesFrom }, reading, by.newId);
      meterState = step.meterState;
      for (const alert of step.alerts) alerts.set(alert.id, alert);
      firings.push(...step.firings);
      for (const announcement of step.announcements) merge(announcements, announcement);
      for (const { previous, measured, reading: after, change } of step.transitions) {
        const isHistory = judgesFrom !== null && after.observedAt < judgesFrom;
        if (previous !== null && beginsPeriod(change) && !isHistory)
          resets.push({ presumed: change === 'presumed-reset', before: after.isAtLeast ? previous : (measured ?? previous), after });
      }
    },
    end: () => ({
      before: start,
      meterState,
      alerts: [...alerts.values()],
      firings,
      announcements: announcements.map((one) => upToDate(one, meterState)),
      resets,
    }),
  };
}

/**
 * An open alert is announced with the current figures, not with those of the reading in the middle of an import that crossed the level.
 */
function upToDate(said: Announcement, { current, history, alerts }: MeterState): Announcement {
  const isOpen = [...alerts.values()].some(({ id }) => id === said.alert.id);
  if (!isOpen || isCalming(said.change) || current === null || current.reading.observedAt <= said.reading.observedAt) return said;
  return { ...said, reading: current.reading, history };
}

/** Merges announcements of one alert: 80% and 100% in one ingest are one message, at the highest level. */
function merge(announced: Announcement[], next: Announcement): void {
  const last = announced.findLastIndex((one) => one.alert.id === next.alert.id);
  const before = announced[last];
  // Improvements are announced separately.
  if (!before || isCalming(before.change) || isCalming(next.change)) announced.push(next);
  else {
    const findings = [...before.findings.filter((one) => !isAmong(one, next.findings)), ...next.findings];
    // An update may have become worse. The worst finding is last.
    announced[last] = {
      ...next,
      change: before.change === 'updated' ? next.change : before.change,
      cause: next.cause ?? before.cause,
      findings: findings.sort((a, b) => compareSeverity(a.severity, b.severity)),
    };
  }
}

function isAmong({ kind, condition }: Finding, findings: readonly Finding[]): boolean {
  return findings.some((one) => one.kind === kind && one.condition === condition);
}

/** Returns the announcements that remain after the store applied the once-per-period key. */
export function announcementsOf(decided: readonly Decided[], firings: readonly Firing[]): readonly Announcement[] {
  const allowed = new Set(firings.map(firingKey));
  return decided.flatMap((one) => one.announcements.flatMap((announcement) => onlyAllowed(announcement, one.firings, allowed)));
}

/** Drops findings that the once-per-period key rejected, and an announcement without findings. */
function onlyAllowed(announcement: Announcement, firings: readonly Firing[], allowed: ReadonlySet<string>): readonly Announcement[] {
  if (isCalming(announcement.change) || announcement.change === 'woken') return [announcement];
  const mine = new Set(
    firings
      .filter((firing) => firing.alertId === announcement.alert.id && allowed.has(firingKey(firing)))
      .map((firing) => firing.condition),
  );
  const findings = announcement.findings.filter((finding) => mine.has(finding.condition));
  return findings.length === 0 ? [] : [{ ...announcement, findings }];
}

function firingKey(firing: Firing): string {
  return JSON.stringify([firing.alertId, firing.ruleId, firing.ruleVersion, firing.periodBeganAt, firing.condition, firing.occurrence]);
}
