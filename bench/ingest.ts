/**
 * What durable ingest costs: signed requests a second against a bare HTTP server that checks the same signature, and rows
 * a second in bulk against a raw `unnest` insert of the same rows. Both pairs in one run, so that the ratios hold on any machine.
 *
 * npm run bench -- ingest [requests | rows]
 */
import { fork, spawn, type ChildProcess } from 'node:child_process';
import { createHmac, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { Pool } from 'pg';
import { createIngest } from '../src/pipeline/ingest.ts';
import { openStore } from '../src/postgres/store/store.ts';
import { isSignedWith } from '../src/sources/push/signature.ts';
import { withDatabase } from './support/database.ts';
import { addressOf } from './support/address.ts';

const KEY = 'the-ingest-key-of-the-benchmark';
/** Each server is asked for so long, after as long a warm-up. */
const FOR_MS = 6_000;
const MOST_REQUESTS = 150_000;
const CONNECTIONS = 200;
const METERS = 60;
const BULK_READINGS = 1_000;
const BULK_REQUESTS = 150;
const BULK_WARM_UP = 50;
const BULK_STEP_MS = 60_000;
const BULK_START = Date.now() - (BULK_WARM_UP + BULK_REQUESTS + 1) * BULK_READINGS * BULK_STEP_MS;

const [role, argument] = process.argv.slice(2);
if (role === 'bare') await serveBare();
else if (role === 'load') await load(argument ?? '');
else {
  if (role !== 'rows') await compareRequests();
  if (role !== 'requests') await compareRows();
}

async function compareRequests(): Promise<void> {
  console.log(`Signed requests, one reading each, ${CONNECTIONS} connections`);
  const bare = await measured(fork(fileURLToPath(import.meta.url), ['bare'], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] }));
  const dataDir = mkdtempSync(join(tmpdir(), 'creditwatch-bench-'));
  const service = spawn(process.execPath, ['dist/main.js', 'start'], { env: { PATH: process.env['PATH'], DATA_DIR: dataDir, PORT: '0', INGEST_KEY: KEY, CREDITWATCH_CONFIG: '' }, stdio: ['ignore', 'pipe', 'ignore'] });
  const durable = await measured(service);
  rmSync(dataDir, { recursive: true, force: true });
  console.log(`  bare HTTP server      ${perSecond(bare)}`);
  console.log(`  durable in PostgreSQL ${perSecond(durable)}  = ${(durable / bare).toFixed(2)} of it\n`);
}

/** Waits for a server's address, warms it up, then lets a process of its own send all requests. */
async function measured(server: ChildProcess): Promise<number> {
  const url = await addressOf(server);
  await rate(url);
  const result = await rate(url);
  server.kill('SIGTERM');
  await once(server, 'exit');
  return result;
}

async function rate(url: string): Promise<number> {
  const child = fork(fileURLToPath(import.meta.url), ['load', url], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const [result]: unknown[] = await once(child, 'message');
  await once(child, 'exit');
  return Number(result);
}

async function serveBare(): Promise<void> {
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      const header = (name: string) => String(request.headers[name] ?? '');
      const signed = isSignedWith(KEY, { id: header('webhook-id'), timestamp: header('webhook-timestamp'), signature: header('webhook-signature') }, body, new Date());
      response.writeHead(signed ? 202 : 401, { 'content-type': 'application/json' }).end(signed ? '{"accepted":1,"duplicates":0,"rejected":[]}' : '{}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  console.log(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`);
  await once(process, 'SIGTERM');
  server.closeAllConnections();
  server.close();
  process.disconnect();
}

/** Sends signed requests over plain sockets, each when the one before it was answered; reports how many a second. */
async function load(url: string): Promise<void> {
  const { hostname, port, host } = new URL(url);
  let next = 0;
  let taken = 0;
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: CONNECTIONS }, () =>
      new Promise<void>((resolve, reject) => {
        const socket = connect(Number(port), hostname);
        socket.setNoDelay(true);
        const send = () => {
          if (performance.now() - startedAt > FOR_MS || next >= MOST_REQUESTS) return void socket.end(resolve);
          socket.write(signedRequest(host, next++));
        };
        socket.on('connect', send);
        socket.on('error', reject);
        socket.on('data', (answer) => {
          const text = answer.toString('latin1');
          if (!text.startsWith('HTTP/1.1')) return;
          if (text.startsWith('HTTP/1.1 202')) taken += 1;
          else reject(new Error(text));
          send();
        });
      }),
    ),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  process.send?.(taken / seconds);
  process.disconnect();
}

function signedRequest(host: string, index: number): string {
  const used = 1000 + index;
  const body = JSON.stringify({ source: 'bench', readings: [{ meter: `meter_${index % METERS}`, unit: 'credits', used, total: 1_000_000_000, observedAt: new Date(Date.now() - MOST_REQUESTS + index).toISOString() }] });
  const id = randomUUID();
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = `v1,${createHmac('sha256', KEY).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
  return [
    'POST /v1/usage HTTP/1.1', `host: ${host}`, 'content-type: application/json', `content-length: ${Buffer.byteLength(body)}`,
    `webhook-id: ${id}`, `webhook-timestamp: ${timestamp}`, `webhook-signature: ${signature}`, '', body,
  ].join('\r\n');
}

async function compareRows(): Promise<void> {
  console.log(`Bulk, ${BULK_REQUESTS} times ${BULK_READINGS} readings of ${METERS} meters`);
  await withDatabase(async (url) => {
    const store = openStore(url, Buffer.alloc(32));
    await store.declare({ id: 'default', timeZone: 'UTC', sources: [], rules: [], routes: [], fallback: [], admins: [] }, new Date());
    const silent = () => undefined;
    const ingest = createIngest({ store, log: { debug: silent, info: silent, warn: silent, error: silent }, newId: randomUUID, wake: silent });
    const submit = (nth: number) => ingest({ account: 'default', source: 'bench', via: 'push', eventId: null, arrivedAt: new Date(), readings: bulkReadings(nth) });
    const full = await rowsPerSecond(submit);
    const raw = await rawRows(url);
    await store.close();
    console.log(`  raw unnest insert     ${perSecond(raw)}`);
    console.log(`  checked and decided   ${perSecond(full)}  = ${(full / raw).toFixed(2)} of it`);
  });
}

function observedAt(nth: number, index: number): Date {
  return new Date(BULK_START + (nth * BULK_READINGS + index) * BULK_STEP_MS);
}

function bulkReadings(nth: number): readonly unknown[] {
  return Array.from({ length: BULK_READINGS }, (_, index) => ({ meter: `meter_${index % METERS}`, used: 1000 + nth * BULK_READINGS + index, total: 1_000_000_000, observedAt: observedAt(nth, index).toISOString() }));
}

/** The same rows into the same table's twin, its keys checked alike, as fast as one statement a request goes. */
async function rawRows(url: string): Promise<number> {
  const pool = new Pool({ connectionString: url, max: 2 });
  await pool.query('CREATE TABLE raw_reading (LIKE reading INCLUDING ALL, FOREIGN KEY (meter_id) REFERENCES meter (id) ON DELETE CASCADE)');
  const { rows } = await pool.query<{ id: string }>('SELECT id FROM meter ORDER BY key');
  const rate = await rowsPerSecond(async (nth) => {
    const indexes = Array.from({ length: BULK_READINGS }, (_, index) => index);
    await pool.query(
      `INSERT INTO raw_reading (meter_id, observed_at, used, total, received_at)
       SELECT *, now() FROM unnest($1::uuid[], $2::timestamptz[], $3::bigint[], $4::bigint[]) ON CONFLICT DO NOTHING`,
      [indexes.map((index) => rows[index % METERS]?.id), indexes.map((index) => observedAt(nth, index)), indexes.map((index) => 1000 + nth * BULK_READINGS + index), indexes.map(() => 1_000_000_000)],
    );
  });
  await pool.end();
  return rate;
}

/** Two requests at a time, so that one is prepared while the other is written; measured after a warm-up. */
async function rowsPerSecond(request: (nth: number) => Promise<unknown>): Promise<number> {
  let next = 0;
  const upTo = (end: number) => Promise.all([0, 1].map(async () => {
    while (next < end) await request(next++);
  }));
  await upTo(BULK_WARM_UP);
  const startedAt = performance.now();
  await upTo(BULK_WARM_UP + BULK_REQUESTS);
  return (BULK_REQUESTS * BULK_READINGS) / ((performance.now() - startedAt) / 1000);
}

function perSecond(rate: number): string {
  return `${Math.round(rate).toLocaleString('en').padStart(8)} a second`;
}
