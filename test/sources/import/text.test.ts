import { describe, expect, test } from 'vitest';
import { parseImport } from '../../../src/sources/import/parse-import.ts';
import { lineDecoder } from '../../../src/sources/import/line-decoder.ts';
import { textOf } from '../../../src/sources/import/text.ts';

const PAGE = 'Größe, 🟢 alle\r\n1,614/1,000,000 credits used\r\n';

async function read(bytes: Buffer, size: number): Promise<string> {
  const chunks = (async function* pieces() {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  })();
  let text = '';
  for await (const part of textOf(chunks)) text += part;
  return text;
}

describe('the text of a file', () => {
  test.each([
    ['UTF-8', Buffer.from(PAGE)],
    ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${PAGE}`)],
    ['UTF-16 without a mark', Buffer.from(PAGE, 'utf16le')],
    ['UTF-16 without a mark the other way round', Buffer.from(PAGE, 'utf16le').swap16()],
    ['UTF-16, as PowerShell writes it', Buffer.from(`\uFEFF${PAGE}`, 'utf16le')],
    ['UTF-16 the other way round', Buffer.from(`\uFEFF${PAGE}`, 'utf16le').swap16()],
  ])('is read from %s, in pieces of any size', async (_what, bytes) => {
    for (const size of [1, 3, 1000]) {
      const text = await read(bytes, size);
      expect(text).toBe(PAGE);
      expect(parseImport(text)).toMatchObject({ ok: true, value: { readings: [{ label: 'Größe, 🟢 alle', used: '1614' }] } });
    }
  });

  // Hexadecimal, because no encoder for these is available.
  test.each([
    ['Windows', '4772f6df65', 'Größe'],
    ['a Mac', '47729aa765', 'Größe'],
    ['Windows', 'd6737465727265696368', 'Österreich'],
    ['a Mac', '8573746572726569636820', 'Österreich '],
    ['Windows', '63616672e9', 'cafré'],
    ['a Mac', '636166728e', 'cafré'],
    ['Windows', '4dfc6e6368656e2c2031302080', 'München, 10 €'],
    ['Windows', '64e97361637469766192', 'désactiva’'],
    ['Windows', '4372e96469747320507269e9', 'Crédits Prié'],
    ['Windows', '45737061f161', 'España'],
    ['Windows', '4dc4524b5445', 'MÄRKTE'],
  ])('is read from Excel on %s: %s is %s', async (_where, hex, text) => {
    for (const size of [1, 3, 1000])
      expect(await read(Buffer.concat([Buffer.from('meter,used\n'), Buffer.from(hex, 'hex'), Buffer.from(',5\nb,6\n')]), size)).toBe(
        `meter,used\n${text},5\nb,6\n`,
      );
  });

  // Names of meters in other code pages, whose bytes are also letters in Windows-1252.
  test.each([
    ['Контакты', 'cae0ede2e0eaf2fb'],
    ['Лиды API', 'cbe8e4fb20415049'],
    ['и API', 'e820415049'],
    ['APIв', '415049e2'],
    ['Κρέδιτα', 'cadafbece9f4e1'],
    ['Imię', '496d69ea'],
    ['ilość', '696c6f9ce6'],
    ['pół', '70f3b3'],
    ['přehled', '70f8656869'],
    ['Kişi', '4b69fe69'],
    ['in DOS: café', '636166 82'.replace(' ', '')],
    ['in DOS: für', '6681 72'.replace(' ', '')],
    ['Größe in DOS', '4772 94e165'.replace(' ', '')],
  ])('is not stored garbled if its code page is unclear: %s', async (_what, hex) => {
    const text = await read(Buffer.concat([Buffer.from('meter,used\n'), Buffer.from(hex, 'hex'), Buffer.from(',5\nb,6\n')]), 1000);
    expect(text.split('\n').map((line) => line.includes('\uFFFD'))).toEqual([false, true, false, false]);
    expect(parseImport(text.replace('meter,used', 'meter,used,observedAt').replace(',5', ',5,2026-11-01'))).toMatchObject({
      ok: true,
      value: { notes: [{ at: { line: 2 }, problem: { kind: 'undecodable' } }] },
    });
  });

  test("is read line by line if only carriage returns end lines, as in Excel's CSV (Macintosh)", async () => {
    const bytes = Buffer.concat([
      Buffer.from('meter,used\r'),
      Buffer.from('47729aa765', 'hex'),
      Buffer.from(',5\r'),
      Buffer.from('81fdff2c35', 'hex'),
      Buffer.from('\rb,6\r'),
    ]);
    for (const size of [1, 3, 1000]) {
      const lines = (await read(bytes, size)).split('\r');
      expect(lines.slice(0, 2)).toEqual(['meter,used', 'Größe,5']);
      expect(lines.map((line) => line.includes('\uFFFD'))).toEqual([false, false, true, false, false]);
    }
  });

  test.each([['🟢'], ['ö'], ['€'], ['x']])('without a line break is passed on as it comes, in whole characters: %s', (character) => {
    const decoder = lineDecoder();
    const text = `a${character.repeat(400_000)}`.repeat(4);
    const bytes = Buffer.from(text);
    let given = '';
    let mostKept = 0;
    for (let at = 0; at < bytes.length; at += 65_537) {
      given += decoder.decode(bytes.subarray(at, at + 65_537));
      mostKept = Math.max(mostKept, Math.min(at + 65_537, bytes.length) - Buffer.byteLength(given));
    }
    expect(given + decoder.end()).toBe(text);
    expect(mostKept).toBeLessThan(1024 * 1024);
  });

  test('that matches no encoding is marked in its line, and the other lines are read', async () => {
    const bytes = Buffer.concat([Buffer.from('Größe\na'), Buffer.from('81fdff', 'hex'), Buffer.from('b\nGröße\n')]);
    const text = await read(bytes, 2);
    expect(text.split('\n').map((line) => line.includes('\uFFFD'))).toEqual([false, true, false, false]);
    expect(text).toMatch(/^Größe\n.*\nGröße\n$/);
  });

  test.each([
    ['', ''],
    ['1', '1'],
  ])('%j is read unchanged', async (given, text) => {
    expect(await read(Buffer.from(given), 1)).toBe(text);
  });
});
