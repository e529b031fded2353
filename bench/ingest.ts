/**
 * Measures the cost of durable ingest: signed requests per second compared with a bare HTTP server that checks the same signature,
 * bulk rows per second compared with a raw `unnest` insert of the same rows, and the command `creditwatch import` through the real
 * process compared with the same raw insert. One reading in a hundred that is pushed raises an alert. The candidates take turns in one
 * run and the median counts, so that the ratios hold on any machine, also one that is busy at times.
 *
 *   npm run bench -- ingest [requests | rows | import [rows]]
 */
import { fork, spawn } from 'node:child_process';
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
import { createIngest } from '../src/pipeline/ingest/ingest.ts';
import { openStore } from '../src/postgres/store/store.ts';
import { isSignedWith } from '../src/sources/push/signature.ts';
import { withDatabase } from './support/database.ts';
import { addressOf } from './support/address.ts';
import { withImportService } from './support/import-command.ts';

const KEY = 'the-ingest-key-of-the-benchmark';
/** The duration of one turn, and of the warm-up before it. */
const FOR_MS = 6_000;
const TURNS = 5;
const BULK_TURNS = 9;
const MOST_REQUESTS = 150_000;
const CONNECTIONS = 200;
const METERS = 60;
const BULK_WARM_UP_ROWS = 60_000;
const BULK_TURN_ROWS = 40_000;
const BULK_STEP_MS = 60_000;
/** The first reading of a new meter is above a level, which raises an alert. */
const ALERT_EVERY = 100;
const IMPORT_ROWS = 100_000;
const IMPORT_TURNS = 5;
const IMPORT_STEP_MS = 500;
/** The rows of one part of an import, and of one raw insert. */
const IMPORT_PART = 20_000;
const BULK_START = Date.now() - (BULK_WARM_UP_ROWS + (BULK_TURNS + 1) * BULK_TURN_ROWS) * BULK_STEP_MS;

/** A kind of bulk ingest: rows per request, and concurrent requests. */
type Bulk = { readonly name: string; readonly via: 'push' | 'import'; readonly rows: number; readonly atOnce: number };
const BULKS: readonly Bulk[] = [
  // Senders work independently.
  { name: 'pushes', via: 'push', rows: 1_000, atOnce: 2 },
];

const [role, argument] = process.argv.slice(2);
if (role === 'bare') await serveBare();
else if (role === 'load') await load(argument ?? '');
else {
  if (role === undefined || role === 'requests') await compareRequests();
  if (role === undefined || role === 'rows') await compareRows();
  if (role === undefined || role === 'import') await compareImport(Number(argument ?? IMPORT_ROWS));
}

async function compareRequests(): Promise<void> {
  console.log(`Signed requests, one reading each, ${CONNECTIONS} connections`);
  const dataDir = mkdtempSync(join(tmpdir(), 'creditwatch-bench-'));
  const servers = [
    fork(fileURLToPath(import.meta.url), ['bare'], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] }),
    spawn(process.execPath, ['dist/main.js', 'start'], {
      env: { PATH: process.env['PATH'], DATA_DIR: dataDir, PORT: '0', INGEST_KEY: KEY, CREDITWATCH_CONFIG: '' },
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  ];
  const urls = await Promise.all(servers.map(addressOf));
  for (const url of urls) await rate(url);
  const [bare = 0, durable = 0] = await inTurns(
    urls.map((url) => () => rate(url)),
    TURNS,
  );
  for (const server of servers) {
    server.kill('SIGTERM');
    await once(server, 'exit');
  }
  rmSync(dataDir, { recursive: true, force: true });
  console.log(`  bare HTTP server      ${perSecond(bare)}`);
  console.log(`  durable in PostgreSQL ${perSecond(durable)}  = ${(durable / bare).toFixed(2)} of it\n`);
}

/** Returns the median rate of each candidate. The order of turns changes, because each turn leaves work behind on the machine. */
async function inTurns(contenders: readonly (() => Promise<number>)[], turns: number): Promise<readonly number[]> {
  const rates = contenders.map((): number[] => []);
  for (let turn = 0; turn < turns; turn += 1) {
    const first = turn % contenders.length;
    const order = [...contenders.entries()];
    for (const [index, contender] of [...order.slice(first), ...order.slice(0, first)]) rates[index]?.push(await contender());
  }
  return rates.map((some) => some.toSorted((a, b) => a - b)[Math.floor(some.length / 2)] ?? 0);
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
      const signed = isSignedWith(
        KEY,
        { id: header('webhook-id'), timestamp: header('webhook-timestamp'), signature: header('webhook-signature') },
        body,
        new Date(),
      );
      response
        .writeHead(signed ? 202 : 401, { 'content-type': 'application/json' })
        .end(signed ? '{"accepted":1,"duplicates":0,"rejected":[]}' : '{}');
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

/** Sends signed requests over plain sockets, each after the answer to the previous one, and reports the rate per second. */
async function load(url: string): Promise<void> {
  const { hostname, port, host } = new URL(url);
  let next = 0;
  let taken = 0;
  const startedAt = performance.now();
  await Promise.all(
    Array.from(
      { length: CONNECTIONS },
      () =>
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
  const body = JSON.stringify({
    source: 'bench',
    readings: [
      {
        meter: isAlert(index) ? `alert_${index}` : `meter_${index % METERS}`,
        unit: 'credits',
        used: isAlert(index) ? 850_000_000 : used,
        total: 1_000_000_000,
        observedAt: new Date(Date.now() - MOST_REQUESTS + index).toISOString(),
      },
    ],
  });
  const id = randomUUID();
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = `v1,${createHmac('sha256', KEY).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
  return [
    'POST /v1/usage HTTP/1.1',
    `host: ${host}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    `webhook-id: ${id}`,
    `webhook-timestamp: ${timestamp}`,
    `webhook-signature: ${signature}`,
    '',
    body,
  ].join('\r\n');
}

async function compareRows(): Promise<void> {
  await withDatabase(async (url) => {
    const store = openStore(url, Buffer.alloc(32));
    await store.declare(
      { id: 'default', timeZone: 'UTC', sources: [], rules: [], routes: [], fallback: [], admins: [], viewers: null },
      new Date(),
    );
    const silent = () => undefined;
    const ingest = createIngest({
      store,
      log: { debug: silent, info: silent, warn: silent, error: silent, conceal: silent },
      newId: randomUUID,
      wake: silent,
    });
    for (const { name, via, rows, atOnce } of BULKS) {
      console.log(`Bulk, ${name} of ${rows} readings of ${METERS} meters, ${atOnce} at a time`);
      const full = stream(atOnce, rows, (readings) =>
        ingest({ account: 'default', source: name, via, eventId: null, arrivedAt: new Date(), readings }),
      );
      await full(BULK_WARM_UP_ROWS);
      const raw = await rawInsert(url, name);
      const [looking, blind] = [stream(atOnce, rows, raw.insert), stream(atOnce, rows, raw.insertBlindly)];
      await looking(BULK_WARM_UP_ROWS);
      await blind(BULK_WARM_UP_ROWS);
      const turns = [looking, blind, full].map((one) => () => one(BULK_TURN_ROWS));
      const [lookingRate = 0, blindRate = 0, fullRate = 0] = await inTurns(turns, BULK_TURNS);
      await raw.end();
      console.log(`  raw unnest insert     ${perSecond(lookingRate)}, ${perSecond(blindRate).trim()} where a repeat would be an error`);
      console.log(
        `  checked and decided   ${perSecond(fullRate)}  = ${(fullRate / lookingRate).toFixed(2)} and ${(fullRate / blindRate).toFixed(2)} of it`,
      );
    }
    await store.close();
  });
}

type BulkReading = { readonly meter: string; readonly used: number; readonly total: number; readonly observedAt: string };

/** Sends the rows of a history that continues from call to call. Returns rows per second. */
function stream(
  atOnce: number,
  rows: number,
  send: (readings: readonly BulkReading[]) => Promise<unknown>,
): (count: number) => Promise<number> {
  let nth = 0;
  return async (count) => {
    const end = nth + count;
    const startedAt = performance.now();
    await Promise.all(
      Array.from({ length: atOnce }, async () => {
        while (nth < end) {
          const first = nth;
          nth += rows;
          await send(Array.from({ length: rows }, (_, index) => bulkReading(first + index)));
        }
      }),
    );
    return count / ((performance.now() - startedAt) / 1000);
  };
}

function isAlert(nth: number): boolean {
  return nth % ALERT_EVERY === 0;
}

function bulkReading(nth: number): BulkReading {
  return {
    meter: isAlert(nth) ? `alert_${nth}` : `meter_${nth % METERS}`,
    used: isAlert(nth) ? 850_000_000 : 1000 + nth,
    total: 1_000_000_000,
    observedAt: new Date(BULK_START + nth * BULK_STEP_MS).toISOString(),
  };
}

/** Imports a file with the real command, and inserts the same rows without it. */
async function compareImport(count: number): Promise<void> {
  const source = 'history';
  console.log(`\nThe command import, ${count.toLocaleString('en')} rows of ${METERS} meters, through the running service`);
  await withDatabase((url) =>
    withImportService(url, source, async ({ importTable }) => {
      const startAt = Date.now() - (BULK_WARM_UP_ROWS + IMPORT_TURNS * count) * IMPORT_STEP_MS;
      const rowsFrom = (from: number, rows: number): readonly BulkReading[] =>
        Array.from({ length: rows }, (_, index) => {
          const nth = from + index;
          const observedAt = new Date(startAt + nth * IMPORT_STEP_MS).toISOString();
          return { meter: `meter_${nth % METERS}`, used: 1000 + nth, total: 1_000_000_000, observedAt };
        });
      const table = (readings: readonly BulkReading[]) =>
        ['meter,used,total,observedAt', ...readings.map((one) => [one.meter, one.used, one.total, one.observedAt].join(',')), ''].join(
          '\n',
        );
      await importTable(table(rowsFrom(0, BULK_WARM_UP_ROWS - 1)), BULK_WARM_UP_ROWS - 1);
      const emptySeconds = await importTable(table(rowsFrom(BULK_WARM_UP_ROWS - 1, 1)), 1);
      const raw = await rawInsert(url, source);
      /** Each contender goes through the same rows. */
      const through = (work: (readings: readonly BulkReading[]) => Promise<number>) => {
        let nth = BULK_WARM_UP_ROWS;
        return async () => {
          const seconds = await work(rowsFrom(nth, count));
          nth += count;
          return count / seconds;
        };
      };
      const inserted = (insert: Insert) =>
        through(async (readings) => {
          const startedAt = performance.now();
          for (let from = 0; from < readings.length; from += IMPORT_PART) await insert(readings.slice(from, from + IMPORT_PART));
          return (performance.now() - startedAt) / 1000;
        });
      const contenders = [
        inserted(raw.insert),
        inserted(raw.insertBlindly),
        through((readings) => importTable(table(readings), readings.length)),
      ];
      const [lookingRate = 0, blindRate = 0, importRate = 0] = await inTurns(contenders, IMPORT_TURNS);
      await raw.end();
      console.log(`  raw unnest insert     ${perSecond(lookingRate)}, ${perSecond(blindRate).trim()} where a repeat would be an error`);
      console.log(
        `  creditwatch import    ${perSecond(importRate)}  = ${(importRate / lookingRate).toFixed(2)} and ${(importRate / blindRate).toFixed(2)} of it`,
      );
      console.log(`  the command with a file of one row: ${emptySeconds.toFixed(2)} s`);
    }),
  );
}

type Insert = (readings: readonly BulkReading[]) => Promise<unknown>;

/**
 * Inserts the same rows into a copy of the table with the same keys, in one statement per request: once skipping repeats, as ingest
 * does, and once where a repeat is an error.
 */
async function rawInsert(
  url: string,
  source: string,
): Promise<{ readonly insert: Insert; readonly insertBlindly: Insert; end(): Promise<void> }> {
  const pool = new Pool({ connectionString: url, max: 2 });
  const { rows } = await pool.query<{ id: string; key: string }>('SELECT id, key FROM meter WHERE source_id = $1', [source]);
  const ids = new Map(rows.map(({ id, key }) => [key, id]));
  const someId = rows[0]?.id;
  const into = async (table: string, onConflict: string): Promise<Insert> => {
    await pool.query(`DROP TABLE IF EXISTS ${table}`);
    await pool.query(`CREATE TABLE ${table} (LIKE reading INCLUDING ALL, FOREIGN KEY (meter_id) REFERENCES meter (id) ON DELETE CASCADE)`);
    return (readings) =>
      pool.query(
        `INSERT INTO ${table} (meter_id, observed_at, used, total, received_at)
       SELECT *, now() FROM unnest($1::uuid[], $2::timestamptz[], $3::bigint[], $4::bigint[]) ${onConflict}`,
        [
          // A meter that is new in the readings does not exist yet; another one has the same cost.
          readings.map(({ meter }) => ids.get(meter) ?? someId),
          readings.map(({ observedAt }) => observedAt),
          readings.map(({ used }) => used),
          readings.map(({ total }) => total),
        ],
      );
  };
  return {
    insert: await into('raw_reading', 'ON CONFLICT DO NOTHING'),
    insertBlindly: await into('blind_reading', ''),
    end: () => pool.end(),
  };
}

function perSecond(rate: number): string {
  return `${Math.round(rate).toLocaleString('en').padStart(8)} a second`;
}
