import type { PeriodSpec } from '../time/period-spec.ts';
import type { Answer, AnswerField } from './answer.ts';

/** Where a figure comes from: the vendor's response, or a constant in the file for a figure that the vendor does not report. */
export type FigureFrom = { readonly expression: string } | { readonly constant: number | string | null };

/** Maps a response to one meter's reading. Each expression is JSONata over the body; `$headers` holds the headers. */
export type MeterMapping = {
  readonly key: string;
  /** Not in every plan. A missing meter is not a problem if another one is found. */
  readonly optional: boolean;
  /** Figures that are mistakes and no overdraft, because some vendors answer -1 to a bad key. Without it, none is. */
  readonly mistakes?: 'below-zero' | 'minus-one';
  /** Decimals, if the file or the preset gives them. */
  readonly decimals?: number;
  readonly used: FigureFrom | null;
  readonly remaining: FigureFrom | null;
  /** A constant null means unlimited. */
  readonly total: FigureFrom | null;
  readonly unit: string | null;
  readonly periodStart: string | null;
  readonly periodEnd: string | null;
  readonly observedAt: string | null;
  /** The fields whose expressions are not the preset's, with their keys below the source in creditwatch.yml. */
  readonly settings?: Readonly<Partial<Record<AnswerField, string>>>;
};

/** The length of a period if the vendor reports only one end; `none`: there are no periods. */
export type Cycle = PeriodSpec['every'];

/**
 * A request of a poll. `{{…}}` in its texts is filled in at each poll: dates (`placeholder.ts`), values of earlier requests, `{{token}}`,
 * `{{item}}` and `{{page}}`.
 */
export type RequestTemplate = {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
};

/** How a body is read: as JSON, as one text, or as one JSON value per line, which becomes a list. */
export type AnswerFormat = 'json' | 'text' | 'lines';

/** A request before the main one. Expressions see its answer as `$name`; `values` are found in it and fill `{{name}}` of later requests. */
export type EarlierRequest = RequestTemplate & { readonly name: string; readonly values: Readonly<Record<string, string>> };

/** The request for the token of the others. The token is kept until it expires. */
export type TokenRequest = RequestTemplate & {
  /** Finds the token in the answer. */
  readonly token: string;
  /** Finds the seconds until the token expires, or states them. */
  readonly expiresIn: FigureFrom;
  /** Signs an assertion, which the request sends as `{{jwt}}`. */
  readonly jwt: JwtTemplate | null;
};

/** A JSON web token to be signed. `key`: a private key as PEM, or the secret of HS256. */
export type JwtTemplate = {
  readonly algorithm: 'RS256' | 'ES256' | 'HS256';
  readonly key: string;
  readonly claims: Readonly<Record<string, string>>;
  readonly seconds: number;
};

/** How many requests one source may need. */
export type RequestSeries =
  /** The main request is made for each item of a list, which `items` finds in the answer of the last earlier request. */
  | { readonly kind: 'items'; readonly items: string; readonly most: number }
  /**
   * `next` finds the next page in an answer, as its URL or as the value of `{{page}}`; nothing, null, false or an empty text is the end.
   * It sees the present value as `$page`.
   */
  | { readonly kind: 'pages'; readonly next: string; readonly first: string; readonly most: number };

/** All that a poll of one source needs. Kept in memory only, because the requests contain secrets. */
export type PollDefinition = RequestTemplate & {
  readonly everyMs: number;
  /** The shortest gap between two requests that the vendor allows. */
  readonly leastGapMs: number;
  readonly answer: AnswerFormat;
  /** Statuses other than 200 to 299 whose answer has figures. */
  readonly acceptStatus: readonly number[];
  readonly mostBytes: number;
  readonly token: TokenRequest | null;
  readonly requests: readonly EarlierRequest[];
  /** Null: the main request is made once. Otherwise its answers become a list. */
  readonly series: RequestSeries | null;
  /** For the dates in its requests; null: calendar months. */
  readonly period: PeriodSpec | null;
  readonly cycle: Cycle;
  /** The preset that it is based on. */
  readonly preset?: string;
  readonly meters: readonly MeterMapping[];
  /** The environment variables of its secrets, so that an error can name a rejected key. */
  readonly keyVariables: readonly string[];
  /** `host:port` values that may resolve to a private address. */
  readonly allowHosts: readonly string[];
};

/** Returns the meters whose vendor tells no total and whose file states none, with what the vendor tells. */
export function metersWithoutTotal({
  meters,
}: Pick<PollDefinition, 'meters'>): readonly { readonly key: string; readonly tells: 'used' | 'remaining' }[] {
  return meters.flatMap(({ key, used, remaining, total }) =>
    total === null && (used === null || remaining === null)
      ? [{ key, tells: used === null ? ('remaining' as const) : ('used' as const) }]
      : [],
  );
}

/** Why there are no figures, and the remedy. Contains no text from the vendor and no secret. */
export type PollProblem = { readonly reason: string; readonly remedy: string };

export type PollOutcome = {
  /** What the answer shows about the form of the vendor's answers. */
  readonly shape: Answer;
} &
  /** Readings in the format of `POST /v1/usage`. `problem`: one of several meters could not be mapped. */
  (
    | { readonly outcome: 'understood'; readonly readings: readonly unknown[]; readonly problem: PollProblem | null }
    /** `passing`: likely temporary, so the poll is retried before the usual interval, but not before `retryAfterMs`. */
    | { readonly outcome: 'failed'; readonly problem: PollProblem; readonly passing: boolean; readonly retryAfterMs: number | null }
  );

/** The poll ledger: the latest results of polling a source. */
export type PollLedger = {
  readonly account: string;
  readonly source: string;
  readonly everyMs: number;
  readonly dueAt: Date;
  readonly lastSuccessAt: Date | null;
  /** Consecutive failed polls; a success with a problem counts as 0. */
  readonly failures: number;
  /** The current problem; null if there is none. */
  readonly problem: (PollProblem & { readonly at: Date }) | null;
};

/** Sources that would start at the same time are spread by one second on average, and by at most this in total. */
const LONGEST_SPREAD_MS = 30_000;
const APART_MS = 1_000;

/** Returns the time over which polls that are due at the same time are spread. A single source does not wait. */
export function spreadMs(everyMs: number, sources: number): number {
  return Math.min(everyMs, LONGEST_SPREAD_MS, Math.max(0, sources - 1) * APART_MS);
}

const FIRST_RETRY_MS = 30_000;
/** The longest Retry-After of a vendor that is respected. */
const LONGEST_WAIT_MS = 24 * 60 * 60_000;

/**
 * Returns when the next poll is due: after the interval with 5% jitter, so that sources do not synchronise; after a temporary failure
 * sooner, with exponential backoff.
 *
 * @param failures consecutive failed polls, including this one
 * @param random in [0, 1)
 */
export function nextPollAt(
  outcome:
    | { readonly outcome: 'understood' | 'mails' }
    | { readonly outcome: 'failed'; readonly passing: boolean; readonly retryAfterMs: number | null },
  { everyMs, leastGapMs }: Pick<PollDefinition, 'everyMs' | 'leastGapMs'>,
  { failures, now, random }: { readonly failures: number; readonly now: Date; readonly random: number },
): Date {
  const retries = outcome.outcome === 'failed' && outcome.passing;
  const usual = retries ? Math.min(everyMs, FIRST_RETRY_MS * 2 ** Math.min(failures - 1, 20)) : everyMs;
  const jittered = usual * (0.95 + random / 10);
  const asked = outcome.outcome === 'failed' ? Math.min(outcome.retryAfterMs ?? 0, LONGEST_WAIT_MS) : 0;
  return new Date(now.getTime() + Math.round(Math.max(jittered, leastGapMs, asked)));
}
