import { PURGE_AFTER_MS } from '../../../core/notifications/timer.ts';
import type { RunTimer } from './handler.ts';

/** Deletes the data of a removed platform after the retention time, unless a delivery there has succeeded since. */
export const purge: RunTimer = async (transaction, timer) => {
  const { subject: platform, dueAt } = timer;
  const removedAt = new Date(dueAt.getTime() - PURGE_AFTER_MS);
  if (!(await transaction.hasDeliveredTo(platform, removedAt))) await transaction.purge(platform);
  return { nextAt: null, wake: [] };
};
