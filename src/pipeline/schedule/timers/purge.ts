import { PURGE_AFTER_MS } from '../../../core/notifications/timer.ts';
import { destinationKinds } from '../../../core/notifications/route.ts';
import type { TimerHandler } from './handler.ts';

/** A platform that was removed this long ago: what is stored of it goes, unless something has been delivered there since. */
export const purge: TimerHandler = async (transaction) => {
  const { subject, dueAt } = transaction.timer;
  const kind = destinationKinds.find((one) => one === subject);
  const removedAt = new Date(dueAt.getTime() - PURGE_AFTER_MS);
  if (kind && !(await transaction.hasDeliveredTo(kind, removedAt))) await transaction.purge(kind);
  return { nextAt: null, wake: [] };
};
