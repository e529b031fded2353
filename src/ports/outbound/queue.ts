/** What is woken: the drain of a destination, the poll of a source. Each has a queue of its own, so that a slow vendor holds up no alert. */
export type WakeKind = 'drain' | 'poll';

/** So many run at once in one process, whoever asked for them: the queue, or the sweep while the queue is away. A drain mostly waits for its platform. */
export const AT_ONCE = { drain: 100, poll: 20 } as const satisfies Record<WakeKind, number>;

/**
 * Wakes work up; carries ids only. A wake may be lost (a sweep over PostgreSQL finds what was forgotten) or doubled (the
 * work claims before it acts), so nothing depends on it but speed.
 */
export type WakeQueue = {
  /** Asks for one more run for this id. Never waits for a queue that is away; a failure is logged, not thrown. */
  wake(id: string): void;
  /**
   * Starts handing woken ids to `handle`, several at once: all that share a job, so it is `handle` that limits them. The same id is
   * not handed out twice at once, unless it was woken among many.
   */
  work(handle: (id: string) => Promise<void>): Promise<void>;
  /** True when the backend answers. */
  isReady(): Promise<boolean>;
  /** Takes no more, waits for what is running, closes. */
  close(): Promise<void>;
};
