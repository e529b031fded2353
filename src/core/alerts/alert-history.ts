import type { Alert } from './alert.ts';

/** An alert that has ended. */
export type PastAlert = {
  readonly label: string;
  readonly topic: Alert['topic'];
  readonly openedAt: Date;
  readonly resolvedAt: Date;
  readonly resolution: Alert['resolution'];
};
