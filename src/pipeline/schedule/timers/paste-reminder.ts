import { AHEAD_MS, holdsUntil } from '../../../core/time/clock-skew.ts';
import { DAY_MS } from '../../../core/time/local-time.ts';
import { selects } from '../../../core/meters/meter.ts';
import type { Route } from '../../../core/notifications/route.ts';
import { bindRules } from '../../../core/rules/registry.ts';
import { nextRun } from '../../../core/time/schedule.ts';
import { currentForMs, staleFrom } from '../../../core/status/staleness.ts';
import type { DestinationRow, NewNotification } from '../../../ports/stores/account-transaction.ts';
import type { ImportedSource, TimerTransaction } from '../../../ports/stores/timer-store.ts';
import { operationsAt, post, saveNotifications } from '../../notify/save-notifications.ts';
import type { TimerHandler } from './handler.ts';

/** An hour before the digest of a route: whoever pasted last hears that its figures will be old. The digest sets the next. */
export const pasteReminder: TimerHandler = async (transaction, { now, newId }) => {
  const routes = await transaction.routes();
  const route = routes.find(({ id }) => id === transaction.timer.subject);
  if (!route?.digest) return { nextAt: null, wake: [] };
  const digestAt = nextRun(route.digest, now, route.timeZone ?? transaction.account.timeZone);
  const notifications: NewNotification[] = [];
  for (const source of await transaction.imported()) {
    const observedAt = await oldAt(transaction, source, route, digestAt);
    // Another route of the same morning has asked already.
    if (observedAt === null || (source.askedAt !== null && isAskedLately(source.askedAt, now))) continue;
    await transaction.setAsked(source.id);
    const id = newId();
    const asked = await askedFor(transaction, source, routes);
    notifications.push({
      id,
      alertId: null,
      threadId: id,
      snapshot: { kind: 'paste-reminder', source: source.id, observedAt, digestAt },
      deliveries: asked.map((one) => post(newId(), one.id)),
    });
  }
  return { nextAt: null, wake: notifications.length === 0 ? [] : await saveNotifications(transaction, notifications) };
};

function isAskedLately(askedAt: Date, now: Date): boolean {
  return now < holdsUntil(new Date(askedAt.getTime() + DAY_MS), now, DAY_MS + AHEAD_MS);
}

/** When the latest figures of a source were observed, for the meters of a route, if none of them is current any more when its digest goes out. */
async function oldAt(
  transaction: TimerTransaction,
  source: ImportedSource,
  { meters: selector }: Route,
  digestAt: Date,
): Promise<Date | null> {
  const rules = bindRules(await transaction.rules());
  const readings = (await transaction.meters()).flatMap(({ meterState: { meter, current } }) => {
    if (current === null || meter.source !== source.id || selector === null || !selects(selector, meter)) return [];
    const { observedAt } = current.reading;
    return [
      {
        observedAt,
        isOld: staleFrom(current.reading, currentForMs({ kind: 'import', everyMs: null }, meter, rules), current.held) <= digestAt,
      },
    ];
  });
  if (readings.length === 0 || readings.some(({ isOld }) => !isOld)) return null;
  return new Date(Math.max(...readings.map(({ observedAt }) => observedAt.getTime())));
}

/** Whoever pasted last, else the admins, else operations. */
async function askedFor(
  transaction: TimerTransaction,
  { by }: ImportedSource,
  routes: readonly Route[],
): Promise<readonly DestinationRow[]> {
  const person = by && (await transaction.destination(by));
  if (person && !person.off) return [person];
  const destinations = await transaction.destinations();
  const admins = destinations.filter((one) => one.fallback && !one.off && one.kind !== 'terminal');
  return admins.length > 0 ? admins : operationsAt(routes, destinations);
}
