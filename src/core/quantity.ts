import { parseAmount } from './amount.ts';
import { err, type Result } from './result.ts';

const POWERS: Readonly<Record<string, number>> = {
  k: 3,
  thousand: 3,
  m: 6,
  mio: 6,
  million: 6,
  b: 9,
  bn: 9,
  billion: 9,
  t: 12,
  trillion: 12,
};

/** 2^63 - 1 has 19 digits, and a meter up to 6 after the point. */
const LONGEST = 26;

const WRITTEN = /^(?<whole>\d+|\d{1,3}(?:,\d{3})+)(?:\.(?<fraction>\d+))?\s*(?<power>\p{L}*)$/u;
export const NO_AMOUNT = 'is not an amount such as 50k, 1.5M or 50,000';

/** What people may have meant as an amount, well written or not. */
const BEGINS_AMOUNT = /^[-+~]?[.,]?\d/;

/**
 * Reads an amount as people type it: `50k`, `1.5M`, `50,000`, `2 million`.
 *
 * @param decimals digits after the point that the meter keeps
 * @returns the amount in the meter's smallest unit, or why not, in words that follow what was typed (`"1e6" …`)
 */
export function parseQuantity(text: string, decimals: number): Result<bigint, string> {
  const typed = text.trim();
  if (/^[-−]/u.test(typed)) return err('is negative: say how much is needed');
  if (typed.endsWith('%')) return err('is a share: write an amount such as 50k');
  if (/^[\d.]+e[-+]?\d+$/i.test(typed)) return err('is in scientific notation: write it out, such as 1M or 1,000,000');
  const { whole, fraction = '', power = '' } = WRITTEN.exec(typed)?.groups ?? {};
  if (whole === undefined)
    return err(
      /^\d[\d.,]*\p{L}*$/u.test(typed)
        ? 'could be read in two ways: write 1.5M for one and a half million, 50,000 or 50k for fifty thousand'
        : NO_AMOUNT,
    );
  const zeros = power === '' ? 0 : POWERS[power.toLowerCase()];
  if (zeros === undefined) return err(`ends in "${power}", which I don't know: k, M and B are thousand, million and billion`);
  // "50.000" is fifty thousand to half of Europe.
  if (zeros === 0 && decimals < 3 && /^\d{3}$/.test(fraction))
    return err('could be read in two ways: write 50,000 or 50k for fifty thousand');
  const shifted = shift(whole.replaceAll(',', ''), fraction, zeros);
  if (shifted.length > LONGEST) return err('is more than anything I count');
  const amount = parseAmount(shifted, decimals);
  if (amount.ok && amount.value === 0n) return err('is nothing: say how much is needed');
  return amount;
}

/** Whether a word looks like the beginning of an amount rather than part of a name. */
export function looksLikeQuantity(word: string): boolean {
  return BEGINS_AMOUNT.test(word);
}

/** Whether a word only multiplies the number before it: the `million` of `2 million`. */
export function isMagnitude(word: string): boolean {
  return Object.hasOwn(POWERS, word.toLowerCase());
}

/** Moves the point to the right in the digits themselves: no number in between that could lose some. */
function shift(whole: string, fraction: string, zeros: number): string {
  const digits = fraction.padEnd(zeros, '0');
  const rest = digits.slice(zeros);
  return rest === '' ? whole + digits : `${whole}${digits.slice(0, zeros)}.${rest}`;
}
