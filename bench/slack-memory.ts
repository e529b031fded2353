/**
 * Measures the memory of the service under load from Slack: 20,000 commands and clicks over HTTP, 16 at once, against the real process
 * with its own PostgreSQL. After every 2,000 it prints the resident memory, and the JavaScript heap after a full collection. The heap shows
 * leaks: the first thousands fill caches of bounded size, so the ratio is taken from 4,000 to 20,000 commands. After that only the
 * signatures and trigger ids of the last ten minutes grow, 170 bytes each, which detect repeated requests: at most 50,000 of each, 17 MB,
 * and 2 MB at the rate that Slack allows a workspace. With `wait`, ten idle minutes follow, after which they expire and the heap is back
 * to its size. Resident memory also includes the heap's peak under load, which Node does not return.
 *
 * Slack's own answers are not measured: the Web API is a local server that accepts all calls.
 *
 *   npm run bench -- slack-memory [wait]
 */
import { createHmac, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { heapOf } from './support/heap.ts';
import { listen } from './support/listening.ts';
import { residentMb } from './support/memory.ts';
import { BEARER, startService } from './support/service.ts';
import { SIGNING_SECRET } from './support/slash-command.ts';

const AT_ONCE = 16;
const ROUND = 2000;
const ROUNDS = 10;
/** After this round the caches are full. */
const EARLY_ROUND = 2;
/** How long requests are remembered to detect repeats, at most 50,000 of them. */
const REMEMBERED_MS = 10 * 60_000 + 5_000;
const MB = 1024 * 1024;
const COMMANDS = ['', 'apollo', 'alerts', 'help', 'history campaigns', 'check campaigns 50k', 'nothing such'];
const TEAM = 'T0BENCH';

/** Plays Slack: receives answers at response URLs, and calls of the Web API. */
const waiting = new Map<string, () => void>();
const slack = await listen((incoming, response) => {
  const path = incoming.url ?? '';
  incoming.resume().once('end', () => {
    const answer = { ok: true, team_id: TEAM, channel: 'C0BENCH', ts: '1795420800.000100', user: { id: 'U0BENCH' } };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
    waiting.get(path)?.();
  });
});

const dataDir = mkdtempSync(join(tmpdir(), 'creditwatch-bench-'));
const service = startService({ dataDir, slackApiUrl: `${slack.url}/api/`, node: ['--inspect=127.0.0.1:0'] });
const [url, heap] = await Promise.all([service.url, heapOf(service.child)]);
// Closes idle connections before the service does.
const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE, timeout: 2000 });
await post('/v1/usage', { ...BEARER, 'content-type': 'application/json' }, JSON.stringify(readings()));

console.log(`${String(ROUND * ROUNDS)} commands and presses, ${String(AT_ONCE)} at once`);
const measured: { readonly residentMb: number; readonly heapMb: number }[] = [];
for (let round = 1; round <= ROUNDS; round += 1) {
  await work(ROUND);
  measured.push(await measure(`after ${String(round * ROUND).padStart(6)}`));
}
const [early, last] = [measured[EARLY_ROUND - 1], measured.at(-1)];
if (early && last) {
  const ratio = (of: 'residentMb' | 'heapMb') => (last[of] / early[of]).toFixed(3);
  console.log(
    `  from ${String(ROUND * EARLY_ROUND)} to ${String(ROUND * ROUNDS)}: heap x ${ratio('heapMb')}, resident x ${ratio('residentMb')}`,
  );
}
if (process.argv.includes('wait')) {
  console.log('  10 minutes of silence: then the service forgets which requests it has had');
  await pause(REMEMBERED_MS);
  // Expired entries are removed when the next request comes.
  await work(AT_ONCE);
  await measure('then        ');
}
console.log(`  resident at its most ${String(residentMb(service.pid, 'most') ?? 0)} MB`);
heap.close();

await service.stop();
slack.close();
agent.destroy();
rmSync(dataDir, { recursive: true, force: true });

async function work(count: number): Promise<void> {
  let left = count;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (left > 0) {
        left -= 1;
        await (left % 2 === 0 ? command(COMMANDS[left % COMMANDS.length] ?? '') : press());
      }
    }),
  );
}

async function measure(when: string): Promise<{ readonly residentMb: number; readonly heapMb: number }> {
  const now = { residentMb: residentMb(service.pid) ?? 0, heapMb: (await heap.used()) / MB };
  const columns = [`${String(now.residentMb).padStart(4)} MB resident`, `${now.heapMb.toFixed(2).padStart(6)} MB heap after a collection`];
  console.log(`  ${when}  ${columns.join('  ')}`);
  return now;
}

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
  await send(`${slack.url}${path}`);
  await answer;
  waiting.delete(path);
}

/** More people than any cache holds. */
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
