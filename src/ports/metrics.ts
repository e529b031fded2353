import type { SendOutcome } from '../core/notifications/delivery.ts';
import type { DestinationKind } from '../core/notifications/route.ts';

/** What the pipeline counts. */
export type Metrics = {
  ingested(report: { readonly accepted: number; readonly duplicates: number; readonly rejected: number }): void;
  attempted(kind: DestinationKind, outcome: SendOutcome['outcome']): void;
  polled(poll: { readonly account: string; readonly source: string; readonly succeeded: boolean }): void;
  /** How long the oldest due delivery has waited, in milliseconds, at the last sweep. */
  sweepLag(ms: number): void;
};
