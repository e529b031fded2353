/**
 * Amounts are integers in a meter's smallest unit: credits for most meters, cents for a meter with `decimals: 2`.
 * They are compared as integers and only turned into text in views.
 */
import { err, ok, type Result } from '../result.ts';
import { shortFraction } from '../text/text-end.ts';

/** The largest amount PostgreSQL's bigint, and so a reading, can hold. */
export const LARGEST_AMOUNT = 2n ** 63n - 1n;

/** Why an amount is not valid for a meter. */
export type AmountProblem =
  | { readonly code: 'not-finite' | 'beyond-safe-integers' | 'not-a-decimal' | 'part-of-a-unit' | 'negative' | 'too-large' }
  | { readonly code: 'too-many-digits'; readonly decimals: number };

const DECIMAL = /^(-?)(\d{1,40})(?:\.(\d{1,40}))?$/;

/**
 * Parses an amount from JSON: a number, or a decimal string such as `"1500000000"` or `"25.75"`.
 *
 * @param decimals the decimals of the meter; more digits are an error and are never rounded
 * @returns the amount in the smallest unit, or the problem
 */
export function parseAmount(raw: number | string, decimals: number): Result<bigint, AmountProblem> {
  if (typeof raw === 'number') {
    // Fast path for whole credits, the most common case.
    if (decimals === 0 && raw >= 0 && Number.isSafeInteger(raw)) return ok(BigInt(raw));
    if (!Number.isFinite(raw)) return err({ code: 'not-finite' });
    // Beyond 2^53 a JSON number has already lost digits when we see it.
    if (Math.abs(raw) > Number.MAX_SAFE_INTEGER) return err({ code: 'beyond-safe-integers' });
  }
  const match = DECIMAL.exec(typeof raw === 'number' ? plainNotation(raw) : raw.trim());
  if (!match) return err({ code: 'not-a-decimal' });
  const [, sign = '', whole = '', digits = ''] = match;
  const fraction = shortFraction(digits);
  if (fraction.length > decimals) return err(decimals === 0 ? { code: 'part-of-a-unit' } : { code: 'too-many-digits', decimals });
  const amount = BigInt(whole + fraction.padEnd(decimals, '0'));
  if (sign === '-' && amount !== 0n) return err({ code: 'negative' });
  if (amount > LARGEST_AMOUNT) return err({ code: 'too-large' });
  return ok(amount);
}

/**
 * Rounds a vendor's amount to the decimals of the meter, down or up. Never to the nearest, which could reach a level before the
 * vendor's figure does. Text that is not a decimal number is returned as it is, for `parseAmount` to reject.
 */
export function cutAmount(raw: number | string, decimals: number, towards: 'down' | 'up'): number | string {
  const text =
    typeof raw === 'number' ? (Number.isFinite(raw) && Math.abs(raw) <= Number.MAX_SAFE_INTEGER ? plainNotation(raw) : null) : raw.trim();
  const [, sign = '', whole = '', digits = ''] = DECIMAL.exec(text ?? '') ?? [];
  const beyond = shortFraction(digits).slice(decimals);
  if (text === null || whole === '' || beyond === '') return raw;
  const isUp = (towards === 'up') === (sign === '');
  const kept = BigInt(whole + digits.slice(0, decimals)) + (isUp ? 1n : 0n);
  return `${kept === 0n ? '' : sign}${plainAmount(kept, decimals)}`;
}

/** Reliable digits of a double; the rest is rounding noise (0.1 + 0.2). */
const SURE_DIGITS = 15;

/** Removes floating-point noise: `0.30000000000000004` becomes 0.3. */
export function withoutNoise(value: number): number {
  return Number.isFinite(value) && !Number.isInteger(value) ? Number(value.toPrecision(SURE_DIGITS)) : value;
}

/** Returns the number of decimals in a plain decimal. */
export function shownDigits(value: number | string): number {
  const text = typeof value === 'string' ? value.trim() : Number.isFinite(value) ? plainNotation(value) : '';
  return shortFraction(text.split('.')[1] ?? '').length;
}

/** Converts JavaScript's `1e-7` to a plain decimal. */
function plainNotation(value: number): string {
  const text = String(value);
  return text.includes('e') ? value.toFixed(20) : text;
}

const GROUPED = new Intl.NumberFormat('en-US');

/** Formats an amount with thousands separators and the meter's decimals: `1,614`, `25.75`. Exact for every bigint. */
export function formatAmount(amount: bigint, decimals = 0): string {
  return decimal(amount, decimals, (whole) => GROUPED.format(whole));
}

/** Splits off the decimals, because Intl formats a bigint exactly but not one in smallest units. */
function decimal(amount: bigint, decimals: number, write: (whole: bigint) => string): string {
  const [sign, size] = amount < 0n ? ['-', -amount] : ['', amount];
  if (decimals === 0) return sign + write(size);
  const unit = 10n ** BigInt(decimals);
  return `${sign}${write(size / unit)}.${String(size % unit).padStart(decimals, '0')}`;
}

/** Formats a decimal with thousands separators: `1,614.5`. Works on text, so that no digit is lost. Other text is returned as it is. */
export function groupedDecimal(figure: number | string): string {
  const [whole = '', fraction] = String(figure).split('.');
  const digits = /^\d{1,30}$/.test(whole) ? formatAmount(BigInt(whole)) : whole;
  return fraction === undefined ? digits : `${digits}.${fraction}`;
}

/** Formats an amount for machines: an integer or decimal string without separators, as `POST /v1/usage` accepts it. */
export function plainAmount(amount: bigint, decimals = 0): string {
  return decimal(amount, decimals, String);
}

/** Formats a pace with three significant digits, rounded: `45,700`, `15,800`, `1,240,000`, `3.25` for money. */
export function formatPace(amount: bigint, decimals = 0): string {
  const excess = amount.toString().length - 3;
  if (excess <= 0) return formatAmount(amount, decimals);
  const unit = 10n ** BigInt(excess);
  const rounded = ((amount + unit / 2n) / unit) * unit;
  return formatAmount(rounded, decimals).replace(/\.0+$/, '');
}

/**
 * Formats a share, rounded down so that "80%" is never shown before 80% is reached: `80%`, `0.6%`, `<0.1%`, `0%`. Null if there is no
 * percentage (unlimited, or a total of 0).
 *
 * `Intl.NumberFormat` does not fit: its percentages take a number, which cannot hold the ratio of two bigints, and it supports neither
 * one decimal only below 1%, nor `<0.1%`.
 */
export function formatPercent(used: bigint, total: bigint | null): string | null {
  if (total === null || total === 0n) return null;
  const perMille = (used * 1000n) / total;
  if (perMille >= 10n) return `${perMille / 10n}%`;
  if (perMille >= 1n) return `0.${perMille}%`;
  return used === 0n ? '0%' : '<0.1%';
}
