import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { parseImport } from '../../../src/sources/import/parse-import.ts';
import { parseUsagePage } from '../../../src/sources/import/usage-page.ts';
import { anyCharacters } from '../../support/any-text.ts';

// Large: pages of up to a megabyte.

// oxlint-disable-next-line typescript/unbound-method -- it is called with the expression as its this
const { exec } = RegExp.prototype;
afterEach(() => {
  RegExp.prototype.exec = exec;
});

/**
 * Counts the characters that regular expressions look at while `work` runs: a match at a fixed place looks at what it matches, any other at
 * the whole text. Every test, replacement and split by a regular expression goes through `exec`.
 */
function charactersRead(work: () => unknown): number {
  let characters = 0;
  RegExp.prototype.exec = function counted(this: RegExp, text: string) {
    const found = exec.call(this, text);
    characters += this.sticky ? (found?.[0].length ?? 0) + 1 : text.length + 1;
    return found;
  };
  try {
    work();
  } finally {
    RegExp.prototype.exec = exec;
  }
  return characters;
}

/** Texts of about `size` characters. */
const STRANGE: Readonly<Record<string, (size: number) => string>> = {
  spaces: (size) => `Leads${' '.repeat(size)}1/2 used`,
  'spaces on many lines': (size) => `${' '.repeat(1_900)}1/2 used\n`.repeat(size / 2_000),
  digits: (size) => '7'.repeat(size),
  'digits on many lines': (size) => `${'7'.repeat(1_900)}\n`.repeat(size / 2_000),
  'digits and commas': (size) => `${'1,'.repeat(900)}\n`.repeat(size / 2_000),
  'brackets in brackets': (size) => `${'('.repeat(900)}1/2 used${')'.repeat(900)}\n`.repeat(size / 2_000),
  'brackets that stay open': (size) => `${'1/2 used ('.repeat(150)}\n`.repeat(size / 2_000),
  '"of" without figures': (size) => `${'of - '.repeat(380)}\n`.repeat(size / 2_000),
  'shares behind shares': (size) => `Leads 1/2 ${'5% left (50% used) '.repeat(90)}\n`.repeat(size / 2_000),
  'many meters on a line': (size) =>
    `${Array.from({ length: 50 }, (_, at) => `Leads${at} 1/2 leads used `).join('')}\n`.repeat(size / 1_200),
  'many meters of different names': (size) => Array.from({ length: size / 25 }, (_, at) => `Leads ${at}x\n1/2 leads used`).join('\n'),
  'words of roles': (size) => `${'not used left remaining '.repeat(75)}\n`.repeat(size / 2_000),
  'headings that say what is left': (size) => 'Remaining credits\n'.repeat(size / 20),
  'marks of direction': (size) => `\u202e\u2066Leads\u2069\u202c ${'\u200f\u200e'.repeat(400)}1/2 used\n`.repeat(size / 2_000),
  'characters without width': (size) => `${'1\u200b'.repeat(900)}/2 used\n`.repeat(size / 2_000),
  'combining marks': (size) => `L${'\u0301'.repeat(1_800)} 1/2 used\n`.repeat(size / 2_000),
  'halves of characters': (size) => `${'\ud83d'.repeat(1_800)} 1/2\n`.repeat(size / 2_000),
};

describe.each([
  ['a page of an unknown vendor', null],
  ['a page with a recipe', 'linkedin-sales-navigator'],
])('the work on %s', (_what, source) => {
  test.each(Object.keys(STRANGE))('at most doubles with its size: %s', (kind) => {
    const make = STRANGE[kind];
    if (make === undefined) throw new Error(kind);
    const [small, large] = [
      charactersRead(() => parseUsagePage(make(24_000), source)),
      charactersRead(() => parseUsagePage(make(48_000), source)),
    ];
    expect(small).toBeGreaterThan(0);
    expect(large).toBeLessThanOrEqual(2.1 * small);
  });
});

const MEBIBYTE = 1024 * 1024;

test('a long text is read or refused, and never stored as something else', () => {
  const texts = [...Object.values(STRANGE).map((make) => make(100_000)), '7'.repeat(MEBIBYTE), `Leads${' '.repeat(MEBIBYTE)}1/2 used`];
  for (const text of texts) {
    const imported = parseImport(text);
    if (!imported.ok) continue;
    for (const reading of imported.value.readings) expect(reading).toMatchObject({ used: '1', total: '2' });
  }
});

/** Digits that look like those of ASCII, and are others. */
const digits = fc.constantFrom('０１２３４５６７８９', '٠١٢٣٤٥٦٧٨٩', '०१२३४५६७८९', '𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗', '0l23456789', 'O123456789');

test('digits of other scripts, and letters that look like digits, are never another number', () => {
  fc.assert(
    fc.property(digits, fc.integer({ min: 1, max: 999_999 }), fc.nat(999_999), (shapes, total, share) => {
      const used = share % total;
      const drawn = Array.from(shapes);
      const look = (amount: number) =>
        Array.from(String(amount))
          .map((digit) => drawn[Number(digit)])
          .join('');
      // Without any digit, as in "l/ll" for 1/11, it is a line of words.
      fc.pre(/\p{N}/u.test(look(used) + look(total)));
      const line = `Leads ${look(used)}/${look(total)} leads used`;
      const { readings, notes } = parseUsagePage(line);
      if (readings.length > 0) expect(readings).toMatchObject([{ used: String(used), total: String(total) }]);
      else expect(notes).toMatchObject([{ line: 1 }]);
    }),
  );
});

test('invisible characters anywhere change no figure', () => {
  const hidden = fc.constantFrom(
    '\u200b',
    '\u200c',
    '\u200d',
    '\u2060',
    '\ufeff',
    '\u200e',
    '\u200f',
    '\u202a',
    '\u202e',
    '\u2066',
    '\u00ad',
  );
  const line = 'Leads\n1,614/20,000 leads used';
  fc.assert(
    fc.property(fc.array(fc.tuple(hidden, fc.nat(line.length)), { maxLength: 8 }), (inserted) => {
      const text = inserted.reduce((all, [character, at]) => all.slice(0, at) + character + all.slice(at), line);
      expect(parseUsagePage(text).readings).toMatchObject([{ meter: 'leads', used: '1614', total: '20000' }]);
    }),
  );
});

test('whatever the text, the reader answers, and each reading has a place and a name', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      'Leads',
      '1,614',
      '1.614',
      '/',
      'of',
      'used',
      'left',
      '(',
      ')',
      '%',
      '\n',
      '\t',
      '€',
      'remaining',
      ' ',
      '-',
      '∞',
      'von',
      '15%',
    ),
    anyCharacters(6),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), fc.constantFrom(null, 'clay', 'midjourney', 'abmatic'), (pieces, source) => {
      const { readings, places } = parseUsagePage(pieces.join(' '), source);
      expect(places).toHaveLength(readings.length);
      for (const { meter, used, remaining } of readings) {
        expect(meter).not.toBe('');
        expect(used ?? remaining).toMatch(/^-?\d+(?:\.\d+)?$/);
      }
    }),
    { numRuns: 1_000 },
  );
});
