import type { Result } from '../../core/result.ts';
import type { Person } from '../../core/text/person.ts';
import type { IngestReport } from './ingest.ts';

/** `account`: an id of creditwatch.yml; null for the default: the first account, or all accounts if the command can take several. */
/** `actor`: the person who typed the command, for the audit record. */
type Of = { readonly account: string | null; readonly actor: Person };

/** `keptMs`: how long one reading per day is kept, in milliseconds. */
export type Expired = { readonly count: number; readonly keptMs: number };
/** Adds the expired readings of one part of an import to those of the parts before it. */
export function sumOfExpired(before: Expired | null, more: Expired | null): Expired | null {
  return before === null || more === null ? (before ?? more) : { keptMs: more.keptMs, count: before.count + more.count };
}

export type ImportReport = IngestReport & { readonly expired: Expired | null };

/**
 * What the command line can ask for: from the running service, or directly from the database if no service runs. Errors are sentences
 * for the person who typed the command.
 */
export type Operations = {
  /**
   * Returns the answer to `/usage <text>` as plain text; empty if there is nothing to say. A refusal or a failed command is an error.
   * `strong` marks up bold text for a terminal that shows it.
   */
  answer(
    asked: Of & {
      readonly text: string;
      readonly strong: boolean;
      /** Answers in JSON: the figures, or `{ text }` for an answer without figures. */
      readonly json: boolean;
      /** False if the figures are read by another command for its own use, which is not an export. */
      readonly isRecorded: boolean;
    },
  ): Promise<Result<string, string>>;
  /**
   * Ingests imported readings. `source` is already validated with `nameSchema`. `expired`: the stored readings that are older than
   * `retention.dailyReadings`, and so are soon deleted; null if there are none.
   */
  take(
    imported: Of & { readonly source: string; readonly eventId: string | null; readonly readings: readonly unknown[] },
  ): Promise<Result<ImportReport, string>>;
  /** Posts a test message and waits until it is delivered. `route`: the name of a destination, its address or the id of a route. */
  test(asked: Of & { readonly route: string }): Promise<Result<string, string>>;
  /** Exports consumption as CSV, one meter after another. `since`: a span as `typedSpan` reads it; null for the full history. */
  consumption(
    asked: Of & { readonly what: string; readonly since: string | null },
  ): Promise<Result<{ readonly meters: number; readonly csv: AsyncIterable<string> }, string>>;
};
