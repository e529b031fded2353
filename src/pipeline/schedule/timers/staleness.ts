import { bindRules } from '../../../core/rules/registry.ts';
import { currentForMs, staleFrom, usuallyCurrentForMs } from '../../../core/status/staleness.ts';
import { isStampedAhead } from '../../../core/meters/reading.ts';
import type { SilenceSnapshot } from '../../../core/notifications/notification.ts';
import type { SourceStanding, TimerTransaction } from '../../../ports/stores/timer-store.ts';
import { edit, operationsAt, post, tell } from '../../notify/save-notifications.ts';
import type { TimerContext, TimerHandler } from './handler.ts';

type Quiet = Pick<SilenceSnapshot, 'since' | 'expectedWithinMs' | 'blind'>;

/** Looks whether a source has gone quiet, says it once to operations, and edits that when it is back. */
export const silence: TimerHandler = async (transaction, context) => {
  const source = await transaction.source(transaction.timer.subject);
  if (source === null) return { nextAt: null, wake: [] };
  if (source.meters.length === 0) return neverHeard(transaction, source, context);
  const rules = bindRules(await transaction.rules());
  const meters = source.meters.map(({ meter, reading, held }) => {
    const withinMs = currentForMs(source.rhythm, meter, rules);
    return { observedAt: reading.observedAt, withinMs, staleAt: staleFrom(reading, withinMs, held) };
  });
  // Figures from the future are of a clock that was set back since: nothing came in the time for which this timer was set.
  const blind = meters.filter(({ observedAt, staleAt }) => staleAt <= context.now || isStampedAhead(observedAt, context.now));
  if (blind.length === 0) {
    const nextAt = new Date(Math.min(...meters.map(({ staleAt }) => staleAt.getTime())));
    return { nextAt, wake: source.quiet === null ? [] : await sayBack(transaction, source, source.quiet, context) };
  }
  const since = new Date(Math.max(...blind.map(({ observedAt }) => observedAt.getTime())));
  const expectedWithinMs = Math.min(...blind.map(({ withinMs }) => withinMs));
  // The next reading sets the timer again.
  return {
    nextAt: null,
    wake: source.quiet === null ? await sayQuiet(transaction, source, { since, expectedWithinMs, blind: blind.length }, context) : [],
  };
};

/** A source that is polled and has never brought a figure. What nobody polls is not there before its first figures. */
async function neverHeard(transaction: TimerTransaction, source: SourceStanding, context: TimerContext) {
  if (source.rhythm.everyMs === null || source.quiet !== null) return { nextAt: null, wake: [] };
  const expectedWithinMs = usuallyCurrentForMs(source.rhythm);
  const quietAt = staleFrom({ observedAt: source.firstSeenAt }, expectedWithinMs);
  if (quietAt > context.now) return { nextAt: quietAt, wake: [] };
  return { nextAt: null, wake: await sayQuiet(transaction, source, { since: source.firstSeenAt, expectedWithinMs, blind: 0 }, context) };
}

async function sayQuiet(
  transaction: TimerTransaction,
  source: SourceStanding,
  quiet: Quiet,
  { now, newId }: TimerContext,
): Promise<readonly string[]> {
  const threadId = newId();
  await transaction.setQuiet(source.id, { since: quiet.since, threadId });
  const routes = await transaction.routes();
  const destinations = operationsAt(routes, await transaction.destinations());
  return tell(transaction, [
    {
      id: newId(),
      alertId: null,
      threadId,
      snapshot: snapshotOf(source, 'quiet', quiet, now),
      deliveries: destinations.map((one) => post(newId(), one.id)),
    },
  ]);
}

async function sayBack(
  transaction: TimerTransaction,
  source: SourceStanding,
  quiet: NonNullable<SourceStanding['quiet']>,
  { newId }: TimerContext,
): Promise<readonly string[]> {
  await transaction.setQuiet(source.id, null);
  const told = await transaction.toldAt(quiet.threadId);
  const at = new Date(Math.max(...source.meters.map(({ reading, held }) => (held?.seenAt ?? reading.observedAt).getTime())));
  const over = { since: quiet.since, expectedWithinMs: usuallyCurrentForMs(source.rhythm), blind: 0 };
  return tell(transaction, [
    {
      id: newId(),
      alertId: null,
      threadId: quiet.threadId,
      snapshot: snapshotOf(source, 'back', over, at),
      deliveries: told.map((one) => edit(newId(), one)),
    },
  ]);
}

function snapshotOf({ id, rhythm, problem }: SourceStanding, change: SilenceSnapshot['change'], quiet: Quiet, at: Date): SilenceSnapshot {
  return {
    kind: 'silence',
    change,
    source: id,
    sourceKind: rhythm.kind,
    everyMs: rhythm.everyMs,
    problem: problem && { reason: problem.reason, remedy: problem.remedy },
    ...quiet,
    at,
  };
}
