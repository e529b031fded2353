import { err, ok, type Result } from '../../core/result.ts';
import { compareUnits } from '../../core/text/numbers/measure.ts';
import type { WrittenNumber } from '../../core/text/numbers/number.ts';
import type { Role } from '../../core/text/numbers/roles.ts';
import type { LineProblem } from '../../core/text/import-problem.ts';
import type { Rest } from './page-tail.ts';

/** A figure, and the factor that converts it to the unit of its meter. */
type Amount = { readonly number: WrittenNumber; readonly factor: bigint };

/** The figures of one meter, all in one unit. */
export type InOneUnit = {
  readonly first: Amount;
  /** Null for an unlimited allowance. */
  readonly total: Amount | null;
  readonly unit: string;
  /** A third figure with the rest: `(998,386 left)`. */
  readonly rest: (Amount & { readonly role: Role }) | null;
};

type Written = { readonly number: WrittenNumber; readonly unit: readonly string[] };

/** Converts the figures of a meter to one unit if that is unambiguous: 90 min of 2 h becomes 90 of 120. */
export function inOneUnit(
  first: Written,
  total: Written | null,
  rest: Rest | null,
  tailUnit: readonly string[],
): Result<InOneUnit, LineProblem> {
  const other = total?.unit ?? tailUnit;
  const money = [first.number.currency, total?.number.currency ?? null];
  if (total !== null && ((money[0] && !money[1] && other.length > 0) || (!money[0] && money[1] && first.unit.length > 0)))
    return err({ kind: 'money-and-other' });
  const units = compareUnits(first.unit, other);
  if (units.kind === 'different') return err(inTwo(first.unit, other));
  const unit = first.unit.length > 0 && (other.length === 0 || (units.kind === 'converted' && units.of === 'first')) ? first.unit : other;
  const [a, b] = units.kind === 'converted' ? [units.first, units.second] : [1n, 1n];
  if (rest !== null && rest.unit.length === 0 && units.kind === 'converted') return err(inTwo(first.unit, other));
  const third = compareUnits(unit, rest?.unit ?? []);
  if (rest !== null && third.kind === 'different') return err(inTwo(unit, rest.unit));
  const [all, c] = third.kind === 'converted' ? [third.first, third.second] : [1n, 1n];
  return ok({
    first: { number: first.number, factor: a * all },
    total: total === null ? null : { number: total.number, factor: b * all },
    rest: rest === null ? null : { number: rest.number, role: rest.role, factor: c },
    unit: (third.kind === 'converted' && third.of === 'second' ? (rest?.unit ?? unit) : unit).join(' ').toLowerCase(),
  });
}

function inTwo(a: readonly string[], b: readonly string[]): LineProblem {
  return { kind: 'two-units', units: [a.join(' '), b.join(' ')] };
}
