import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

export const HEALTH_EVERY_MS = 5;

/**
 * Starts a second process that asks a service for /healthz all the time, on its own connection. `longest` returns the longest wait for an
 * answer since the last call, in milliseconds.
 */
export async function watchStalls(url: string): Promise<{ longest(): Promise<number>; stop(): void }> {
  const child = fork(fileURLToPath(import.meta.url), [url], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  await once(child, 'spawn');
  return {
    async longest() {
      const reported = once(child, 'message');
      child.send('report');
      const [longestMs]: unknown[] = await reported;
      return z.number().parse(longestMs);
    },
    stop: () => child.disconnect(),
  };
}

async function askForHealth(url: string): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let longestMs = 0;
  const asked: unknown[] = [];
  process.on('message', (message) => asked.push(message));
  process.once('disconnect', () => process.exit());
  for (;;) {
    const startedAt = performance.now();
    await new Promise<void>((resolve, reject) => {
      get(`${url}/healthz`, { agent }, (response) => void response.resume().once('end', resolve)).once('error', reject);
    });
    const tookMs = performance.now() - startedAt;
    longestMs = Math.max(longestMs, tookMs);
    // Only now, so that a stall that has not ended yet is reported with the read that caused it.
    if (asked.pop() !== undefined) {
      process.send?.(longestMs);
      longestMs = 0;
    }
    await wait(Math.max(0, HEALTH_EVERY_MS - tookMs));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await askForHealth(process.argv[2] ?? '');
