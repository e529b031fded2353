import { distance } from 'fastest-levenshtein';

/** Shorter words are near too many others. */
const SHORTEST = 3;

/** The word that was meant by one with a slip in it: a letter of three may be wrong, or two have changed places. Null when none is near. */
export function nearestCommand(typed: string, words: readonly string[]): string | null {
  const wanted = typed.toLowerCase();
  if (wanted.length < SHORTEST) return null;
  const [best] = words
    .filter((word) => word !== '')
    .map((word) => ({ word, slips: lettersOf(word) === lettersOf(wanted) ? 1 : distance(wanted, word) }))
    .sort((a, b) => a.slips - b.slips);
  return best && best.slips <= Math.max(1, Math.floor(Math.min(best.word.length, wanted.length) / 3)) ? best.word : null;
}

function lettersOf(word: string): string {
  return word.split('').sort().join('');
}
