import { daysUntil, dueWarning } from '../../../core/meters/key-expiry.ts';
import { post, saveNotifications } from '../../notify/save-notifications.ts';
import type { RunTimer } from './handler.ts';

/** Warns operations 30 and 7 days before the key of a source expires, as creditwatch.yml states the date. */
export const keyExpiry: RunTimer = async (transaction, timer, { now, newId }) => {
  const source = await transaction.keyExpiryOf(timer.subject);
  if (source === null) return { nextAt: null, wake: [] };
  const { timeZone } = transaction.account;
  const { expiry, told, kind } = source;
  const { warning, nextAt } = dueWarning(expiry, told, { now, timeZone });
  if (warning === null) return { nextAt, wake: [] };
  await transaction.setKeyExpiryTold(timer.subject, warning);
  const operations = await transaction.operations();
  const id = newId();
  const wake = await saveNotifications(transaction, [
    {
      id,
      alertId: null,
      threadId: id,
      snapshot: {
        kind: 'key-expiry',
        source: timer.subject,
        sourceKind: kind,
        expiry,
        daysLeft: daysUntil(expiry.on, now, timeZone),
      },
      deliveries: operations.map((one) => post(newId(), one.id)),
    },
  ]);
  return { nextAt, wake };
};
