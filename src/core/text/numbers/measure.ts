import { wordSet } from './role-vocabulary.ts';

/** A measured unit. `factor`: its size in the smallest unit; null if not certain. */
type Measure = { readonly name: string; readonly family: string; readonly factor: bigint | null };

const TIME: readonly (readonly [bigint, ReadonlySet<string>])[] = [
  [1n, wordSet('s sec secs second seconds sek sekunde sekunden seconde secondes segundo segundos secondo secondi')],
  [60n, wordSet('min mins minute minutes minuten minuto minutos minuti minuut')],
  [3_600n, wordSet('h hr hrs hour hours std stunde stunden heure heures hora horas ora ore uur uren')],
  [86_400n, wordSet('day days tag tage tagen jour jours día días dia dias giorno giorni dag dagen')],
];
/** Lower case is also used for bytes: "gb". */
const DECIMAL_BYTES = /^(?:[kKMGTPE]B|[kmgtp]b|kilobytes?|megabytes?|gigabytes?|terabytes?)$/;
const BITS = /^(?:[KMGT]b|[kKMGT]bits?)$/;
const BINARY_BYTES = 'KMGTP';

/** Returns the unit of measure of a word: `min`, `GB`, `KiB`. Null for a counted unit. Case matters: Mb is not MB. */
function measureOf(word: string): Measure | null {
  const plain = word.replace(/\.$/, '');
  const time = TIME.find(([, names]) => names.has(plain.toLowerCase().normalize('NFC')));
  if (time !== undefined) return { name: `${time[0]} s`, family: 'time', factor: time[0] };
  if (/^(?:B|[Bb]ytes?)$/.test(plain)) return { name: 'byte', family: 'bytes', factor: 1n };
  if (/^[KMGTP]iB$/.test(plain))
    return { name: plain, family: 'bytes', factor: 1024n ** BigInt(BINARY_BYTES.indexOf(plain.charAt(0)) + 1) };
  // 1 GB is 1,000 MB for one vendor and 1,024 for the next.
  if (DECIMAL_BYTES.test(plain)) return { name: `${plain.charAt(0).toLowerCase()}b`, family: 'bytes', factor: null };
  return BITS.test(plain) ? { name: plain, family: 'bits', factor: null } : null;
}

/** Whether a text has a measure of time: `min`. */
export function isTime(text: string): boolean {
  return text.split(' ').some((word) => measureOf(word)?.family === 'time');
}

export type Units =
  | { readonly kind: 'same' }
  /** The factors that convert each to the unit of `of`. */
  | { readonly kind: 'converted'; readonly first: bigint; readonly second: bigint; readonly of: 'first' | 'second' }
  | { readonly kind: 'different' };

/**
 * Compares the units of two figures of one meter: the same, convertible, or not comparable. A figure without a unit has that of the
 * other.
 *
 * @param first the words after the first figure; `second` likewise
 */
export function compareUnits(first: readonly string[], second: readonly string[]): Units {
  if (first.length === 0 || second.length === 0) return { kind: 'same' };
  const [a = null, b = null] = [first, second].map((unit) => unit.map(measureOf).find((one) => one !== null));
  if (a === null && b === null) return { kind: isWithin(first, second) || isWithin(second, first) ? 'same' : 'different' };
  if (a === null || b === null) return { kind: 'different' };
  if (a.name === b.name) return { kind: 'same' };
  if (a.family !== b.family || a.factor === null || b.factor === null) return { kind: 'different' };
  return a.factor < b.factor
    ? { kind: 'converted', first: 1n, second: b.factor / a.factor, of: 'first' }
    : { kind: 'converted', first: a.factor / b.factor, second: 1n, of: 'second' };
}

/** Whether one unit contains the other, singular or plural: "credits" and "email credits". */
function isWithin(part: readonly string[], whole: readonly string[]): boolean {
  const plain = (words: readonly string[]) => words.map((word) => word.toLowerCase().replace(/[.]$/, '').replace(/s$/, ''));
  return ` ${plain(whole).join(' ')} `.includes(` ${plain(part).join(' ')} `);
}
