import { withoutEdges } from '../text-end.ts';
import { isHelpingWord, isPartOfName, isRoleWord, partsOf, roleOf } from './roles.ts';
import { NEGATIONS, PERHAPS_REMAINING, STILL, UNTIL_NOW, wordSet } from './role-vocabulary.ts';

/** They describe an allowance and are no name of what is counted. */
const NO_NAME = wordSet(
  'total max maximum limit quota allowance allotment overall balance amount plan month monthly week weekly day daily year yearly annual period time today',
  'insgesamt gesamt monat monatlich woche täglich tag jahr zeitraum heute mois mensuel semaine jour année mes mensual semana día año solde saldo guthaben',
);
/** Inside a name these may describe it: "Left clicks", "REST calls". */
const LOOSE = wordSet('left rest');

/**
 * Leaves out what a name says about its figures: `Email credits remaining` becomes `Email credits`, `Restliche Credits` `Credits`, and
 * `credits_left` `Credits`. A name is returned as it is if the rest of it names nothing: `Total remaining`.
 */
export function withoutRole(name: string): string {
  const words = name.split(/\s+/u).flatMap((word) => (partsOf(word).some((part) => isRoleWord(part)) ? partsOf(word) : [word]));
  const bare = words.map((word) => withoutEdges(word, isNoLetter));
  const { role, perhaps } = roleOf(bare, 'name');
  const at = bare.findIndex(
    (word, index) => isRole(word) && !isPartOfName(bare, index) && !(LOOSE.has(plain(word)) && index < bare.length - 1),
  );
  if (role === null || perhaps || at < 0) return name;
  let from = at;
  while (from > 0 && isDenying(bare[from - 1] ?? '')) from -= 1;
  const behind = bare.slice(at + 1);
  const rest = [...words.slice(0, from), ...(behind.every((word) => isHelpingWord(word)) ? [] : words.slice(at + 1))];
  const text = withoutEdges(rest.join(' '), isEdgeOfName);
  const isName = rest.some((word) => /\p{L}/u.test(word) && !isRoleWord(word) && !isHelpingWord(word) && !NO_NAME.has(plain(word)));
  return isName ? text.charAt(0).toUpperCase() + text.slice(1) : name;
}

/** Whether a character at the end of a name does not belong to it. */
export function isEdgeOfName(character: string): boolean {
  return /[\s:|•·–—\-(),]/u.test(character);
}

function isNoLetter(character: string): boolean {
  return /[^\p{L}\p{M}\p{N}]/u.test(character);
}

function isRole(word: string): boolean {
  return isRoleWord(word) && !PERHAPS_REMAINING.has(plain(word));
}

/** "Not", "not yet", "sin" and "noch" before the word. */
function isDenying(word: string): boolean {
  return [NEGATIONS, STILL, UNTIL_NOW].some((one) => one.has(plain(word)));
}

function plain(word: string): string {
  return word.toLowerCase().normalize('NFC');
}
