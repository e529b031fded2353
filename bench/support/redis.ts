import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { freePort } from './free-port.ts';

const READY_WITHIN_MS = 10_000;

/** Runs work with its own Redis, which keeps nothing on disk, as in `compose.yml`. Needs the program `redis-server`. */
export async function withRedis<T>(work: (redis: { readonly url: string; readonly pid: number }) => Promise<T>): Promise<T> {
  const port = String(await freePort());
  const settings = ['--save', '', '--appendonly', 'no', '--maxmemory-policy', 'noeviction', '--dir', tmpdir()];
  const server = spawn('redis-server', ['--port', port, '--bind', '127.0.0.1', ...settings], { stdio: 'ignore' });
  const url = `redis://127.0.0.1:${port}`;
  await once(server, 'spawn');
  try {
    await ready(url);
    return await work({ url, pid: server.pid ?? 0 });
  } finally {
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
  }
}

async function ready(url: string): Promise<void> {
  const giveUpAt = Date.now() + READY_WITHIN_MS;
  for (;;) {
    const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
    client.on('error', () => undefined);
    const answered = await client
      .connect()
      .then(() => client.ping())
      .then(
        () => true,
        () => false,
      );
    client.disconnect();
    if (answered) return;
    if (Date.now() > giveUpAt) throw new Error('redis-server did not answer');
    await wait(20);
  }
}
