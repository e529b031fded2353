import { isCalming, type Alert } from './alert.ts';
import { knownEnd } from '../time/period.ts';
import { compareSeverity } from '../rules/severity.ts';
import { holdsBack, isSnoozedFor } from './snooze.ts';
import type { StoredSnooze } from './stored-snooze.ts';
import type { Announcement, MeterState } from './evaluate.ts';

/**
 * What of a meter's announcements comes through its snooze: whatever is worse than what was snoozed, and what is better
 * again, which rings nobody. When a reading has ended the snooze, all that still holds is said again: being quiet consumed nothing.
 * A snooze is of the period that it was set in: whatever kind it is, it ends with that, and hides nothing of the next one.
 *
 * @param before the meter as it was before the readings that made the announcements
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
  // Figures that came after its period ended may still be those of the period: what holds of the next one is announced by itself.
  const end = snoozed.snooze.kind === 'until' ? null : knownEnd(snoozed.snooze.since);
  if (end !== null && now >= end) return { meterState: { ...meterState, snoozed: null }, announcements };
  const spoken = new Set(announcements.map((one) => one.alert.id));
  const silent = [...meterState.alerts.values()].filter((alert) => !spoken.has(alert.id));
  return {
    meterState: { ...meterState, snoozed: null },
    announcements: [...announcements, ...silent.map((alert) => saidAgain(meterState, alert, 'woken'))],
  };
}

/** Whether a snooze has kept something of a meter's open alerts from being said: ending it must say so. */
export function hasHeldBack({ snooze, readingAt }: StoredSnooze, alerts: Iterable<Alert>): boolean {
  if (readingAt === null) return true;
  return [...alerts].some(({ conditions }) =>
    conditions.some(({ since, severity }) => since === null || (since > readingAt && compareSeverity(severity, snooze.severity) <= 0)),
  );
}

/** An open alert as it holds now, to be said once more. */
export function saidAgain({ meter, current, history }: MeterState, alert: Alert, change: 'woken' | 'repeated'): Announcement {
  if (current === null) throw new Error('an alert of a meter without figures');
  return { meterId: meter.id, alert, change, findings: alert.conditions, reading: current.reading, history, cause: null };
}
