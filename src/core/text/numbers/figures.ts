import { err, ok, type Result } from '../../result.ts';
import { currencyOf, type Currency } from './currency.ts';
import { evidenceOf, isUnclearMagnitude, shownIn, type Evidence } from './evidence.ts';
import { isAmbiguous, settle, type NotSettled, type WrittenNumber } from './number.ts';
import type { Shown } from './numeral.ts';
import { shortFraction } from '../text-end.ts';

export type Settled<Field extends string> = {
  readonly values: Readonly<Partial<Record<Field, string>>>;
  readonly currency: Currency | null;
  /** The most digits behind a point that say something. */
  readonly digits: number;
};
export type NotTaken<Field extends string> = NotSettled & { readonly field: Field; readonly number: WrittenNumber };

/**
 * Settles what was written of one meter: its own numbers first, then all that stand beside it. Numbers of one meter that use
 * their marks in contradictory ways, or are of two currencies, are not taken.
 *
 * @param evidence what the column, page or answer shows
 * @param groups the mark that separates groups where nothing is shown, as `settle` has it
 * @param unit what the numbers are said to be of; empty or null where nothing is said
 * @param limited takes back what is shown where it is no evidence for a number
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
    const refused = (why: string, instead: string) => err({ field, number, why, instead });
    const contradiction = contradictionIn(number, numbers);
    if (contradiction !== null) return err({ field, number, ...contradiction });
    if (currency !== null && number.currency !== null && currency.code !== number.currency.code)
      return refused(`is in ${number.currency.code} and another figure in ${currency.code}`, 'write both in one currency');
    const named = currencyOf(unit ?? '');
    if (named !== null && number.currency !== null && named.code !== number.currency.code)
      return refused(`is in ${number.currency.code}, and its unit is ${named.code}`, 'write both in one currency');
    if (isUnclearMagnitude(number, evidence))
      return refused(`ends in "${number.magnitude}", which may be a unit`, 'write the number out, or M for million');
    const settled = settle(number, limited(number, shown), groups);
    if (!settled.ok) return err({ field, number, ...settled.error });
    values[field] = settled.value;
    currency ??= number.currency;
    digits = Math.max(digits, shortFraction(settled.value.split('.')[1] ?? '').length);
  }
  return ok({ values, currency, digits });
}

/** Why a number of a meter cannot be taken together with the others: they use their marks in contradictory ways. Null where they do not. */
export function contradictionIn(number: WrittenNumber, numbers: readonly WrittenNumber[]): NotSettled | null {
  const other = numbers.find((one) => one !== number && isContradictory(number, one));
  return other === undefined
    ? null
    : { why: `and ${other.text} use points and commas in contradictory ways`, instead: 'write both without separators' };
}

function isContradictory(a: WrittenNumber, b: WrittenNumber): boolean {
  if (isAmbiguous(a) && isAmbiguous(b)) return a.text.includes('.') !== b.text.includes('.');
  return (a.by.point === null && b.by.comma === null) || (a.by.comma === null && b.by.point === null);
}
