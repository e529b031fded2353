export type ClockStore = {
  /** Makes due what a clock that has been set back since would hold back for longer than its kind can wait: see core/longest-wait.ts. */
  mendInstants(now: Date): Promise<void>;
};
