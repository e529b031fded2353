export type ClockStore = {
  /**
   * Corrects due times written while the system clock was ahead, if they lie further in the future than their kind can wait: see
   * src/core/notifications/longest-wait.ts.
   */
  mendInstants(now: Date): Promise<void>;
};
