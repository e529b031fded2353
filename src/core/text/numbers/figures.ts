import { err, ok, type Result } from '../../result.ts';
import { currencyOf, type Currency } from './currency.ts';
import { evidenceOf, isUnclearMagnitude, shownIn, type Evidence } from './evidence.ts';
import { isAmbiguous, settle, type NumberProblem, type WrittenNumber } from './number.ts';
import type { Shown } from './numeral.ts';
import { shortFraction } from '../text-end.ts';

export type Settled<Field extends string> = {
  readonly values: Readonly<Partial<Record<Field, string>>>;
  readonly currency: Currency | null;
  /** The most significant decimals. */
  readonly digits: number;
};
/** Why a number of a meter is rejected. Currencies are ISO 4217 codes. */
export type FigureProblem =
  | NumberProblem
  | { readonly code: 'two-currencies'; readonly currency: string; readonly other: string }
  | { readonly code: 'other-unit'; readonly currency: string; readonly unit: string }
  | { readonly code: 'unclear-magnitude'; readonly magnitude: string }
  /** `other` uses points and commas the opposite way. */
  | { readonly code: 'contradictory-marks'; readonly other: string };
export type NotTaken<Field extends string> = {
  readonly field: Field;
  readonly number: WrittenNumber;
  readonly problem: FigureProblem;
};

/**
 * Settles the numbers of one meter, by its own notation first, then by that of the numbers around it. Numbers of one meter with
 * contradictory marks or with two currencies are rejected.
 *
 * @param evidence from the column, page or response
 * @param groups the group separator if there is no evidence, as in `settle`
 * @param unit the stated unit of the numbers; empty or null if there is none
 * @param limited drops the shown convention where it is not evidence for a number
 */
export function settleFigures<Field extends string>(
  written: readonly { readonly field: Field; readonly number: WrittenNumber }[],
  {
    evidence,
    groups,
    unit = null,
    limited = (_number, shown) => shown,
  }: {
    readonly evidence: Evidence;
    readonly groups: ',' | '.' | null;
    readonly unit?: string | null | undefined;
    readonly limited?: (number: WrittenNumber, shown: Shown) => Shown;
  },
): Result<Settled<Field>, NotTaken<Field>> {
  const values: Partial<Record<Field, string>> = {};
  const numbers = written.map(({ number }) => number);
  const own = evidenceOf(numbers);
  const shown = shownIn(own) ?? shownIn(evidence);
  let currency: Currency | null = null;
  let digits = 0;
  for (const { field, number } of written) {
    const refused = (problem: FigureProblem) => err({ field, number, problem });
    const contradiction = contradictionIn(number, numbers);
    if (contradiction !== null) return refused(contradiction);
    if (currency !== null && number.currency !== null && currency.code !== number.currency.code)
      return refused({ code: 'two-currencies', currency: number.currency.code, other: currency.code });
    const named = currencyOf(unit ?? '');
    if (named !== null && number.currency !== null && named.code !== number.currency.code)
      return refused({ code: 'other-unit', currency: number.currency.code, unit: named.code });
    if (isUnclearMagnitude(number, evidence)) return refused({ code: 'unclear-magnitude', magnitude: number.magnitude });
    const settled = settle(number, limited(number, shown), groups);
    if (!settled.ok) return refused(settled.error);
    values[field] = settled.value;
    currency ??= number.currency;
    digits = Math.max(digits, shortFraction(settled.value.split('.')[1] ?? '').length);
  }
  return ok({ values, currency, digits });
}

/** Returns the contradiction between a number's marks and those of the others; null if there is none. */
export function contradictionIn(number: WrittenNumber, numbers: readonly WrittenNumber[]): FigureProblem | null {
  const other = numbers.find((one) => one !== number && isContradictory(number, one));
  return other === undefined ? null : { code: 'contradictory-marks', other: other.text };
}

function isContradictory(a: WrittenNumber, b: WrittenNumber): boolean {
  if (isAmbiguous(a) && isAmbiguous(b)) return a.text.includes('.') !== b.text.includes('.');
  return (a.by.point === null && b.by.comma === null) || (a.by.comma === null && b.by.point === null);
}
