/**
 * Measures a start: from an empty data folder to the demo's complete output, with an existing data folder to listening, and the
 * memory of the idle Node process, without Slack and with it.
 *
 *   npm run bench -- startup
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { residentMb } from './support/memory.ts';

const MAIN = fileURLToPath(new URL('../../main.js', import.meta.url));
const IDLE_AFTER_S = [5, 30];
const SLACK = {
  SLACK_BOT_TOKEN: 'xoxb-benchmark',
  SLACK_SIGNING_SECRET: 'secret-of-the-benchmark',
  SLACK_API_URL: 'http://127.0.0.1:1/api/',
};

const dataDir = mkdtempSync(join(tmpdir(), 'creditwatch-bench-'));
const fresh = await start('demo', /Ctrl-C stops it/);
console.log(`empty folder to demo output   ${seconds(fresh.tookMs)}   wanted under 15 s`);
await fresh.stop();
const again = await start('start', /listens on/);
console.log(`existing folder to listening  ${seconds(again.tookMs)}   wanted under 5 s`);
await report('without Slack', again, 120);
const connected = await start('start', /listens on/, SLACK);
await report('with Slack   ', connected, 250);
rmSync(dataDir, { recursive: true, force: true });

type Started = { readonly tookMs: number; rssMb(): number | null; stop(): Promise<void> };

async function start(command: string, until: RegExp, env: Readonly<Record<string, string>> = {}): Promise<Started> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [MAIN, command], {
    cwd: dataDir,
    env: { PATH: process.env['PATH'], DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    output += String(chunk);
    if (until.test(output)) break;
  }
  if (!until.test(output)) throw new Error(`creditwatch ${command} ended:\n${output}`);
  child.stdout.resume();
  return {
    tookMs: performance.now() - startedAt,
    rssMb: () => residentMb(child.pid),
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function report(what: string, started: Started, wantedMb: number): Promise<void> {
  let waitedS = 0;
  for (const idleS of IDLE_AFTER_S) {
    await wait((idleS - waitedS) * 1000);
    waitedS = idleS;
    const mb = started.rssMb();
    console.log(
      `${what} idle for ${String(idleS).padStart(2)} s   ${mb === null ? 'not known on this system' : `${String(mb)} MB`}   wanted under ${String(wantedMb)} MB`,
    );
  }
  await started.stop();
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
