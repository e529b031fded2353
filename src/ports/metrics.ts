import type { SendOutcome } from '../core/notifications/delivery.ts';
import type { PlatformId } from '../core/text/person.ts';

/** Counters and gauges of the pipeline. */
export type Metrics = {
  ingested(report: { readonly accepted: number; readonly duplicates: number; readonly rejected: number }): void;
  attempted(kind: PlatformId, outcome: SendOutcome['outcome']): void;
  polled(poll: { readonly account: string; readonly source: string; readonly succeeded: boolean }): void;
  /** The age of the oldest due delivery at the last sweep, in milliseconds. */
  sweepLag(ms: number): void;
};
