import { err, ok, type Result } from '../result.ts';
import { currencyOf, CURRENCY, type Currency } from './currency.ts';
import { isPlainPower, powerOf } from './magnitude.ts';
import { conventions, INNER_MARKS, readNumeral, type Convention, type Decimal } from './numeral.ts';

/** A number as people and programs write it, before it is settled what its marks mean. */
export type WrittenNumber = {
  readonly text: string;
  /** By each convention a plain decimal (`-1614.5`) with the magnitude multiplied out, or null where it is no number by it. At least one is there. */
  readonly by: Readonly<Record<Convention, string | null>>;
  readonly currency: Currency | null;
};

/** What the numbers beside it show: one convention, both (`mixed`), or none that says anything. */
export type Shown = Convention | 'mixed' | null;

/** 2^63 - 1 has 19 digits, and a meter up to 6 after the point. Longer ones are nothing to count, and cost time. */
const LONGEST = 60;

const BEGINNING = new RegExp(String.raw`^(?<sign>[-−+]?)\s*(?<money>${CURRENCY})?\s*(?<inner>[-−+]?)(?=[.,]?\d)`, 'u');
const NUMERAL = new RegExp(String.raw`^[\d ${INNER_MARKS}]+`, 'u');
const END = /^(?<word>\p{L}+\.?)?(?<after>.*)$/u;

/**
 * Reads a number that stands alone: `1,614`, `1.614`, `1 614`, `1'614`, `12,34,567`, `25,75`, `1.2M`, `50k`, `3 Mrd`,
 * `€68.67`, `25.75 USD`.
 *
 * @returns null for what is no number
 */
export function readNumber(raw: string): WrittenNumber | null {
  const text = raw.trim();
  if (text.length > LONGEST) return null;
  const beginning = BEGINNING.exec(text);
  const { sign = '', money = '', inner = '' } = beginning?.groups ?? {};
  if (beginning === null || (sign !== '' && inner !== '')) return null;
  const rest = text.slice(beginning[0].length);
  const numeral = (NUMERAL.exec(rest)?.[0] ?? '').trimEnd();
  const { word = '', after = '' } = END.exec(rest.slice(numeral.length).trim())?.groups ?? {};
  // "25.75 EUR" has no magnitude, and "1.2 Mio. €" both.
  const isPower = powerOf(word) !== null;
  const tail = `${isPower ? '' : word}${after}`.trim();
  const currency = currencyOf(money === '' ? tail : money);
  if ((money !== '' || tail !== '') && currency === null) return null;
  if (money !== '' && tail !== '' && currencyOf(tail)?.code !== currency?.code) return null;
  return numberOf({ text, numeral, word: isPower ? word : '', isNegative: /[-−]/u.test(sign + inner), currency });
}

/** Puts a number together from its parts, found where they stood. Null when the digits are none by either convention. */
export function numberOf({
  text,
  numeral,
  word,
  isNegative,
  currency,
}: {
  readonly text: string;
  readonly numeral: string;
  /** A magnitude such as `k`, or empty. */
  readonly word: string;
  readonly isNegative: boolean;
  readonly currency: Currency | null;
}): WrittenNumber | null {
  const power = word === '' ? 0 : powerOf(word);
  if (power === null) return null;
  const by = (convention: Convention): string | null => {
    const decimal = readNumeral(numeral, convention);
    if (decimal === null || (word !== '' && !isPlainPower(word, convention) && decimal.fraction !== '')) return null;
    return `${isNegative ? '-' : ''}${shifted(decimal, power)}`;
  };
  const both = { point: by('point'), comma: by('comma') };
  return both.point === null && both.comma === null ? null : { text, by: both, currency };
}

/** Moves the point to the right in the digits themselves: no number in between that could lose some. */
function shifted({ whole, fraction }: Decimal, zeros: number): string {
  const digits = fraction.padEnd(zeros, '0');
  const rest = digits.slice(zeros);
  const before = (whole + digits.slice(0, zeros)).replace(/^0+(?=\d)/, '');
  return rest === '' ? before : `${before}.${rest}`;
}

/** What the numbers of one column, page or answer show together about their marks. */
export function shownBy(numbers: Iterable<WrittenNumber>): Shown {
  let shown: Shown = null;
  for (const number of numbers) shown = alsoShown(shown, number);
  return shown;
}

/** The same with one more number. */
export function alsoShown(shown: Shown, { by }: WrittenNumber): Shown {
  const only = conventions.filter((one) => by[one] !== null);
  const [convention = null] = only;
  if (only.length !== 1 || convention === null) return shown;
  return shown === null || shown === convention ? convention : 'mixed';
}

function isSame(a: string, b: string): boolean {
  return a === b || withoutZeros(a) === withoutZeros(b);
}

function withoutZeros(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/0+$/, '').replace(/\.$/, '') : decimal;
}

/**
 * Says what a number is, by what is shown beside it. It never guesses by a factor of a thousand.
 *
 * @param groups the mark that certainly separates groups where nothing is shown, by the language of the text; null where none does
 * @returns a plain decimal, or why not, in words that follow the number
 */
export function settle(number: WrittenNumber, shown: Shown, groups: ',' | '.' | null): Result<string, string> {
  const { point, comma } = number.by;
  if (point === null || comma === null || isSame(point, comma)) return ok(point ?? comma ?? '');
  const convention = shown ?? (groups === null || !number.text.includes(groups) ? null : groups === ',' ? 'point' : 'comma');
  if (convention === 'point') return ok(point);
  if (convention === 'comma') return ok(comma);
  const [less, more] = number.text.includes('.') ? [point, comma] : [comma, point];
  return err(`could be ${less} or ${more}: write ${more}, or ${less.includes('.') ? `${less}0` : less}`);
}
