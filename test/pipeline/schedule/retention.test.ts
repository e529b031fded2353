import { randomUUID } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { USUAL_RETENTION, type Retention } from '../../../src/core/meters/retention.ts';
import type { Meter } from '../../../src/core/meters/meter.ts';
import { createIngest } from '../../../src/pipeline/ingest/ingest.ts';
import { createRetention } from '../../../src/pipeline/schedule/retention.ts';
import type { Store } from '../../../src/ports/stores/store.ts';
import { openDatabase, type Database } from '../../../src/postgres/store/sql/database.ts';
import type { Queries } from '../../../src/postgres/store/sql/queries.ts';
import { openStore } from '../../../src/postgres/store/store.ts';
import { consumptionSince } from '../../../src/queries/history.ts';
import { consumptionLines } from '../../../src/core/meters/export.ts';
import { createDatabase, createFreshDatabase, runSql } from '../../support/database.ts';
import { recordedLog } from '../../support/slack/recorded-log.ts';

const NOW = new Date('2026-11-30T12:00:00Z');
const DAY_MS = 86_400_000;

function daysAgo(days: number): string {
  return new Date(NOW.getTime() - days * DAY_MS).toISOString();
}

/** A database with an account; `statements` gets the rows that each statement of a transaction read or changed. */
async function opened(timeZone = 'UTC', create = createDatabase) {
  const { url } = await create();
  await runSql(url, `INSERT INTO account (id, time_zone, created_at) VALUES ('default', '${timeZone}', '2020-01-01')`);
  const statements: number[] = [];
  const store = openStore(url, Buffer.alloc(32), counting(openDatabase(url, { connections: 3 }), statements));
  onTestFinished(() => store.close());
  return { url, store, statements };
}

function counting(database: Database, statements: number[]): Database {
  const noted = <T extends number | unknown[]>(result: T): T => {
    statements.push(typeof result === 'number' ? result : result.length);
    return result;
  };
  return {
    ...database,
    transaction: (work) =>
      database.transaction((queries) =>
        work({
          rows: async (text, ...values) => noted(await queries.rows(text, ...values)),
          run: async (text, ...values) => noted(await queries.run(text, ...values)),
        } satisfies Queries),
      ),
  };
}

/** Runs one round of the background work, as if it were a moment. */
async function runRound(store: Store, retention: Partial<Retention> = {}, { now = NOW, stopAfter = Infinity } = {}): Promise<void> {
  const stopping = new AbortController();
  let parts = 0;
  const clock = {
    now: () => now,
    async sleep() {
      parts += 1;
      if (parts >= stopAfter) stopping.abort();
    },
  };
  const work = createRetention({
    store: store.retention,
    retention: { ...USUAL_RETENTION, ...retention },
    clock,
    log: recordedLog(),
    signal: stopping.signal,
  });
  await work.runRound();
}

function ingestInto(store: Store) {
  const ingest = createIngest({ store, log: recordedLog(), newId: randomUUID, wake: () => undefined });
  return (readings: readonly Record<string, unknown>[], arrivedAt = NOW) =>
    ingest({ account: 'default', source: 'push', via: 'push', eventId: null, arrivedAt, readings });
}

/** A reading each hour for some days, which grows by one, of some meters. */
function hourly({ from, to, meters = ['a'] }: { readonly from: number; readonly to: number; readonly meters?: readonly string[] }) {
  const first = NOW.getTime() - from * DAY_MS;
  return Array.from({ length: (from - to) * 24 }, (_, hour) => hour).flatMap((hour) =>
    meters.map((meter) => ({ meter, used: 1_000 + hour, total: 1_000_000, observedAt: new Date(first + hour * 3_600_000).toISOString() })),
  );
}

async function readingsPerDay(url: string): Promise<readonly unknown[]> {
  return runSql(
    url,
    'SELECT key, reading.observed_at::date::text AS day, count(*)::int AS readings FROM reading JOIN meter ON meter.id = meter_id GROUP BY 1, 2 ORDER BY 1, 2',
  );
}

async function exported(store: Store, timeZone = 'UTC'): Promise<string> {
  let csv = '';
  for (const { meter } of await store.meters('default'))
    for await (const part of consumptionSince(store, meter as Meter, { since: null, now: NOW, timeZone })) csv += consumptionLines(part);
  return csv;
}

test('thins readings of 90 days ago to one a day, which export the same, and keeps younger ones', async () => {
  const { url, store } = await opened('Europe/Berlin');
  await ingestInto(store)(hourly({ from: 94, to: 88, meters: ['a', 'b'] }));
  const before = await exported(store, 'Europe/Berlin');
  await runRound(store);
  expect(await exported(store, 'Europe/Berlin')).toBe(before);
  const days = await runSql(
    url,
    "SELECT (reading.observed_at AT TIME ZONE 'Europe/Berlin')::date::text AS day, count(*)::int AS readings FROM reading JOIN meter ON meter.id = meter_id WHERE key = 'a' GROUP BY 1 ORDER BY 1",
  );
  // The first of all stays, too.
  expect(days).toEqual([
    { day: '2026-08-28', readings: 2 },
    { day: '2026-08-29', readings: 1 },
    { day: '2026-08-30', readings: 1 },
    { day: '2026-08-31', readings: 1 },
    { day: '2026-09-01', readings: 24 },
    { day: '2026-09-02', readings: 24 },
    { day: '2026-09-03', readings: 14 },
  ]);
  await runRound(store, { allReadingsMs: null });
  expect(await exported(store, 'Europe/Berlin')).toBe(before);
});

test('thins late readings again when they come, also those of a day that was thinned', async () => {
  const { url, store } = await opened();
  const ingest = ingestInto(store);
  await ingest(hourly({ from: 100, to: 96 }));
  await ingest([{ meter: 'a', used: 500, total: 1_000_000 }]);
  await runRound(store);
  const thinned = await readingsPerDay(url);
  await ingest(
    hourly({ from: 100, to: 98 }).map((one) => ({ ...one, observedAt: new Date(Date.parse(one.observedAt) + 60_000).toISOString() })),
  );
  expect(await readingsPerDay(url)).not.toEqual(thinned);
  await runRound(store);
  expect((await readingsPerDay(url)).slice(0, 3)).toEqual([
    { key: 'a', day: '2026-08-22', readings: 2 },
    { key: 'a', day: '2026-08-23', readings: 1 },
    { key: 'a', day: '2026-08-24', readings: 1 },
  ]);
});

test('reads and deletes at most 2,000 rows per statement, also of a meter with more in one day, and goes on where it was interrupted', async () => {
  const { url, store, statements } = await opened();
  await ingestInto(store)([
    ...Array.from({ length: 70 }, (_, nth) => ({ meter: `m${String(nth)}`, used: nth, total: 1_000_000 })),
    ...hourly({ from: 95, to: 94 }),
  ]);
  await runSql(
    url,
    `INSERT INTO reading (meter_id, observed_at, used, total, received_at)
     SELECT meter.id, timestamptz '2026-08-01' + nth * interval '20 seconds', 3000 + nth, 1000000, now() FROM meter, generate_series(1, 9000) AS nth WHERE key = 'a'
     UNION ALL SELECT meter.id, timestamptz '2026-08-01' + nth * interval '1 hour', 3000 + nth, 1000000, now() FROM meter, generate_series(1, 100) AS nth WHERE key LIKE 'm%'`,
  );
  const before = await exported(store);
  const counts: unknown[] = [];
  while (counts.at(-1) !== counts.at(-2) || counts.length < 2) {
    statements.length = 0;
    await runRound(store, {}, { stopAfter: 4 });
    expect(Math.max(...statements)).toBeLessThanOrEqual(2_000);
    counts.push((await runSql(url, 'SELECT count(*)::int AS readings FROM reading'))[0]?.['readings']);
    if (counts.length % 3 === 0) expect(await exported(store)).toBe(before);
  }
  expect(await exported(store)).toBe(before);
  expect(counts.length).toBeGreaterThan(3);
  expect((await readingsPerDay(url)).filter((row) => JSON.stringify(row).includes('"a"')).slice(0, 3)).toEqual([
    { key: 'a', day: '2026-08-01', readings: 2 },
    { key: 'a', day: '2026-08-02', readings: 1 },
    { key: 'a', day: '2026-08-03', readings: 1 },
  ]);
});

test('two processes do not run a part at the same time', async () => {
  const { url, store } = await opened();
  await ingestInto(store)(hourly({ from: 95, to: 94 }));
  const other = openDatabase(url, { connections: 1 });
  onTestFinished(() => other.close());
  await other.transaction(async (queries) => {
    await queries.rows`SELECT pg_advisory_xact_lock(hashtext('creditwatch retention'))`;
    expect(await store.retention.thin(NOW, { meters: 10, spanMs: DAY_MS })).toBeNull();
    expect(await store.retention.deleteReadings(NOW, '')).toBeNull();
    expect(await store.retention.deleteDeliveries(NOW, '')).toBeNull();
    expect(await store.retention.deleteAlerts(NOW, '')).toBeNull();
  });
  expect(await store.retention.thin(NOW, { meters: 10, spanMs: DAY_MS })).toMatchObject({ removed: 10 });
});

test('deletes readings after three years, but never the current one of a meter', async () => {
  const { url, store } = await opened();
  const ingest = ingestInto(store);
  await ingest([
    { meter: 'gone', used: 1, total: 10, observedAt: daysAgo(1300) },
    { meter: 'gone', used: 2, total: 10, observedAt: daysAgo(1200) },
    { meter: 'young', used: 1, total: 10, observedAt: daysAgo(1200) },
    { meter: 'young', used: 2, total: 10, observedAt: daysAgo(1000) },
    { meter: 'young', used: 3, total: 10, observedAt: daysAgo(1) },
  ]);
  await runRound(store, { dailyReadingsMs: null });
  expect(await runSql(url, 'SELECT count(*)::int AS readings FROM reading')).toEqual([{ readings: 5 }]);
  await runRound(store);
  expect(await runSql(url, 'SELECT key, reading.used::int FROM reading JOIN meter ON meter.id = meter_id ORDER BY 1, 2')).toEqual([
    { key: 'gone', used: 2 },
    { key: 'young', used: 2 },
    { key: 'young', used: 3 },
  ]);
});

type Stored = {
  readonly id: number;
  /** In days. */
  readonly age: number;
  readonly thread?: number;
  readonly kind?: string;
  readonly alert?: 'open' | 'closed';
  readonly status?: 'sent' | 'pending' | 'rejected';
  readonly group?: number;
};

const uuid = (nth: number) => `00000000-0000-4000-8000-${String(nth).padStart(12, '0')}`;

/** Notifications with a delivery and two attempts each; the delivery, the thread and the alert have the id of the notification. */
async function fill(url: string, all: readonly Stored[]): Promise<void> {
  await runSql(
    url,
    `INSERT INTO destination (id, account_id, kind, address) VALUES ('${uuid(0)}', 'default', 'slack', 'C0ALL') ON CONFLICT DO NOTHING`,
  );
  for (const { id, age, thread = id, kind = 'alert', alert, status = 'sent', group } of all) {
    const at = daysAgo(age);
    const alertId = alert === undefined ? 'NULL' : `'${uuid(thread)}'`;
    if (alert !== undefined)
      await runSql(
        url,
        `INSERT INTO alert (id, account_id, meter_id, topic, open_topic, status, severity, conditions, opened_at, resolved_at)
         SELECT ${alertId}, 'default', id, 'allowance', ${alert === 'open' ? "'allowance'" : 'NULL'}, 'resolved', 'warning', '[]', '${at}', ${alert === 'open' ? 'NULL' : `timestamptz '${at}'`}
         FROM meter WHERE key = 'a' ON CONFLICT DO NOTHING`,
      );
    await runSql(
      url,
      `INSERT INTO notification (id, account_id, alert_id, thread_id, kind, snapshot, created_at) VALUES ('${uuid(id)}', 'default', ${alertId}, '${uuid(thread)}', '${kind}', '{}', '${at}')`,
    );
    await runSql(
      url,
      `INSERT INTO delivery (id, notification_id, destination_id, group_id, status, due_at, created_at) VALUES ('${uuid(id)}', '${uuid(id)}', '${uuid(0)}', ${group === undefined ? 'NULL' : `'${uuid(group)}'`}, '${status}', '${at}', '${at}')`,
    );
    await runSql(
      url,
      `INSERT INTO attempt (delivery_id, number, started_at) VALUES ('${uuid(id)}', 1, '${at}'), ('${uuid(id)}', 2, '${at}')`,
    );
  }
}

const AGED = 400;

test.each<[string, readonly Stored[], readonly number[]]>([
  [
    'an old one goes, a young one stays',
    [
      { id: 1, age: AGED },
      { id: 2, age: 300 },
    ],
    [2],
  ],
  [
    'all of a closed alert go',
    [
      { id: 1, age: AGED, alert: 'closed' },
      { id: 2, age: AGED, thread: 1, alert: 'closed' },
    ],
    [],
  ],
  [
    'all of an open alert stay',
    [
      { id: 1, age: AGED, alert: 'open' },
      { id: 2, age: AGED, thread: 1, alert: 'open' },
    ],
    [1, 2],
  ],
  [
    'a thread stays while one of it is young',
    [
      { id: 1, age: AGED, kind: 'stale' },
      { id: 2, age: 10, thread: 1, kind: 'stale' },
    ],
    [1, 2],
  ],
  [
    'a thread stays while one of it waits',
    [
      { id: 1, age: AGED },
      { id: 2, age: AGED, thread: 1, status: 'pending' },
    ],
    [1, 2],
  ],
  ['one that was rejected goes', [{ id: 1, age: AGED, status: 'rejected' }], []],
  [
    'the thread of a stale source stays',
    [
      { id: 1, age: AGED, kind: 'stale' },
      { id: 9, age: AGED, kind: 'stale' },
    ],
    [9],
  ],
  [
    'what was sent in one message with something that stays, stays',
    [
      { id: 1, age: AGED, alert: 'open', group: 1 },
      { id: 2, age: AGED, group: 1 },
      { id: 3, age: AGED, group: 3 },
    ],
    [1, 2],
  ],
  ['the notice about a disabled destination stays while one is disabled', [{ id: 1, age: AGED, kind: 'destination-disabled' }], [1]],
])('of notifications with their deliveries and attempts, %s', async (_what, stored, stays) => {
  const { url, store } = await opened();
  await ingestInto(store)([{ meter: 'a', used: 1, total: 10 }]);
  await runSql(url, `UPDATE source SET stale_thread = '${uuid(9)}'`);
  await runSql(
    url,
    `INSERT INTO destination (id, account_id, kind, address, disabled_reason) VALUES ('${uuid(99)}', 'default', 'slack', 'C0OFF', 'It is archived.')`,
  );
  await fill(url, stored);
  await runRound(store);
  const left = async (sql: string) => (await runSql(url, sql)).map(({ id }) => id);
  expect(await left('SELECT id FROM notification ORDER BY 1')).toEqual(stays.map(uuid));
  expect(await left('SELECT id FROM delivery ORDER BY 1')).toEqual(stays.map(uuid));
  expect(await left('SELECT delivery_id AS id FROM attempt WHERE number = 2 ORDER BY 1')).toEqual(stays.map(uuid));
});

test('closed alerts go with their firings after three years, but not one of a period that still goes on', async () => {
  const { url, store } = await opened();
  await ingestInto(store)([{ meter: 'a', used: 1, total: 10 }]);
  await fill(url, [
    { id: 1, age: 1200, alert: 'closed' },
    { id: 2, age: 1200, alert: 'closed' },
    { id: 3, age: 1000, alert: 'closed' },
    { id: 4, age: 1200, alert: 'open' },
  ]);
  await runSql(url, `UPDATE meter SET period_began_at = '${daysAgo(1250)}'`);
  for (const [id, began] of [
    [1, 1300],
    [2, 1250],
    [3, 1300],
    [4, 1300],
  ] as const)
    await runSql(
      url,
      `INSERT INTO firing (meter_id, rule_id, rule_version, period_began_at, condition, occurrence, alert_id, fired_at)
       SELECT id, 'rule ${String(id)}', 1, '${daysAgo(began)}', '80%', 1, '${uuid(id)}', '${daysAgo(1200)}' FROM meter`,
    );
  await runRound(store, { deliveriesMs: null });
  expect((await runSql(url, 'SELECT id FROM alert')).length).toBe(4);
  await runRound(store);
  expect(await runSql(url, 'SELECT id FROM alert ORDER BY 1')).toEqual([2, 3, 4].map((nth) => ({ id: uuid(nth) })));
  expect(await runSql(url, 'SELECT alert_id AS id FROM firing ORDER BY 1')).toEqual([2, 3, 4].map((nth) => ({ id: uuid(nth) })));
});

test('deletes the attempts and deliveries of one notification in several parts', async () => {
  const { url, store, statements } = await opened();
  await ingestInto(store)([{ meter: 'a', used: 1, total: 10 }]);
  await fill(url, [{ id: 1, age: AGED }]);
  await runSql(
    url,
    `WITH place AS (INSERT INTO destination (id, account_id, kind, address) SELECT gen_random_uuid(), 'default', 'slack', 'C' || nth FROM generate_series(1, 2500) AS nth RETURNING id),
       sent AS (INSERT INTO delivery (id, notification_id, destination_id, status, due_at, created_at) SELECT gen_random_uuid(), '${uuid(1)}', id, 'sent', now(), now() FROM place RETURNING id)
     INSERT INTO attempt (delivery_id, number, started_at) SELECT id, number, now() FROM sent, generate_series(1, 2) AS number`,
  );
  statements.length = 0;
  await runRound(store);
  expect(Math.max(...statements)).toBe(2_000);
  expect(
    await runSql(url, 'SELECT (SELECT count(*) FROM delivery)::int AS deliveries, (SELECT count(*) FROM attempt)::int AS attempts'),
  ).toEqual([{ deliveries: 0, attempts: 0 }]);
});

test('measures the readings and how many came in the last days, without imported history', async () => {
  // Tables that earlier tests have filled and emptied are so large that only a sample of their blocks is read.
  const { store, url } = await opened('UTC', createFreshDatabase);
  const ingest = ingestInto(store);
  await ingest(hourly({ from: 40, to: 38 }));
  await ingest(hourly({ from: 3, to: 1 }).map((one) => ({ ...one, used: one.used + 100 })));
  await fill(url, [
    { id: 1, age: 2 },
    { id: 2, age: 20 },
  ]);
  const use = await store.retention.storageUse(NOW);
  expect(use).toMatchObject({ days: 7, readings: { rows: 96, recentRows: 48 } });
  expect(use.readings.rowBytes).toBeGreaterThan(80);
  expect(use.databaseBytes).toBeGreaterThan(use.readings.bytes);
  expect(use.deliveries.map(({ rows, recentRows }) => [rows, recentRows])).toEqual([
    [2, 1],
    [2, 1],
    [4, 2],
  ]);
});
