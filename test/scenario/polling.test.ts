import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { expect, test, vi } from 'vitest';
import { presetNames, readPreset } from '../../src/config/presets.ts';
import { dataFolder, startApp, startProcess } from '../support/app.ts';
import { commandLine } from '../support/cli.ts';
import { createDatabase, runSql } from '../support/database.ts';
import { json, sampleOf, startVendor } from '../support/vendor.ts';

const KEY = 'key-of-the-vendor-1234';

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
  const dated = sampleOf(preset)
    .replace('2026-11-24T09:00:00', now.toISOString().slice(0, 19))
    .replaceAll('1796083200', String(month(1).getTime() / 1000));
  return dated.replaceAll('2026-11', month(0).toISOString().slice(0, 7)).replaceAll('2026-12', month(1).toISOString().slice(0, 7));
}

/** A command of an operator in the folder of a service; what it prints to both streams. */
async function cli(dataDir: string, env: Readonly<Record<string, string>>, ...args: string[]): Promise<string> {
  const variables = { CREDITWATCH_CONFIG: join(dataDir, 'creditwatch.yml'), INGEST_KEY: 'ingest-key-of-the-tests', ...env };
  const { out, err } = await commandLine({ dataDir, env: variables }).run(args);
  return out + err;
}

/** Sources that begin together come apart by up to half a minute: here none waits for its turn. */
const pollAtOnce = (url: string) => runSql(url, 'UPDATE poll SET due_at = now() WHERE last_attempt_at IS NULL AND lease_owner IS NULL');

/** What goes wrong at each path, the reason that people read, and what the remedy begins with. */
const BAD = {
  hanging: ['no complete answer within 10 s', 'Creditwatch tries again'],
  dripping: ['no complete answer within 10 s', 'Creditwatch tries again'],
  endless: ['the answer is larger than 1 MiB', 'Point the url of endless'],
  bomb: ['the answer is larger than 1 MiB', 'Point the url of bomb'],
  html: ['it answered with a web page, probably a sign-in page, and not with JSON', 'Check the url of html and the header with the key'],
  metadata: ['refused: 169.254.169.254:80 is a private address', 'The url of metadata redirects there'],
  deep: ['the answer is nested more than 64 levels deep', 'Check the url of deep'],
  proto: ['used of credits: the expression used found nothing', 'See what the endpoint answers now: npx creditwatch try proto'],
  changed: ['used of credits: the expression used found nothing', 'See what the endpoint answers now: npx creditwatch try changed'],
  refused: ['401: the key was refused', 'Put a valid key in VENDOR_KEY'],
  inaccessible: ['403: this is the wrong kind of key (API_INACCESSIBLE)', 'Make a master key'],
  runaway: ['an expression ran for too long or needed too much memory', 'Simplify the expressions of runaway'],
} as const;

test('whatever a source does, it is named with its reason and remedy, its neighbours go on and memory stays flat', async () => {
  const vendor = await startVendor();
  vendor.on('/openrouter', json(sampleOf('openrouter')));
  vendor.on('/lusha', json(sampleOf('lusha')));
  vendor.on('/hanging', () => undefined);
  vendor.on('/dripping', (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const timer = setInterval(() => response.write(' '), 50);
    response.once('close', () => clearInterval(timer));
  });
  vendor.on('/endless', (_request, response) => pour(response, response));
  vendor.on('/bomb', (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
    const gzip = createGzip();
    gzip.pipe(response);
    pour(gzip, response);
  });
  vendor.on(
    '/html',
    (_request, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><form>Sign in</form>'),
  );
  vendor.on(
    '/metadata',
    (_request, response) => void response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/iam/' }).end(),
  );
  vendor.on('/deep', json(`{"used":${'['.repeat(200_000)}${']'.repeat(200_000)}}`));
  vendor.on('/proto', json('{"__proto__":{"used":5},"constructor":{"prototype":{"used":5}}}'));
  vendor.on('/changed', json({ usage: { used: 5 } }));
  vendor.on('/refused', json({ error: KEY }, 401));
  vendor.on('/inaccessible', json({ error_code: 'API_INACCESSIBLE' }, 403));
  vendor.on('/runaway', json({ used: 1 }));
  const source = (id: string, rest: string) =>
    `  - { id: ${id}, kind: http, url: "${vendor.url}/${id}", headers: { x-api-key: "\${VENDOR_KEY}" }, ${rest} }`;
  const used = (id: string) => (id === 'runaway' ? `'$match("${'a'.repeat(40)}!", /^(a+)+$/)'` : 'used');
  const file = [
    `allowHosts: ["${vendor.host}"]`,
    'sources:',
    source('openrouter', 'preset: openrouter'),
    source('lusha', 'preset: lusha, every: 12s'),
    ...Object.keys(BAD).map((id) => source(id, `meters: { credits: { used: ${used(id)} } }`)),
  ].join('\n');
  const database = await createDatabase();
  const dataDir = dataFolder();
  const env = { VENDOR_KEY: KEY, DATABASE_URL: database.url, ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64') };
  const app = await startProcess({ dataDir, databaseUrl: database.url, file, env });
  await pollAtOnce(database.url);

  const usage = await vi.waitFor(
    async () => {
      const text = await cli(dataDir, env, 'usage');
      expect(text).toContain('25.74 / 100.50 USD used');
      expect(text).toContain('1,500 / 10,000 credits used');
      for (const [id, [reason]] of Object.entries(BAD)) expect(text).toContain(`${id}: no figures yet (${reason})`);
      return text;
    },
    { timeout: 90_000, interval: 500 },
  );
  // The neighbours have gone on meanwhile, at their own pace.
  await vi.waitFor(() => expect(vendor.seen.filter(({ path }) => path === '/lusha').length).toBeGreaterThan(1), { timeout: 40_000 });

  const doctor = await cli(dataDir, env, 'doctor');
  expect(doctor).toMatch(
    /✅ Source openrouter: polled every 15 min, last success [^,]+, next poll .+\. Preset openrouter: documented by the vendor, as of \d{4}-\d\d-\d\d/,
  );
  expect(doctor).toMatch(/✅ Source lusha: polled every 12 s, last success [^,]+, next poll/);
  const metrics = await (await fetch(`${app.url}/metrics`)).text();
  expect(metrics).toMatch(/creditwatch_source_last_success_timestamp_seconds\{account="default",source="lusha"\} \d+/);
  for (const [id, [reason, remedy]] of Object.entries(BAD)) {
    const line = doctor.split('\n').find((one) => one.includes(`Source ${id}: `)) ?? '';
    expect(line).toMatch(/^\s*❌ /);
    expect(line.toLowerCase()).toContain(reason.toLowerCase());
    expect(line).toContain(remedy);
    expect(line).toContain('next poll');
    expect(metrics).toMatch(new RegExp(`creditwatch_source_failures\\{account="default",source="${id}"\\} [1-9]`));
    expect(metrics).toMatch(new RegExp(`creditwatch_polls_total\\{account="default",source="${id}",result="failure"\\} [1-9]`));
  }
  for (const text of [app.output(), usage, doctor, metrics]) expect(text).not.toContain(KEY);
  expect(Number(execFileSync('ps', ['-o', 'rss=', '-p', String(app.process.pid)], { encoding: 'utf8' }))).toBeLessThan(350 * 1024);
  expect(await app.stop()).toBe(0);
}, 180_000);

/** Writes without end, for as long as somebody reads. */
function pour(into: Writable, response: Writable): void {
  const more = () => {
    while (!response.destroyed && into.write(Buffer.alloc(64 * 1024, 32)));
  };
  into.on('drain', more);
  more();
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
  const env = { VENDOR_KEY: KEY, DATABASE_URL: database.url, ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64') };
  await startApp({ dataDir, databaseUrl: database.url, file, env });
  await pollAtOnce(database.url);
  const usage = await vi.waitFor(
    async () => {
      const text = await cli(dataDir, env, 'usage');
      for (const line of LINES) expect(text).toContain(line);
      return text;
    },
    { timeout: 60_000, interval: 100 },
  );
  expect(usage).not.toContain('no figures yet');
  expect(usage).not.toContain('some figures cannot be read');
}, 90_000);

test('an expression that never returns ends soon after a service that was killed in the middle of it', async () => {
  const vendor = await startVendor();
  vendor.on('/', json({ used: 1 }));
  const file = `allowHosts: ["${vendor.host}"]\nsources: [{ id: runaway, kind: http, url: "${vendor.url}/", meters: { credits: { used: '$match("${'a'.repeat(40)}!", /^(a+)+$/)' } } }]`;
  const database = await createDatabase();
  const app = await startProcess({ dataDir: dataFolder(), databaseUrl: database.url, file });
  const [evaluating = 0] = await vi.waitUntil(
    () => {
      const spinning = childrenOf(app.process.pid)
        .filter(({ cpuSeconds }) => cpuSeconds >= 0.5)
        .map(({ pid }) => pid);
      return spinning.length > 0 && spinning;
    },
    { timeout: 30_000, interval: 50 },
  );
  await app.kill();
  expect(isRunning(evaluating)).toBe(true);
  await vi.waitUntil(() => !isRunning(evaluating), { timeout: 8_000, interval: 50 });
}, 60_000);

/** What a process has started, with the time each has computed for. */
function childrenOf(parent: number | undefined): readonly { readonly pid: number; readonly cpuSeconds: number }[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,time='], { encoding: 'utf8' }).trim().split('\n');
  return lines.flatMap((line) => {
    const [pid, ppid, time = ''] = line.trim().split(/\s+/);
    return Number(ppid) === parent
      ? [
          {
            pid: Number(pid),
            cpuSeconds: ticksOf(Number(pid)) ?? time.split(/[:-]/).reduce((seconds, part) => seconds * 60 + Number(part), 0),
          },
        ]
      : [];
  });
}

/** In seconds, where the system tells hundredths of them: an expression ends before a busy machine has given it two whole ones. */
function ticksOf(pid: number): number | null {
  try {
    const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
      .slice(11, 13)
      .map(Number);
    return ((user ?? 0) + (system ?? 0)) / 100;
  } catch {
    return null;
  }
}

function isRunning(pid: number): boolean {
  return execFileSync('ps', ['-A', '-o', 'pid=,stat='], { encoding: 'utf8' })
    .split('\n')
    .some((line) => {
      const [id, state = ''] = line.trim().split(/\s+/);
      return Number(id) === pid && !state.startsWith('Z');
    });
}

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
  vendor.on('/', json({ usage: { lookups: 7 }, echo: KEY, name: '\u001b[2J', at: '2199-01-01T00:00:00Z' }, 200, { 'x-left': '3' }));
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
  const env = { VENDOR_KEY: KEY };

  const shown = await cli(dataDir, env, 'try', 'acme');
  expect(shown).toContain(
    'acme: used of lookups: the expression usage.lookup found nothing. Correct the expression in creditwatch.yml.\nIt answered 200, with the headers connection, content-type, date, transfer-encoding, x-left and this:\n{"usage":{"lookups":7},"echo":"[secret]","name":"\\u001b[2J"',
  );
  expect(shown).toContain('lookups: Lookups  7 used');
  expect(shown).toMatch(/late: observedAt is .* ahead of this server's clock/);
  expect(shown.match(/Account \w+\. Nothing was stored\./g)?.toSorted()).toEqual([
    'Account north. Nothing was stored.',
    'Account south. Nothing was stored.',
  ]);
  expect(await cli(dataDir, env, 'try', 'acme', '--account', 'south')).not.toContain('Account north');
  expect(await cli(dataDir, env, 'try', 'acme', '--account', 'east')).toBe('There is no account "east". There are: north, south.\n');
  expect(await cli(dataDir, env, 'try', 'refused')).toContain(
    '402: the request was rejected. Check method, url, headers and body of refused, then: npx creditwatch try refused\nIt answered 402',
  );
  expect(await cli(dataDir, env, 'try', 'none')).toMatch(/It answered 204, with the headers [\w, -]+ and nothing else\./);
}, 60_000);

test('try polls once and shows what was understood without storing; presets says what each vendor needs', async () => {
  const vendor = await startVendor();
  vendor.on('/', json(sampleOf('firecrawl')));
  vendor.on('/refused', json({ error: KEY }, 401));
  const dataDir = dataFolder();
  const headers = 'headers: { authorization: "Bearer ${VENDOR_KEY}" }';
  writeFileSync(
    join(dataDir, 'creditwatch.yml'),
    `allowHosts: ["${vendor.host}"]\nsources:\n  - { id: web, kind: http, preset: firecrawl, url: "${vendor.url}/", ${headers} }\n  - { id: refused, kind: http, preset: lusha, url: "${vendor.url}/refused", ${headers} }`,
  );
  const env = { VENDOR_KEY: KEY };

  for (const name of ['web', 'firecrawl']) {
    const shown = await cli(dataDir, env, 'try', name);
    expect(shown).toContain(
      'web answered, and this was understood:\n  credits: Firecrawl Credits  26,750 / 100,000 credits used · 26%\n    period 1 Nov – 1 Dec, as of',
    );
    expect(shown).toContain('Nothing was stored.');
  }
  expect(await cli(dataDir, env, 'try', 'refused')).toContain(
    'refused: 401: the key was refused. Put a valid key in VENDOR_KEY, then: npx creditwatch try refused',
  );
  expect(await cli(dataDir, env, 'try', 'hunter')).toContain(
    'There is no polled source "hunter": creditwatch.yml has web, refused.\nAdd it under sources:\nhunter: Hunter\n',
  );
  expect(existsSync(join(dataDir, 'postgres'))).toBe(false);

  const listed = await cli(dataDir, env, 'presets');
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
  const question =
    'The vendor tells no total of credits: write total, budget or lastTopUp beside it in creditwatch.yml, or state it with /usage total.';
  expect(await cli(dataDir, {}, 'try', 'acme')).toContain(question);
  const known = await cli(dataDir, {}, 'try', 'known');
  expect(known).toContain('credits: Credits  4 / 9 used');
  expect(known).toContain('(its texts are hidden, because it has secrets or personal data):\n{"left":5,"email":"…"}');
  expect(known).not.toContain('customer.example');
}, 60_000);
