import type { Log } from '../ports/log.ts';

/** A component with its own connections to the queue. */
export type QueueUser = { readonly lost: (error: unknown) => void; readonly back: () => void };

/**
 * Logs the start and the end of a queue outage once each, however many calls fail. The producer and the worker reconnect
 * independently, so an outage lasts until the last of them is back. Otherwise the slower one would start a new outage.
 */
export function trackOutage(kind: string, log: Log): { user(): QueueUser } {
  const away = new Set<QueueUser>();
  return {
    user() {
      const user: QueueUser = {
        lost(error) {
          if (away.size === 0) log.warn({ queue: kind, error }, 'queue unavailable; the sweep delivers meanwhile');
          away.add(user);
        },
        back() {
          if (away.delete(user) && away.size === 0) log.info({ queue: kind }, 'queue available again');
        },
      };
      return user;
    },
  };
}
