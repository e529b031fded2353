import { execFile, execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { dataFolder, startApp } from '../support/app.ts';
import { createDatabase, runSql } from '../support/database.ts';
import { json, sampleOf, startVendor } from '../support/vendor.ts';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const KEY = 'key-of-the-vendor-1234';

/** A command of an operator in the folder of a service; what it prints to both streams. */
function cli(dataDir: string, env: Readonly<Record<string, string>>, ...args: string[]): Promise<string> {
  return new Promise((resolve) => {
    const variables = { PATH: process.env['PATH'], DATA_DIR: dataDir, CREDITWATCH_CONFIG: join(dataDir, 'creditwatch.yml'), INGEST_KEY: 'ingest-key-of-the-tests', ...env };
    execFile(process.execPath, [MAIN, ...args], { env: variables }, (_error, stdout, stderr) => resolve(stdout + stderr));
  });
}

test('a hanging, an endless, a sign-in page and a redirect to the metadata service leave their neighbours alone, and each is named', async () => {
  const vendor = await startVendor();
  vendor.on('/openrouter', json(sampleOf('openrouter')));
  vendor.on('/lusha', json(sampleOf('lusha')));
  vendor.on('/hanging', () => undefined);
  vendor.on('/endless', (_request, response) => {
    const more = () => {
      while (!response.destroyed && response.write(Buffer.alloc(64 * 1024, 32)));
    };
    response.on('drain', more);
    more();
  });
  vendor.on('/html', (_request, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><form>Sign in</form>'));
  vendor.on('/metadata', (_request, response) => void response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/iam/' }).end());
  vendor.on('/runaway', json({ used: 1 }));
  const source = (id: string, rest: string) => `  - { id: ${id}, kind: http, url: "${vendor.url}/${id}", headers: { x-api-key: "\${VENDOR_KEY}" }, ${rest} }`;
  const meters = 'meters: { credits: { used: used } }';
  const file = [
    `allowHosts: ["${vendor.host}"]`, 'sources:',
    source('openrouter', 'preset: openrouter'), source('lusha', 'preset: lusha, every: 12s'),
    ...['hanging', 'endless', 'html', 'metadata'].map((id) => source(id, meters)),
    source('runaway', `meters: { credits: { used: '$match("${'a'.repeat(40)}!", /^(a+)+$/)' } }`),
  ].join('\n');
  const database = await createDatabase();
  const dataDir = dataFolder();
  const env = { VENDOR_KEY: KEY, DATABASE_URL: database.url, ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64') };
  const app = await startApp({ dataDir, databaseUrl: database.url, file, env });

  const usage = await vi.waitFor(async () => {
    const text = await cli(dataDir, env, 'usage');
    expect(text).toContain('25.75 / 100.50 USD used');
    expect(text).toContain('1,500 / 10,000 credits used');
    expect(text).toContain('hanging: no figures yet (no complete answer within 10 s)');
    return text;
  }, { timeout: 60_000, interval: 1_000 });
  expect(usage).toContain('endless: no figures yet (the answer is larger than 1 MiB)');
  expect(usage).toContain('html: no figures yet (it answered a web page, probably a sign-in page, not JSON)');
  expect(usage).toContain('metadata: no figures yet (refused: 169.254.169.254:80 is a private address)');
  expect(usage).toContain('runaway: no figures yet (an expression ran for too long or needed too much memory)');
  // The neighbours have gone on meanwhile, at their own pace.
  await vi.waitFor(() => expect(vendor.seen.filter(({ path }) => path === '/lusha').length).toBeGreaterThan(1), { timeout: 30_000 });

  const doctor = await cli(dataDir, env, 'doctor');
  expect(doctor).toMatch(/✅ Source openrouter: polled every 15 min, last success \S+, next poll/);
  expect(doctor).toMatch(/❌ Source metadata: Refused: 169\.254\.169\.254:80 is a private address.*The url of metadata redirects there/);
  const metrics = await (await fetch(`${app.url}/metrics`)).text();
  expect(metrics).toMatch(/creditwatch_source_last_success_timestamp_seconds\{account="default",source="lusha"\} \d+/);
  expect(metrics).toMatch(/creditwatch_source_failures\{account="default",source="html"\} [1-9]/);
  expect(metrics).toMatch(/creditwatch_polls_total\{account="default",source="endless",result="failure"\} [1-9]/);
  for (const text of [app.output(), usage, doctor, metrics]) expect(text).not.toContain(KEY);
  expect(await app.stop()).toBe(0);
}, 150_000);

test('an expression that never returns ends soon after a service that was killed in the middle of it', async () => {
  const vendor = await startVendor();
  vendor.on('/', json({ used: 1 }));
  const file = `allowHosts: ["${vendor.host}"]\nsources: [{ id: runaway, kind: http, url: "${vendor.url}/", meters: { credits: { used: '$match("${'a'.repeat(40)}!", /^(a+)+$/)' } } }]`;
  const database = await createDatabase();
  const app = await startApp({ dataDir: dataFolder(), databaseUrl: database.url, file });
  const [evaluating = 0] = await vi.waitUntil(() => {
    const spinning = childrenOf(app.process.pid).filter(({ cpuSeconds }) => cpuSeconds >= 1).map(({ pid }) => pid);
    return spinning.length > 0 && spinning;
  }, { timeout: 30_000, interval: 50 });
  await app.kill();
  expect(isRunning(evaluating)).toBe(true);
  await vi.waitUntil(() => !isRunning(evaluating), { timeout: 8_000, interval: 50 });
}, 60_000);

/** What a process has started, with the time each has computed for. */
function childrenOf(parent: number | undefined): readonly { readonly pid: number; readonly cpuSeconds: number }[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,time='], { encoding: 'utf8' }).trim().split('\n');
  return lines.flatMap((line) => {
    const [pid, ppid, time = ''] = line.trim().split(/\s+/);
    const cpuSeconds = time.split(/[:-]/).reduce((seconds, part) => seconds * 60 + Number(part), 0);
    return Number(ppid) === parent ? [{ pid: Number(pid), cpuSeconds }] : [];
  });
}

function isRunning(pid: number): boolean {
  return execFileSync('ps', ['-A', '-o', 'pid=,stat='], { encoding: 'utf8' }).split('\n').some((line) => {
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
  const polled = async () => Number((await runSql(database.url, 'SELECT count(*) AS n FROM poll WHERE last_success_at IS NOT NULL'))[0]?.['n']);
  await vi.waitFor(async () => expect(await polled()).toBe(8), { timeout: 30_000 });
  await first.stop();
  await second.kill();
  const third = await start();
  await vi.waitFor(async () => expect(await (await fetch(`${third.url}/readyz`)).text()).toContain('"status":"ok"'), { timeout: 10_000 });
  expect(vendor.seen).toHaveLength(8);
}, 90_000);

test('try polls once and shows what was understood without storing; presets says what each vendor needs', async () => {
  const vendor = await startVendor();
  vendor.on('/', json(sampleOf('firecrawl')));
  vendor.on('/refused', json({ error: KEY }, 401));
  const dataDir = dataFolder();
  const headers = 'headers: { authorization: "Bearer ${VENDOR_KEY}" }';
  writeFileSync(join(dataDir, 'creditwatch.yml'), `allowHosts: ["${vendor.host}"]\nsources:\n  - { id: web, kind: http, preset: firecrawl, url: "${vendor.url}/", ${headers} }\n  - { id: refused, kind: http, preset: lusha, url: "${vendor.url}/refused", ${headers} }`);
  const env = { VENDOR_KEY: KEY };

  for (const name of ['web', 'firecrawl']) {
    const shown = await cli(dataDir, env, 'try', name);
    expect(shown).toContain('web answered, and this was understood:\n  credits: Firecrawl Credits  26,750 / 100,000 credits used · 26 %\n    period 1 Nov – 1 Dec, as of');
    expect(shown).toContain('Nothing was stored.');
  }
  expect(await cli(dataDir, env, 'try', 'refused')).toContain('refused: 401: the key was refused. Put a valid key in VENDOR_KEY, then: npx creditwatch try refused');
  expect(await cli(dataDir, env, 'try', 'hunter')).toContain('There is no polled source "hunter": creditwatch.yml has web, refused.\nAdd it under sources:\nhunter: Hunter\n');
  expect(existsSync(join(dataDir, 'postgres'))).toBe(false);

  const listed = await cli(dataDir, env, 'presets');
  expect(listed.match(/^\w+: /gm)).toEqual(['abmatic: ', 'abyssale: ', 'apollo: ', 'elevenlabs: ', 'firecrawl: ', 'hunter: ', 'lusha: ', 'octave: ', 'openrouter: ']);
  expect(listed).toContain('- { id: lusha, kind: http, preset: lusha, headers: { api_key: "${LUSHA_KEY}" } }');
  expect(listed).toContain('allows  5 requests a minute');
}, 60_000);
