import { monthOf } from '../../core/time/month-names.ts';
import { currencyOf } from '../../core/text/numbers/currency.ts';
import { BALANCES, HEDGES, MAYBE_LEFT, USAGE } from '../../core/text/numbers/role-vocabulary.ts';
import { isAcronym, isHelpingWord, partsOf } from '../../core/text/numbers/roles.ts';
import { isCounted } from './page-evidence.ts';
import { ABBREVIATIONS, FAILED, NO_UNIT, NAME_GOES_ON, NEUTRAL, OTHER_FIGURES, PERIODS, STATISTICS, WEEKDAYS } from './page-vocabulary.ts';

/** Words that make a name a sentence, or say that its figures may be what is left. */
const DOUBTFUL = [BALANCES, HEDGES, MAYBE_LEFT, OTHER_FIGURES, FAILED, STATISTICS];
/** What can be done with something has not been done: "einlösbare", "redeemable". */
const CAN_BE = /(?:\p{L}{3}(?:able|ible)s?|\p{L}{3}bar(?:e[nrs]?)?)$/u;
const NO_ADJECTIVE = /(?:tables?|variables?|(?:side|tool|nav)bar)$/;
/** "verbleibende", "ungesendet", "Restkontingent". */
const GERMAN_LEFT = /^(?:\p{L}{3,}ende[ns]?|un(?:ge|ver|be|an)\p{L}+(?:t|en)(?:e[nrs]?)?|rest(?!api|aurant|or|art|ful|rict)\p{L}{4,})$/u;

/** Made of a word for what is left, and none of the known ones: "leftish", "semi-remaining". */
const OF_LEFT = /^(?:\p{L}+-)?(?:left(?!-?click)|remain|leftover|unus|unspen|spare|surplus|restant|quedan|sobran|übrig|verbleib)/u;

/** A word as the lists have it: in lower case, without the point of an abbreviation. */
export function plainOf(word: string): string {
  return word.toLowerCase().normalize('NFC').replaceAll('’', "'").replace(/\.$/, '');
}

/**
 * Whether words beside figures only say what is counted, how it is limited, and for which time. Only then may a pair without "used" or
 * "left" be read by the convention that the first figure is what is used.
 *
 * @param known words of the name of the meter, and its unit
 */
export function areNeutral(words: readonly string[], known: ReadonlySet<string>): boolean {
  return words.flatMap(partsOf).every((word) => {
    const plain = plainOf(word).replace(/^[dl]'/, '');
    if (!/\p{L}/u.test(word) || known.has(plain)) return true;
    return NEUTRAL.has(plain) || NO_UNIT.has(plain) || isCounted('', plain) || isMonth(plain) || currencyOf(word) !== null;
  });
}

/**
 * Whether a text is a plain name of a meter: a noun that is counted, perhaps with words before it that describe it. Words behind the noun
 * must be neutral, because they may say that it is left: "Emails on hand", "Credits te quedan".
 *
 * @param isUsage whether a heading says that it is about usage, as a name without such a noun needs
 */
export function isPlainName(name: string, isUsage: boolean): boolean {
  const words = partsOfName(name);
  // "Yours: credits" has two phrases.
  if (/:./u.test(name.trimEnd()) || words.some(isDoubtful)) return false;
  const noun = words.findLastIndex((word) => isCounted('', word) || USAGE.has(plainOf(word)) || word === 'API');
  if (noun < 0) return isUsage;
  return words.slice(noun + 1).every((word, index) => {
    const before = plainOf(words[noun + index] ?? '');
    return (index > 0 && NAME_GOES_ON.has(before)) || /^[dl]['’]/iu.test(word) || areNeutral([word], NOTHING);
  });
}

const NOTHING: ReadonlySet<string> = new Set();

/** The words before the noun of a name that are not known: "Acme" and "Leftish" of "Leftish emails". They may say that it is left. */
export function unknownBefore(name: string): readonly string[] {
  const words = partsOfName(name);
  const noun = words.findLastIndex((word) => isCounted('', word));
  return words.slice(0, Math.max(noun, 0)).filter((word) => !isAcronym(word) && !areNeutral([word], NOTHING));
}

/** The words of a name, those of `email_credits` and `emailCredits` too. An abbreviation keeps its point. */
export function partsOfName(text: string): readonly string[] {
  return text
    .split(/[^\p{L}\p{M}\p{N}_.'’-]+/u)
    .flatMap(partsOf)
    .filter((word) => /\p{L}/u.test(word));
}

function isDoubtful(word: string): boolean {
  const plain = plainOf(word);
  if (word.endsWith('.') && !ABBREVIATIONS.has(plain)) return true;
  if (isAcronym(word)) return false;
  if (isHelpingWord(plain) && !NEUTRAL.has(plain) && !NAME_GOES_ON.has(plain)) return true;
  return (
    DOUBTFUL.some((one) => one.has(plain)) ||
    (CAN_BE.test(plain) && !NO_ADJECTIVE.test(plain)) ||
    GERMAN_LEFT.test(plain) ||
    OF_LEFT.test(plain)
  );
}

/** Whether a text has a noun of use: "Usage", "Verbrauch". */
export function saysUsage(words: readonly string[]): boolean {
  return words.flatMap(partsOf).some((word) => USAGE.has(plainOf(word)));
}

/** "Tuesday", "Q3", "KW47". */
function isDay(word: string): boolean {
  return WEEKDAYS.has(plainOf(word)) || /^(?:h|q|w|kw)\d{1,2}$/iu.test(word);
}

function isMonth(word: string): boolean {
  return monthOf(word) !== null;
}

/** Whether a name is only a period, such as a row of a history: "Nov", "Week 47", "Tuesday". */
export function isPeriodName(name: string): boolean {
  const words = partsOfName(name);
  return (
    words.length > 0 && words.every((word) => isMonth(plainOf(word)) || isDay(word) || (PERIODS.has(plainOf(word)) && /\d/.test(name)))
  );
}
