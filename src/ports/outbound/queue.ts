/**
 * The work that is woken: the drain of a destination, or the poll of a source. Each kind has its own queue, so that a slow vendor
 * delays no alert.
 */
export type WakeKind = 'drain' | 'poll';

/** How many run at the same time in one process, whether the queue or the sweep started them. A drain mostly waits for its platform. */
export const AT_ONCE = { drain: 100, poll: 20 } as const satisfies Record<WakeKind, number>;

/**
 * Wakes work; carries only ids. A wake may be lost, because the sweep finds due work in PostgreSQL, or repeated, because the work
 * claims before it acts. Only speed depends on it.
 */
export type WakeQueue = {
  /** Requests one more run for an id. Does not wait for a queue that is down; a failure is logged, not thrown. */
  wake(id: string): void;
  /**
   * Starts passing woken ids to `handle`, several at a time. `handle` limits the concurrency, because ids woken together share a job.
   * One id is not handled twice at the same time, unless it was part of such a job.
   */
  work(handle: (id: string) => Promise<void>): Promise<void>;
  /** True if the backend answers. */
  isReady(): Promise<boolean>;
  /** Takes no new work, waits for running work, then closes. */
  close(): Promise<void>;
};
