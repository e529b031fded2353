import { isWorthTelling } from '../../../core/meters/drift-cause.ts';
import { tellCauses, type ToldMessage } from '../../../core/notifications/told-causes.ts';
import { edit, newestMessagesOf, post, saveNotifications } from '../../notify/save-notifications.ts';
import type { RunTimer } from './handler.ts';

/** Tells operations of new problems of a source's answers, and edits the messages about those that have ended. */
export const sourceProblem: RunTimer = async (transaction, timer, { now, newId }) => {
  const source = await transaction.source(timer.subject);
  if (source === null) return { nextAt: null, wake: [] };
  const { drift, expectedInterval } = source;
  const { posts, edits, told } = tellCauses(source.told, drift.causes, {
    at: now,
    isDue: (cause) => isWorthTelling(cause, expectedInterval.everyMs ?? 0),
    isPolled: (meter) => drift.meters.includes(meter),
    newId,
  });
  if (posts.length + edits.length === 0) return { nextAt: null, wake: [] };
  // What was told of a problem counted as a report of its stale meters.
  if (edits.length > 0) await transaction.hastenTimer('staleness', source.id, now);
  await transaction.setToldProblems(source.id, told);
  const operations = posts.length === 0 ? [] : await transaction.operations();
  const notification = ({ threadId, causes }: ToldMessage) => ({
    id: newId(),
    alertId: null,
    threadId,
    snapshot: { kind: 'source-problem' as const, source: source.id, causes },
  });
  const edited = [];
  for (const message of edits) {
    const messages = await newestMessagesOf(transaction, message.threadId);
    edited.push({ ...notification(message), deliveries: messages.map((one) => edit(newId(), one)) });
  }
  const posted = posts.map((message) => ({ ...notification(message), deliveries: operations.map((one) => post(newId(), one.id)) }));
  return { nextAt: null, wake: await saveNotifications(transaction, [...edited, ...posted]) };
};
