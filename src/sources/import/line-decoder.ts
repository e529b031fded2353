import { TextDecoder } from 'node:util';

/** What older programs write where they do not write UTF-8: Excel on Windows, and on a Mac. */
const OLDER = ['windows-1252', 'macintosh'] as const;
type Older = (typeof OLDER)[number];

/** Windows-1252 from 0x80 to 0x9F. Some versions of Node.js decode these as ISO 8859-1 (nodejs/node issue 56542). */
const WINDOWS_80 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F\u0090‘’“”•–—˜™š›œ\u009DžŸ';
const CONTROLS = /[\u0080-\u009f]/gu;

const NEW_LINE = 0x0a;
/** Ends lines by itself in what Excel calls CSV (Macintosh). */
const RETURN = 0x0d;
/** A line that goes on for longer is handed on in pieces of whole characters. */
const LONGEST_LINE = 1024 * 1024;
/**
 * Letters that stand at the same place in the Western, Central European and Turkish tables of the same system: `é` in
 * Windows-1252 is one in Windows-1250 too, and `ê` is the Polish `ę` there.
 */
const SURE_LETTERS = {
  'windows-1252': /^[ÁÂÄÉËÍÎÓÔÖÚÜáâäéëíîóôöúüßçÇšžŠŽ]$/u,
  macintosh: /^[ÄÉÖÜáäéíóôöúüß]$/u,
} as const;
/** Between vowels, or before "o", letters of the west that no word of the others has there: España, ação. */
const SURE_PAIRS = /[aeiouáéíóú]ñ[aeiouáéíóú]|ão/giu;
/** Stand beside figures and spaces, the same in all of these tables. */
const SYMBOLS = /^[€©®™°–—…•·«»\u00A0½±×]$/u;
const APOSTROPHE = /^’$/u;

/**
 * Decodes lines of UTF-8, and a line that is none as whichever of the older encodings makes words of it. Where both do, or
 * neither, what an earlier line has settled counts, and else the characters are left as U+FFFD: a garbled name would be
 * another meter.
 */
export function lineDecoder(): { decode(bytes: Uint8Array): string; end(): string } {
  const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const older = OLDER.map((encoding) => ({ encoding, decoder: new TextDecoder(encoding) }));
  let settled: Older | 'both' | null = null;
  /** What came since the last end of a line, as it came. */
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

/** How many bytes there are before a character of UTF-8 that has not come to its end. */
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
 * Whether all characters beyond ASCII stand as they do in the words of a Latin alphabet, and are letters that no related table
 * has something else for: a name in Cyrillic letters would come out as `Êîíòàêòû`.
 */
function makesWords(text: string, encoding: Older): boolean {
  const sure = encoding === 'windows-1252' ? text.replace(SURE_PAIRS, 'aa') : text;
  return hasLatinWords(sure) && Array.from(sure).every((character, at, characters) => isInPlace(character, at, characters, encoding));
}

/** In words of other alphabets nearly every letter is beyond ASCII. */
function hasLatinWords(text: string): boolean {
  return text.split(/[^\p{L}\p{M}]+/u).every((word) => {
    const beyond = Array.from(word).filter((letter) => (letter.codePointAt(0) ?? 0) >= 0x80).length;
    return beyond === 0 || beyond * 2 <= Array.from(word).length;
  });
}

/** Capitals begin words or stand among others, and symbols stand beside no letter. */
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
