import type { PollDefinition } from '../../core/meters/poll.ts';
import type { ExpressionMistake } from '../../messages/text/expression-mistake.ts';
import type { Evaluator } from '../http/evaluator.ts';
import { expressionsOf, foundBy } from '../http/expressions.ts';
import { mapResponse } from '../http/map-response.ts';
import type { BrowserAnswer } from './browser-request.ts';

export type Tried = { readonly readings: readonly unknown[]; readonly mistakes: readonly ExpressionMistake[] };

/** Evaluates the expressions of a source over an answer, as a poll would. Null if that takes too long. */
export async function tryProposal(
  definition: PollDefinition,
  { text, headers }: Pick<BrowserAnswer, 'text' | 'headers'>,
  { evaluator, at }: { readonly evaluator: Pick<Evaluator, 'evaluate'>; readonly at: Date },
): Promise<Tried | null> {
  const expressions = expressionsOf(definition);
  const evaluation = await evaluator.evaluate({ text, headers, at: at.getTime(), expressions });
  if ('problem' in evaluation) return null;
  const found = foundBy(expressions, evaluation.results);
  const { readings, mistakes } = mapResponse(definition, found, at);
  return { readings, mistakes };
}
