import { DENIALS, HEDGES, MODALS, NEGATIONS } from '../../core/text/numbers/role-vocabulary.ts';
import { isHelpingWord, isRoleWord } from '../../core/text/numbers/roles.ts';
import { MODIFIERS, NOT_YET, SOLD, USED_UP } from './notice-vocabulary.ts';

/**
 * Whether a sentence without a number says that credits are used up. All words of the clause that says so have to be known, and one has to
 * name what is used up: "your credit card limit is exhausted" and "half is used up" are about something else.
 *
 * @param known the words of all names and units, in lower case
 */
export function isUsedUp(sentence: string, known: ReadonlySet<string>): boolean {
  const clauses = sentence.split(/[:;,()!–—]|\s-\s|\.\s/u);
  const at = clauses.findIndex((clause) => USED_UP.test(clause));
  const clause = clauses[at];
  if (clause === undefined) return false;
  const others = clauses.filter((_, index) => index !== at).flatMap(wordsOf);
  const words = wordsOf(clause.replace(USED_UP, ' '));
  if ([...others, ...words].some((word) => NOT_YET.has(word) || NEGATIONS.has(word) || DENIALS.has(word) || isContractedNegation(word)))
    return false;
  const isKnown = (word: string) => known.has(word) || SOLD.test(word) || MODIFIERS.has(word) || isHelpingWord(word) || isRoleWord(word);
  const isNamed = (text: string) => SOLD.test(text) || wordsOf(text).some((word) => known.has(word));
  // "Credits: all used up".
  const before = clauses[at - 1] ?? '';
  return words.every(isKnown) && (isNamed(clause) || (wordsOf(before).every(isKnown) && isNamed(before)));
}

function wordsOf(text: string): readonly string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}'’]+/u)
    .filter((word) => word !== '');
}

/** Whether a word makes the meaning of a figure uncertain. */
export function isDoubtful(word: string): boolean {
  return HEDGES.has(word) || MODALS.has(word) || NEGATIONS.has(word) || isContractedNegation(word);
}

function isContractedNegation(word: string): boolean {
  return /n['’]t$/.test(word);
}
