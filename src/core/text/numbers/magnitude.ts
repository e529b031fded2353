import type { Convention } from './numeral.ts';

/** The number of zeros for a word or letter after a number. */
const POWERS: Readonly<Record<string, number>> = {
  k: 3,
  thousand: 3,
  tsd: 3,
  tausend: 3,
  mille: 3,
  mil: 3,
  'mil millones': 9,
  lakh: 5,
  lakhs: 5,
  lac: 5,
  m: 6,
  mm: 6,
  mn: 6,
  mio: 6,
  mill: 6,
  million: 6,
  millions: 6,
  millionen: 6,
  millón: 6,
  millones: 6,
  crore: 7,
  crores: 7,
  b: 9,
  bn: 9,
  bln: 9,
  md: 9,
  mrd: 9,
  mia: 9,
  milliarde: 9,
  milliarden: 9,
  milliard: 9,
  milliards: 9,
  billion: 9,
  billions: 9,
  billionen: 12,
  billón: 12,
  billones: 12,
  billiarde: 15,
  billiarden: 15,
  t: 12,
  tn: 12,
  trn: 12,
  trillion: 12,
  trillions: 12,
};

/** Words that mean a thousand times more, or more, in German and French than in English. */
const TWO_SCALES = new Set(['billion', 'billions', 'trillion', 'trillions']);
/** Words of languages in which a Billion is a million millions. */
const LONG_ONLY = new Set([
  'mil millones',
  ...'tsd tausend mio mrd mia millionen millón millones milliarde milliarden milliard milliards billionen billón billones billiarde billiarden'.split(
    ' ',
  ),
]);
/** Words that mean a thousand times more in languages with a decimal comma. */
const LONG_SCALE = new Set(['b', 'bn', 'bln', 'billion', 'billions', 't', 'tn', 'trn', 'trillion', 'trillions']);

/** Whether a word means 10^9 in English, and 10^12 in German and French. */
export function isOfTwoScales(word: string): boolean {
  return TWO_SCALES.has(plainOf(word));
}

/** Whether a word shows that the text is in a language in which a Billion is 10^12: `Mrd.`, `Millionen`. */
export function showsLongScale(word: string): boolean {
  return LONG_ONLY.has(plainOf(word));
}

/** Matches a word that may be a magnitude, for use in a regular expression. */
export const MAGNITUDE = String.raw`(?:[Mm]il [Mm]illones(?!\p{L})|\p{L}+\.?)`;

/** Returns the number of zeros for a word: `k`, `Mio.`, `million`. Null for any other word. */
export function powerOf(word: string): number | null {
  const plain = plainOf(word);
  return Object.hasOwn(POWERS, plain) ? (POWERS[plain] ?? null) : null;
}

/** Whether a word has only one meaning in a convention: a German Billion is a thousand English billions. */
export function isPlainPower(word: string, convention: Convention): boolean {
  return convention === 'point' || !LONG_SCALE.has(plainOf(word));
}

function plainOf(word: string): string {
  return word.toLowerCase().normalize('NFC').replace(/\.$/, '');
}
