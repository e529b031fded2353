import { isCalming, type Alert } from './alert.ts';
import { knownEnd } from '../time/period.ts';
import { compareSeverity } from '../rules/severity.ts';
import { holdsBack, isSnoozedFor } from './snooze.ts';
import type { StoredSnooze } from './stored-snooze.ts';
import type { Announcement, MeterState } from './evaluate.ts';

/**
 * Filters a meter's announcements by its snooze. Posted are those more severe than the snoozed alert, and improvements, which notify no
 * one. If a reading ended the snooze, all open alerts are posted again, because snoozed findings were not used up. Every snooze ends
 * with the period it was set in and does not affect the next one.
 *
 * @param before the meter before the readings that caused the announcements
 */
export function applySnooze(
  before: MeterState,
  meterState: MeterState,
  announcements: readonly Announcement[],
  now: Date,
): { readonly meterState: MeterState; readonly announcements: readonly Announcement[] } {
  const { snoozed, current } = meterState;
  if (snoozed === null || current === null) return { meterState, announcements };
  const wasSetIn = before.current?.periodBeganAt.getTime();
  if (wasSetIn !== undefined && wasSetIn !== current.periodBeganAt.getTime())
    return { meterState: { ...meterState, snoozed: null }, announcements };
  if (isSnoozedFor(snoozed.snooze, now, current.reading)) {
    return {
      meterState,
      announcements: announcements.filter(
        (one) => isCalming(one.change) || !holdsBack(snoozed.snooze, one.alert.severity, now, one.reading),
      ),
    };
  }
  // Readings that arrive after the end of the period may still belong to it. Alerts of the next period are announced on their own.
  const end = snoozed.snooze.kind === 'until' ? null : knownEnd(snoozed.snooze.since);
  if (end !== null && now >= end) return { meterState: { ...meterState, snoozed: null }, announcements };
  const announced = new Set(announcements.map((one) => one.alert.id));
  const unannounced = [...meterState.alerts.values()].filter((alert) => !announced.has(alert.id));
  return {
    meterState: { ...meterState, snoozed: null },
    announcements: [...announcements, ...unannounced.map((alert) => saidAgain(meterState, alert, 'woken'))],
  };
}

/** Whether a snooze held back a finding of the meter's open alerts, so that ending the snooze must post it. */
export function hasHeldBack({ snooze, readingAt }: StoredSnooze, alerts: Iterable<Alert>): boolean {
  if (readingAt === null) return true;
  return [...alerts].some(({ conditions }) =>
    conditions.some(({ since, severity }) => since === null || (since > readingAt && compareSeverity(severity, snooze.severity) <= 0)),
  );
}

/**
 * Builds the announcement of an open alert with its present state, to post it again.
 *
 * @throws {Error} if the meter has no reading, which an open alert rules out
 */
export function saidAgain({ meter, current, history }: MeterState, alert: Alert, change: 'woken' | 'repeated'): Announcement {
  if (current === null) throw new Error('an alert of a meter without figures');
  return { meterId: meter.id, alert, change, findings: alert.conditions, reading: current.reading, history, cause: null };
}
