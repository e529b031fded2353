/**
 * Wakes work up; carries ids only. A wake may be lost (a sweep over PostgreSQL finds what was forgotten) or doubled (the
 * work claims before it acts), so nothing depends on it but speed.
 */
export type WakeQueue = {
  /** Asks for one more run for this destination. Never waits for a queue that is away; a failure is logged, not thrown. */
  wake(destinationId: string): void;
  /** Starts handing woken ids to `handle`, several at once but never the same id twice at once. */
  work(handle: (destinationId: string) => Promise<void>): Promise<void>;
  /** True when the backend answers. */
  isReady(): Promise<boolean>;
  /** Takes no more, waits for what is running, closes. */
  close(): Promise<void>;
};
