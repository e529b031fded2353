import type { AnswerFormat, PollDefinition, RequestTemplate } from '../../core/meters/poll.ts';
import type { PollFailure } from '../../core/meters/poll-failure.ts';
import { placeholderValues, renderRequest } from '../../core/meters/render-request.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { isHtml, statusFailure } from './answer-failure.ts';
import type { Evaluated, Evaluator } from './evaluator.ts';
import { fetchAnswer, type Answer } from './fetch.ts';
import type { Resolve } from './ssrf-guard.ts';

/** Keeps the token of a source between polls, also for other processes. */
export type TokenCache = {
  /** Returns the token unless it has expired or belongs to another request. */
  read(): Promise<string | null>;
  save(token: string, until: Date): Promise<void>;
};

/** What a poll works with. Without `tokens`, each poll requests its token. */
export type PollTools = {
  readonly evaluator: Pick<Evaluator, 'evaluate'>;
  readonly now: () => Date;
  readonly signal: AbortSignal;
  readonly resolve?: Resolve;
  readonly tokens?: TokenCache;
  /** Hears each token and value that an answer gives for later requests, so that it can be kept out of what is shown. */
  readonly onSecret?: (secret: string) => void;
};

/** Why a poll ended early. `answer`: the one that was the problem; null if there was none. */
export type Ended = { readonly failure: PollFailure; readonly answer: Answer | null };

/** Which request: `token`, the name of an earlier one, or null for the main one. */
export type RequestName = string | null;

/** The requests of one poll, which share values and a time limit. */
export type Conversation = {
  readonly definition: PollDefinition;
  readonly tools: PollTools;
  /** When the poll began. All its dates are of this time, so that they are of one period. */
  readonly begunAt: Date;
  /** The values of placeholders so far, besides dates. */
  readonly values: Readonly<Record<string, string>>;
  /** The bodies of earlier answers so far. */
  readonly named: Readonly<Record<string, string>>;
  /** The end of the time limit, by `performance.now()`. */
  readonly until: number;
  /** The size of all answers so far. A hostile vendor could fill the memory with many that are small on the wire. */
  readonly taken: { bytes: number };
};

/** Less than the lease of a poll, together with the evaluation and the commit. */
export const ALL_WITHIN_MS = 25_000;
const ONE_WITHIN_MS = 10_000;
/** All answers of a poll together. */
const MOST_BYTES_IN_ALL = 8 * 1024 * 1024;
/** A half of a character pair, which no address can hold. */
const BROKEN_TEXT = /\p{Surrogate}/u;
/** For tokens and lists of items, which are longer than figures. */
const LONGEST_FOUND = 16_000;

/**
 * Makes one request. Never throws for anything that an endpoint or a network can do.
 *
 * @param more values for this request alone
 */
export async function ask(
  { definition, tools, begunAt, values, until, taken }: Conversation,
  template: RequestTemplate,
  request: RequestName,
  more: Readonly<Record<string, string>> = {},
): Promise<Result<Answer, Ended>> {
  const withinMs = Math.min(ONE_WITHIN_MS, until - performance.now());
  if (withinMs <= 0) return err(ended({ kind: 'timeout', withinMs: ALL_WITHIN_MS }, request));
  const rendered = renderRequest(template, placeholderValues({ ...values, ...more }, begunAt, definition.period));
  const { allowHosts } = definition;
  const mostBytes = Math.min(definition.mostBytes, MOST_BYTES_IN_ALL - taken.bytes);
  const { signal, resolve } = tools;
  const answered = await fetchAnswer({ ...rendered, allowHosts, mostBytes }, { signal, withinMs, ...(resolve && { resolve }) });
  if (!answered.ok) {
    const isInAll = answered.error.kind === 'too-large' && mostBytes < definition.mostBytes;
    return err(ended(isInAll ? { kind: 'all-too-large', mostBytes: MOST_BYTES_IN_ALL } : answered.error, request));
  }
  taken.bytes += Buffer.byteLength(answered.value.text);
  const acceptStatus = request === null ? definition.acceptStatus : [];
  const failure = statusFailure(answered.value, { acceptStatus }, tools.now());
  return failure === null ? answered : err(ended(failure, request, answered.value));
}

/** Evaluates expressions over the answer of one request. A result may be long, such as a token. */
export async function find(
  { definition, tools, begunAt, named }: Conversation,
  answer: Answer,
  expressions: readonly string[],
  request: RequestName,
): Promise<Result<readonly Evaluated[], Ended>> {
  const { text, headers } = answer;
  const format: AnswerFormat = request === null ? definition.answer : 'json';
  const at = begunAt.getTime();
  const evaluation = await tools.evaluator.evaluate({ text, format, named, headers, at, expressions, longestText: LONGEST_FOUND });
  if ('results' in evaluation) return ok(expressions.map((_, index) => evaluation.results[index] ?? { found: 'nothing' }));
  const kind = evaluation.problem === 'not-json' && isHtml(answer) ? 'html' : evaluation.problem;
  return err(ended({ kind }, request, answer));
}

/** Names the request in its failure. */
export function ended(failure: PollFailure, request: RequestName, answer: Answer | null = null): Ended {
  return { failure: request === null ? failure : { ...failure, request }, answer };
}

/** Returns what was found as text; null if it is nothing, or nothing that a request can send. */
export function textOf(found: Evaluated | undefined): string | null {
  if (found?.found !== 'value' || found.value === null) return null;
  const text = String(found.value);
  return BROKEN_TEXT.test(text) ? null : text;
}
