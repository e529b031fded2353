import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';
import { dataFolder, INGEST_KEY, killDatabase, startProcess } from '../support/app.ts';
import { createDatabase, runSql } from '../support/database.ts';
import { readingNow } from '../support/readings.ts';

vi.setConfig({ testTimeout: 120_000 });

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** A small disk of its own for a folder; null where nobody may mount one. */
function smallDisk(megabytes: number): string | null {
  const folder = dataFolder();
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${String(megabytes)}m`, 'tmpfs', folder]).status === 0;
  if (!mounted) return null;
  onTestFinished(async () => {
    await killDatabase(folder);
    spawnSync('umount', ['-l', folder]);
  });
  return folder;
}

test('a full disk of the data folder is 503 with Retry-After and not ready with the reason, and all goes on when there is space again', async (context) => {
  const dataDir = smallDisk(160);
  if (dataDir === null) return context.skip('no right to mount a disk here');
  const app = await startProcess({ dataDir });
  expect((await app.push({ readings: [readingNow('m', 1)] })).status).toBe(202);

  const filler = join(dataDir, 'filler');
  const fill = () => {
    const { bavail, bsize } = statfsSync(dataDir);
    writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize)));
  };
  fill();
  const ready = await fetch(`${app.url}/readyz`);
  expect([ready.status, await ready.json()]).toEqual([
    503,
    expect.objectContaining({ status: 'unavailable', reason: expect.stringContaining('disk') }),
  ]);

  // New meters need new pages, sooner or later.
  let refused: Response | null = null;
  for (let round = 0; round < 50 && refused === null; round += 1) {
    const readings = Array.from({ length: 400 }, (_, nth) => readingNow(`m${String(round)}-${String(nth)}`, nth));
    const answer = await app.push({ readings });
    if (answer.status !== 202) refused = answer;
  }
  expect([refused?.status, refused?.headers.get('retry-after')]).toEqual([503, '5']);
  expect((await fetch(`${app.url}/readyz`)).status).toBe(503);

  rmSync(filler);
  await expect.poll(async () => (await fetch(`${app.url}/readyz`)).status, { timeout: 60_000 }).toBe(200);
  expect((await app.push({ readings: [readingNow('m', 2)] })).status).toBe(202);
});

test.skipIf(process.platform !== 'linux')('a log and an output that cannot be written end nothing', async () => {
  const { url: databaseUrl } = await createDatabase();
  const dataDir = dataFolder();
  const full = openSync('/dev/full', 'w');
  const child = spawn(process.execPath, [MAIN, 'start'], {
    cwd: dataDir,
    env: {
      PATH: process.env['PATH'],
      DATA_DIR: dataDir,
      PORT: '0',
      INGEST_KEY,
      DATABASE_URL: databaseUrl,
      ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64'),
      LOG_LEVEL: 'trace',
    },
    stdio: ['ignore', full, full],
  });
  closeSync(full);
  onTestFinished(() => void child.kill('SIGKILL'));
  const { findService } = await import('../../src/local-api/service-file.ts');
  await expect.poll(() => findService(dataDir), { timeout: 30_000 }).not.toBeNull();
  const service = await findService(dataDir);
  for (let used = 1; used <= 5; used += 1) {
    const answer = await fetch(`${service?.url ?? ''}/v1/usage`, {
      method: 'POST',
      headers: { authorization: `Bearer ${INGEST_KEY}` },
      body: JSON.stringify({ readings: [readingNow('m', used)] }),
    });
    expect(answer.status).toBe(202);
  }
  expect([child.exitCode, child.signalCode]).toEqual([null, null]);
});

test('a database that is read-only for a while is 503 with Retry-After and not ready with the reason, and recovers within 10 s', async () => {
  const { url: databaseUrl } = await createDatabase();
  const app = await startProcess({ dataDir: dataFolder(), databaseUrl });
  const name = new URL(databaseUrl).pathname.slice(1);
  const admin = new URL(databaseUrl);
  admin.pathname = '/postgres';
  const endAll = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`;
  expect((await app.push({ readings: [readingNow('m', 1)] })).status).toBe(202);
  await runSql(admin.href, `ALTER DATABASE ${name} SET default_transaction_read_only = on`);
  await runSql(admin.href, endAll);
  await expect.poll(async () => (await app.push({ readings: [readingNow('m', 2)] })).status, { timeout: 10_000 }).toBe(503);
  const refused = await app.push({ readings: [readingNow('m', 3)] });
  expect([refused.status, refused.headers.get('retry-after'), await refused.json()]).toEqual([
    503,
    '5',
    { error: 'the database is read-only; nothing was stored, send it again' },
  ]);
  const ready = await fetch(`${app.url}/readyz`);
  expect([ready.status, await ready.json()]).toEqual([
    503,
    expect.objectContaining({ status: 'unavailable', reason: 'the database is read-only' }),
  ]);
  await runSql(admin.href, `ALTER DATABASE ${name} RESET default_transaction_read_only`);
  await expect.poll(async () => (await app.push({ readings: [readingNow('m', 4)] })).status, { timeout: 10_000 }).toBe(202);
  await expect.poll(async () => (await fetch(`${app.url}/readyz`)).status, { timeout: 10_000 }).toBe(200);
});
