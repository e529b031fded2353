import { parseAmount } from './amount.ts';
import { err, type Result } from '../result.ts';
import { powerOf } from '../text/numbers/magnitude.ts';
import { readNumber, settle } from '../text/numbers/number.ts';

/** 2^63 - 1 has 19 digits, and a meter up to 6 after the point. */
const LONGEST = 26;

export const NO_AMOUNT = 'is not an amount such as 50k, 1.5M or 50,000';

/** What people may have meant as an amount, well written or not. A group such as the `000` of `50 000` begins none. */
const BEGINS_AMOUNT = /^[-+~−]?[$€£¥]?[.,]?\d/u;
const FIRST_GROUP = /^[-+~−]?[$€£¥]?\d{1,3}$/u;
const NEXT_GROUP = /^\d{3}$/;
const LAST_GROUP = /^\d{3}(?:[.,]\d+)?(?:\p{L}+\.?)?$/u;

/**
 * Reads an amount as people type it: `50k`, `1.5M`, `1,5 Mio`, `50,000`, `50 000`, `2 million`. A comma before three digits
 * separates groups, because that is how every amount is shown.
 *
 * @param decimals digits after the point that the meter keeps
 * @returns the amount in the meter's smallest unit, or why not, in words that follow what was typed (`"1e6" …`)
 */
export function parseQuantity(text: string, decimals: number): Result<bigint, string> {
  const typed = text.trim();
  if (/^[-−]/u.test(typed)) return err('is negative: say how much is needed');
  if (typed.endsWith('%')) return err('is a share: write an amount such as 50k');
  if (/^[\d.]+e[-+]?\d+$/i.test(typed)) return err('is in scientific notation: write it out, such as 1M or 1,000,000');
  const number = readNumber(typed);
  if (number === null) return err(whyNot(typed));
  const settled = settle(number, decimals >= 3 && typed.includes('.') ? 'point' : null, ',');
  if (!settled.ok) return err(`${settled.error.why}: ${settled.error.instead}`);
  if (settled.value.length > LONGEST) return err('is more than anything I count');
  const amount = parseAmount(settled.value, decimals);
  if (amount.ok && amount.value === 0n) return err('is nothing: say how much is needed');
  return amount;
}

function whyNot(typed: string): string {
  const ending = /^\d[\d.,]*\s?(\p{L}+)$/u.exec(typed)?.[1];
  if (ending !== undefined && powerOf(ending) === null && !/^0x/i.test(typed))
    return `ends in "${ending}", which I don't know: k, M and B are thousand, million and billion`;
  return /^\d[\d.,]*\s?\p{L}*$/u.test(typed) && !/^0x/i.test(typed)
    ? 'could be read in two ways: write 1.5M for one and a half million, 50,000 or 50k for fifty thousand'
    : NO_AMOUNT;
}

/** Whether a word looks like the beginning of an amount rather than part of a name. */
export function looksLikeQuantity(word: string): boolean {
  return BEGINS_AMOUNT.test(word) && !/^0\d\d$/.test(word);
}

/**
 * Where an amount ends that begins with a word: behind the groups of `50 000`, and behind the `million` of `2 million`.
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
