import { presentable } from '../../core/meters/meter.ts';
import type { FigureProblem } from '../../core/text/numbers/figures.ts';
import type { NotRead } from '../../core/time/parse-date.ts';
import { figureProblemReason } from './figure-problem.ts';
import { timeProblemText } from './time-problem.ts';

/** The result of an expression, if it is not a list or an object. */
type Value = string | number | boolean | null;

const TYPES = { list: 'a list', 'long-text': 'a very long text', object: 'a group of values' } as const;

/** Why the result of an expression cannot be used for a field of a meter. */
export type ExpressionMistake = {
  readonly meter: string;
  readonly field: 'used' | 'remaining' | 'total' | 'periodStart' | 'periodEnd' | 'observedAt';
  /** Null if creditwatch.yml has a constant there. */
  readonly expression: string | null;
  readonly problem:
    | { readonly kind: 'nothing' | 'null' | 'ran-too-long' | 'failed' | 'no-time' }
    | { readonly kind: 'other-type'; readonly type: keyof typeof TYPES }
    | { readonly kind: 'not-a-number' | 'negative'; readonly value: Value }
    /** More is left than the total that creditwatch.yml states. */
    | { readonly kind: 'above-stated'; readonly remaining: number | string }
    | { readonly kind: 'unclear-number'; readonly text: string; readonly problem: FigureProblem }
    | { readonly kind: 'unclear-time'; readonly value: Value; readonly problem: NotRead };
};

/** Describes the mistake for the operator who corrects the expression. */
export function expressionMistakeText({ meter, field, expression, problem }: ExpressionMistake): string {
  return `${field} of ${meter}: ${expression === null ? 'the constant' : `the expression ${expression}`} ${problemText(problem)}`;
}

function problemText(problem: ExpressionMistake['problem']): string {
  switch (problem.kind) {
    case 'nothing':
      return 'found nothing';
    case 'null':
      return 'is null';
    case 'ran-too-long':
      return 'ran for too long';
    case 'failed':
      return 'does not fit the answer';
    case 'no-time':
      return 'found no time';
    case 'other-type':
      return `found ${TYPES[problem.type]}, not a number`;
    case 'not-a-number':
      return `found ${quoted(problem.value)}, which is not a number`;
    case 'negative':
      return `found ${quoted(problem.value)}, which is not an amount: some vendors answer this if the key is wrong`;
    case 'above-stated':
      return `is less than the ${String(problem.remaining)} that are left, so it does not count: raise it in creditwatch.yml`;
    case 'unclear-number':
      return `found ${quoted(problem.text)}, which ${figureProblemReason(problem.problem)}: make the expression return a number`;
    case 'unclear-time':
      return `found ${quoted(problem.value)}, which ${timeProblemText(problem.problem)}`;
  }
}

const MOST_SHOWN = 60;

/**
 * Only a text that can be a figure, a date or a word such as `unlimited` is shown. Anything else may be a key that the vendor repeats, and
 * these sentences are stored and shown in chat.
 */
function quoted(value: Value): string {
  if (typeof value !== 'string') return String(value);
  return isHarmless(value) ? `"${presentable(value, MOST_SHOWN)}"` : `a text of ${String(value.length)} characters`;
}

const WORDS_OF_DATES = /\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun|utc|gmt|am|pm)[a-z]{0,8}\b/gi;

function isHarmless(text: string): boolean {
  if (text.length > 40) return false;
  if (/^[a-z][a-z -]{0,15}$/i.test(text)) return true;
  const rest = text.replace(WORDS_OF_DATES, '');
  return (rest.match(/\p{L}/gu)?.length ?? 0) <= 3 && !/\d{13}/.test(rest);
}
