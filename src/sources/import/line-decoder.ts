import { TextDecoder } from 'node:util';

/** The encodings of older programs that do not write UTF-8: Excel on Windows, and on a Mac. */
const OLDER = ['windows-1252', 'macintosh'] as const;
type Older = (typeof OLDER)[number];

/** Windows-1252 from 0x80 to 0x9F. Some versions of Node.js decode these bytes as ISO 8859-1 (nodejs/node issue 56542). */
const WINDOWS_80 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F\u0090‘’“”•–—˜™š›œ\u009DžŸ';
const CONTROLS = /[\u0080-\u009f]/gu;

const NEW_LINE = 0x0a;
/** Ends a line by itself in Excel's format "CSV (Macintosh)". */
const RETURN = 0x0d;
/** A longer line is passed on in pieces of whole characters. */
const LONGEST_LINE = 1024 * 1024;
/**
 * Letters with the same byte in the Western, Central European and Turkish code pages of a system. `é` of Windows-1252 is also `é`
 * in Windows-1250, but `ê` is the Polish `ę` there.
 */
const SURE_LETTERS = {
  'windows-1252': /^[ÁÂÄÉËÍÎÓÔÖÚÜáâäéëíîóôöúüßçÇšžŠŽ]$/u,
  macintosh: /^[ÄÉÖÜáäéíóôöúüß]$/u,
} as const;
/** Western letters between vowels, or before "o", which no word of the other code pages has there: España, ação. */
const SURE_PAIRS = /[aeiouáéíóú]ñ[aeiouáéíóú]|ão/giu;
/** Symbols next to figures and spaces, with the same byte in all these code pages. */
const SYMBOLS = /^[€©®™°–—…•·«»\u00A0½±×]$/u;
const APOSTROPHE = /^’$/u;

/**
 * Decodes lines of UTF-8, and other lines in the older encoding that results in words. If both or neither do, the encoding of an
 * earlier line decides; without one the characters become U+FFFD, because a garbled name would be another meter.
 */
export function lineDecoder(): { decode(bytes: Uint8Array): string; end(): string } {
  const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const older = OLDER.map((encoding) => ({ encoding, decoder: new TextDecoder(encoding) }));
  let settled: Older | 'both' | null = null;
  /** The bytes since the last line break. */
  let kept: Uint8Array[] = [];
  let keptLength = 0;
  let isFirst = true;

  return {
    decode(bytes) {
      const end = Math.max(bytes.lastIndexOf(NEW_LINE), bytes.lastIndexOf(RETURN)) + 1;
      if (end === 0 && keptLength + bytes.length < LONGEST_LINE) {
        keep(bytes);
        return '';
      }
      const all = Buffer.concat([...kept, bytes]);
      const until = end === 0 ? wholeCharacters(all) : keptLength + end;
      kept = [];
      keptLength = 0;
      keep(all.subarray(until));
      return textOfAll(all.subarray(0, until));
    },
    end: () => textOfAll(Buffer.concat(kept)),
  };

  function keep(bytes: Uint8Array): void {
    kept.push(Buffer.from(bytes));
    keptLength += bytes.length;
  }

  function textOfAll(bytes: Uint8Array): string {
    const text = valid(bytes) ?? linesIn(bytes).map(textOfLine).join('');
    const clean = isFirst ? text.replace(/^\uFEFF/, '') : text;
    isFirst &&= text === '';
    return clean;
  }

  function textOfLine(bytes: Uint8Array): string {
    const text = valid(bytes);
    if (text !== null) return text;
    const readings = older.flatMap(({ encoding, decoder }) => {
      const decoded = decoder.decode(bytes).replace(CONTROLS, (control) => WINDOWS_80.charAt(control.charCodeAt(0) - 0x80));
      return makesWords(decoded, encoding) ? [{ encoding, decoded }] : [];
    });
    const [only] = readings;
    if (only !== undefined && readings.length === 1) {
      settled = settled === null || settled === only.encoding ? only.encoding : 'both';
      return only.decoded;
    }
    const known = readings.find(({ encoding }) => encoding === settled);
    return known?.decoded ?? new TextDecoder('utf-8').decode(bytes);
  }

  function valid(bytes: Uint8Array): string | null {
    try {
      return utf8.decode(bytes);
    } catch {
      return null;
    }
  }
}

function linesIn(bytes: Uint8Array): readonly Uint8Array[] {
  const lines: Uint8Array[] = [];
  let start = 0;
  for (const [at, byte] of bytes.entries()) {
    if (byte !== NEW_LINE && byte !== RETURN) continue;
    lines.push(bytes.subarray(start, at + 1));
    start = at + 1;
  }
  return start < bytes.length ? [...lines, bytes.subarray(start)] : lines;
}

/** Returns how many bytes precede an incomplete UTF-8 character at the end. */
function wholeCharacters(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) break;
    if (byte < 0xc0) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return length > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

/**
 * Whether all characters beyond ASCII look like words of a Latin alphabet, with letters that are the same in all related code
 * pages. A name in Cyrillic would otherwise become `Êîíòàêòû`.
 */
function makesWords(text: string, encoding: Older): boolean {
  const sure = encoding === 'windows-1252' ? text.replace(SURE_PAIRS, 'aa') : text;
  return hasLatinWords(sure) && Array.from(sure).every((character, at, characters) => isInPlace(character, at, characters, encoding));
}

/** In words of other alphabets, nearly every letter is beyond ASCII. */
function hasLatinWords(text: string): boolean {
  return text.split(/[^\p{L}\p{M}]+/u).every((word) => {
    const beyond = Array.from(word).filter((letter) => (letter.codePointAt(0) ?? 0) >= 0x80).length;
    return beyond === 0 || beyond * 2 <= Array.from(word).length;
  });
}

/** Capitals start words or follow capitals, and symbols are not next to letters. */
function isInPlace(character: string, at: number, characters: readonly string[], encoding: Older): boolean {
  if ((character.codePointAt(0) ?? 0) < 0x80) return true;
  const [before = ' ', after = ' '] = [characters[at - 1], characters[at + 1]];
  const [isAfterLetter, isBeforeLetter] = [isLetter(before), isLetter(after)];
  if (APOSTROPHE.test(character)) return isAfterLetter;
  if (SYMBOLS.test(character)) return character === '\u00A0' || (!isBeforeLetter && (!isAfterLetter || /[®™©]/u.test(character)));
  if (!SURE_LETTERS[encoding].test(character)) return false;
  if (!/^\p{Lu}$/u.test(character))
    return !(isAfterLetter && isCapital(before) && (isCapital(characters[at - 2] ?? ' ') || isCapital(after)));
  return isAfterLetter ? isCapital(before) && !(isBeforeLetter && !isCapital(after)) : true;
}

function isLetter(character: string): boolean {
  return /^\p{L}$/u.test(character);
}

function isCapital(character: string): boolean {
  return /^\p{Lu}$/u.test(character);
}
