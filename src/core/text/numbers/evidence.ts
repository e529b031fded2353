import { conventions, type Convention, type Shown } from './numeral.ts';
import { isAmbiguous, isOddlyGrouped, type WrittenNumber } from './number.ts';

/** Of the fractions that were seen: how long they are, and whether one of them ends in a zero, which only a fixed length has. */
type Fractions = { readonly shortest: number; readonly longest: number; readonly isPadded: boolean };
type ByConvention<T> = Readonly<Record<Convention, T>>;

/** What the numbers of one column, page or answer show of how it writes them. */
export type Evidence = {
  /** By numbers that are one by it alone, whether they were seen. */
  readonly sure: ByConvention<boolean>;
  readonly fractions: ByConvention<Fractions | null>;
  /** What numbers such as `1,614` would have behind the mark. */
  readonly perhaps: ByConvention<Fractions | null>;
  /** Magnitudes that were seen, the unclear ones in small letters. */
  readonly magnitudes: ReadonlySet<string>;
};

const NONE: ByConvention<null> = { point: null, comma: null };
export const NO_EVIDENCE: Evidence = { sure: { point: false, comma: false }, fractions: NONE, perhaps: NONE, magnitudes: new Set() };

/** Letters that are a unit as often as a magnitude: minutes, metres, bytes, tonnes, thousand in one language and million in another. */
const UNCLEAR = new Set(['m', 'b', 't', 'mm', 'mil']);

/** The same with one more number. */
export function alsoSeen(evidence: Evidence, number: WrittenNumber): Evidence {
  const { magnitude, by, fractions } = number;
  const magnitudes =
    magnitude === '' || evidence.magnitudes.has(magnitude) ? evidence.magnitudes : new Set([...evidence.magnitudes, magnitude]);
  const seen = { ...evidence, magnitudes };
  if (isOddlyGrouped(number)) return seen;
  if (isAmbiguous(number)) {
    const convention = fractions.point === '' ? 'comma' : 'point';
    if (magnitude !== '') return seen;
    return { ...seen, perhaps: { ...seen.perhaps, [convention]: alsoLong(seen.perhaps[convention], fractions[convention]) } };
  }
  const only = conventions.filter((one) => by[one] !== null);
  const [convention] = only;
  if (convention === undefined || only.length !== 1) return seen;
  const isMeasured = magnitude === '' && fractions[convention] !== '';
  return {
    ...seen,
    sure: { ...seen.sure, [convention]: true },
    ...(isMeasured && { fractions: { ...seen.fractions, [convention]: alsoLong(seen.fractions[convention], fractions[convention]) } }),
  };
}

function alsoLong(before: Fractions | null, fraction: string): Fractions {
  const { length } = fraction;
  const isPadded = fraction.endsWith('0');
  if (before === null) return { shortest: length, longest: length, isPadded };
  return {
    shortest: Math.min(before.shortest, length),
    longest: Math.max(before.longest, length),
    isPadded: before.isPadded || isPadded,
  };
}

/** What all numbers show together. */
export function evidenceOf(numbers: Iterable<WrittenNumber>): Evidence {
  let evidence = NO_EVIDENCE;
  for (const number of numbers) evidence = alsoSeen(evidence, number);
  return evidence;
}

/**
 * The convention that is shown. Where `1,614` and `2,000` would be fractions beside `12,34`, nobody has written all of them: who
 * writes zeros at the end writes fractions of one length.
 */
export function shownIn({ sure, fractions, perhaps }: Evidence): Shown {
  if (sure.point && sure.comma) return 'mixed';
  const convention = sure.point ? 'point' : sure.comma ? 'comma' : null;
  if (convention === null) return perhaps.point !== null && perhaps.comma !== null ? 'mixed' : null;
  return isOfOneWriter(fractions[convention], perhaps[convention]) ? convention : 'mixed';
}

function isOfOneWriter(a: Fractions | null, b: Fractions | null): boolean {
  if (a === null || b === null) return true;
  const isFixed = Math.min(a.shortest, b.shortest) === Math.max(a.longest, b.longest);
  return isFixed || (!a.isPadded && !b.isPadded);
}

/** What the numbers of one column, page or answer show together about their marks. */
export function shownBy(numbers: Iterable<WrittenNumber>): Shown {
  return shownIn(evidenceOf(numbers));
}

/** Whether the letter behind a number may be a unit as well, and nothing beside it shows magnitudes: `120m`, unless `50k` or `1.2b` is there too. */
export function isUnclearMagnitude({ magnitude }: WrittenNumber, { magnitudes }: Evidence): boolean {
  return UNCLEAR.has(magnitude) && ![...magnitudes].some((one) => one !== magnitude && one !== 'mil' && one !== 'mm');
}
