import { answerFields, type AnswerField } from '../../core/meters/answer.ts';
import type { FigureFrom, MeterMapping, PollDefinition } from '../../core/meters/poll.ts';
import type { Evaluated } from './evaluator.ts';

/** The results of expressions, by expression. */
export type Found = ReadonlyMap<string, Evaluated>;

/** Returns the results by their expressions, which are in the same order. */
export function foundBy(expressions: readonly string[], results: readonly Evaluated[]): Found {
  return new Map(expressions.map((expression, index) => [expression, results[index] ?? { found: 'nothing' }]));
}

/** Lists the expressions of a source, each once. */
export function expressionsOf({ meters }: Pick<PollDefinition, 'meters'>): readonly string[] {
  return [...new Set(meters.flatMap((meter) => expressionsOfMeter(meter).map(([, expression]) => expression)))];
}

/** Lists the expressions of a meter, with their fields. */
export function expressionsOfMeter(meter: MeterMapping): readonly (readonly [AnswerField, string])[] {
  const { unit, periodStart, periodEnd, observedAt } = meter;
  const all: Readonly<Record<AnswerField, string | null>> = {
    used: expressionOf(meter.used),
    remaining: expressionOf(meter.remaining),
    total: expressionOf(meter.total),
    unit,
    periodStart,
    periodEnd,
    observedAt,
  };
  return answerFields.flatMap((field) => {
    const expression = all[field];
    return expression === null ? [] : [[field, expression]];
  });
}

/** Returns the expression of a figure; null if it has none. */
export function expressionOf(figure: FigureFrom | null): string | null {
  return figure && 'expression' in figure ? figure.expression : null;
}
