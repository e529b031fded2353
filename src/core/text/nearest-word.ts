import { distance } from 'fastest-levenshtein';

/** Shorter words are similar to too many others. */
const SHORTEST = 3;

/** Finds the word that a typo means: one of three letters may be wrong, or two swapped, and capitals do not matter. Null if none is near enough. */
export function nearestWord(typed: string, words: readonly string[]): string | null {
  const wanted = typed.toLowerCase();
  if (wanted.length < SHORTEST) return null;
  const [best] = words
    .filter((word) => word !== '')
    .map((word) => ({ word, plain: word.toLowerCase() }))
    .map(({ word, plain }) => ({ word, slips: lettersOf(plain) === lettersOf(wanted) ? 1 : distance(wanted, plain) }))
    .sort((a, b) => a.slips - b.slips);
  return best && best.slips <= Math.max(1, Math.floor(Math.min(best.word.length, wanted.length) / 3)) ? best.word : null;
}

function lettersOf(word: string): string {
  return word.split('').sort().join('');
}
