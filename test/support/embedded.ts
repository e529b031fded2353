import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, inject, onTestFinished } from 'vitest';
import { z } from 'zod';
import { embeddedFailureText } from '../../src/messages/failures/embedded-database.ts';
import type { Machine } from '../../src/postgres/embedded/binaries.ts';
import { startEmbedded, type EmbeddedServer } from '../../src/postgres/embedded/server.ts';
import { dataFolder } from './app.ts';
import { runSql } from './database.ts';

const OWNER = fileURLToPath(new URL('./embedded-owner.mjs', import.meta.url));
const saidSchema = z.union([z.object({ url: z.string(), adopted: z.boolean() }), z.object({ failure: z.object({ kind: z.string() }) })]);

export const isRoot = process.getuid?.() === 0;
/** `nobody`, who owns nothing here. */
export const NOBODY = { uid: 65_534, gid: 65_534 };

/** A data folder with a cluster that was used before. */
export function preparedFolder(): string {
  const folder = dataFolder();
  cpSync(inject('clusterModel'), folder, { recursive: true });
  return folder;
}

/** Starts or adopts the server of a folder in this process; it is stopped with the test. */
export async function startHere(dataDir: string, machine: Partial<Machine> = {}): Promise<EmbeddedServer> {
  const server = await startEmbedded({ dataDir, machine });
  if (!server.ok) throw new Error(embeddedFailureText(server.error));
  onTestFinished(() => server.value.stop());
  return server.value;
}

export type Owner = {
  readonly said: z.infer<typeof saidSchema>;
  readonly process: ChildProcess;
  kill(): Promise<void>;
  stop(): Promise<void>;
};

/** Starts the server of a folder in a process of its own. */
export async function startElsewhere(
  dataDir: string,
  options: { readonly user?: typeof NOBODY; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Owner> {
  const child = spawnOwner(dataDir, options);
  const end = async (how: () => void): Promise<void> => {
    const ended = once(child, 'exit');
    if (child.exitCode !== null || child.signalCode !== null) return;
    how();
    await ended;
  };
  const [line] = await once(child.stdout, 'data');
  return {
    said: saidSchema.parse(JSON.parse(String(line))),
    process: child,
    kill: () => end(() => child.kill('SIGKILL')),
    stop: () => end(() => child.stdin.end()),
  };
}

/** The same, without waiting for what it says. Killed with the test. */
export function spawnOwner(
  dataDir: string,
  { user, env = {} }: { readonly user?: typeof NOBODY; readonly env?: Readonly<Record<string, string>> } = {},
) {
  const child = spawn(process.execPath, [OWNER, dataDir], {
    stdio: ['pipe', 'pipe', 'inherit'],
    cwd: '/',
    env: { ...process.env, ...env },
    ...user,
  });
  onTestFinished(() => {
    if (child.exitCode === null) child.kill('SIGKILL');
  });
  return child;
}

/** The number of the server's process; null when there is none. */
export function serverPid(dataDir: string): number | null {
  const file = join(dataDir, 'postgres', 'postmaster.pid');
  if (!existsSync(file)) return null;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  return isAlive(pid) ? pid : null;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** That it is a database one can write to. */
export async function expectWorking(url: string): Promise<void> {
  await runSql(url, 'CREATE TABLE IF NOT EXISTS proof (at timestamptz); INSERT INTO proof VALUES (now())');
  expect(await runSql(url, 'SELECT count(*) > 0 AS written, current_database() AS name FROM proof')).toEqual([
    { written: true, name: 'creditwatch' },
  ]);
}
