import { isTime } from '../../core/text/numbers/measure.ts';
import { isHelpingWord, isRoleWord } from '../../core/text/numbers/roles.ts';
import { isCounted } from './page-evidence.ts';
import { partsOfName, plainOf, saysUsage } from './page-plain.ts';
import { CURRENT, DAILY, EACH, OTHER_FIGURES, PAST_ALONE, PERIODS, SHORT_PERIODS, TODAY, UP_TO } from './page-vocabulary.ts';

/** The unit of figures, and the words and marks between and behind them. */
type Counted = { readonly unit: string; readonly behind: readonly string[] };

/**
 * Whether figures are what was used in a day or a week: "80 / 2,000 used today". Their total may be that of a month. Not if what is counted
 * has that period itself: "3 / 5 daily credits used today".
 */
export function isOfShortPeriod(name: string, { unit, behind }: Counted): boolean {
  return (
    !hasShortPeriod(name, unit) &&
    (saysNow(partsOfName(name).map(plainOf)) ||
      phrasesOf(behind).some((phrase, nth) => (nth === 0 || isOnlyPeriod(phrase)) && saysShort(phrase)))
  );
}

/** Whether what is counted has a period of a day or a week itself: "Daily credits", "Calls per hour". */
export function hasShortPeriod(name: string, unit: string): boolean {
  return [name, unit].some((text) => {
    const words = partsOfName(text).map(plainOf);
    return saysDaily(words) || words.some((_word, index) => isEach(words, index));
  });
}

/** "Today", "Usage this week": the heading of figures of a part of the period. */
export function isShortHeading(words: readonly string[]): boolean {
  return saysNow(words) && isOnlyPeriod(words.filter((word) => !isCounted('', word) && !saysUsage([word])));
}

/** Whether a word is only a time, and so ends a unit: "heute", "pro" of "pro Tag", "Woche". "Hours", and "daily" of "daily credits", are units. */
export function isTimeAt(words: readonly string[], index: number): boolean {
  const [word, next] = [plainOf(words[index] ?? ''), plainOf(words[index + 1] ?? '')];
  if (DAILY.has(word)) return next === '' || isRoleWord(next) || isHelpingWord(next) || isTimeAt(words, index + 1);
  return TODAY.has(word) || PAST_ALONE.has(word) || (PERIODS.has(word) && !isTime(word)) || (EACH.has(word) && PERIODS.has(next));
}

function isOfTime(word: string): boolean {
  return [TODAY, DAILY, EACH, SHORT_PERIODS].some((one) => one.has(word));
}

/** The words between and behind figures up to the next number, split by marks, each up to a word for a reset. */
function phrasesOf(behind: readonly string[]): readonly (readonly string[])[] {
  const phrases: string[][] = [[]];
  let isEnded = false;
  for (const text of behind) {
    const plain = plainOf(text);
    if (/^\P{L}*\p{N}/u.test(text)) break;
    if (text === '/') phrases.at(-1)?.push('per');
    else if (!/\p{L}/u.test(text)) {
      phrases.push([]);
      isEnded = false;
    } else if (OTHER_FIGURES.has(plain)) isEnded = true;
    else if (!isEnded) phrases.at(-1)?.push(plain);
  }
  return phrases;
}

function saysShort(words: readonly string[]): boolean {
  return saysNow(words) || saysDaily(words) || words.some((_word, index) => isEach(words, index));
}

function saysNow(words: readonly string[]): boolean {
  return words.some((word, index) => {
    const [before, after] = [words[index - 1] ?? '', words[index + 1] ?? ''];
    // "As of today" is about all days up to it.
    return TODAY.has(word) ? !UP_TO.has(before) : CURRENT.has(word) && (SHORT_PERIODS.has(before) || SHORT_PERIODS.has(after));
  });
}

/** "Daily", "Tageslimit". */
function saysDaily(words: readonly string[]): boolean {
  return words.some((word) => DAILY.has(word) || /^(?:tages|wochen|stunden)\p{L}{3,}/u.test(word));
}

/** "per day", "pro Tag", "a day" */
function isEach(words: readonly string[], index: number): boolean {
  return EACH.has(words[index] ?? '') && SHORT_PERIODS.has(words[index + 1] ?? '');
}

function isOnlyPeriod(words: readonly string[]): boolean {
  return words.every((word) => isRoleWord(word) || isHelpingWord(word) || isOfTime(word) || CURRENT.has(word));
}
