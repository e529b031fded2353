import type { Result } from '../../core/result.ts';
import type { IngestReport } from './ingest.ts';

/** `account` is an id of creditwatch.yml; null for the usual one: the first, or all where many can be meant. */
/** `user`: the login name of whoever typed it, for the record. */
type Of = { readonly account: string | null; readonly user: string };

/**
 * What the command line asks for: of the running service, or of the database right here when none runs. Errors are
 * sentences for whoever typed it.
 */
export type Operations = {
  /** What `/usage <text>` answers, as plain text; empty when there is nothing to say. What was refused, or came to nothing, is an error. `strong` marks it for a terminal that shows bold. */
  answer(
    asked: Of & {
      readonly text: string;
      readonly strong: boolean;
      /** As JSON instead: the figures, or `{ text }` of what has none. */
      readonly json: boolean;
      /** False where another command reads the figures for its own sake. */
      readonly isRecorded: boolean;
    },
  ): Promise<Result<string, string>>;
  /** `source` is already checked with `nameSchema`. */
  take(
    imported: Of & { readonly source: string; readonly eventId: string | null; readonly readings: readonly unknown[] },
  ): Promise<Result<IngestReport, string>>;
  /** Posts a test message and waits until it stands there: by the name of a destination, its address or a route's id. */
  test(asked: Of & { readonly route: string }): Promise<Result<string, string>>;
  /** Consumption as CSV, a meter at a time. `since` as `typedSpan` reads it; null for all there is. */
  consumption(
    asked: Of & { readonly what: string; readonly since: string | null },
  ): Promise<Result<{ readonly meters: number; readonly csv: AsyncIterable<string> }, string>>;
};
