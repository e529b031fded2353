import type { Log } from '../ports/log.ts';

/** One who talks to the queue over connections of its own. */
export type QueueUser = { readonly lost: (error: unknown) => void; readonly back: () => void };

/**
 * Says once that a queue is away, and once that it is back, however many calls fail in between. Who puts wakes and who takes
 * them reconnect each in their own time: one outage lasts until the last of them is back, or the slower would begin another.
 */
export function trackOutage(kind: string, log: Log): { user(): QueueUser } {
  const away = new Set<QueueUser>();
  return {
    user() {
      const user: QueueUser = {
        lost(error) {
          if (away.size === 0) log.warn({ queue: kind, error }, 'the queue does not answer; the sweep delivers meanwhile');
          away.add(user);
        },
        back() {
          if (away.delete(user) && away.size === 0) log.info({ queue: kind }, 'the queue answers again');
        },
      };
      return user;
    },
  };
}
