import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, vi } from 'vitest';
import { closedPort } from './ports.ts';

/** Debian's `redis-server`, Homebrew's, or whatever is on the path. */
export const hasRedis = spawnSync('redis-server', ['--version']).status === 0;

/** The name of a suite that needs it: where there is none, the report says what was skipped and why. */
export function onRedis(what: string): string {
  return hasRedis ? what : `${what} (skipped: no redis-server on this machine)`;
}

export type RedisServer = {
  readonly url: string;
  /** Sends one command, as an operator would with redis-cli. */
  command(name: string, ...args: readonly string[]): Promise<unknown>;
  /** Gone as in a power cut; nothing was written to disk. */
  kill(): Promise<void>;
  /** Starts again on the same port, empty. Does nothing while it runs. */
  start(): Promise<void>;
};

/** A Redis on a free port of loopback that keeps everything in memory. The caller kills it. */
export async function startRedis(): Promise<RedisServer> {
  const port = await closedPort();
  const url = `redis://127.0.0.1:${String(port)}`;
  let server: ChildProcess | null = null;

  async function command(name: string, ...args: readonly string[]): Promise<unknown> {
    const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
    client.on('error', () => {});
    try {
      await client.connect();
      return await client.call(name, ...args);
    } finally {
      client.disconnect();
    }
  }

  const isRunning = () => server !== null && server.exitCode === null && server.signalCode === null;

  async function start(): Promise<void> {
    if (isRunning()) return;
    server = spawn(
      'redis-server',
      [
        '--port',
        String(port),
        '--bind',
        '127.0.0.1',
        '--save',
        '',
        '--appendonly',
        'no',
        '--maxmemory-policy',
        'noeviction',
        '--dir',
        tmpdir(),
      ],
      { stdio: 'ignore' },
    );
    await vi.waitUntil(
      () =>
        command('PING').then(
          (answer) => answer === 'PONG',
          () => false,
        ),
      { timeout: 10_000, interval: 20 },
    );
  }

  await start();
  return {
    url,
    command,
    start,
    async kill() {
      if (server === null || !isRunning()) return;
      const ended = once(server, 'exit');
      server.kill('SIGKILL');
      await ended;
    },
  };
}

/** One for all tests of a suite, up and empty at the beginning of each. */
export function redisForEach(): () => RedisServer {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  beforeEach(async () => {
    await redis.start();
    await redis.command('FLUSHALL');
  });
  afterAll(() => redis.kill());
  return () => redis;
}
