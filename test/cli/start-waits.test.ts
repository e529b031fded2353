import { createServer } from 'node:net';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';
import { dataFolder, ENCRYPTION_KEY } from '../support/app.ts';
import { createDatabase } from '../support/database.ts';
import { closedPort, silentPort } from '../support/ports.ts';
import { troubledLink } from '../support/troubled-link.ts';

vi.setConfig({ testTimeout: 60_000 });

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** `creditwatch start` with what it has written to standard error. */
function starting(env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [MAIN, 'start'], {
    cwd: dataFolder(),
    env: { PATH: process.env['PATH'], DATA_DIR: dataFolder(), ENCRYPTION_KEY, LOG_LEVEL: 'silent', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return { said: () => said, isRunning: () => child.exitCode === null, stop: () => child.kill('SIGTERM'), ended: once(child, 'exit') };
}

test('a start that waits for its database lives, is not ready, and starts once it answers', async () => {
  const { url } = await createDatabase();
  const link = await troubledLink(url, 5432);
  link.cut();
  const port = String(await closedPort());
  const { said } = starting({ DATABASE_URL: link.url, PORT: port });
  await vi.waitUntil(() => said().includes('Trying again until it answers.'), { timeout: 20_000 });
  const asked = async (path: string, init?: RequestInit) => (await fetch(`http://127.0.0.1:${port}${path}`, init)).status;
  const ready = () => asked('/readyz').catch(() => 0);
  expect([await asked('/healthz'), await ready(), await asked('/v1/usage', { method: 'POST', body: '{}' })]).toEqual([200, 503, 503]);
  link.mend();
  await vi.waitUntil(async () => (await ready()) === 200, { timeout: 40_000 });
});

test.each(['a port that nobody listens on', 'a server that never says a word'])(
  'a start that waits for %s says so, goes on trying, and ends with a signal',
  async (what) => {
    const port = what.startsWith('a port') ? await closedPort() : await silentPort();
    const { said, isRunning, stop, ended } = starting({
      DATABASE_URL: `postgres://user:word@127.0.0.1:${String(port)}/nothing`,
      PORT: '0',
    });
    await vi.waitUntil(() => said().includes('Trying again until it answers.'), { timeout: 15_000 });
    expect(said()).toMatch(/^The database of DATABASE_URL does not answer\b.* Trying again until it answers\.\n$/);
    expect(isRunning()).toBe(true);
    stop();
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
  const { said, isRunning } = starting({ DATABASE_URL: url, PORT: port });
  await vi.waitUntil(() => said().includes('in use'), { timeout: 30_000 });
  expect(said()).toBe(`Port ${port} on 127.0.0.1 is in use. Waiting up to 15 s for it.\n`);
  expect(isRunning()).toBe(true);
});
