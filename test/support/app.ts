import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { onTestFinished, vi } from 'vitest';
import type { Platform } from '../../src/chat/platform.ts';
import { configure, logFor } from '../../src/cli/configure.ts';
import { openDatabase } from '../../src/cli/open-database.ts';
import { serveFrom, startedLines } from '../../src/cli/start.ts';
import { createTerminal } from '../../src/cli/terminal.ts';
import type { ServiceTimes } from '../../src/app/service-times.ts';
import { openTestStore } from './database.ts';

export const INGEST_KEY = 'ingest-key-of-the-tests';
export const ENCRYPTION_KEY = Buffer.alloc(32, 7).toString('base64');
const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const STARTED = /Creditwatch listens on (http:\S+)\./;

export type App = {
  readonly url: string;
  /** All that it wrote so far, to both streams. */
  output(): string;
  /** `POST /v1/usage` with the ingest key. */
  push(body: unknown, headers?: Record<string, string>): Promise<Response>;
  /** As SIGTERM does: takes nothing new, finishes what is in flight. */
  stop(): Promise<unknown>;
};

export type AppProcess = App & {
  readonly process: ChildProcess;
  /** SIGKILL: nothing of it runs on, its database server may. */
  kill(): Promise<void>;
  /** SIGTERM; returns the exit code. */
  stop(): Promise<number | null>;
};

export type AppOptions = {
  /** Where it keeps its data; without `databaseUrl` its own PostgreSQL too. */
  readonly dataDir: string;
  readonly databaseUrl?: string;
  /** creditwatch.yml. */
  readonly file?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The platforms that there are, where it runs in this process; else the real ones. */
  readonly platforms?: readonly Platform[];
};

/** A data folder that goes away with the test, and a database server that was left in it with it. */
export function dataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'creditwatch-app-'));
  onTestFinished(async () => {
    await killDatabase(folder);
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** The environment that it runs in. */
function environmentOf({ dataDir, databaseUrl, file, env }: AppOptions): Readonly<Record<string, string | undefined>> {
  const config = join(dataDir, 'creditwatch.yml');
  writeFileSync(config, file ?? '');
  return {
    PATH: process.env['PATH'],
    DATA_DIR: dataDir,
    PORT: '0',
    INGEST_KEY,
    CREDITWATCH_CONFIG: config,
    ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl, ENCRYPTION_KEY }),
    ...env,
  };
}

/** Of a service in this process, so that no test waits for seconds. What a lease is for is left its time. */
const QUICK = { sweepEveryMs: 150, paceMs: 20, lookEveryMs: 100, heartbeatAgainMs: 100 } as const;

/** The whole service in this process, over HTTP and with a real database. It is stopped with the test. */
export async function startApp(options: AppOptions & { readonly databaseUrl: string; readonly times?: ServiceTimes }): Promise<App> {
  let written = '';
  const collect = () => new Writable({ write: (chunk: Buffer, _encoding, done) => ((written += chunk.toString()), done()) });
  const terminal = createTerminal({
    env: environmentOf(options),
    cwd: options.dataDir,
    input: Readable.from([]),
    output: collect(),
    errors: collect(),
    ...(options.platforms && { platforms: options.platforms }),
  });
  const config = configure(terminal);
  if (config === null) throw new Error(written);
  const log = logFor(terminal, config);
  const database = await openDatabase(config, 'service', { openStore: openTestStore });
  if (!database.ok) throw new Error(database.error);
  const service = await serveFrom(terminal, database.value, config, log, { ...QUICK, ...options.times });
  if (!service.ok) throw new Error(service.error);
  for (const line of startedLines(config, service.value, { isTerminal: false })) terminal.print(line);
  let stopping: Promise<void> | undefined;
  const stop = () => (stopping ??= service.value.stop().then(() => database.value.close()));
  onTestFinished(stop);
  return { url: service.value.url, output: () => written, push: pushTo(service.value.url), stop };
}

/**
 * Starts the built service as an operator would and waits until it says that it listens. It is killed with the test.
 *
 * @param main the main.js of another installation
 */
export async function startProcess(options: AppOptions, main = MAIN): Promise<AppProcess> {
  const child = spawn(process.execPath, [main, 'start'], { env: environmentOf(options), stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const ended = once(child, 'exit');
  const url = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      const started = STARTED.exec(output);
      if (started?.[1]) resolve(started[1]);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', (code) => reject(new Error(`creditwatch ended with ${String(code)} before it listened:\n${output}`)));
  });
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await ended;
  };
  onTestFinished(() => end('SIGKILL'));
  return {
    url,
    process: child,
    output: () => output,
    push: pushTo(url),
    kill: () => end('SIGKILL'),
    async stop() {
      await end('SIGTERM');
      return child.exitCode;
    },
  };
}

function pushTo(url: string): App['push'] {
  return (body, headers = {}) =>
    fetch(`${url}/v1/usage`, {
      method: 'POST',
      headers: { authorization: `Bearer ${INGEST_KEY}`, 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
}

/** Kills the embedded PostgreSQL of a data folder as a power cut would, if one runs there. */
export async function killDatabase(dataDir: string): Promise<void> {
  const pidFile = join(dataDir, 'postgres', 'postmaster.pid');
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
  if (!isAlive(pid)) return;
  process.kill(pid, 'SIGKILL');
  await vi.waitUntil(() => !isAlive(pid), { timeout: 5000, interval: 20 });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
