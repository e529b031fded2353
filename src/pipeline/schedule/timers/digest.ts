import { leadsTo, type Route } from '../../../core/notifications/route.ts';
import { claimRun, remindAt } from '../../../core/time/schedule.ts';
import type { TimerTransaction } from '../../../ports/stores/timer-store.ts';
import { digestSnapshot } from '../../notify/digest-snapshot.ts';
import { post, saveNotifications } from '../../notify/save-notifications.ts';
import type { TimerContext, RunTimer } from './handler.ts';

/** Posts the weekly digest of a route: one per local week; after downtime, late within a day, then skipped and recorded. */
export const digest: RunTimer = async (transaction, timer, context) => {
  const { account } = transaction;
  const routes = await transaction.routes();
  const route = routes.find(({ id }) => id === timer.subject);
  if (!route?.digest) return { nextAt: null, wake: [] };
  const timeZone = route.timeZone ?? account.timeZone;
  const { run, skipped, nextRunAt } = claimRun(route.digest, timer.dueAt, context.now, timeZone);
  await transaction.setTimer('paste-reminder', route.id, remindAt(nextRunAt));
  for (const { week } of skipped) await transaction.recordDigest(route.id, week, 'skipped');
  if (run === null || !(await transaction.recordDigest(route.id, run.week, run.late ? 'late' : 'sent')))
    return { nextAt: nextRunAt, wake: [] };
  return { nextAt: nextRunAt, wake: await send(transaction, route, { ...run, timeZone }, context) };
};

async function send(
  transaction: TimerTransaction,
  route: Route,
  run: { readonly dueAt: Date; readonly late: boolean; readonly timeZone: string },
  { now, newId }: TimerContext,
): Promise<readonly string[]> {
  const destination = (await transaction.destinations()).find((one) => leadsTo(route, one));
  if (!destination) return [];
  const id = newId();
  const snapshot = await digestSnapshot(transaction, { meters: route.meters, now, ...run });
  return saveNotifications(transaction, [{ id, alertId: null, threadId: id, snapshot, deliveries: [post(newId(), destination.id)] }]);
}
