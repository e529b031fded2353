import type { Alert } from './alert.ts';
import type { RecordedReading } from '../meters/export.ts';
import { recordUsage, type UsageHistory } from '../meters/history.ts';
import { isStampedAhead } from '../meters/reading.ts';
import { followReading, type Followed, type CurrentReading } from '../meters/follow-reading.ts';
import type { MeterState } from './evaluate.ts';

/** Whether the current or the held reading of a meter was stamped by a clock that was set back later. */
export function isAheadOfClock({ current }: Pick<MeterState, 'current'>, now: Date): boolean {
  if (current === null) return false;
  return isStampedAhead(current.reading.observedAt, now) || (current.held !== null && isStampedAhead(current.held.seenAt, now));
}

/**
 * Returns the meter without readings stamped in the future: current reading and history are computed again from the earlier readings.
 * Open alerts and rule states stay, because their figures were true, but no alert may have opened in the future.
 *
 * @param readings the latest that are not in the future, by `observedAt`
 */
export function rewind(meterState: MeterState, readings: readonly RecordedReading[], timeZone: string): MeterState {
  const { resets } = meterState.meter;
  let current: CurrentReading | null = null;
  let history: UsageHistory | null = null;
  for (const reading of readings) {
    const { isCorrection = false } = reading;
    const followed: Followed = followReading(current, reading, { resets, judgesFrom: null, isCorrection });
    current = followed.current;
    for (const transition of followed.transitions) history = recordUsage(history, transition, timeZone);
  }
  // The last top-up of a balance may be older than these readings.
  const { topUp = null, fullest = null } = meterState.history ?? {};
  if (history !== null && !resets) history = { ...history, topUp: history.topUp ?? topUp, fullest: history.fullest ?? fullest };
  const alerts = new Map([...meterState.alerts].map(([topic, alert]) => [topic, openedBy(current?.reading.observedAt ?? null, alert)]));
  return { ...meterState, current, history, alerts };
}

/** Limits the opening time of an alert to the latest remaining reading. */
function openedBy(latest: Date | null, alert: Alert): Alert {
  if (latest === null || alert.openedAt <= latest) return alert;
  const conditions = alert.conditions.map((one) => (one.since !== null && one.since > latest ? { ...one, since: latest } : one));
  return { ...alert, openedAt: latest, conditions };
}
