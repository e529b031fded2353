/** The only source of time. The core takes instants as values; the pipeline and the adapters use this clock. */
export type Clock = {
  now(): Date;
  /** Resolves after `ms` milliseconds, or at once when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
};
