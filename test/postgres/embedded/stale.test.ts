import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { adoptEmbedded } from '../../../src/postgres/embedded/server.ts';
import { dataFolder, killDatabase } from '../../support/app.ts';
import { runSql } from '../../support/database.ts';
import { expectWorking, preparedFolder, serverPid, startHere } from '../../support/embedded.ts';

/** Writes a pid file as a killed server leaves it, with the given lines. */
function leavePidFile(dataDir: string, { pid, port }: { pid: number; port: number }): void {
  const dir = join(dataDir, 'postgres');
  writeFileSync(
    join(dir, 'postmaster.pid'),
    [pid, dir, Math.floor(Date.now() / 1000), port, '', '127.0.0.1', '  1234567    131083', 'ready   ', ''].join('\n'),
    { mode: 0o600 },
  );
}

/** A running process that is not PostgreSQL. */
function stranger(): number {
  const child = spawn('sleep', ['600'], { stdio: 'ignore' });
  onTestFinished(() => {
    child.kill();
  });
  return z.number().parse(child.pid);
}

async function listen(): Promise<number> {
  const server = createServer((socket) => socket.end('not PostgreSQL\r\n')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
  });
  return z.object({ port: z.number() }).parse(server.address()).port;
}

test.each([
  ['a running process that is not PostgreSQL, with the port free', () => ({ pid: stranger(), port: 1 })],
  ['this process itself, as in a restarted container', () => ({ pid: process.pid, port: 1 })],
  ['a dead process, with another server at the port', async () => ({ pid: 4_000_000, port: await listen() })],
  ['a running process that is not PostgreSQL, with another server at the port', async () => ({ pid: stranger(), port: await listen() })],
])('a pid file that names %s is stale: the server starts', async (_what, lines) => {
  const dataDir = preparedFolder();
  leavePidFile(dataDir, await lines());
  const server = await startHere(dataDir);
  expect(server.adopted).toBe(false);
  await expectWorking(server.url);
});

test.each([
  ['empty', ''],
  ['cut off', '123\n/tm'],
])(
  'a pid file that is %s after a power cut delays the start by seconds only',
  async (_what, content) => {
    const dataDir = preparedFolder();
    writeFileSync(join(dataDir, 'postgres', 'postmaster.pid'), content);
    const server = await startHere(dataDir);
    await expectWorking(server.url);
  },
  30_000,
);

test('a copy of a data folder, made while its server ran, gets its own server and leaves the original server alone', async () => {
  const [original, copied] = [preparedFolder(), join(dataFolder(), 'copy')];
  const first = await startHere(original);
  await runSql(first.url, 'CREATE TABLE original ()');
  const pid = serverPid(original);
  cpSync(original, copied, { recursive: true });
  onTestFinished(() => killDatabase(copied));
  expect(await adoptEmbedded({ dataDir: copied })).toEqual({ ok: true, value: null });
  const second = await startHere(copied);
  expect([second.adopted, second.url === first.url]).toEqual([false, false]);
  await expectWorking(second.url);
  await second.stop();
  expect(serverPid(original)).toBe(pid);
  expect(await runSql(first.url, 'TABLE original')).toEqual([]);
});

test('adopting never starts a server: returns null without a cluster or with a stopped one, and the server if one runs', async () => {
  expect(await adoptEmbedded({ dataDir: join(dataFolder(), 'nothing') })).toEqual({ ok: true, value: null });
  const dataDir = preparedFolder();
  expect(await adoptEmbedded({ dataDir })).toEqual({ ok: true, value: null });
  expect(serverPid(dataDir)).toBeNull();
  const server = await startHere(dataDir);
  const adopted = await adoptEmbedded({ dataDir });
  expect(adopted).toMatchObject({ ok: true, value: { url: server.url, adopted: true } });
  if (adopted.ok) await adopted.value?.stop();
  expect(serverPid(dataDir)).not.toBeNull();
});

test('removes temporary folders of killed starts, even if their pid is in use again, and keeps those of running starts', async () => {
  const dataDir = dataFolder();
  const [ofDead, ofMyNumber, ofLiving] = [
    `postgres.new-4000000-1-aa`,
    `postgres.new-${process.pid}-1-bb`,
    `postgres.new-${stranger()}-1-cc`,
  ];
  for (const name of [ofDead, ofMyNumber, ofLiving]) {
    mkdirSync(join(dataDir, name));
    writeFileSync(join(dataDir, name, 'PG_VERSION'), '18\n');
  }
  await startHere(dataDir);
  expect(readdirSync(dataDir).filter((name) => name.startsWith('postgres.new'))).toEqual([ofLiving]);
});

test('a missing or wrong password file is reported at once, and the server keeps running', async () => {
  const dataDir = preparedFolder();
  const server = await startHere(dataDir);
  const pid = serverPid(dataDir);
  const file = join(dataDir, 'postgres', 'creditwatch.password');
  const password = readFileSync(file);
  writeFileSync(file, 'another\n');
  expect(await adoptEmbedded({ dataDir })).toEqual({
    ok: false,
    error: { kind: 'password-refused', dir: join(dataDir, 'postgres'), file },
  });
  rmSync(file);
  expect(await adoptEmbedded({ dataDir })).toEqual({
    ok: false,
    error: { kind: 'password-missing', dir: join(dataDir, 'postgres'), file },
  });
  writeFileSync(file, password);
  expect(serverPid(dataDir)).toBe(pid);
  await expectWorking(server.url);
});
