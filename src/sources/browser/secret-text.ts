/**
 * Finds what may be a secret in the parts of a request. In doubt it is one: a variable too many costs the operator one line, a key in a
 * file costs more.
 */

/** Words in the names of headers, parameters and fields whose values are secrets. */
const SECRET_WORDS = new Set(
  'key keys apikey token tokens secret secrets password passwords passwd pwd pw pass passcode passphrase pin auth authorization authentication session sessions sessionid sess sid csrf xsrf jwt bearer credential credentials signature sig cookie cookies nonce ticket otp totp'.split(
    ' ',
  ),
);

/** Names that are written in one: `accesstoken`. */
const SECRET_END = /(?:token|secret|password|passwd|sessionid|sessid|apikey|accesskey|secretkey|privatekey)$/;

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
  return nameParts(name).some((word) => SECRET_WORDS.has(word) || SECRET_END.test(word));
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

/** A part of a text that may be a secret. `name`: what it is called there; null if it is not. */
export type SecretPart = { readonly at: number; readonly text: string; readonly name: string | null };

/** Finds each part of a text that is like a secret, in their order. */
export function tokensIn(text: string): readonly SecretPart[] {
  return [...text.matchAll(PERHAPS)].flatMap(({ 0: part, index: at }) =>
    isAddress(part) || isTokenLike(part) ? [{ at, text: part, name: null }] : [],
  );
}

/** `name: "value"`, `name=value`, `$name: String = "value"` and `name: {`, also in JSON that is text. */
const NAMED =
  /([\p{L}\p{N}_$-]{1,64})(?:\\?["'])?\s{0,8}[:=]\s{0,8}(?:[\w![\]]{1,64}\s{0,8}=\s{0,8})?(\\?["']|[{[]|\d{4,}|(?<==)[^\s"'\\;,&(){}[\]=]+)/gu;

/** Finds each part of a text that the text calls a secret, in their order: in GraphQL, `login(password: "…")`. */
export function namedSecrets(text: string): readonly SecretPart[] {
  const parts: SecretPart[] = [];
  const pattern = new RegExp(NAMED);
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const [, name = '', value = ''] = match;
    const start = pattern.lastIndex - value.length;
    const isOpened = /["'{[]$/.test(value);
    if (!isSecretName(name)) pattern.lastIndex = isOpened ? pattern.lastIndex : start;
    else if (!isOpened) parts.push({ at: start, text: value, name });
    else {
      const end = endOfValue(text, start);
      parts.push(...valuesIn(text, start, end).map((part) => ({ ...part, name })));
      pattern.lastIndex = end;
    }
  }
  return parts.filter((part) => part.text !== '');
}

const VALUE = /\\?["']|[{}[\]]|\d{4,}/g;

/** Returns the texts and long numbers from an opening mark on. */
function valuesIn(text: string, start: number, end: number): readonly Omit<SecretPart, 'name'>[] {
  const found: Omit<SecretPart, 'name'>[] = [];
  const pattern = new RegExp(VALUE);
  pattern.lastIndex = start;
  for (let match = pattern.exec(text); match !== null && match.index < end; match = pattern.exec(text)) {
    const [mark] = match;
    if (/\d/.test(mark)) found.push({ at: match.index, text: mark });
    if (!/["']$/.test(mark)) continue;
    const [from, close] = [pattern.lastIndex, closing(text, pattern.lastIndex, mark)];
    pattern.lastIndex = close + mark.length;
    // The name of a field in JSON.
    if (!/^\s{0,8}:/.test(text.slice(pattern.lastIndex, pattern.lastIndex + 9))) found.push({ at: from, text: text.slice(from, close) });
  }
  return found;
}

/** Returns where a text ends, or what is in brackets. What is not closed goes to the end. */
function endOfValue(text: string, start: number): number {
  const pattern = new RegExp(VALUE);
  pattern.lastIndex = start;
  let depth = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const [mark] = match;
    if (/["']$/.test(mark)) pattern.lastIndex = closing(text, pattern.lastIndex, mark) + mark.length;
    else if (/[{[]/.test(mark)) depth += 1;
    else if (/[}\]]/.test(mark)) depth -= 1;
    if (depth <= 0) return Math.min(pattern.lastIndex, text.length);
  }
  return text.length;
}

/** Returns where the quotation mark is that closes a text; the end if it is missing. */
function closing(text: string, start: number, mark: string): number {
  let at = text.indexOf(mark, start);
  while (mark.length === 1 && at > start && isEscaped(text, at, start)) at = text.indexOf(mark, at + 1);
  return at === -1 ? text.length : at;
}

function isEscaped(text: string, at: number, start: number): boolean {
  let before = at;
  while (before > start && text.charAt(before - 1) === '\\') before -= 1;
  return (at - before) % 2 === 1;
}

/** Whether a text has a part that may be a secret. */
export function hasSecretPart(text: string): boolean {
  return tokensIn(text).length > 0 || namedSecrets(text).length > 0;
}
