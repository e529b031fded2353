/** The only source of time. Deciding takes instants as values; this is for the rooms and the pipeline around it. */
export type Clock = {
  now(): Date;
  /** Resolves after `ms`, or at once when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
};
