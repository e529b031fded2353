import { isOfTwoScales, showsLongScale } from './magnitude.ts';
import { conventions, type Convention, type Shown } from './numeral.ts';
import { isAmbiguous, isOddlyGrouped, type WrittenNumber } from './number.ts';

/** The fractions seen: their lengths, and whether one ends in a zero, which only a fixed length has. */
type Fractions = { readonly shortest: number; readonly longest: number; readonly isPadded: boolean };
type ByConvention<T> = Readonly<Record<Convention, T>>;

/** What the numbers of one column, page or response show about their notation. */
export type Evidence = {
  /** Whether a number was seen that is valid only in this convention. */
  readonly sure: ByConvention<boolean>;
  readonly fractions: ByConvention<Fractions | null>;
  /** The fractions of ambiguous numbers such as `1,614`, if their mark is a fraction mark. */
  readonly perhaps: ByConvention<Fractions | null>;
  /** The magnitudes seen, the unclear ones in lower case. */
  readonly magnitudes: ReadonlySet<string>;
};

const NONE: ByConvention<null> = { point: null, comma: null };
export const NO_EVIDENCE: Evidence = { sure: { point: false, comma: false }, fractions: NONE, perhaps: NONE, magnitudes: new Set() };

/**
 * Letters that may be a unit as well as a magnitude: minutes, metres, bytes, tonnes, thousand in one language and million in another.
 */
const UNCLEAR = new Set(['m', 'b', 't', 'mm', 'mil']);

/** Adds one number to the evidence. */
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

/** Collects the evidence of all numbers. */
export function evidenceOf(numbers: Iterable<WrittenNumber>): Evidence {
  let evidence = NO_EVIDENCE;
  for (const number of numbers) evidence = alsoSeen(evidence, number);
  return evidence;
}

/**
 * Returns the convention that the evidence shows. `mixed` if the fractions cannot come from one writer: `1,614` and `2,000` beside
 * `12,34`, because padded fractions have a fixed length.
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

/** Returns the convention that the numbers of one column, page or response show. */
export function shownBy(numbers: Iterable<WrittenNumber>): Shown {
  return shownIn(evidenceOf(numbers));
}

/**
 * Whether the letter after a number may also be a unit and no other number shows magnitudes: `120m`, unless `50k` or `1.2b` is there
 * too. A `Billion` is unclear beside magnitudes of a language in which it is a thousand times more.
 */
export function isUnclearMagnitude({ magnitude }: WrittenNumber, { magnitudes }: Evidence): boolean {
  if (isOfTwoScales(magnitude)) return [...magnitudes].some(showsLongScale);
  return UNCLEAR.has(magnitude) && ![...magnitudes].some((one) => one !== magnitude && one !== 'mil' && one !== 'mm');
}
