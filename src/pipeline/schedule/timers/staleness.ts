import { bindRules } from '../../../core/rules/registry.ts';
import { currentForMs, staleFrom, usuallyCurrentForMs } from '../../../core/status/staleness.ts';
import { isStampedAhead } from '../../../core/meters/reading.ts';
import type { StalenessSnapshot } from '../../../core/notifications/notification.ts';
import type { SourceState, TimerTransaction } from '../../../ports/stores/timer-store.ts';
import { edit, operationsAt, post, saveNotifications } from '../../notify/save-notifications.ts';
import type { TimerContext, TimerHandler } from './handler.ts';

type Quiet = Pick<StalenessSnapshot, 'since' | 'expectedWithinMs' | 'notMonitored'>;

/** Looks whether a source has gone quiet, says it once to operations, and edits that when it is back. */
export const staleness: TimerHandler = async (transaction, context) => {
  const source = await transaction.source(transaction.timer.subject);
  if (source === null) return { nextAt: null, wake: [] };
  if (source.meters.length === 0) return neverHeard(transaction, source, context);
  const rules = bindRules(await transaction.rules());
  const meters = source.meters.map(({ meter, reading, held }) => {
    const withinMs = currentForMs(source.expectedInterval, meter, rules);
    return { observedAt: reading.observedAt, withinMs, staleAt: staleFrom(reading, withinMs, held) };
  });
  // Figures from the future are of a clock that was set back since: nothing came in the time for which this timer was set.
  const notMonitored = meters.filter(({ observedAt, staleAt }) => staleAt <= context.now || isStampedAhead(observedAt, context.now));
  if (notMonitored.length === 0) {
    const nextAt = new Date(Math.min(...meters.map(({ staleAt }) => staleAt.getTime())));
    return { nextAt, wake: source.stale === null ? [] : await sayBack(transaction, source, source.stale, context) };
  }
  const since = new Date(Math.max(...notMonitored.map(({ observedAt }) => observedAt.getTime())));
  const expectedWithinMs = Math.min(...notMonitored.map(({ withinMs }) => withinMs));
  // The next reading sets the timer again.
  return {
    nextAt: null,
    wake:
      source.stale === null
        ? await sayQuiet(transaction, source, { since, expectedWithinMs, notMonitored: notMonitored.length }, context)
        : [],
  };
};

/** A source that is polled and has never brought a figure. What nobody polls is not there before its first figures. */
async function neverHeard(transaction: TimerTransaction, source: SourceState, context: TimerContext) {
  if (source.expectedInterval.everyMs === null || source.stale !== null) return { nextAt: null, wake: [] };
  const expectedWithinMs = usuallyCurrentForMs(source.expectedInterval);
  const quietAt = staleFrom({ observedAt: source.firstSeenAt }, expectedWithinMs);
  if (quietAt > context.now) return { nextAt: quietAt, wake: [] };
  return {
    nextAt: null,
    wake: await sayQuiet(transaction, source, { since: source.firstSeenAt, expectedWithinMs, notMonitored: 0 }, context),
  };
}

async function sayQuiet(
  transaction: TimerTransaction,
  source: SourceState,
  stale: Quiet,
  { now, newId }: TimerContext,
): Promise<readonly string[]> {
  const threadId = newId();
  await transaction.setStale(source.id, { since: stale.since, threadId });
  const routes = await transaction.routes();
  const destinations = operationsAt(routes, await transaction.destinations());
  return saveNotifications(transaction, [
    {
      id: newId(),
      alertId: null,
      threadId,
      snapshot: snapshotOf(source, 'quiet', stale, now),
      deliveries: destinations.map((one) => post(newId(), one.id)),
    },
  ]);
}

async function sayBack(
  transaction: TimerTransaction,
  source: SourceState,
  stale: NonNullable<SourceState['stale']>,
  { newId }: TimerContext,
): Promise<readonly string[]> {
  await transaction.setStale(source.id, null);
  const notified = await transaction.postedDeliveriesOf(stale.threadId);
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
  { id, expectedInterval, problem }: SourceState,
  change: StalenessSnapshot['change'],
  stale: Quiet,
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
    at,
  };
}
