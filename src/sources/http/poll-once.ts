import { z } from 'zod';
import type { PollDefinition, PollOutcome } from '../../core/meters/poll.ts';
import type { Resolve } from './ssrf-guard.ts';
import type { Evaluator } from './evaluator.ts';
import type { PollFailure } from '../../core/meters/poll-failure.ts';
import { expressionMistakeText } from '../../messages/text/expression-mistake.ts';
import { correctExpression } from '../../messages/text/poll-failure.ts';
import { failedBecause } from './failure.ts';
import { fetchAnswer, type Answer } from './fetch.ts';
import { expressionsOf, mapResponse } from './map-response.ts';

/**
 * The outcome of one poll. `notes` lists missing values that do no harm. `isInExpressions`: the problem is the result of an expression.
 * `answer` may contain secrets, and is only for the operator who runs `try`.
 */
type PolledOnce = PollOutcome & {
  readonly notes: readonly string[];
  readonly answer: Answer | null;
  readonly isInExpressions: boolean;
};

/** Runs one poll, from the request to readings. Never throws for anything that an endpoint or a network can do. */
export async function pollOnce(
  source: string,
  definition: PollDefinition,
  {
    evaluator,
    now,
    signal,
    resolve,
  }: {
    readonly evaluator: Pick<Evaluator, 'evaluate'>;
    readonly now: () => Date;
    readonly signal: AbortSignal;
    readonly resolve?: Resolve;
  },
): Promise<PolledOnce> {
  const failed = (failure: PollFailure, answer: Answer | null = null) => ({
    ...failedBecause(failure, { source, definition }),
    notes: [],
    answer,
    isInExpressions: failure.kind === 'not-understood',
  });
  const answered = await fetchAnswer(definition, { signal, ...(resolve && { resolve }) });
  if (!answered.ok) return failed(answered.error);
  const answer = answered.value;
  const at = now();
  if (answer.status < 200 || answer.status > 299) return failed(statusFailure(answer, at), answer);
  const expressions = expressionsOf(definition);
  const evaluation = await evaluator.evaluate({ text: answer.text, headers: answer.headers, expressions });
  if ('problem' in evaluation)
    return failed({ kind: evaluation.problem === 'not-json' && isHtml(answer) ? 'html' : evaluation.problem }, answer);
  const found = new Map(expressions.map((expression, index) => [expression, evaluation.results[index] ?? { found: 'nothing' as const }]));
  const mapped = mapResponse(definition, found, at);
  const { readings } = mapped;
  const [mistakes, notes] = [mapped.mistakes.map(expressionMistakeText), mapped.notes.map(expressionMistakeText)];
  if (readings.length === 0) return failed({ kind: 'not-understood', what: mistakes.join('; ') }, answer);
  const problem = mistakes.length === 0 ? null : { reason: mistakes.join('; '), remedy: correctExpression(source) };
  return { outcome: 'understood', readings, problem, notes, answer, isInExpressions: problem !== null };
}

function isHtml({ headers, text }: Answer): boolean {
  return (headers['content-type'] ?? '').includes('html') || /^\s*<(!doctype|html|head|body)\b/i.test(text);
}

function statusFailure({ status, headers, text }: Answer, at: Date): PollFailure {
  return {
    kind: 'status',
    status,
    inaccessible: saysInaccessible(text),
    retryAfterMs: retryAfterMs(headers['retry-after'], at),
  };
}

const inaccessibleSchema = z.object({ error_code: z.literal('API_INACCESSIBLE') });

/** Apollo's code for a key of the wrong kind. */
function saysInaccessible(text: string): boolean {
  try {
    return inaccessibleSchema.safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}

/** Seconds, or a date: https://www.rfc-editor.org/rfc/rfc9110#name-retry-after */
function retryAfterMs(header: string | undefined, at: Date): number | null {
  if (header === undefined) return null;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1_000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - at.getTime());
}
