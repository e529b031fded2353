import type { Alert } from './alert.ts';
import type { UsageHistory } from '../meters/history.ts';
import type { Reading } from '../meters/reading.ts';
import type { StoredSnooze } from './stored-snooze.ts';
import type { MeterState } from './evaluate.ts';

/** The keys of amounts in the stored details of alerts. */
const AMOUNTS: ReadonlySet<string> = new Set(['consumed', 'usual', 'unused', 'perDay', 'toUse', 'toLast', 'usedAtEnd']);

/**
 * Returns a meter state in a smaller unit, with more decimals. Rule states hold no amounts.
 *
 * @param decimals more than the meter has now
 */
export function scaledUp(meterState: MeterState, decimals: number): MeterState {
  const { meter, current, history, alerts, snoozed, statedTotal } = meterState;
  const factor = 10n ** BigInt(decimals - meter.decimals);
  return {
    meter: { ...meter, decimals },
    current: current && {
      ...current,
      reading: scaledReading(current.reading, factor),
      closedAtUsed: times(current.closedAtUsed, factor),
      jump: current.jump && { from: current.jump.from * factor, to: current.jump.to * factor },
      ...(current.measured && { measured: scaledReading(current.measured, factor) }),
      held: current.held && { ...current.held, reading: scaledReading(current.held.reading, factor) },
    },
    history: history && scaledHistory(history, factor),
    memories: meterState.memories,
    alerts: new Map([...alerts].map(([topic, alert]) => [topic, scaledAlert(alert, factor)])),
    snoozed: snoozed && scaledSnoozed(snoozed, factor),
    statedTotal: times(statedTotal, factor),
  };
}

function times(amount: bigint | null, factor: bigint): bigint | null {
  return amount === null ? null : amount * factor;
}

function scaledReading(reading: Reading, factor: bigint): Reading {
  return { ...reading, used: reading.used * factor, total: times(reading.total, factor) };
}

function scaledHistory(history: UsageHistory, factor: bigint): UsageHistory {
  const scaled = <T extends { readonly consumed: bigint }>(one: T): T => ({ ...one, consumed: one.consumed * factor });
  const { consumed, earlierSamples, latestSample, earlierDays, latestDay, topUp, fullest } = history;
  return {
    consumed: consumed * factor,
    earlierSamples: earlierSamples.map(scaled),
    latestSample: latestSample && scaled(latestSample),
    earlierDays: earlierDays.map(scaled),
    latestDay: latestDay && scaled(latestDay),
    topUp: times(topUp, factor),
    fullest: times(fullest, factor),
  };
}

function scaledAlert(alert: Alert, factor: bigint): Alert {
  return { ...alert, conditions: alert.conditions.map((one) => ({ ...one, detail: scaledDetail(one.detail, factor) })) };
}

/** Stored details are JSON; each rule defines its own shape. */
function scaledDetail(detail: unknown, factor: bigint): unknown {
  if (typeof detail !== 'object' || detail === null || Array.isArray(detail)) return detail;
  return Object.fromEntries(
    Object.entries(detail).map(([key, value]: [string, unknown]) => [
      key,
      AMOUNTS.has(key) && typeof value === 'string' ? (BigInt(value) * factor).toString() : scaledDetail(value, factor),
    ]),
  );
}

function scaledSnoozed(snoozed: StoredSnooze, factor: bigint): StoredSnooze {
  const { snooze } = snoozed;
  return 'since' in snooze ? { ...snoozed, snooze: { ...snooze, since: scaledReading(snooze.since, factor) } } : snoozed;
}
