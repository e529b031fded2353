/** The only source of time. The core takes instants as values; the pipeline and the adapters use this clock. */
export type Clock = {
  now(): Date;
  /** Resolves after `ms` milliseconds, or at once when one of the signals aborts. */
  sleep(ms: number, ...signals: readonly AbortSignal[]): Promise<void>;
};
