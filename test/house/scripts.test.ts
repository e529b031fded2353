import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { SCHEMA } from '../../scripts/schema-engine.mjs';
import { readPng } from '../support/png.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const APP = '00000000-0000-0000-0000-00000000000B';

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'creditwatch-scripts-'));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
}

/** What `npm run teams:package` writes in a time zone; no network is there for it to ask. */
function build(file: string, timeZone: string, more: readonly string[] = [], env: Record<string, string> = {}): Buffer {
  execFileSync(process.execPath, [join(ROOT, 'scripts/teams-package.mjs'), APP, file, ...more], {
    env: { ...env, TZ: timeZone, PATH: '', https_proxy: 'http://127.0.0.1:1' },
    stdio: 'pipe',
  });
  return readFileSync(file);
}

test('the app package is the same byte for byte wherever it is built, with the manifest and both icons at its root', () => {
  const dir = folder();
  const one = build(join(dir, 'one.zip'), 'Asia/Tokyo');
  expect(build(join(dir, 'two.zip'), 'America/New_York').equals(one)).toBe(true);
  const files = unzipSync(one);
  expect(Object.keys(files)).toEqual(['manifest.json', 'color.png', 'outline.png']);
  const { id, bots } = z
    .object({
      id: z.string(),
      bots: z.array(
        z.object({
          botId: z.string(),
          supportsTargetedMessages: z.boolean(),
          commandLists: z.array(z.object({ scopes: z.array(z.string()), triggers: z.array(z.string()).optional() })),
        }),
      ),
    })
    .parse(JSON.parse(Buffer.from(files['manifest.json'] ?? []).toString()));
  expect([id, bots[0]?.botId]).toEqual([APP.toLowerCase(), APP.toLowerCase()]);
  expect(bots[0]?.supportsTargetedMessages).toBe(true);
  expect(bots[0]?.commandLists.find(({ scopes }) => scopes.includes('team'))?.triggers).toEqual(['mention', 'slash']);
});

test('the icons are what Teams takes: one of 192 pixels in colours, and one of 32 that is white on nothing', () => {
  const files = unzipSync(build(join(folder(), 'app.zip'), 'UTC'));
  const [color, outline] = ['color.png', 'outline.png'].map((name) => readPng(files[name] ?? new Uint8Array()));
  expect([color?.width, color?.height, outline?.width, outline?.height]).toEqual([192, 192, 32, 32]);
  expect(color?.pixels.every(([, , , opacity]) => opacity === 255)).toBe(true);
  expect(new Set(color?.pixels.map(String)).size).toBeGreaterThan(2);
  const drawn = outline?.pixels.filter(([, , , opacity]) => opacity > 0) ?? [];
  expect(drawn.every(([red, green, blue]) => red === 255 && green === 255 && blue === 255)).toBe(true);
  expect(drawn.length).toBeGreaterThan(50);
  expect(outline?.pixels[0]?.[3]).toBe(0);
  expect(drawn.length).toBeLessThan(32 * 32 * 0.7);
});

test.each<[string, readonly string[], Record<string, string>, object]>([
  [
    'one address',
    ['--website', 'https://credits.example.org'],
    {},
    {
      name: 'Creditwatch',
      websiteUrl: 'https://credits.example.org',
      privacyUrl: 'https://credits.example.org',
      termsOfUseUrl: 'https://credits.example.org',
    },
  ],
  [
    'each',
    ['--developer', 'Acme', '--website', 'https://a.example', '--privacy', 'https://b.example', '--terms', 'https://c.example'],
    {},
    { name: 'Acme', websiteUrl: 'https://a.example', privacyUrl: 'https://b.example', termsOfUseUrl: 'https://c.example' },
  ],
  ['the address of the service', [], { PUBLIC_URL: 'https://credits.example.org' }, { websiteUrl: 'https://credits.example.org' }],
])('says whose app it is: %s', (_what, more, env, expected) => {
  const files = unzipSync(build(join(folder(), 'app.zip'), 'UTC', more, env));
  expect(JSON.parse(Buffer.from(files['manifest.json'] ?? []).toString())).toMatchObject({ developer: expected });
});

test('an address that Teams does not take is refused', () => {
  expect(() => build(join(folder(), 'app.zip'), 'UTC', ['--website', 'http://credits.example.org'])).toThrow(
    /http:\/\/credits\.example\.org is no https address, and Teams takes no other\./,
  );
});

test('without an id of an app it says what it needs, and writes nothing', () => {
  const { status, stderr } = z.object({ status: z.number(), stderr: z.instanceof(Buffer) }).parse(attempt());
  expect([status, stderr.toString()]).toEqual([1, expect.stringContaining('Usage: npm run teams:package -- <MicrosoftAppId> [file]')]);
});

function attempt(): unknown {
  try {
    return execFileSync(process.execPath, [join(ROOT, 'scripts/teams-package.mjs'), 'not-an-id'], { stdio: 'pipe' });
  } catch (error) {
    return error;
  }
}

test('npm run migration writes the next migration from the schema, sorted after the last one, and writes nothing without changes', async () => {
  const prisma = folder();
  cpSync(dirname(SCHEMA), prisma, { recursive: true });
  const migrations = () => readdirSync(join(prisma, 'migrations')).filter((name) => /^\d/.test(name));
  const run = (name: string) => promisify(execFile)(process.execPath, [join(ROOT, 'scripts/migration.mjs'), name, prisma]);
  const before = migrations();
  await expect(run('nothing_new')).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('nothing to write') });
  await expect(run('No Name')).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('Usage:') });

  writeFileSync(join(prisma, 'schema.prisma'), readFileSync(SCHEMA, 'utf8').replace(/(timeZone +)String /, '$1String? '));
  await run('zone_is_optional');
  const [added] = migrations().slice(before.length);
  expect(added).toMatch(/^\d{14}_zone_is_optional$/);
  expect(before.every((name) => name < (added ?? ''))).toBe(true);
  expect(readFileSync(join(prisma, 'migrations', added ?? '', 'migration.sql'), 'utf8')).toBe(
    '-- AlterTable\nALTER TABLE "account" ALTER COLUMN "time_zone" DROP NOT NULL;\n',
  );
}, 60_000);

test.each([
  ['all passed', [{ passed: 5 }], [{ passed: 2, skipped: 1 }], '7 passed, 0 failed, 1 skipped', 0],
  ['without a browser, its tests are skipped', [{ passed: 5 }], [{ skipped: 3 }], '5 passed, 0 failed, 3 skipped', 0],
  ['one failed', [{ passed: 5, failed: 1 }], [{ passed: 2 }], '7 passed, 1 failed, 0 skipped', 1],
  ['all others were skipped', [{ skipped: 5 }], [{ passed: 2 }], '2 passed, 0 failed, 5 skipped', 1],
  ['a run without tests', [{ passed: 5 }], [{}], '5 passed, 0 failed, 0 skipped', 1],
  ['no run', [], [], '0 passed, 0 failed, 0 skipped', 1],
])('the summary of the test runs: %s', (_what, runs, skippable, line, code) => {
  const dir = folder();
  const report = ({ passed = 0, failed = 0, skipped = 0 }: { passed?: number; failed?: number; skipped?: number }, name: string) => {
    const numbers = { numPassedTests: passed, numFailedTests: failed, numPendingTests: skipped, numTodoTests: 0 };
    writeFileSync(join(dir, name), JSON.stringify(numbers));
    return join(dir, name);
  };
  const files = runs.map((run, index) => report(run, `${String(index)}.json`));
  const skippableFiles = skippable.map((run, index) => report(run, `skippable-${String(index)}.json`));
  const done = spawnSync(process.execPath, [join(ROOT, 'scripts/test-summary.mjs'), ...files, '--skippable', ...skippableFiles]);
  expect([done.stdout.toString().trim(), done.status]).toEqual([line, code]);
});
