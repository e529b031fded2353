import { currentForMs, staleFrom } from '../../core/silence.ts';
import type { SilenceSnapshot } from '../../core/notification.ts';
import type { SourceStanding, TimerTransaction } from '../../ports/store.ts';
import { edit, operationsAt, post, tell } from '../tell.ts';
import type { TimerContext, TimerHandler } from './handler.ts';

/** Looks whether a source has gone quiet, says it once to operations, and edits that when it is back. */
export const silence: TimerHandler = async (transaction, context) => {
  const source = await transaction.source(transaction.timer.subject);
  if (source === null || source.meters.length === 0) return { nextAt: null, wake: [] };
  const withinMs = currentForMs(source.kind);
  const blind = source.meters.filter(({ reading }) => staleFrom(reading, withinMs) <= context.now);
  if (blind.length === 0) {
    const nextAt = new Date(Math.min(...source.meters.map(({ reading }) => staleFrom(reading, withinMs).getTime())));
    return { nextAt, wake: source.quiet === null ? [] : await sayBack(transaction, source, source.quiet, context) };
  }
  // The next reading sets the timer again.
  return { nextAt: null, wake: source.quiet === null ? await sayQuiet(transaction, source, blind, context) : [] };
};

async function sayQuiet(transaction: TimerTransaction, source: SourceStanding, blind: SourceStanding['meters'], { now, newId }: TimerContext): Promise<readonly string[]> {
  const since = new Date(Math.max(...blind.map(({ reading }) => reading.observedAt.getTime())));
  const threadId = newId();
  await transaction.setQuiet(source.id, { since, threadId });
  const { routes } = await transaction.declared();
  const destinations = operationsAt(routes, await transaction.destinations());
  return tell(transaction, [{ id: newId(), alertId: null, threadId, snapshot: snapshotOf(source, 'quiet', since, blind.length, now), deliveries: destinations.map((one) => post(newId(), one.id)) }]);
}

async function sayBack(transaction: TimerTransaction, source: SourceStanding, quiet: NonNullable<SourceStanding['quiet']>, { newId }: TimerContext): Promise<readonly string[]> {
  await transaction.setQuiet(source.id, null);
  const told = await transaction.toldAt(quiet.threadId);
  const at = new Date(Math.max(...source.meters.map(({ reading }) => reading.observedAt.getTime())));
  return tell(transaction, [{ id: newId(), alertId: null, threadId: quiet.threadId, snapshot: snapshotOf(source, 'back', quiet.since, 0, at), deliveries: told.map((one) => edit(newId(), one)) }]);
}

function snapshotOf({ id, kind }: SourceStanding, change: SilenceSnapshot['change'], since: Date, blind: number, at: Date): SilenceSnapshot {
  return { kind: 'silence', change, source: id, sourceKind: kind, since, expectedWithinMs: currentForMs(kind), blind, at };
}
