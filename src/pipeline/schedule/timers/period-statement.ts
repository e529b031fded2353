import { post, saveNotifications } from '../../notify/save-notifications.ts';
import type { RunTimer } from './handler.ts';

/** Posts the statement of a source's ended period, after its meters have begun the new one. */
export const periodStatement: RunTimer = async (transaction, timer, { now, newId }) => {
  const source = timer.subject;
  const statement = await transaction.periodStatementOf(source);
  // A clock that was ahead may have begun the period too early; the statement is posted when it really begins.
  if (statement === null || statement.period.start > now) return { nextAt: null, wake: [] };
  const destinations = await transaction.operations();
  const id = newId();
  const deliveries = destinations.map((one) => post(newId(), one.id));
  return {
    nextAt: null,
    wake: await saveNotifications(transaction, [
      { id, alertId: null, threadId: id, snapshot: { kind: 'period-statement', source, ...statement }, deliveries },
    ]),
  };
};
