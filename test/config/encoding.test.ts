import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { loadConfig } from '../../src/app/load-config.ts';

const FILE = 'timezone: Europe/Berlin\nsources: [{ id: büro, kind: push }]\n';
const swapped = (text: string) => Buffer.from(text, 'utf16le').swap16();

function load(bytes: Buffer) {
  const cwd = mkdtempSync(join(tmpdir(), 'creditwatch-config-'));
  onTestFinished(() => rmSync(cwd, { recursive: true }));
  writeFileSync(join(cwd, 'creditwatch.yml'), bytes);
  return loadConfig({ env: {}, cwd });
}

test.each([
  ['UTF-8', Buffer.from(FILE)],
  ['UTF-8 with its mark', Buffer.from(`\ufeff${FILE}`)],
  ['UTF-16 of Windows', Buffer.from(`\ufeff${FILE}`, 'utf16le')],
  ['UTF-16 the other way round', swapped(`\ufeff${FILE}`)],
])('creditwatch.yml is read as %s', (_encoding, bytes) => {
  const config = load(bytes);
  expect(config).toMatchObject({ ok: true, value: { accounts: [{ timeZone: 'Europe/Berlin', sources: [{ id: 'büro' }] }] } });
});

test.each([
  ['Latin-1', Buffer.from(FILE, 'latin1')],
  ['UTF-16 without its mark', Buffer.from(FILE.replace('ü', 'u'), 'utf16le')],
])('%s is refused with what to do', (_encoding, bytes) => {
  expect(load(bytes)).toEqual({
    ok: false,
    error: [{ where: 'creditwatch.yml', message: 'cannot be read: it is not UTF-8 text: save it as UTF-8' }],
  });
});
