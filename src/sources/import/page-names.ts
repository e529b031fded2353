import { isRoleWord, isToUse } from '../../core/text/numbers/roles.ts';
import type { Token } from './page-tokens.ts';
import { isHelping } from './page-tail.ts';

/** The start of a sentence about figures: "You have 50 of 60 credits left". */
const SUBJECTS = new Set(
  'you we i there only just still so sie du wir es nur noch vous nous il tu seulement usted tú te me solo sólo hai avete ti você tem só je u jij nog slechts'.split(
    ' ',
  ),
);

/** The text before figures: their name, or only the start of a sentence. */
export type Before = {
  readonly name: readonly Token[];
  /** Not a name: "You have", "Only". */
  readonly isSentence: boolean;
};

/** Removes words of sentences from the text before figures: "Credits: you have" becomes "Credits". */
export function nameIn(before: readonly Token[]): Before {
  const words = before.map((token) => (token.kind === 'word' ? token.text : ''));
  const helps = words.map((_word, index) => helpsAt(words, index));
  const isName = before.map(
    (token, index) => token.kind !== 'mark' && helps[index] === false && !(token.kind === 'word' && isRoleWord(token.text)),
  );
  if (!isName.includes(true)) return { name: helps.includes(true) ? [] : before, isSentence: helps.includes(true) };
  let [from, to] = [0, before.length];
  if (SUBJECTS.has(before[0]?.text.toLowerCase() ?? '') && helps[0] === true) while (helps[from] === true) from += 1;
  while (to > from && helps[to - 1] === true) to -= 1;
  // "Opt in" is a name; "Credits you have" has one, followed by a sentence.
  if (before.length - to === 1 && !SUBJECTS.has(before.at(-1)?.text.toLowerCase() ?? '')) to = before.length;
  return { name: before.slice(from, to), isSentence: false };
}

/** "use" of "you can use", and "plus" of "plus que". Alone they are names. */
function helpsAt(words: readonly string[], index: number): boolean {
  const [before = '', word = '', after = ''] = [words[index - 1], words[index], words[index + 1]];
  return isHelping(word) || (isToUse(word) && isHelping(before)) || (word.toLowerCase() === 'plus' && /^qu/i.test(after));
}

/** Whether a line without figures can be a heading of the lines below: not a sentence or a greeting. */
export function isHeading(text: string): boolean {
  return !/[.!?…]$/u.test(text) && text.split(/\s+/u).length <= MOST_WORDS;
}

const MOST_WORDS = 8;

/** "Remaining:", "Not used", "You have": they give the figures below a meaning, not a name. */
export function saysOnlyWhat(text: string): boolean {
  const words = text.split(/[^\p{L}\p{M}'’]+/u).filter((word) => word !== '');
  return words.length > 0 && !/\p{N}/u.test(text) && words.every((word, index) => isRoleWord(word) || helpsAt(words, index));
}
