import { TextDecoder } from 'node:util';

/** What older programs write where they do not write UTF-8: Excel on Windows, and on a Mac. */
const OLDER = ['windows-1252', 'macintosh'] as const;
type Older = (typeof OLDER)[number];

/** Windows-1252 from 0x80 to 0x9F. Some versions of Node.js decode these as ISO 8859-1 (nodejs/node issue 56542). */
const WINDOWS_80 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F\u0090‘’“”•–—˜™š›œ\u009DžŸ';
const CONTROLS = /[\u0080-\u009f]/gu;

const NEW_LINE = 0x0a;
/** A line that goes on for longer is handed on in pieces of whole characters. */
const LONGEST_LINE = 1024 * 1024;
/** Stand beside words and figures, and never between the letters of a word. */
const SYMBOLS = /^[€£¥§©®™°²³µ–—…•·«»“”„‘’‚\u00A0½¼¾±×]$/u;
const APOSTROPHE = /^[‘’]$/u;

/**
 * Decodes lines of UTF-8, and a line that is none as whichever of the older encodings makes words of it. Where both do, or
 * neither, what an earlier line has settled counts, and else the characters are left as U+FFFD: a garbled name would be
 * another meter.
 */
export function lineDecoder(): { decode(bytes: Uint8Array): string; end(): string } {
  const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const older = OLDER.map((encoding) => ({ encoding, decoder: new TextDecoder(encoding) }));
  let settled: Older | 'both' | null = null;
  let kept: Uint8Array = new Uint8Array();
  let isFirst = true;

  return {
    decode(bytes) {
      const all = kept.length === 0 ? bytes : Buffer.concat([kept, bytes]);
      const end = all.lastIndexOf(NEW_LINE) + 1;
      if (end === 0 && all.length < LONGEST_LINE) {
        kept = Buffer.from(all);
        return '';
      }
      kept = Buffer.from(all.subarray(end));
      return textOfAll(all.subarray(0, end));
    },
    end: () => textOfAll(kept),
  };

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
      return makesWords(decoded) ? [{ encoding, decoded }] : [];
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
  for (let end = bytes.indexOf(NEW_LINE); end >= 0; end = bytes.indexOf(NEW_LINE, start)) {
    lines.push(bytes.subarray(start, end + 1));
    start = end + 1;
  }
  return start < bytes.length ? [...lines, bytes.subarray(start)] : lines;
}

/** Whether all characters beyond ASCII stand as they do in texts: capitals begin words, symbols do not stand within them. */
function makesWords(text: string): boolean {
  const characters = Array.from(text);
  return characters.every((character, at) => {
    if ((character.codePointAt(0) ?? 0) < 0x80) return true;
    const [before = ' ', after = ' '] = [characters[at - 1], characters[at + 1]];
    const [isAfterLetter, isBeforeLetter] = [isLetter(before), isLetter(after)];
    if (APOSTROPHE.test(character)) return true;
    if (SYMBOLS.test(character)) return !(isAfterLetter && isBeforeLetter) && !(isBeforeLetter && /[€£¥…§]/u.test(character));
    if (!/^\p{Script=Latin}$/u.test(character) || /^[ªºƒˆ]$/u.test(character)) return false;
    if (!isAfterLetter && !isBeforeLetter) return false;
    if (!/^\p{Lu}$/u.test(character)) return !(isAfterLetter && isCapital(before) && isBeforeLetter && isCapital(after));
    // A capital begins a word, or stands among others.
    return isAfterLetter ? isCapital(before) && !(isBeforeLetter && !isCapital(after)) : true;
  });
}

function isLetter(character: string): boolean {
  return /^\p{L}$/u.test(character);
}

function isCapital(character: string): boolean {
  return /^\p{Lu}$/u.test(character);
}
