import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';
import { acquireLock } from '../../src/cli/acquire-lock.ts';
import { runsAlreadyText, startsAlreadyText } from '../../src/messages/replies/start.ts';
import { dataFolder, ENCRYPTION_KEY, INGEST_KEY, startApp, startProcess } from '../support/app.ts';
import { commandLine } from '../support/cli.ts';
import { createDatabase, createFreshDatabase, runSql } from '../support/database.ts';
import { closedPort, silentPort } from '../support/ports.ts';
import { readingNow } from '../support/readings.ts';
import { connectedSlack } from '../support/slack/connected.ts';
import { troubledLink } from '../support/troubled-link.ts';

vi.setConfig({ testTimeout: 90_000 });

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const NOTE_MODULES = new URL('../support/note-modules.mjs', import.meta.url).href;

/** Types `npm start` and does not wait for what comes of it. `said`: what it wrote to standard error. */
function begin(dataDir: string, env: Record<string, string>) {
  const child = spawn(process.execPath, [MAIN, 'start'], {
    cwd: dataDir,
    env: { PATH: process.env['PATH'], DATA_DIR: dataDir, INGEST_KEY, LOG_LEVEL: 'silent', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  let [output, said] = ['', ''];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return { child, output: () => output, said: () => said, url: () => /Creditwatch listens on (http:\S+)\./.exec(output)?.[1] ?? null };
}

test('of two starts at once in one data folder one runs and the other says so and where, and ends, on the same port and on ports of their own', async () => {
  // Each loser is patient for 15 s: for both pairs at once.
  const port = String(await closedPort());
  await Promise.all(
    [
      [port, port],
      ['0', '0'],
    ].map(async (ports) => {
      const { url } = await createDatabase();
      const dataDir = dataFolder();
      const both = ports.map((PORT) => begin(dataDir, { PORT, DATABASE_URL: url, ENCRYPTION_KEY }));
      await vi.waitUntil(() => both.some((one) => one.url() !== null), { timeout: 60_000 });
      const [runs, other] = both[0]?.url() ? both : both.toReversed();
      if (!runs || !other) throw new Error('there are two');
      if (other.child.exitCode === null) await once(other.child, 'exit');
      expect(other.child.exitCode).toBe(1);
      expect(other.output()).toBe(`${runsAlreadyText(dataDir, { url: runs.url() ?? '', pid: runs.child.pid ?? 0 })}\n`);
      expect((await fetch(`${runs.url()}/readyz`)).status).toBe(200);
      expect(existsSync(join(dataDir, 'starting'))).toBe(false);
    }),
  );
});

test('a start that cannot come up holds the folder: the second hears whose turn it is', async () => {
  const dataDir = dataFolder();
  const first = begin(dataDir, { PORT: '0', DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing', ENCRYPTION_KEY });
  await vi.waitUntil(() => existsSync(join(dataDir, 'starting')), { timeout: 60_000 });
  expect(await acquireLock(dataDir, 300)).toEqual({
    ok: false,
    error: startsAlreadyText(dataDir, first.child.pid ?? 0),
  });
});

test('what a killed start left behind is no hindrance', async () => {
  const dataDir = dataFolder();
  const gone = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(gone, 'exit');
  writeFileSync(join(dataDir, 'starting'), `${String(gone.pid)} left\n`);
  // Without a look at the clock: who is not patient at all has the turn.
  const turn = await acquireLock(dataDir, 0);
  expect(turn).toMatchObject({ ok: true });
  if (turn.ok) turn.value.release();
  expect(existsSync(join(dataDir, 'starting'))).toBe(false);
});

test('a start that waits for its database lives, is not ready, and starts once it answers', async () => {
  const { url } = await createDatabase();
  const link = await troubledLink(url, 5432);
  link.cut();
  const port = String(await closedPort());
  const { said } = begin(dataFolder(), { DATABASE_URL: link.url, PORT: port, ENCRYPTION_KEY });
  await vi.waitUntil(() => said().includes('Trying again until it answers.'), { timeout: 20_000 });
  const asked = async (path: string, init?: RequestInit) => (await fetch(`http://127.0.0.1:${port}${path}`, init)).status;
  const ready = () => asked('/readyz').catch(() => 0);
  // It says that it waits before it listens.
  await vi.waitUntil(async () => (await asked('/healthz').catch(() => 0)) === 200, { timeout: 20_000 });
  expect([await ready(), await asked('/v1/usage', { method: 'POST', body: '{}' })]).toEqual([503, 503]);
  link.mend();
  await vi.waitUntil(async () => (await ready()) === 200, { timeout: 40_000 });
});

test.each(['a port that nobody listens on', 'a server that never says a word'])(
  'a start that waits for %s says so, goes on trying, and ends with a signal',
  async (what) => {
    const port = what.startsWith('a port') ? await closedPort() : await silentPort();
    const { child, said } = begin(dataFolder(), {
      DATABASE_URL: `postgres://user:word@127.0.0.1:${String(port)}/nothing`,
      PORT: '0',
      ENCRYPTION_KEY,
    });
    const ended = once(child, 'exit');
    await vi.waitUntil(() => said().includes('Trying again until it answers.'), { timeout: 15_000 });
    expect(said()).toMatch(/^The database of DATABASE_URL does not answer\b.* Trying again until it answers\.\n$/);
    expect(child.exitCode).toBeNull();
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  },
);

test('start says that its port is in use, and waits for it', async () => {
  const { url } = await createDatabase();
  const other = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void other.close());
  await once(other, 'listening');
  const address = other.address();
  const port = typeof address === 'object' && address !== null ? String(address.port) : '';
  const { child, said } = begin(dataFolder(), { DATABASE_URL: url, PORT: port, ENCRYPTION_KEY });
  await vi.waitUntil(() => said().includes('in use'), { timeout: 30_000 });
  expect(said()).toBe(`Port ${port} on 127.0.0.1 is in use. Waiting up to 15 s for it.\n`);
  expect(child.exitCode).toBeNull();
});

test('a service that has made its key and looks for others does not load the query compiler of Prisma', async () => {
  const { url: databaseUrl } = await createDatabase();
  const app = await startProcess({
    dataDir: dataFolder(),
    databaseUrl,
    env: { INGEST_KEY: '', NODE_OPTIONS: `--import=${NOTE_MODULES}` },
  });
  // An unknown key makes it read the stored ones, as it does every few seconds.
  const refused = await app.push({ readings: [] }, { authorization: `Bearer cw_${'x'.repeat(32)}` });
  expect(refused.status).toBe(401);
  await app.stop();
  const loaded = app.output().match(/^loads .*$/gm) ?? [];
  expect(loaded.some((line) => line.includes('/postgres/store/secret-store.js'))).toBe(true);
  expect(loaded.filter((line) => line.includes('query_compiler'))).toEqual([]);
});

const ROUTE = 'routes:\n  - { slack: C0ALERTS, meters: all }\n';

test('stopped in the middle of a post: it is finished and recorded, nothing new is begun, and the rest goes out at the next start, each once', async () => {
  const slack = await connectedSlack();
  const database = await createDatabase();
  const options = { dataDir: dataFolder(), databaseUrl: database.url, file: ROUTE, env: slack.env };
  const first = await startProcess(options);
  slack.script('chat.postMessage', [{ kind: 'ok', delayMs: 2000 }]);
  await first.push({ readings: [readingNow('leads', 900)] });
  await slack.calls.next(({ method }) => method === 'chat.postMessage', 15_000);
  await first.push({ readings: [readingNow('tokens', 900)] });
  // What does not end in time ends with another exit code.
  expect(await first.stop()).toBe(0);
  const statuses = () => runSql(database.url, 'SELECT status FROM delivery ORDER BY seq');
  expect([slack.messages().length, await statuses()]).toEqual([1, [{ status: 'sent' }, { status: 'pending' }]]);

  await startApp(options);
  await expect.poll(statuses, { timeout: 15_000 }).toEqual([{ status: 'sent' }, { status: 'sent' }]);
  expect(slack.messages().map(({ text }) => /\w+ is already at 90%/.exec(text)?.[0])).toEqual([
    'Leads is already at 90%',
    'Tokens is already at 90%',
  ]);
}, 60_000);

test('a service that uses the database, from this data folder or another one, keeps a restore out', async () => {
  const { url: databaseUrl } = await createDatabase();
  const cli = commandLine({ dataDir: dataFolder(), databaseUrl });
  expect((await cli.run(['import', '-'], { input: JSON.stringify({ readings: [readingNow('leads', 900)] }) })).code).toBe(0);
  expect((await cli.run(['backup', 'all.backup'])).code).toBe(0);
  const { url: to } = await createFreshDatabase();
  const dataDir = dataFolder();
  const app = await startProcess({ dataDir, databaseUrl: to });
  const restore = (env: Readonly<Record<string, string>>) =>
    cli.run(['restore', 'all.backup', '--replace', '--yes'], { env: { DATABASE_URL: to, ...env } });
  expect(await restore({ DATA_DIR: dataDir })).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^Creditwatch runs from .* Stop it, then/),
  });
  expect(await restore({})).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^A Creditwatch service uses this database\. Stop every process/),
  });
  await app.kill();
  await expect.poll(async () => (await restore({})).code, { timeout: 20_000 }).toBe(0);
  expect(await runSql(to, 'SELECT count(*)::int AS count FROM meter')).toEqual(
    await runSql(databaseUrl, 'SELECT count(*)::int AS count FROM meter'),
  );
});
