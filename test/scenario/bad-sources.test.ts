import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { expect, test, vi } from 'vitest';
import { dataFolder, startProcess } from '../support/app.ts';
import { createDatabase, runSql } from '../support/database.ts';
import { pollAtOnce, typed, VENDOR_KEY } from '../support/polled-service.ts';
import { json, sampleOf, startVendor } from '../support/vendor.ts';

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
  vendor.on('/refused', json({ error: VENDOR_KEY }, 401));
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
  const env = { VENDOR_KEY, DATABASE_URL: database.url, ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64') };
  const app = await startProcess({ dataDir, databaseUrl: database.url, file, env });
  await pollAtOnce(database.url);

  const usage = await vi.waitFor(
    async () => {
      const text = await typed(dataDir, env, 'usage');
      expect(text).toContain('25.74 / 100.50 USD used');
      expect(text).toContain('1,500 / 10,000 credits used');
      for (const [id, [reason]] of Object.entries(BAD)) expect(text).toContain(`${id}: no figures yet (${reason})`);
      return text;
    },
    { timeout: 90_000, interval: 500 },
  );
  // The neighbours have gone on meanwhile, at their own pace.
  await vi.waitFor(() => expect(vendor.seen.filter(({ path }) => path === '/lusha').length).toBeGreaterThan(1), { timeout: 40_000 });

  const doctor = await typed(dataDir, env, 'doctor');
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
  for (const text of [app.output(), usage, doctor, metrics]) expect(text).not.toContain(VENDOR_KEY);
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

test('an expression that never returns ends soon after a service that was killed in the middle of it', async () => {
  const vendor = await startVendor();
  vendor.on('/', json({ used: 1 }));
  const file = `allowHosts: ["${vendor.host}"]\nsources: [{ id: runaway, kind: http, url: "${vendor.url}/", meters: { credits: { used: '$match("${'a'.repeat(40)}!", /^(a+)+$/)' } } }]`;
  const database = await createDatabase();
  const app = await startProcess({ dataDir: dataFolder(), databaseUrl: database.url, file });
  // On a busy machine, an expression may be ended before it has computed for long: then it is polled again.
  const [evaluating = 0] = await vi.waitUntil(
    async () => {
      const spinning = childrenOf(app.process.pid)
        .filter(({ cpuSeconds }) => cpuSeconds >= 0.3)
        .map(({ pid }) => pid);
      if (spinning.length > 0) return spinning;
      await runSql(database.url, 'UPDATE poll SET due_at = now() WHERE lease_owner IS NULL');
      return false;
    },
    { timeout: 60_000, interval: 50 },
  );
  await app.kill();
  expect(isRunning(evaluating)).toBe(true);
  await vi.waitUntil(() => !isRunning(evaluating), { timeout: 8_000, interval: 50 });
}, 90_000);

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
