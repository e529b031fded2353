import { shortFraction } from '../text/text-end.ts';
import type { Figures } from './answer.ts';

/** How close the growth of `used` is to that of the total if both only changed their unit: within a quarter. */
const CLOSE = 1.25;
/** A total that is about the old one again: within half a power of ten. */
const SAME_MAGNITUDE = 10 ** 0.5;

/**
 * Returns the power of ten by which a meter changed its unit between two polls (2: cents in place of dollars); null if it did not. The
 * total changed by exactly that power, and so did, within a quarter, what is used, or else what is left. A change of the total alone is a
 * larger plan or a top-up.
 */
export function powerOfChange(before: Figures, after: Figures): number | null {
  const power = powerBetween(before.total, after.total);
  if (power === null) return null;
  const [was, is] = before.used !== undefined && after.used !== undefined ? [before.used, after.used] : [before.remaining, after.remaining];
  const growth = Number(is) / Number(was);
  if (!Number.isFinite(growth) || growth <= 0) return null;
  const off = growth / 10 ** power;
  return off <= CLOSE && off * CLOSE >= 1 ? power : null;
}

/** Whether a total has about its old size again after a change of its unit, or can no longer be compared. */
export function isOldSize(before: Figures, after: Figures): boolean {
  const ratio = Number(after.total ?? NaN) / Number(before.total ?? NaN);
  return !Number.isFinite(ratio) || ratio <= 0 || (ratio < SAME_MAGNITUDE && ratio * SAME_MAGNITUDE > 1);
}

/** Returns n if one decimal is 10^n times the other, and n is not 0; null otherwise. Exact. */
function powerBetween(before: string | null | undefined, after: string | null | undefined): number | null {
  const [was, is] = [digitsOf(before), digitsOf(after)];
  if (was === null || is === null || was.digits !== is.digits || was.exponent === is.exponent) return null;
  return is.exponent - was.exponent;
}

/** Splits a positive decimal: `25.50` is 255 · 10^-1. */
function digitsOf(figure: string | null | undefined): { readonly digits: string; readonly exponent: number } | null {
  const [, whole, fraction = ''] = /^(\d{1,30})(?:\.(\d{1,30}))?$/.exec(figure ?? '') ?? [];
  if (whole === undefined) return null;
  const all = (whole + fraction).replace(/^0+/, '');
  const digits = shortFraction(all);
  return digits === '' ? null : { digits, exponent: all.length - digits.length - fraction.length };
}
