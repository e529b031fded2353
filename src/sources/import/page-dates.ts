import { monthOf } from '../../core/time/month-names.ts';
import { withoutEdges } from '../../core/text/text-end.ts';
import { plainOf } from './page-plain.ts';
import { BESIDE_DATES, IN } from './page-vocabulary.ts';

/** A name without the dates at its end. `whole month`: it has only a month and a year, so that its figures may be of any month. */
export type Dated = { readonly name: string; readonly of: 'days' | 'whole month' | null };

const DAY = /^\d{1,2}(?:st|nd|rd|th|er|\.)?(?:-\d{1,2}\.?)?$/u;
const YEAR = /^(?:19|20)\d{2}$/u;
const NUMERIC = /^(?:\d{1,2}[./-]\d{1,2}[./-](?:\d{2}|\d{4})|\d{4}-\d{2}-\d{2})$/u;

/** Removes the dates at the end of a name, which would make a new meter in each period: "Usage 1 Nov – 30 Nov 2026" is "Usage". */
export function withoutDates(name: string): Dated {
  const words = [...name.matchAll(/[^\s()[\],:–—]+/gu)];
  let from = words.length;
  const [first = '', second = ''] = words.map(([word]) => word);
  if (monthOf(plainOf(first)) !== null && YEAR.test(second)) return { name, of: 'whole month' };
  const [before = '', last = ''] = words.slice(-2).map(([word]) => plainOf(word));
  if (monthOf(last.replace(/^d'/, '')) !== null && (IN.has(before) || last.startsWith("d'"))) return { name, of: 'whole month' };
  const seen = { days: 0, year: false, month: false };
  for (const word of words.toReversed()) {
    const plain = plainOf(word[0]);
    const isDay = NUMERIC.test(word[0]) || DAY.test(word[0]);
    if (!isDay && !YEAR.test(word[0]) && monthOf(plain) === null && !BESIDE_DATES.has(plain) && word[0] !== '-') break;
    if (isDay) seen.days += /-/.test(word[0]) ? 2 : 1;
    seen.year ||= YEAR.test(word[0]) || NUMERIC.test(word[0]);
    seen.month ||= monthOf(plain) !== null || NUMERIC.test(word[0]);
    from -= 1;
  }
  const begin = words[from]?.index ?? name.length;
  const rest = withoutEdges(name.slice(0, begin), (text) => /[\s()[\],:–—|•·-]/u.test(text));
  // "Gen 2" and "Set 1" are names, though months begin with these.
  if (!seen.month || !(seen.days > 1 || seen.year) || !/\p{L}/u.test(rest)) {
    // "As of October 31" is no name.
    return { name, of: seen.month && rest === '' ? 'whole month' : null };
  }
  return { name: rest, of: seen.days > 0 ? 'days' : 'whole month' };
}
