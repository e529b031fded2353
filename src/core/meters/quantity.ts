import { parseAmount, type AmountProblem } from './amount.ts';
import { err, type Result } from '../result.ts';
import { powerOf } from '../text/numbers/magnitude.ts';
import { readNumber, settle, type NumberProblem } from '../text/numbers/number.ts';

/** 2^63 - 1 has 19 digits, and a meter has up to 6 decimals. */
const LONGEST = 26;

/** Why a typed text is not an amount of a meter. */
export type QuantityProblem =
  | AmountProblem
  | NumberProblem
  | { readonly code: 'not-an-amount' | 'share' | 'scientific' | 'two-readings' | 'more-than-any' | 'nothing' }
  | { readonly code: 'unknown-ending'; readonly ending: string };

/** Text that may be meant as an amount, well written or not. A group such as the `000` of `50 000` does not begin one. */
const BEGINS_AMOUNT = /^[-+~−]?[$€£¥]?[.,]?\d/u;
const FIRST_GROUP = /^[-+~−]?[$€£¥]?\d{1,3}$/u;
const NEXT_GROUP = /^\d{3}$/;
const LAST_GROUP = /^\d{3}(?:[.,]\d+)?(?:\p{L}+\.?)?$/u;

/**
 * Parses an amount as people type it: `50k`, `1.5M`, `1,5 Mio`, `50,000`, `50 000`, `2 million`. A comma before three digits separates
 * groups, as in all amounts that Creditwatch shows.
 *
 * @param decimals the decimals of the meter
 * @returns the amount in the meter's smallest unit, or the problem
 */
export function parseQuantity(text: string, decimals: number): Result<bigint, QuantityProblem> {
  const typed = text.trim();
  if (/^[-−]/u.test(typed)) return err({ code: 'negative' });
  if (typed.endsWith('%')) return err({ code: 'share' });
  if (/^[\d.]+e[-+]?\d+$/i.test(typed)) return err({ code: 'scientific' });
  const number = readNumber(typed);
  if (number === null) return err(whyNot(typed));
  const settled = settle(number, decimals >= 3 && typed.includes('.') ? 'point' : null, ',');
  if (!settled.ok) return settled;
  if (settled.value.length > LONGEST) return err({ code: 'more-than-any' });
  const amount = parseAmount(settled.value, decimals);
  if (amount.ok && amount.value === 0n) return err({ code: 'nothing' });
  return amount;
}

function whyNot(typed: string): QuantityProblem {
  const ending = /^\d[\d.,]*\s?(\p{L}+)$/u.exec(typed)?.[1];
  if (ending !== undefined && powerOf(ending) === null && !/^0x/i.test(typed)) return { code: 'unknown-ending', ending };
  return { code: /^\d[\d.,]*\s?\p{L}*$/u.test(typed) && !/^0x/i.test(typed) ? 'two-readings' : 'not-an-amount' };
}

/** Whether a word looks like the start of an amount and not like part of a name. */
export function looksLikeQuantity(word: string): boolean {
  return BEGINS_AMOUNT.test(word) && !/^0\d\d$/.test(word);
}

/**
 * Finds the end of an amount: after the groups of `50 000`, and after the `million` of `2 million`.
 *
 * @returns the index of the first word after it
 */
export function endOfQuantity(words: readonly string[], start: number): number {
  let end = start + 1;
  if (FIRST_GROUP.test(words[start] ?? '')) {
    while (NEXT_GROUP.test(words[end] ?? '')) end++;
    if (LAST_GROUP.test(words[end] ?? '')) end++;
  }
  return powerOf(words[end] ?? '') === null ? end : end + 1;
}
