import { dateOfPlaceholder } from '../../core/meters/placeholder.ts';
import type { PollDefinition, PollOutcome } from '../../core/meters/poll.ts';
import type { PollFailure } from '../../core/meters/poll-failure.ts';
import { expressionMistakeText } from '../../messages/text/expression-mistake.ts';
import { correctExpression } from '../../messages/text/poll-failure.ts';
import type { Answer as AnswerShape } from '../../core/meters/answer.ts';
import { meterAnswers } from './answer-shape.ts';
import { emptinessOf, isHtml } from './answer-failure.ts';
import type { PollTools } from './conversation.ts';
import { failedBecause } from './failure.ts';
import type { Answer } from './fetch.ts';
import { requestAnswers } from './request-answers.ts';
import { expressionsOf, foundBy } from './expressions.ts';
import { mapResponse } from './map-response.ts';

/**
 * The outcome of one poll. `notes` lists missing values that do no harm. `isInExpressions`: the problem is the result of an expression.
 * `answer` may contain secrets, and is only for the operator who runs `try`.
 */
type PolledOnce = PollOutcome & {
  readonly notes: readonly string[];
  /** Optional meters that the answer does not have. */
  readonly absent: readonly string[];
  readonly answer: Answer | null;
  readonly isInExpressions: boolean;
};

/** Runs one poll, from the request to readings. Never throws for anything that an endpoint or a network can do. */
export async function pollOnce(source: string, definition: PollDefinition, tools: PollTools): Promise<PolledOnce> {
  const failed = (failure: PollFailure, answer: Answer | null = null, shape?: AnswerShape) => ({
    ...failedBecause(failure, { source, definition }, shape),
    notes: [],
    absent: [],
    answer,
    isInExpressions: failure.kind === 'not-understood',
  });
  const begunAt = tools.now();
  const answered = await requestAnswers(definition, tools, begunAt);
  if (!answered.ok) return failed(answered.error.failure, answered.error.answer);
  const { answer, text, named } = answered.value;
  const at = tools.now();
  const empty = definition.answer === 'json' && typeof text === 'string' ? emptinessOf(text) : null;
  if (empty?.what === 'body') return failed(empty, answer);
  if (definition.answer === 'text' && answer !== null && isHtml(answer)) return failed({ kind: 'html' }, answer);
  const expressions = expressionsOf(definition);
  const { answer: format } = definition;
  const headers = answer?.headers ?? {};
  const evaluation = await tools.evaluator.evaluate({
    text,
    format,
    named: { ...named, ...periodOf(definition, begunAt) },
    headers,
    at: begunAt.getTime(),
    expressions,
  });
  if ('problem' in evaluation)
    return failed({ kind: evaluation.problem === 'not-json' && answer !== null && isHtml(answer) ? 'html' : evaluation.problem }, answer);
  const found = foundBy(expressions, evaluation.results);
  const mapped = mapResponse(definition, found, at);
  const { readings, absent } = mapped;
  const shape = { kind: 'evaluated', meters: meterAnswers(definition, found, mapped) } as const;
  const [mistakes, notes] = [mapped.mistakes.map(expressionMistakeText), mapped.notes.map(expressionMistakeText)];
  // An expression that finds nothing in an empty list is not wrong.
  const isEmpty = empty !== null && mapped.mistakes.every(({ problem }) => problem.kind === 'nothing');
  if (readings.length === 0 && isEmpty) return failed(empty, answer, shape);
  if (readings.length === 0) return failed({ kind: 'not-understood', what: mistakes.join('; ') }, answer, shape);
  const problem = mistakes.length === 0 ? null : { reason: mistakes.join('; '), remedy: correctExpression(source) };
  return { outcome: 'understood', readings, problem, notes, absent, shape, answer, isInExpressions: problem !== null };
}

/** The ends of the period that the requests asked for, as `$periodStart` and `$periodEnd`, because few answers repeat them. */
function periodOf({ period }: PollDefinition, begunAt: Date): Readonly<Record<string, string>> {
  const ends = ['periodStart', 'periodEnd'];
  return Object.fromEntries(ends.map((name) => [name, JSON.stringify(dateOfPlaceholder(name, begunAt, period) ?? null)]));
}
