import {
  BALANCES,
  DENIALS,
  ENGLISH_USED,
  FUNCTION_WORDS,
  HEDGES,
  MODALS,
  MODALS_BEHIND,
  NEGATIONS,
  OWNING,
  PERHAPS_REMAINING,
  REMAINING,
  STILL,
  TO_USE,
  UNTIL_NOW,
  USABLE,
  USED,
  wordSet,
} from './role-vocabulary.ts';

/** The role of a figure next to an allowance: the used part, or the rest. */
export type Role = 'used' | 'remaining';

/** Role words that are also part of names: "REST API", "Free contacts", "Left clicks". They count only at the end of a phrase. */
const LOOSE = wordSet('rest left free');
/** Words after a loose word that make it a role: "left of 1,000", "Rest der Credits". */
const GOES_ON = wordSet('of out from in on for until till this to per', 'der des an von vom bis im für in diesen dieser', 'de du sur pour');
const ROLE_WORDS: ReadonlySet<string> = new Set([...USED, ...REMAINING, ...PERHAPS_REMAINING]);
const HELPING_WORDS: ReadonlySet<string> = new Set(
  [FUNCTION_WORDS, NEGATIONS, DENIALS, MODALS, STILL, USABLE, UNTIL_NOW].flatMap((one) => [...one]),
);
/** The number of words on each side that distinguish an acronym from a line in capitals. */
const NEAR = 8;
const ENDS = /^[:()|•·–—,;.]$/u;
/** Words after "REST" that make it the name of an interface. */
const INTERFACE = wordSet(
  'api apis call calls request requests endpoint endpoints hook hooks service services client clients query queries',
);

/** The end of a clause: a "not" in the next sentence does not apply to this one. */
const CLAUSE_ENDS = /^[.,;:!?·|•()[\]–—]$/u;

/** The position of words: around a figure, or in the name of the meter (before the figure, or in a column header). */
export type Place = 'beside' | 'name';

export type Spoken = {
  readonly role: Role | null;
  /** Uncertain: the word may describe the allowance, or, without a role, be part of a name. */
  readonly perhaps: boolean;
  /** Two words contradict each other. */
  readonly contradicts: boolean;
  /** A "not", a "can" or similar makes the meaning uncertain: "can be used", "not available". */
  readonly doubts: boolean;
};

export const UNSPOKEN: Spoken = { role: null, perhaps: false, contradicts: false, doubts: false };

type Said = 'used' | 'remaining' | 'perhaps' | 'loose' | 'doubt';

/**
 * Returns the role that the words around a figure give it: "credits used", "nicht verbraucht", "can still be used", "restants".
 *
 * @param spoken words and the marks between them, in order
 */
export function roleOf(spoken: readonly string[], place: Place = 'beside'): Spoken {
  const said = clausesOf(spoken.flatMap(partsOf)).flatMap((clause, index) => saidIn(clause, place, index === 0));
  const [first] = said.filter((one) => one !== 'loose');
  const [used, remaining, perhaps] = (['used', 'remaining', 'perhaps'] as const).map((one) => said.includes(one));
  const doubts = first === 'doubt';
  if (used && remaining) return { role: null, perhaps: perhaps === true, contradicts: true, doubts };
  if (doubts) return { role: null, perhaps: true, contradicts: false, doubts };
  const role = used ? 'used' : remaining || perhaps ? 'remaining' : null;
  return { role, perhaps: role === null ? said.includes('loose') : role === 'remaining' && !remaining, contradicts: false, doubts };
}

/** The parts of a joined name: those of `emails_remaining` and of `creditsLeft`. */
export function partsOf(word: string): readonly string[] {
  if (PLAIN.test(word)) return [word];
  const parts = word.split(/_+|(?<=\p{Ll})(?=\p{Lu})/u).filter((part) => part !== '');
  return parts.length > 1 ? parts : [word];
}

function clausesOf(spoken: readonly string[]): readonly (readonly string[])[] {
  const clauses: string[][] = [[]];
  for (const word of spoken) {
    clauses.at(-1)?.push(word);
    if (CLAUSE_ENDS.test(word) || /\p{L}\.$/u.test(word)) clauses.push([]);
  }
  return clauses;
}

/** The modifiers before a word, up to the word they apply to. */
type Before = { negations: number; isDenied: boolean; isModal: boolean; isHedged: boolean };

/**
 * Interprets a clause word by word. A negated verb, or one with a modal, means "remaining" only if it can mean nothing else.
 *
 * @param isNearest whether the clause touches the figures; a "not" without a verb there makes the meaning uncertain
 */
function saidIn(clause: readonly string[], place: Place, isNearest: boolean): readonly Said[] {
  const plain = clause.map(plainOf);
  const isStill = plain.some((word) => STILL.has(word));
  const isModalBehind = (from: number) => plain.slice(from + 1, from + NEAR).some((word) => MODALS_BEHIND.has(word));
  const isNegatedBehind = (from: number) => plain.slice(from + 1, from + NEAR).some(isNegation);
  const said: Said[] = [];
  let before: Before = { negations: 0, isDenied: false, isModal: false, isHedged: false };
  for (const [index, word] of plain.entries()) {
    if (LOOSE.has(word) && !isOwnWord(plain, index, place)) {
      if (!isPartOfName(clause, index)) said.push('loose');
    } else if (BALANCES.has(word)) {
      said.push('loose');
      continue;
    } else if (isPartOfName(clause, index)) continue;
    else if (USED.has(word)) {
      const isModal = before.isModal || isModalBehind(index);
      said.push(saidByUsed({ ...before, isModal }, isStill, isNegatedBehind(index)));
    } else if (TO_USE.has(word)) {
      if (UNTIL_NOW.has(plain[index - 1] ?? '') && before.negations === 0) said.push('remaining');
      else if (
        before.isModal ||
        plain[index - 1] === 'to' ||
        plain[index - 1] === 'zu' ||
        plain[index - 1] === 'te' ||
        before.negations > 0
      )
        said.push(isStill && before.negations === 0 && !before.isDenied ? 'remaining' : 'doubt');
      else continue;
    } else if (USABLE.has(word)) said.push(isStill && before.negations === 0 && !before.isDenied ? 'remaining' : 'doubt');
    else if (REMAINING.has(word) || PERHAPS_REMAINING.has(word)) {
      const isSure = before.negations === 0 && !before.isDenied && !before.isModal;
      said.push(isSure ? (REMAINING.has(word) ? 'remaining' : 'perhaps') : 'doubt');
    } else {
      before = alsoBefore(before, clause, plain, index);
      continue;
    }
    before = { negations: 0, isDenied: false, isModal: false, isHedged: false };
  }
  const isOpen = before.negations > 0 || before.isDenied || before.isModal || (isStill && said.length === 0);
  return isOpen && said.length === 0 && isNearest && place === 'beside' ? ['doubt'] : said;
}

function saidByUsed({ negations, isDenied, isModal, isHedged }: Before, isStill: boolean, isNegatedBehind: boolean): Said {
  if (isDenied || isHedged || negations > 1 || (negations === 1 && isModal)) return 'doubt';
  if (negations === 1) return 'remaining';
  if (isNegatedBehind) return 'doubt';
  if (isModal) return isStill ? 'remaining' : 'doubt';
  return isStill ? 'doubt' : 'used';
}

function alsoBefore(before: Before, clause: readonly string[], plain: readonly string[], index: number): Before {
  const word = plain[index] ?? '';
  const next = plain[index + 1] ?? '';
  const isDenial = DENIALS.has(word) || (word === 'no' && plain.slice(index + 1, index + NEAR).some((one) => ENGLISH_USED.has(one)));
  // "May" is a month, and "to be used" is in the future.
  const isModal = (MODALS.has(word) && clause[index] !== 'May') || (word === 'to' && next === 'be') || CONTRACTED_MODALS.test(word);
  // "ne … pas" and "non … mai" are one negation. "mai" is "never" in Italian and the month in French.
  const isNegating =
    word === 'mai' ? USED.has(next) || next.startsWith('stat') : isNegation(word) && !isDenial && !/^n(?:e|'.*)$/.test(word);
  const isSecond = before.negations > 0 && ROMANCE_NEGATIONS.has(word);
  return {
    negations: before.negations + (isNegating && !isSecond ? 1 : 0),
    isDenied: before.isDenied || isDenial,
    isModal: before.isModal || isModal,
    isHedged: before.isHedged || HEDGES.has(word),
  };
}

const CONTRACTED_MODALS = /^(?:ca|could|wo|would|should|must|might)n't$/;
const ROMANCE_NEGATIONS = wordSet('pas jamais non no mai nunca jamás não');

function isNegation(word: string): boolean {
  return NEGATIONS.has(word) || word.endsWith("n't") || (word.startsWith("n'") && word.length > 2);
}

/** Whether a role word certainly belongs to a name: REST is an interface. */
export function isPartOfName(spoken: readonly string[], index: number): boolean {
  const word = spoken[index] ?? '';
  if (plainOf(word) !== 'rest') return false;
  const isName = word === 'REST' && spoken.slice(Math.max(0, index - NEAR), index + NEAR).some((one) => /\p{Ll}/u.test(one));
  return isName || INTERFACE.has(plainOf(spoken[index + 1] ?? ''));
}

/** Whether a loose word ends a phrase and so does not belong to a name. */
function isOwnWord(plain: readonly string[], index: number, place: Place): boolean {
  const next = plain[index + 1];
  if (next === undefined || ENDS.test(next) || GOES_ON.has(next) || isRoleWord(next)) return true;
  // "5/10 credits left Upgrade now": a button of the page follows.
  return place === 'beside' && plain[index] === 'left' && index > 0;
}

/** Whether a word gives the role of a figure. */
export function isRoleWord(word: string): boolean {
  return ROLE_WORDS.has(plainOf(word));
}

/** Whether a word only supports a role: "have", "not", "still", "your". */
export function isHelpingWord(word: string): boolean {
  const plain = plainOf(word);
  return HELPING_WORDS.has(plain) || isNegation(plain);
}

/** In capitals, AI and IT are names and not helping words. */
export function isAcronym(word: string): boolean {
  return /^\p{Lu}{2}$/u.test(word);
}

/** Whether words express owning: what is left, or what there was. */
export function saysOwning(words: readonly string[]): boolean {
  return words.some((word) => OWNING.has(plainOf(word)) && !isAcronym(word));
}

/** Whether a word is a verb of usage: "use". "Spend" in a name is not. */
export function isToUse(word: string): boolean {
  return TO_USE.has(plainOf(word));
}

/** Already normalized. Most of the thousands of words on a page are. */
const PLAIN = /^[a-z]+$/;

/** Words of languages that write 1.614,50. */
const COMMA_LANGUAGE = wordSet(
  'verbrauch nutzung verbraucht verwendet genutzt benutzt gebraucht übrig uebrig verbleibend verbleibende verfügbar verfügbare verfuegbar frei ungenutzt nicht von guthaben kontingent',
  'consommation utilisé utilisés utilisée utilisées consommé consommés restant restants reste disponible disponibles crédits',
  'usado usados utilizado utilizados consumido consumidos restante restantes quedan créditos',
  'utilizzati usati rimanenti disponibili crediti gebruikt resterend beschikbaar verbruikt',
);

/** Whether a word belongs to a language with a decimal comma. */
export function isOfCommaLanguage(word: string): boolean {
  return COMMA_LANGUAGE.has(word.toLowerCase().normalize('NFC'));
}

/** Words of English alone: a page with one of them, and none of another language, writes English numbers. */
const ENGLISH = wordSet('of used left remaining available usage the your you total included this limit');

/** Whether a word belongs to English. */
export function isOfEnglish(word: string): boolean {
  return ENGLISH.has(word.toLowerCase());
}

function plainOf(word: string): string {
  if (PLAIN.test(word)) return word;
  return word
    .toLowerCase()
    .normalize('NFC')
    .replaceAll('’', "'")
    .replace(/(?<=\p{L})\.$/u, '');
}
