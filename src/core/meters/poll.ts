import type { PeriodSpec } from '../time/period-spec.ts';

/** How a figure is got: from what the vendor answered, or as it stands in the file because the vendor does not tell it. */
export type FigureFrom = { readonly expression: string } | { readonly constant: number | string | null };

/** Where one meter's reading stands in an answer. Each expression is JSONata over the body, with `$headers` beside it. */
export type MeterMapping = {
  readonly key: string;
  /** Not every plan has it: nothing found is no mistake, as long as another meter is. */
  readonly optional: boolean;
  /** Digits after the point, where the file or the preset says so. */
  readonly decimals?: number;
  readonly used: FigureFrom | null;
  readonly remaining: FigureFrom | null;
  /** A constant null is unlimited. */
  readonly total: FigureFrom | null;
  readonly unit: string | null;
  readonly periodStart: string | null;
  readonly periodEnd: string | null;
  readonly observedAt: string | null;
};

/** How long a period is of which a vendor tells only one end; `none`: there are no periods, whatever began once. */
export type Cycle = PeriodSpec['every'];

/** All that a poll of one source needs. Lives in memory only: its headers are secrets. */
export type PollDefinition = {
  readonly everyMs: number;
  /** The least time between two requests, by the vendor's own limit. */
  readonly leastGapMs: number;
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly cycle: Cycle;
  readonly meters: readonly MeterMapping[];
  /** The environment variables that its secrets come from, so that a refused key can be named. */
  readonly keyVariables: readonly string[];
  /** `host:port` that may be a private address. */
  readonly allowHosts: readonly string[];
};

/** Why there are no figures, and what to do about it. Neither holds anything that the vendor or a secret says. */
export type PollProblem = { readonly reason: string; readonly remedy: string };

export type PollOutcome =
  /** Readings as `POST /v1/usage` takes them. `problem`: one of several meters could not be understood. */
  | { readonly outcome: 'understood'; readonly readings: readonly unknown[]; readonly problem: PollProblem | null }
  /** `passing`: likely to be over soon, so it is tried again before the usual time, and not before `retryAfterMs`. */
  | { readonly outcome: 'failed'; readonly problem: PollProblem; readonly passing: boolean; readonly retryAfterMs: number | null };

/** What became of the polls of a source: the poll ledger. */
export type PollLedger = {
  readonly account: string;
  readonly source: string;
  readonly everyMs: number;
  readonly dueAt: Date;
  readonly lastSuccessAt: Date | null;
  /** Failed polls in a row; a success with a problem leaves 0. */
  readonly failures: number;
  /** The last thing that went wrong, if it still does. */
  readonly problem: (PollProblem & { readonly at: Date }) | null;
};

/** Sources that would begin together come a second apart on average, and none waits longer than this for its turn. */
const LONGEST_SPREAD_MS = 30_000;
const APART_MS = 1_000;

/** Over how long the polls of so many sources are spread when all are due at once, as at a start. One alone does not wait. */
export function spreadMs(everyMs: number, sources: number): number {
  return Math.min(everyMs, LONGEST_SPREAD_MS, Math.max(0, sources - 1) * APART_MS);
}

const FIRST_RETRY_MS = 30_000;
/** A vendor may ask for patience, but not for ever. */
const LONGEST_WAIT_MS = 24 * 60 * 60_000;

/**
 * When the next poll is due: after the interval, give or take a twentieth so that sources do not come in step; after
 * what will pass sooner, twice as late each time.
 *
 * @param failures polls that failed in a row, this one included
 * @param random in [0, 1)
 */
export function nextPollAt(
  outcome: PollOutcome,
  { everyMs, leastGapMs }: Pick<PollDefinition, 'everyMs' | 'leastGapMs'>,
  { failures, now, random }: { readonly failures: number; readonly now: Date; readonly random: number },
): Date {
  const retries = outcome.outcome === 'failed' && outcome.passing;
  const usual = retries ? Math.min(everyMs, FIRST_RETRY_MS * 2 ** Math.min(failures - 1, 20)) : everyMs;
  const jittered = usual * (0.95 + random / 10);
  const asked = outcome.outcome === 'failed' ? Math.min(outcome.retryAfterMs ?? 0, LONGEST_WAIT_MS) : 0;
  return new Date(now.getTime() + Math.round(Math.max(jittered, leastGapMs, asked)));
}
