import { PURGE_AFTER_MS } from '../../../core/notifications/timer.ts';
import type { TimerHandler } from './handler.ts';

/** A platform that was removed this long ago: what is stored of it goes, unless something has been delivered there since. */
export const purge: TimerHandler = async (transaction) => {
  const { subject: platform, dueAt } = transaction.timer;
  const removedAt = new Date(dueAt.getTime() - PURGE_AFTER_MS);
  if (!(await transaction.hasDeliveredTo(platform, removedAt))) await transaction.purge(platform);
  return { nextAt: null, wake: [] };
};
