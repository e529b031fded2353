import { isCalming } from '../../core/alerts/alert.ts';
import { beginsPeriod } from '../../core/meters/classify-change.ts';
import { applySnooze } from '../../core/alerts/apply-snooze.ts';
import type { Reading } from '../../core/meters/reading.ts';
import type { Finding } from '../../core/rules/rule.ts';
import { rulesFor, type BoundRule } from '../../core/rules/registry.ts';
import { compareSeverity } from '../../core/rules/severity.ts';
import { evaluateReading, type Announcement, type Firing, type MeterState } from '../../core/alerts/evaluate.ts';
import type { MeterDecision, NewReading } from '../../ports/stores/ingest-store.ts';

/** A meter's decision with what it has to say. */
export type Decided = MeterDecision & { readonly announcements: readonly Announcement[]; readonly resets: readonly Reset[] };

/** A new period, seen in the figures. */
type Reset = { readonly presumed: boolean; readonly before: Reading; readonly after: Reading };

export type DecidingBy = {
  readonly rules: readonly BoundRule[];
  readonly timeZone: string;
  readonly now: Date;
  readonly judgesFrom: Date | null;
  readonly newId: () => string;
};

export type Deciding = {
  /** Walks meters through readings that are all new, in the order of observation and none before those taken earlier. */
  take(readings: readonly NewReading[]): void;
  /** What all that was taken means, for each meter that had any. */
  decided(): readonly Decided[];
};

/** Decides as readings come, so that some are walked through while others are still being written. */
export function startDeciding(meters: ReadonlyMap<string, MeterState>, by: DecidingBy): Deciding {
  const started = new Map<string, Walk>();
  const byId = new Map([...meters.values()].map((meterState) => [meterState.meter.id, meterState]));
  return {
    take(readings) {
      for (const reading of readings) walkOf(reading.meterId).step(reading);
    },
    // In the order of the meters, whichever had the first reading.
    decided: () =>
      [...byId.keys()].flatMap((id) => {
        const walked = started.get(id)?.end();
        return walked ? [{ ...walked, ...applySnooze(walked.before, walked.meterState, walked.announcements, by.now) }] : [];
      }),
  };

  function walkOf(meterId: string): Walk {
    const known = started.get(meterId);
    if (known) return known;
    const meterState = byId.get(meterId);
    if (!meterState) throw new Error('a reading without its meter');
    const walk = startWalk(meterState, { ...by, rules: rulesFor(meterState.meter, by.rules) });
    started.set(meterId, walk);
    return walk;
  }
}

type Walk = { step(reading: Reading): void; end(): Decided };

function startWalk(start: MeterState, by: DecidingBy): Walk {
  const alerts = new Map<string, Decided['alerts'][number]>();
  const firings: Firing[] = [];
  const announcements: Announcement[] = [];
  const resets: Reset[] = [];
  let meterState = start;
  return {
    step(reading) {
      const step = evaluateReading(meterState, by, reading, by.newId);
      meterState = step.meterState;
      for (const alert of step.alerts) alerts.set(alert.id, alert);
      firings.push(...step.firings);
      for (const announcement of step.announcements) merge(announcements, announcement);
      for (const { previous, reading: after, change } of step.transitions) {
        const isHistory = by.judgesFrom !== null && after.observedAt < by.judgesFrom;
        if (previous !== null && beginsPeriod(change) && !isHistory)
          resets.push({ presumed: change === 'presumed-reset', before: previous, after });
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

/** Whoever reads of an alert that is still open wants the figures as they are now, not as they were when the line was crossed in the middle of an import. */
function upToDate(said: Announcement, { current, history, alerts }: MeterState): Announcement {
  const isOpen = [...alerts.values()].some(({ id }) => id === said.alert.id);
  if (!isOpen || isCalming(said.change) || current === null || current.reading.observedAt <= said.reading.observedAt) return said;
  return { ...said, reading: current.reading, history };
}

/** What rises in one ingest is said once, at its highest: 80% and 100% in two readings are one message. */
function merge(said: Announcement[], next: Announcement): void {
  const last = said.findLastIndex((one) => one.alert.id === next.alert.id);
  const before = said[last];
  // What is better than it was stands on its own.
  if (!before || isCalming(before.change) || isCalming(next.change)) said.push(next);
  else {
    const findings = [...before.findings.filter((one) => !isAmong(one, next.findings)), ...next.findings];
    // What has only been updated until now may have become worse. The worst finding is the last.
    said[last] = {
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

/** What is to be said of decisions, once the store has told which of their firings the once-per-period key let through. */
export function announcementsOf(decided: readonly Decided[], firings: readonly Firing[]): readonly Announcement[] {
  const allowed = new Set(firings.map(firingKey));
  return decided.flatMap((one) => one.announcements.flatMap((announcement) => onlyAllowed(announcement, one.firings, allowed)));
}

/** Drops findings that the once-per-period key did not let through; with none left there is nothing to say. */
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
