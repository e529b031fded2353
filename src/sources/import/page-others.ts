import type { Line } from './page-lines.ts';
import { saysUsage } from './page-plain.ts';
import { BY, FORECAST, MEMBERS, PAST, PAST_ALONE, PERIODS } from './page-vocabulary.ts';

/** Why figures are not those of the meter now: they are of another period, or of one person. */
export type Other = 'other-period' | 'one-member';

/** Finds the figures of past and future periods and of single persons, by their own line, their heading, or the header of their table. */
export function figuresOfOthers(lines: readonly Line[]): ReadonlyMap<Line, Other> {
  const others = new Map<Line, Other>();
  let heading: Other | null = null;
  let isMemberTable = false;
  for (const line of lines) {
    const isRow = line.text.includes('\t');
    if (line.figures.length === 0) {
      heading = headingOf(line, heading);
      isMemberTable = isRow ? isMemberTable || areMembers(line.text.slice(0, line.text.indexOf('\t'))) : false;
      continue;
    }
    const own = line.text.includes('@') ? 'one-member' : isOther(wordsTo(line)) ? 'other-period' : null;
    const other = own ?? (isMemberTable && isRow ? 'one-member' : heading);
    if (other !== null) others.set(line, other);
  }
  return others;
}

function headingOf({ text, tokens }: Line, before: Other | null): Other | null {
  const words = tokens.flatMap((token) => (token.kind === 'word' ? [plainOf(token.text)] : []));
  const isPeriod = words.some((word) => PERIODS.has(word));
  if (isPast(words) || (words.length > 1 && isForecast(words)))
    return words.length <= MOST_WORDS && !words.some((word) => CURRENT.has(word)) ? 'other-period' : before;
  if (isPeriod && words.some((word) => CURRENT.has(word))) return null;
  if (words.some((word, index) => BY.has(word) && MEMBERS.has(words[index + 1] ?? ''))) return 'one-member';
  return before === 'one-member' && saysUsage(text.split(/\s+/u)) ? null : before;
}

/** "Usage last month" is a heading; a sentence that compares with the last month is longer. */
const MOST_WORDS = 3;
const CURRENT = new Set('this current diesen dieser dieses aktueller aktuelle ce cette actuel actuelle este esta actual'.split(' '));

function isOther(words: readonly string[]): boolean {
  return isPast(words) || isForecast(words);
}

function isForecast(words: readonly string[]): boolean {
  return words.some((word) => FORECAST.has(word));
}

function isPast(words: readonly string[]): boolean {
  return words.some((word, index) => {
    const beside = [words[index - 1], words[index + 1]].some((one) => PERIODS.has(one ?? ''));
    return PAST_ALONE.has(word) || (PAST.has(word) && beside);
  });
}

/** The words of a line up to the end of the phrase behind its figures. A number counts as a word: "last 30 days" are not over. */
function wordsTo({ tokens }: Line): readonly string[] {
  const words: string[] = [];
  let numbers = 0;
  for (const { kind, text } of tokens) {
    if (numbers > 1 && kind !== 'word') break;
    if (kind === 'number') numbers += 1;
    words.push(kind === 'word' ? plainOf(text) : text);
  }
  return words;
}

function areMembers(cell: string): boolean {
  const words = cell.split(/\s+/u).map(plainOf);
  return words.some((word) => MEMBERS.has(word));
}

function plainOf(word: string): string {
  return word.toLowerCase().normalize('NFC').replace(/\.$/, '');
}
