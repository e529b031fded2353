import { digestMeterOf } from '../../core/digest-meter.ts';
import type { DigestMeter } from '../../core/digest.ts';
import { selects } from '../../core/meter.ts';
import { leadsTo, post, tell } from '../tell.ts';
import type { Route } from '../../core/route.ts';
import { bindRules } from '../../core/rules/registry.ts';
import { claimRun, weekBefore } from '../../core/schedule.ts';
import type { TimerTransaction } from '../../ports/store.ts';
import type { TimerContext, TimerHandler } from './handler.ts';

/** The weekly digest of a route: one per local week, always sent, late within a day after downtime, skipped and recorded after that. */
export const digest: TimerHandler = async (transaction, context) => {
  const { timer, account } = transaction;
  const { routes } = await transaction.declared();
  const route = routes.find(({ id }) => id === timer.subject);
  if (!route?.digest) return { nextAt: null, wake: [] };
  const timeZone = route.timeZone ?? account.timeZone;
  const { run, skipped, nextRunAt } = claimRun(route.digest, timer.dueAt, context.now, timeZone);
  for (const { week } of skipped) await transaction.recordDigest(route.id, week, 'skipped');
  if (run === null || !(await transaction.recordDigest(route.id, run.week, run.late ? 'late' : 'sent'))) return { nextAt: nextRunAt, wake: [] };
  return { nextAt: nextRunAt, wake: await send(transaction, route, { ...run, timeZone }, context) };
};

async function send(transaction: TimerTransaction, route: Route, { dueAt, late, timeZone }: { readonly dueAt: Date; readonly late: boolean; readonly timeZone: string }, { now, newId }: TimerContext): Promise<readonly string[]> {
  const week = weekBefore(dueAt, timeZone);
  const { rules } = await transaction.declared();
  const bound = bindRules(rules);
  const all = await transaction.meters();
  const meters: DigestMeter[] = [];
  for (const { watched, sourceKind } of all) {
    if (route.meters === null || !selects(route.meters, watched.meter)) continue;
    const said = await transaction.saidOf(watched.meter.id, week.start);
    const one = digestMeterOf(watched, { sourceKind, rules: bound, said, week, now, timeZone });
    if (one) meters.push(one);
  }
  const destination = (await transaction.destinations()).find((one) => leadsTo(route, one));
  if (!destination) return [];
  const id = newId();
  const snapshot = { kind: 'digest' as const, week: { ...week }, dueAt, late, timeZone, meters };
  return tell(transaction, [{ id, alertId: null, threadId: id, snapshot, deliveries: [post(newId(), destination.id)] }]);
}
