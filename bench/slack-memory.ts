/**
 * What the memory of the service does while people use it in Slack: 20,000 commands and presses over HTTP, 16 at once, against the
 * real process with its own PostgreSQL. Prints what is resident after each 2,000. It is
 * flat when the second half adds little to the first; the first thousands fill caches of bounded size and let the heap grow to its usual size.
 *
 * It leaves out Slack's own answers: calls of the Web API meet a server that takes all of them.
 *
 * npm run bench -- slack-memory
 */
import { spawn } from 'node:child_process';
import { createHmac, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { addressOf } from './support/address.ts';
import { residentMb } from './support/memory.ts';

const SIGNING_SECRET = 'the-signing-secret-of-the-benchmark';
const INGEST_KEY = 'the-ingest-key-of-the-benchmark';
const AT_ONCE = 16;
const ROUND = 2000;
const ROUNDS = 10;
const COMMANDS = ['', 'apollo', 'alerts', 'help', 'history campaigns', 'check campaigns 50k', 'nothing such'];
const TEAM = 'T0BENCH';

/** Plays Slack: what it is told through response URLs, and calls of the Web API. */
const waiting = new Map<string, () => void>();
const slack = createServer((incoming, response) => {
  const path = incoming.url ?? '';
  incoming.resume().once('end', () => {
    const answer = { ok: true, team_id: TEAM, channel: 'C0BENCH', ts: '1795420800.000100', user: { id: 'U0BENCH' } };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
    waiting.get(path)?.();
  });
}).listen(0, '127.0.0.1');
await once(slack, 'listening');
const { port } = z.object({ port: z.number() }).parse(slack.address());
const slackUrl = `http://127.0.0.1:${String(port)}`;

const dataDir = mkdtempSync(join(tmpdir(), 'creditwatch-bench-'));
const service = spawn(process.execPath, ['dist/main.js', 'start'], {
  env: {
    PATH: process.env['PATH'],
    DATA_DIR: dataDir,
    PORT: '0',
    INGEST_KEY,
    CREDITWATCH_CONFIG: '',
    LOG_LEVEL: 'error',
    SLACK_BOT_TOKEN: 'xoxb-of-the-benchmark',
    SLACK_SIGNING_SECRET: SIGNING_SECRET,
    SLACK_API_URL: `${slackUrl}/api/`,
  },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const url = await addressOf(service);
// Let go of sooner than the service closes what is idle.
const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE, timeout: 2000 });
await post('/v1/usage', { authorization: `Bearer ${INGEST_KEY}`, 'content-type': 'application/json' }, JSON.stringify(readings()));

console.log(`${String(ROUND * ROUNDS)} commands and presses, ${String(AT_ONCE)} at once`);
const measured: number[] = [];
for (let round = 1; round <= ROUNDS; round += 1) {
  let left = ROUND;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (left > 0) {
        left -= 1;
        await (left % 2 === 0 ? command(COMMANDS[left % COMMANDS.length] ?? '') : press());
      }
    }),
  );
  const resident = residentMb(service.pid) ?? 0;
  measured.push(resident);
  console.log(`  after ${String(round * ROUND).padStart(6)}  ${String(resident).padStart(4)} MB`);
}
const [half = 0, last = 0] = [measured[ROUNDS / 2 - 1], measured.at(-1)];
console.log(`  the second half added ${String(last - half)} MB; at its most ${String(residentMb(service.pid, 'most') ?? 0)} MB`);

service.kill('SIGTERM');
await once(service, 'exit');
slack.close();
slack.closeAllConnections();
agent.destroy();
rmSync(dataDir, { recursive: true, force: true });

/** Each person waits for the answer before the next command. */
async function command(text: string): Promise<void> {
  await answered((responseUrl) =>
    signed({
      command: '/usage',
      text,
      team_id: TEAM,
      channel_id: 'C0BENCH',
      user_id: person(),
      response_url: responseUrl,
      trigger_id: randomUUID(),
    }),
  );
}

async function press(): Promise<void> {
  await answered((responseUrl) =>
    signed({
      payload: JSON.stringify({
        type: 'block_actions',
        team: { id: TEAM, domain: 'bench' },
        user: { id: person(), username: 'bench', team_id: TEAM },
        api_app_id: 'A0BENCH',
        trigger_id: randomUUID(),
        container: { type: 'message', message_ts: '1795420800.000100', channel_id: 'C0BENCH', is_ephemeral: true },
        channel: { id: 'C0BENCH', name: 'general' },
        response_url: responseUrl,
        state: { values: {} },
        actions: [{ type: 'button', action_id: 'show', block_id: 'b1', value: 'abmatic/apollo_contacts', action_ts: '1795420801.000100' }],
      }),
    }),
  );
}

async function answered(send: (responseUrl: string) => Promise<void>): Promise<void> {
  const path = `/${randomUUID()}`;
  const answer = new Promise<void>((resolve) => waiting.set(path, resolve));
  await send(`${slackUrl}${path}`);
  await answer;
  waiting.delete(path);
}

/** More people than any cache of them holds. */
function person(): string {
  return `U${randomUUID().slice(0, 8).toUpperCase()}`;
}

function signed(fields: Readonly<Record<string, string>>): Promise<void> {
  const body = new URLSearchParams(fields).toString();
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = `v0=${createHmac('sha256', SIGNING_SECRET).update(`v0:${timestamp}:${body}`).digest('hex')}`;
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': signature,
  };
  return post('/slack/events', headers, body);
}

function readings(): object {
  const meters = ['apollo_contacts', 'campaigns', 'open_ai', 'abmatic_accounts', 'abmatic_contacts', 'abmatic_ip_reveal'];
  return { source: 'abmatic', readings: meters.map((meter, index) => ({ meter, used: 150_000 * (index + 1), total: 1_000_000 })) };
}

function post(path: string, headers: Readonly<Record<string, string>>, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(`${url}${path}`, { method: 'POST', headers, agent }, (response) => {
      response
        .resume()
        .once('end', () => ((response.statusCode ?? 500) < 300 ? resolve() : reject(new Error(`HTTP ${String(response.statusCode)}`))));
    });
    sent.once('error', reject).end(body);
  });
}
