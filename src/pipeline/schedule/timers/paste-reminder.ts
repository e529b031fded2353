import { AHEAD_MS, holdsUntil } from '../../../core/time/clock-skew.ts';
import { DAY_MS } from '../../../core/time/local-time.ts';
import { selects } from '../../../core/meters/meter.ts';
import { isTerminal, type Route } from '../../../core/notifications/route.ts';
import { bindRules } from '../../../core/rules/registry.ts';
import { nextRun } from '../../../core/time/schedule.ts';
import { currentForMs, staleFrom } from '../../../core/status/staleness.ts';
import type { DestinationRow, NewNotification } from '../../../ports/stores/account-transaction.ts';
import type { ImportedSource, TimerTransaction } from '../../../ports/stores/timer-store.ts';
import { post, saveNotifications } from '../../notify/save-notifications.ts';
import type { RunTimer } from './handler.ts';

/**
 * Reminds the person who pasted last, an hour before a route's digest, that the figures will be stale. The digest sets the next
 * reminder.
 */
export const pasteReminder: RunTimer = async (transaction, timer, { now, newId }) => {
  const routes = await transaction.routes();
  const route = routes.find(({ id }) => id === timer.subject);
  if (!route?.digest) return { nextAt: null, wake: [] };
  const digestAt = nextRun(route.digest, now, route.timeZone ?? transaction.account.timeZone);
  const notifications: NewNotification[] = [];
  for (const source of await transaction.imported()) {
    const observedAt = await staleSince(transaction, source, route, digestAt);
    // Another route has already sent a reminder that day.
    if (observedAt === null || (source.askedAt !== null && isRemindedRecently(source.askedAt, now))) continue;
    if (!(await transaction.setAsked(source.id, source.askedAt))) continue;
    const id = newId();
    const recipients = await recipientsOf(transaction, source);
    notifications.push({
      id,
      alertId: null,
      threadId: id,
      snapshot: { kind: 'paste-reminder', source: source.id, observedAt, digestAt, isCaptured: source.isCaptured },
      deliveries: recipients.map((one) => post(newId(), one.id)),
    });
  }
  return { nextAt: null, wake: notifications.length === 0 ? [] : await saveNotifications(transaction, notifications) };
};

function isRemindedRecently(askedAt: Date, now: Date): boolean {
  return now < holdsUntil(new Date(askedAt.getTime() + DAY_MS), now, DAY_MS + AHEAD_MS);
}

/**
 * Returns when the figures of a route's meters of this source were observed, if none is current at the time of the digest; null
 * otherwise.
 */
async function staleSince(
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
        isStale: staleFrom(current.reading, currentForMs({ kind: 'import', everyMs: null }, meter, rules), current.held) <= digestAt,
      },
    ];
  });
  if (readings.length === 0 || readings.some(({ isStale }) => !isStale)) return null;
  return new Date(Math.max(...readings.map(({ observedAt }) => observedAt.getTime())));
}

/** Returns the person who pasted last, else the admins, else operations. */
async function recipientsOf(transaction: TimerTransaction, { by }: ImportedSource): Promise<readonly DestinationRow[]> {
  const person = by && (await transaction.destination(by));
  if (person && !person.isDisabled) return [person];
  const destinations = await transaction.destinations();
  const admins = destinations.filter((one) => one.fallback && !one.isDisabled && !isTerminal(one.kind));
  return admins.length > 0 ? admins : transaction.operations();
}
