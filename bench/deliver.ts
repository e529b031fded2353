/**
 * Measures only how fast alerts that are already pending are delivered. It leaves out the ingest, the decision and the creation of
 * the alerts: it copies their deliveries into the database by SQL. `alerts` measures all of it.
 *
 * 10,000 alerts, each to its own channel, because Slack accepts one message per second and channel. The real service, with its ledger in PostgreSQL, posts to a local Slack that counts the messages. A bare loop
 * of fetches posts the same messages to the same Slack in the same run, so that the ratio is comparable between machines.
 *
 *   npm run bench -- deliver [alerts]     With REDIS_URL, wakes go through Redis instead of PostgreSQL
 */
import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Pool } from 'pg';
import { z } from 'zod';
import { createIngest } from '../src/pipeline/ingest/ingest.ts';
import { openStore } from '../src/postgres/store/store.ts';
import { addressOf } from './support/address.ts';
import { withDatabase } from './support/database.ts';
import { serveUntilStopped } from './support/listening.ts';
import { residentMb } from './support/memory.ts';
import { startService, withServer, type RunningService } from './support/service.ts';

const BARE_AT_ONCE = 20;
const PACE_MS = 1_000;
const WITHIN_MS = 600_000;

/** The messages that the local Slack received since the last query, with times in milliseconds. */
const seenSchema = z.object({ arrivals: z.array(z.number()), tooFast: z.number(), twice: z.number() });
type Seen = z.infer<typeof seenSchema>;

const [role] = process.argv.slice(2);
if (role === 'slack') await serveSlack();
else await compare(Number(role ?? 10_000));

async function compare(alerts: number): Promise<void> {
  const redisUrl = process.env['REDIS_URL'];
  console.log(
    `${alerts.toLocaleString('en')} pending alerts, each to a channel of its own, without ingest and decision, woken through ${redisUrl === undefined ? 'PostgreSQL' : 'Redis'}`,
  );
  const slack = fork(fileURLToPath(import.meta.url), ['slack'], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  const slackUrl = await addressOf(slack);
  await postBare(slackUrl, alerts);
  const bare = await seenBy(slackUrl);
  console.log(`  bare loop of fetches  ${summary(bare, Math.min(...bare.arrivals))}`);
  await withDatabase(async (databaseUrl) => {
    await makeOneAlert(databaseUrl);
    const dataDir = mkdtempSync(join(tmpdir(), 'creditwatch-bench-'));
    const service = startService({
      dataDir,
      slackApiUrl: `${slackUrl}/api/`,
      env: { ...withServer(databaseUrl), ...(redisUrl !== undefined && { REDIS_URL: redisUrl }) },
    });
    await service.url;
    await repeatAlert(databaseUrl, alerts);
    const dueAt = Date.now();
    const seen = await deliveries(slackUrl, alerts);
    const rate = perSecond(seen) / perSecond(bare);
    console.log(`  Creditwatch           ${summary(seen, dueAt)}  = ${rate.toFixed(2)} of it`);
    console.log(
      `  first post after ${String(Math.min(...seen.arrivals) - dueAt)} ms; ${String(seen.tooFast)} sooner than Slack allows, ${String(seen.twice)} twice; ${memoryOf(service)}`,
    );
    await service.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });
  slack.kill('SIGTERM');
}

/** Creates one alert through an ingest, in the account of the service. */
async function makeOneAlert(url: string): Promise<void> {
  const store = openStore(url, Buffer.alloc(32));
  const silent = () => undefined;
  await store.declare(
    {
      id: 'default',
      timeZone: 'UTC',
      sources: [],
      rules: [],
      routes: [],
      fallback: [{ kind: 'slack', address: 'C0FIRST' }],
      admins: [],
      viewers: null,
    },
    new Date(),
  );
  const ingest = createIngest({
    store,
    log: { debug: silent, info: silent, warn: silent, error: silent, conceal: silent },
    newId: randomUUID,
    wake: silent,
  });
  await ingest({
    account: 'default',
    source: 'bench',
    via: 'push',
    eventId: null,
    arrivedAt: new Date(),
    readings: [{ meter: 'leads', unit: 'credits', used: 900, total: 1000 }],
  });
  await store.close();
}

/** Copies the alert to many channels, all due now, in one transaction. */
async function repeatAlert(url: string, alerts: number): Promise<void> {
  const pool = new Pool({ connectionString: url, max: 1 });
  await pool.query(
    `WITH places AS (
       INSERT INTO destination (id, account_id, kind, address) SELECT gen_random_uuid(), 'default', 'slack', 'C0BENCH' || n FROM generate_series(1, $1::int) AS n RETURNING id
     ), news AS (
       INSERT INTO notification (id, account_id, alert_id, thread_id, kind, snapshot, created_at)
       SELECT gen_random_uuid(), account_id, alert_id, gen_random_uuid(), kind, snapshot, now() FROM (SELECT * FROM notification LIMIT 1) AS first, generate_series(1, $1::int) RETURNING id
     )
     INSERT INTO delivery (id, notification_id, destination_id, mentions, status, due_at, created_at)
     SELECT gen_random_uuid(), news.id, places.id, '{}', 'pending', now(), now()
     FROM (SELECT id, row_number() OVER () AS n FROM news) AS news JOIN (SELECT id, row_number() OVER () AS n FROM places) AS places USING (n)`,
    [alerts],
  );
  await pool.end();
}

/** Waits until all messages have arrived. */
async function deliveries(slackUrl: string, alerts: number): Promise<Seen> {
  const all: Seen = { arrivals: [], tooFast: 0, twice: 0 };
  const giveUpAt = Date.now() + WITHIN_MS;
  while (all.arrivals.length < alerts && Date.now() < giveUpAt) {
    await wait(500);
    const seen = await seenBy(slackUrl);
    all.arrivals.push(...seen.arrivals);
    all.tooFast += seen.tooFast;
    all.twice += seen.twice;
  }
  return all;
}

async function postBare(slackUrl: string, posts: number): Promise<void> {
  let next = 0;
  const post = async (nth: number) => {
    const metadata = { event_type: 'creditwatch_delivery', event_payload: { delivery_id: randomUUID() } };
    const body = new URLSearchParams({
      channel: `C0BARE${nth}`,
      text: 'Leads is already at 90%',
      blocks: JSON.stringify([{ type: 'section', text: { type: 'mrkdwn', text: 'x'.repeat(1_000) } }]),
      metadata: JSON.stringify(metadata),
    });
    await (await fetch(`${slackUrl}/api/chat.postMessage`, { method: 'POST', body })).json();
  };
  await Promise.all(
    Array.from({ length: BARE_AT_ONCE }, async () => {
      while (next < posts) await post(next++);
    }),
  );
}

/** A minimal Slack: one message per second and channel, and a count of what arrived. */
async function serveSlack(): Promise<void> {
  const lastAt = new Map<string, number>();
  const known = new Set<string>();
  let seen: Seen = { arrivals: [], tooFast: 0, twice: 0 };
  await serveUntilStopped((request, response) => {
    const answer = (body: unknown, status = 200, headers = {}) =>
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
    void buffer(request).then((body) => {
      if (request.url === '/seen') {
        answer(seen);
        seen = { arrivals: [], tooFast: 0, twice: 0 };
        return;
      }
      if (request.url !== '/api/chat.postMessage') return answer({ ok: true });
      const form = new URLSearchParams(body.toString());
      const channel = form.get('channel') ?? '';
      const now = Date.now();
      if (now - (lastAt.get(channel) ?? 0) < PACE_MS) {
        seen.tooFast += 1;
        return answer({ ok: false, error: 'ratelimited' }, 429, { 'retry-after': '1' });
      }
      lastAt.set(channel, now);
      const metadata = form.get('metadata') ?? '';
      if (known.has(metadata)) seen.twice += 1;
      known.add(metadata);
      if (channel !== 'C0FIRST') seen.arrivals.push(now);
      return answer({ ok: true, channel, ts: `${now / 1000}` });
    });
  });
}

async function seenBy(slackUrl: string): Promise<Seen> {
  return seenSchema.parse(await (await fetch(`${slackUrl}/seen`)).json());
}

function perSecond({ arrivals }: Seen): number {
  return (arrivals.length / Math.max(1, Math.max(...arrivals) - Math.min(...arrivals))) * 1000;
}

function summary(seen: Seen, since: number): string {
  const waits = seen.arrivals.map((at) => at - since).toSorted((a, b) => a - b);
  const p99 = waits[Math.floor(waits.length * 0.99)] ?? Number.NaN;
  return `${Math.round(perSecond(seen)).toLocaleString('en').padStart(7)} posts a second, p99 after ${(p99 / 1000).toFixed(1)} s`;
}

function memoryOf({ pid }: RunningService): string {
  const mb = residentMb(pid, 'most');
  return mb === null ? 'memory is not known on this system' : `${String(mb)} MB at its most`;
}
