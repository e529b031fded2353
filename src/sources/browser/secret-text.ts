/**
 * Finds what may be a secret in the parts of a request. In doubt it is one: a variable too many costs the operator one line, a key in a
 * file costs more.
 */

/** Words in the names of headers, parameters and fields whose values are secrets. */
const SECRET_WORDS = new Set(
  'key keys apikey token tokens secret password passwd pwd pass passphrase auth authorization authentication session sessionid sid csrf xsrf jwt bearer credential credentials signature sig cookie nonce ticket otp'.split(
    ' ',
  ),
);

/** Shorter texts are words and numbers. */
const SHORTEST_TOKEN = 12;
/** A long number is the number of an account, or worse. */
const SHORTEST_NUMBER = 16;
/** Names change between letters and digits, or small and large letters, once in a while; random text does all the time. */
const CHANGES_PER_CHARACTER = 0.25;
/** In a long name. */
const MOST_CHANGES = 3;

/** Splits a name at marks, and where a small letter meets a large one: `usedCredits`, `used_credits` and `X-Used-Credits`. */
export function nameParts(name: string): readonly string[] {
  return name
    .replace(/(\p{Ll}|\p{N})(?=\p{Lu})/gu, '$1 ')
    .replace(/(\p{Lu})(?=\p{Lu}\p{Ll})/gu, '$1 ')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

/** Whether the name of a header, parameter or field says that its value is a secret. */
export function isSecretName(name: string): boolean {
  return nameParts(name).some((word) => SECRET_WORDS.has(word));
}

/** Whether a text without spaces is like a key, a token or an id: it is not made of words. */
export function isTokenLike(text: string): boolean {
  return text.split(/[./:]/).some(isRandom);
}

function isRandom(text: string): boolean {
  if (/^eyJ[\w-]{8,}/.test(text)) return true;
  const characters = text.replace(/%[0-9a-f]{2}/gi, '').replace(/[^\p{L}\p{N}]/gu, '');
  if (characters.length < SHORTEST_TOKEN) return false;
  if (/^\d+$/.test(characters)) return characters.length >= SHORTEST_NUMBER;
  if (!/\p{N}/u.test(characters)) return isRandomLetters(text);
  const changes = changesIn(characters);
  if (changes >= characters.length * CHANGES_PER_CHARACTER) return true;
  return characters.length >= SHORTEST_NUMBER && (changes >= MOST_CHANGES || isRandomLetters(text.replace(/\p{N}/gu, ' ')));
}

/** Words have vowels, and few of them are very short. */
function isRandomLetters(text: string): boolean {
  const words = nameParts(text);
  const letters = words.join('');
  const unspoken = words.filter((word) => !/[aeiouyäöü]/.test(word)).length;
  const vowels = letters.replace(/[^aeiouyäöü]/g, '').length;
  if (words.some((word) => /[^aeiouyäöü]{6}/.test(word))) return true;
  return unspoken > words.length * 0.34 || letters.length < words.length * 2.5 || vowels < letters.length * 0.15;
}

type Kind = 'small' | 'large' | 'digit';

/** Counts where letters and digits, and small and large letters meet. One large letter begins a word, so its end is none. */
function changesIn(characters: string): number {
  let changes = 0;
  let before: Kind | null = null;
  let large = 0;
  for (const character of characters) {
    const kind: Kind = /\p{N}/u.test(character) ? 'digit' : /\p{Lu}/u.test(character) ? 'large' : 'small';
    const isWordStart = before === 'large' && kind === 'small' && large === 1;
    if (before !== null && kind !== before && !isWordStart) changes += 1;
    large = kind === 'large' ? large + 1 : 0;
    before = kind;
  }
  return changes;
}

/** What can be one secret inside a longer text: an e-mail address, or a run of the characters of tokens. */
const PERHAPS = /[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{1,190}|[\w.~+/=%:-]{12,}/g;

/** Whether a text is an e-mail address, or begins with one. */
export function isAddress(text: string): boolean {
  return /^[\w.+-]{1,64}@[\w-]{1,63}\./.test(text);
}

/** Replaces each part of a text that may be a secret. */
export function replaceSecretParts(text: string, replace: (secret: string) => string): string {
  return text.replaceAll(PERHAPS, (part) => (isAddress(part) || isTokenLike(part) ? replace(part) : part));
}

/** Whether a text has a part that may be a secret. */
export function hasSecretPart(text: string): boolean {
  let found = false;
  replaceSecretParts(text, (part) => {
    found = true;
    return part;
  });
  return found;
}
