import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';
import { acquireLock } from '../../src/cli/acquire-lock.ts';
import { runsAlreadyText, startsAlreadyText } from '../../src/messages/replies/start.ts';
import { dataFolder, ENCRYPTION_KEY, INGEST_KEY } from '../support/app.ts';
import { createDatabase } from '../support/database.ts';
import { closedPort } from '../support/ports.ts';

vi.setConfig({ testTimeout: 90_000 });

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** Types `npm start` and does not wait for what comes of it. */
function begin(dataDir: string, env: Record<string, string>) {
  const child = spawn(process.execPath, [MAIN, 'start'], {
    cwd: dataDir,
    env: { PATH: process.env['PATH'], DATA_DIR: dataDir, INGEST_KEY, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(async () => {
    if (child.exitCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return { child, output: () => output, url: () => /Creditwatch listens on (http:\S+)\./.exec(output)?.[1] ?? null };
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
  await vi.waitUntil(() => existsSync(join(dataDir, 'starting')), { timeout: 10_000 });
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
