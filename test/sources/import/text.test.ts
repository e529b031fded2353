import { describe, expect, test } from 'vitest';
import { parseImport } from '../../../src/sources/import/parse-import.ts';
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
    ['UTF-16, as PowerShell writes it', Buffer.from(`\uFEFF${PAGE}`, 'utf16le')],
    ['UTF-16 the other way round', Buffer.from(`\uFEFF${PAGE}`, 'utf16le').swap16()],
  ])('is read from %s, in whatever pieces it comes', async (_what, bytes) => {
    for (const size of [1, 3, 1000]) {
      const text = await read(bytes, size);
      expect(text).toBe(PAGE);
      expect(parseImport(text)).toMatchObject({ ok: true, value: { readings: [{ label: 'Größe, 🟢 alle', used: '1614' }] } });
    }
  });

  test.each([
    ['', ''],
    ['1', '1'],
  ])('%j is what it is', async (given, text) => {
    expect(await read(Buffer.from(given), 1)).toBe(text);
  });
});
