import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { presetNames, readPreset } from '../../src/config/presets.ts';
import { dataFolder, startApp } from '../support/app.ts';
import { createDatabase, runSql } from '../support/database.ts';
import { pollAtOnce, typed, VENDOR_KEY } from '../support/polled-service.ts';
import { json, sampleOf, startVendor } from '../support/vendor.ts';

/** Presets that go all the way to `/usage` here. `test/core/vendors/preset-answers.test.ts` has all of them, up to the reading. */
const ALL_THE_WAY = ['abmatic', 'abyssale', 'apollo', 'elevenlabs', 'firecrawl', 'hunter', 'lusha', 'octave', 'openrouter'];

const LINES = [
  'Apollo Lead Credits  9,640 / 12,000 credits used · 80%',
  'Apollo Mobile Credits  37 / 500 credits used · 7%',
  'OpenRouter Credits  25.74 / 100.50 USD used · 25%',
  'ElevenLabs Characters  17,231 / 100,000 characters used · 17%',
  'Firecrawl Credits  26,750 / 100,000 credits used · 26%',
  'Hunter Credits  482.5 / 2,000.0 credits used · 24%',
  'Hunter Searches  41 / 1,000 searches used · 4%',
  'Lusha Credits  1,500 / 10,000 credits used · 15%',
  'Octave Credits  1,200 / 1,500 credits used · 80%',
  'Abyssale AI Credits  58 / 110 credits used · 52%',
  'Abyssale Generation Credits  380 credits used · unlimited',
  'Abmatic Accounts  24,171 / 4,000,000 credits used · 0.6%',
  'Campaigns  494,936 / 1,000,000,000 visitors used · <0.1%',
];

/** A sample as it would have been recorded this month, a moment ago. */
function sampleOfToday(preset: string): string {
  const now = new Date();
  const month = (later: number) => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + later, 1));
  const dates: Readonly<Record<string, string>> = {
    '2026-11-24T09:00:00': now.toISOString().slice(0, 19),
    '1796083200': String(month(1).getTime() / 1000),
    '2026-11': month(0).toISOString().slice(0, 7),
    '2026-12': month(1).toISOString().slice(0, 7),
  };
  // In one pass, because a new date may look like an old one.
  return sampleOf(preset).replaceAll(/2026-11-24T09:00:00|1796083200|2026-1[12]/g, (date) => dates[date] ?? date);
}

test('the samples of presets become the lines of /usage in the real service, from one key each', async () => {
  const vendor = await startVendor();
  for (const name of ALL_THE_WAY) vendor.on(`/${name}`, json(sampleOfToday(name)));
  const source = (name: string) => {
    const key = readPreset(name)?.key;
    return `  - { id: ${name}, kind: http, preset: ${name}, url: "${vendor.url}/${name}"${key ? `, headers: { ${key.header}: "\${VENDOR_KEY}" }` : ''} }`;
  };
  const file = [`allowHosts: ["${vendor.host}"]`, 'sources:', ...ALL_THE_WAY.map(source)].join('\n');
  const database = await createDatabase();
  const dataDir = dataFolder();
  const env = { VENDOR_KEY, DATABASE_URL: database.url, ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64') };
  await startApp({ dataDir, databaseUrl: database.url, file, env });
  await pollAtOnce(database.url);
  const usage = await vi.waitFor(
    async () => {
      const text = await typed(dataDir, env, 'usage');
      for (const line of LINES) expect(text).toContain(line);
      return text;
    },
    { timeout: 60_000, interval: 100 },
  );
  expect(usage).not.toContain('no figures yet');
  expect(usage).not.toContain('some figures cannot be read');
}, 90_000);

test('two replicas poll a source once, and a restart does not poll what is not due', async () => {
  const vendor = await startVendor();
  vendor.on('/', json({ used: 1, total: 10 }));
  const database = await createDatabase();
  const file = `allowHosts: ["${vendor.host}"]\nsources: [${Array.from({ length: 8 }, (_one, index) => `{ id: s${index}, kind: http, url: "${vendor.url}/", every: 1h, meters: { credits: { used: used, total: total } } }`).join(', ')}]`;
  const start = () => startApp({ dataDir: dataFolder(), databaseUrl: database.url, file });
  const [first, second] = await Promise.all([start(), start()]);
  await pollAtOnce(database.url);
  const polled = async () =>
    Number((await runSql(database.url, 'SELECT count(*) AS n FROM poll WHERE last_success_at IS NOT NULL'))[0]?.['n']);
  await vi.waitFor(async () => expect(await polled()).toBe(8), { timeout: 30_000 });
  await Promise.all([first.stop(), second.stop()]);
  const third = await start();
  await vi.waitFor(async () => expect(await (await fetch(`${third.url}/readyz`)).text()).toContain('"status":"ok"'), { timeout: 10_000 });
  expect(vendor.seen).toHaveLength(8);
}, 90_000);

test('try shows what an endpoint answered where that was not understood, without its key and without what a terminal obeys', async () => {
  const vendor = await startVendor();
  vendor.on('/', json({ usage: { lookups: 7 }, echo: VENDOR_KEY, name: '\u001b[2J', at: '2199-01-01T00:00:00Z' }, 200, { 'x-left': '3' }));
  vendor.on('/refused', json({ error: 'your plan has no API' }, 402));
  vendor.on('/none', (_request, response) => void response.writeHead(204).end());
  const dataDir = dataFolder();
  const headers = 'headers: { authorization: "Bearer ${VENDOR_KEY}" }';
  const source = (id: string, path: string, meters: string) =>
    `{ id: ${id}, kind: http, url: "${vendor.url}${path}", ${headers}, meters: ${meters} }`;
  writeFileSync(
    join(dataDir, 'creditwatch.yml'),
    `allowHosts: ["${vendor.host}"]
accounts:
  north: { sources: [${source('acme', '/', '{ lookups: { used: usage.lookup } }')}, ${source('refused', '/refused', '{ x: { used: x } }')}, ${source('none', '/none', '{ x: { used: x } }')}] }
  south: { sources: [${source('acme', '/', '{ lookups: { used: usage.lookups }, late: { used: usage.lookups, observedAt: at } }')}] }`,
  );
  const env = { VENDOR_KEY };

  const shown = await typed(dataDir, env, 'try', 'acme');
  expect(shown).toContain(
    'acme: used of lookups: the expression usage.lookup found nothing. Correct the expression in creditwatch.yml.\nIt answered 200, with the headers connection, content-type, date, transfer-encoding, x-left and this:\n{"usage":{"lookups":7},"echo":"[secret]","name":"\\u001b[2J"',
  );
  expect(shown).toContain('lookups: Lookups  7 used');
  expect(shown).toMatch(/late: observedAt is .* ahead of this server's clock/);
  expect(shown.match(/Account \w+\. Nothing was stored\./g)?.toSorted()).toEqual([
    'Account north. Nothing was stored.',
    'Account south. Nothing was stored.',
  ]);
  expect(await typed(dataDir, env, 'try', 'acme', '--account', 'south')).not.toContain('Account north');
  expect(await typed(dataDir, env, 'try', 'acme', '--account', 'east')).toBe('There is no account "east". There are: north, south.\n');
  expect(await typed(dataDir, env, 'try', 'refused')).toContain(
    '402: the request was rejected. Check method, url, headers and body of refused, then: npx creditwatch try refused\nIt answered 402',
  );
  expect(await typed(dataDir, env, 'try', 'none')).toMatch(/It answered 204, with the headers [\w, -]+ and nothing else\./);
}, 60_000);

test('try polls once and shows what was understood without storing; presets says what each vendor needs', async () => {
  const vendor = await startVendor();
  vendor.on('/', json(sampleOf('firecrawl')));
  vendor.on('/refused', json({ error: VENDOR_KEY }, 401));
  const dataDir = dataFolder();
  const headers = 'headers: { authorization: "Bearer ${VENDOR_KEY}" }';
  writeFileSync(
    join(dataDir, 'creditwatch.yml'),
    `allowHosts: ["${vendor.host}"]\nsources:\n  - { id: web, kind: http, preset: firecrawl, url: "${vendor.url}/", ${headers} }\n  - { id: refused, kind: http, preset: lusha, url: "${vendor.url}/refused", ${headers} }`,
  );
  const env = { VENDOR_KEY };

  for (const name of ['web', 'firecrawl']) {
    const shown = await typed(dataDir, env, 'try', name);
    expect(shown).toContain(
      'web answered, and this was understood:\n  credits: Firecrawl Credits  26,750 / 100,000 credits used · 26%\n    period 1 Nov – 1 Dec, as of',
    );
    expect(shown).toContain('Nothing was stored.');
  }
  expect(await typed(dataDir, env, 'try', 'refused')).toContain(
    'refused: 401: the key was refused. Put a valid key in VENDOR_KEY, then: npx creditwatch try refused',
  );
  expect(await typed(dataDir, env, 'try', 'hunter')).toContain(
    'There is no polled source "hunter": creditwatch.yml has web, refused.\nAdd it under sources:\nhunter: Hunter\n',
  );
  expect(existsSync(join(dataDir, 'postgres'))).toBe(false);

  const listed = await typed(dataDir, env, 'presets');
  expect(listed.match(/^[\w-]+(?=: )/gm)).toEqual(presetNames);
  expect(listed).toContain('- { id: lusha, kind: http, preset: lusha, key: "${LUSHA_KEY}" }');
  expect(listed).toContain('allows  5 requests a minute');
}, 60_000);

test('try and doctor ask for a total that the vendor does not tell, and try hides the texts of an answer with personal data', async () => {
  const vendor = await startVendor();
  vendor.on('/', json({ left: 5, email: 'ann@customer.example' }));
  const dataDir = dataFolder();
  const source = (id: string, meters: string) => `{ id: ${id}, kind: http, url: "${vendor.url}/", sensitive: true, meters: { ${meters} } }`;
  writeFileSync(
    join(dataDir, 'creditwatch.yml'),
    `allowHosts: ["${vendor.host}"]\nsources: [${source('acme', 'credits: { remaining: left }')}, ${source('known', 'credits: { remaining: left, lastTopUp: 9 }, gone: { used: nowhere }')}]`,
  );
  const question = 'The vendor does not report the total: add lastTopUp for credits in creditwatch.yml, or set it with /usage total.';
  expect(await typed(dataDir, {}, 'try', 'acme')).toContain(question);
  const known = await typed(dataDir, {}, 'try', 'known');
  expect(known).toContain('credits: Credits  4 / 9 used');
  expect(known).toContain('(its texts are hidden, because it has secrets or personal data):\n{"left":5,"email":"…"}');
  expect(known).not.toContain('customer.example');
}, 60_000);
