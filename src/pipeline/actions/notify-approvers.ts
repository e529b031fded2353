import { forecast } from '../../core/meters/forecast.ts';
import type { RequestSnapshot } from '../../core/notifications/notification.ts';
import { directTo } from '../../core/notifications/route.ts';
import { hasPlatform, isSamePerson, type Person } from '../../core/text/person.ts';
import type { AccountTransaction } from '../../ports/stores/account-transaction.ts';
import type { LockedMeter } from '../../ports/stores/action-store.ts';
import { post, saveNotifications } from '../notify/save-notifications.ts';

/** Notifies the approvers of a request for more credits in direct messages. The requester gets none. */
export async function notifyApprovers(
  transaction: AccountTransaction & LockedMeter,
  request: Pick<RequestSnapshot, 'by' | 'ask' | 'to' | 'buy'>,
  newId: () => string,
): Promise<{ readonly notified: readonly Person[]; readonly woken: readonly string[] }> {
  const { meter, current, history } = transaction.meterState;
  if (current === null) return { notified: [], woken: [] };
  const { reading } = current;
  const approvers = (await transaction.approvers()).filter((person) => !isSamePerson(person, request.by) && hasPlatform(person));
  if (approvers.length === 0) return { notified: [], woken: [] };
  const { source, key, label, unit, decimals } = meter;
  const id = newId();
  const snapshot: RequestSnapshot = {
    kind: 'request',
    ...request,
    meter: { source, key, label, unit, decimals },
    reading: { ...reading, period: reading.period && { ...reading.period } },
    forecast: forecast(history, reading),
  };
  const deliveries = [];
  for (const person of approvers) deliveries.push(post(newId(), (await transaction.destination(directTo(person))).id));
  return {
    notified: approvers,
    woken: await saveNotifications(transaction, [{ id, alertId: null, threadId: id, snapshot, deliveries }]),
  };
}
