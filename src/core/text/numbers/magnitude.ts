import type { Convention } from './numeral.ts';

/** How many zeros a word or letter behind a number stands for. */
const POWERS: Readonly<Record<string, number>> = {
  k: 3,
  thousand: 3,
  tsd: 3,
  tausend: 3,
  mille: 3,
  mil: 3,
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
  t: 12,
  tn: 12,
  trn: 12,
  trillion: 12,
  trillions: 12,
};

/** A thousand times more in the languages that write a comma before the fraction. */
const LONG_SCALE = new Set(['b', 'bn', 'bln', 'billion', 'billions', 't', 'tn', 'trn', 'trillion', 'trillions']);

/** The zeros that a word stands for: `k`, `Mio.`, `million`. Null for any other word. */
export function powerOf(word: string): number | null {
  const plain = word.toLowerCase().replace(/\.$/, '');
  return Object.hasOwn(POWERS, plain) ? (POWERS[plain] ?? null) : null;
}

/** Whether a word means the same wherever a number is written like this: a German Billion is a thousand English ones. */
export function isPlainPower(word: string, convention: Convention): boolean {
  return convention === 'point' || !LONG_SCALE.has(word.toLowerCase().replace(/\.$/, ''));
}
