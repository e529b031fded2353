import { bindRules } from '../../../core/rules/registry.ts';
import { currentForMs, staleFrom, usuallyCurrentForMs } from '../../../core/status/staleness.ts';
import { withholds } from '../../../core/meters/drift-cause.ts';
import { isStampedAhead } from '../../../core/meters/reading.ts';
import type { StalenessSnapshot } from '../../../core/notifications/notification.ts';
import type { SourceState, TimerTransaction } from '../../../ports/stores/timer-store.ts';
import { edit, newestMessagesOf, post, saveNotifications } from '../../notify/save-notifications.ts';
import type { TimerContext, RunTimer } from './handler.ts';

type Stale = Pick<StalenessSnapshot, 'since' | 'expectedWithinMs' | 'notMonitored'>;

/** Checks whether a source is stale, notifies operations once, and edits that message when figures arrive again. */
export const staleness: RunTimer = async (transaction, timer, context) => {
  const source = await transaction.source(timer.subject);
  if (source === null) return { nextAt: null, wake: [] };
  if (source.meters.length === 0) return withoutReadings(transaction, source, context);
  const rules = bindRules(await transaction.rules());
  const meters = source.meters.map(({ meter, reading, held }) => {
    const withinMs = currentForMs(source.expectedInterval, meter, rules);
    return { key: meter.key, observedAt: reading.observedAt, withinMs, staleAt: staleFrom(reading, withinMs, held) };
  });
  // A reading in the future is from a clock that was set back: nothing arrived in the time for which this timer was set.
  const stale = meters.filter(({ observedAt, staleAt }) => staleAt <= context.now || isStampedAhead(observedAt, context.now));
  const current = meters.filter((meter) => !stale.includes(meter));
  const nextAt = current.length === 0 ? null : new Date(Math.min(...current.map(({ staleAt }) => staleAt.getTime())));
  if (stale.length === 0)
    return { nextAt, wake: source.stale === null ? [] : await notifyRecovered(transaction, source, source.stale, context) };
  const notMonitored = stale.filter(({ key }) => !isToldAlready(source, key));
  // The end of the problem, or the next reading, sets the timer again.
  if (notMonitored.length === 0) return { nextAt, wake: [] };
  const since = new Date(Math.max(...notMonitored.map(({ observedAt }) => observedAt.getTime())));
  const expectedWithinMs = Math.min(...notMonitored.map(({ withinMs }) => withinMs));
  // The next reading sets the timer again.
  return {
    nextAt: null,
    wake:
      source.stale === null
        ? await notifyStale(transaction, source, { since, expectedWithinMs, notMonitored: notMonitored.length }, context)
        : [],
  };
};

/** Whether operations were told why a meter has no figures: a refused key, or an answer that no longer fits. */
function isToldAlready({ told }: SourceState, meter: string): boolean {
  return told.some(({ causes }) => causes.some(({ cause, ended }) => ended === null && withholds(cause, meter)));
}

/** Handles a polled source that has never sent a figure. Other sources do not exist before their first figures. */
async function withoutReadings(transaction: TimerTransaction, source: SourceState, context: TimerContext) {
  if (source.expectedInterval.everyMs === null || source.stale !== null) return { nextAt: null, wake: [] };
  const expectedWithinMs = usuallyCurrentForMs(source.expectedInterval);
  const staleAt = staleFrom({ observedAt: source.firstSeenAt }, expectedWithinMs);
  if (staleAt > context.now) return { nextAt: staleAt, wake: [] };
  if (isToldAlready(source, '')) return { nextAt: null, wake: [] };
  return {
    nextAt: null,
    wake: await notifyStale(transaction, source, { since: source.firstSeenAt, expectedWithinMs, notMonitored: 0 }, context),
  };
}

async function notifyStale(
  transaction: TimerTransaction,
  source: SourceState,
  stale: Stale,
  { now, newId }: TimerContext,
): Promise<readonly string[]> {
  const threadId = newId();
  await transaction.setStale(source.id, { since: stale.since, threadId });
  const destinations = await transaction.operations();
  return saveNotifications(transaction, [
    {
      id: newId(),
      alertId: null,
      threadId,
      snapshot: snapshotOf(source, 'stale', stale, now),
      deliveries: destinations.map((one) => post(newId(), one.id)),
    },
  ]);
}

async function notifyRecovered(
  transaction: TimerTransaction,
  source: SourceState,
  stale: NonNullable<SourceState['stale']>,
  { newId }: TimerContext,
): Promise<readonly string[]> {
  await transaction.setStale(source.id, null);
  const notified = await newestMessagesOf(transaction, stale.threadId);
  const at = new Date(Math.max(...source.meters.map(({ reading, held }) => (held?.seenAt ?? reading.observedAt).getTime())));
  const over = { since: stale.since, expectedWithinMs: usuallyCurrentForMs(source.expectedInterval), notMonitored: 0 };
  return saveNotifications(transaction, [
    {
      id: newId(),
      alertId: null,
      threadId: stale.threadId,
      snapshot: snapshotOf(source, 'back', over, at),
      deliveries: notified.map((one) => edit(newId(), one)),
    },
  ]);
}

function snapshotOf(
  { id, expectedInterval, problem, isCaptured }: SourceState,
  change: StalenessSnapshot['change'],
  stale: Stale,
  at: Date,
): StalenessSnapshot {
  return {
    kind: 'staleness',
    change,
    source: id,
    sourceKind: expectedInterval.kind,
    everyMs: expectedInterval.everyMs,
    problem: problem && { reason: problem.reason, remedy: problem.remedy },
    ...stale,
    isCaptured,
    at,
  };
}
