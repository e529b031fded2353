import { randomUUID } from 'node:crypto';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Client } from 'pg';
import { z } from 'zod';
import { systemClock } from '../src/app/system-clock.ts';
import { USUAL_RETENTION } from '../src/core/meters/retention.ts';
import { createIngest } from '../src/pipeline/ingest/ingest.ts';
import { createRetention } from '../src/pipeline/schedule/retention.ts';
import { openStore } from '../src/postgres/store/store.ts';
import { withDatabase } from './support/database.ts';

/**
 * What a day of readings costs when it is 90 days old: its size, how fast it is thinned beside an ingest of 200 readings a second, what
 * that ingest then takes, and what a vacuum takes. Each meter is read every 50 seconds, as 10,000 meters at 200 a second are.
 *
 * Leaves out: a database that is larger than memory. The figures per reading do not change with it, but reading then costs disk access.
 */
const METERS = Number(process.argv[2] ?? 1_000);
const EVERY_S = 50;
const DAY_S = 86_400;
const PER_SECOND = 200;

const quiet = { info: () => {}, warn: () => {}, error: console.error, debug: () => {}, conceal: () => {} };
const rows = z.array(z.record(z.string(), z.coerce.number()));

await withDatabase(async (url) => {
  const client = new Client({ connectionString: url });
  await client.connect();
  const store = openStore(url, Buffer.alloc(32));
  const one = async (sql: string) => rows.parse((await client.query(sql)).rows)[0] ?? {};
  const size = () =>
    one("SELECT pg_table_size('reading') AS heap, pg_indexes_size('reading') AS index, (SELECT count(*) FROM reading) AS readings");
  const wal = async () => (await one("SELECT pg_current_wal_lsn() - '0/0'::pg_lsn AS bytes"))['bytes'] ?? 0;
  const timed = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    const [began, before] = [performance.now(), await wal()];
    const result = await work();
    const seconds = (performance.now() - began) / 1000;
    console.log(`${what}: ${seconds.toFixed(1)} s, ${(((await wal()) - before) / 1e6).toFixed(0)} MB of WAL`);
    return result;
  };

  await client.query("INSERT INTO account (id, created_at) VALUES ('default', now())");
  const ingest = createIngest({ store, log: quiet, newId: randomUUID, wake: () => undefined });
  const push = (meters: readonly number[], used: number) =>
    ingest({
      account: 'default',
      source: 'push',
      via: 'push',
      eventId: null,
      arrivedAt: new Date(),
      readings: meters.map((nth) => ({ meter: `m${String(nth)}`, used, total: 1_000_000_000 })),
    });
  const all = Array.from({ length: METERS }, (_, nth) => nth);
  await push(all, 0);

  const count = METERS * (DAY_S / EVERY_S) * 2;
  await timed(`insert of ${String(count)} readings of two days, in the order of time`, () =>
    client.query(
      `INSERT INTO reading (meter_id, observed_at, used, total, period_start, period_end, received_at)
       SELECT meter.id, at.at, extract(epoch FROM at.at - first.at)::bigint, 1000000000, date_trunc('month', at.at), date_trunc('month', at.at) + interval '1 month', at.at
       FROM (SELECT date_trunc('day', now()) - interval '91 days' AS at) AS first,
         generate_series(first.at, first.at + interval '2 days' - interval '1 second', interval '${String(EVERY_S)} seconds') AS at(at), meter`,
    ),
  );
  await client.query('VACUUM ANALYZE reading');
  const before = await size();
  const per = (bytes = 0) => (bytes / count).toFixed(0);
  console.log(`size of a reading: ${per(before['heap'])} bytes in the table, ${per(before['index'])} in the index`);

  const latencies: number[] = [];
  let isDone = false;
  const beside = async (work: () => Promise<void>) => {
    const stopping = new AbortController();
    const pushing = (async () => {
      for (let used = 1; !isDone; used += 1) {
        const began = performance.now();
        await push(
          Array.from({ length: PER_SECOND }, (_, nth) => (used * PER_SECOND + nth) % METERS),
          used,
        );
        latencies.push(performance.now() - began);
        await systemClock.sleep(Math.max(0, 1000 - (performance.now() - began)), stopping.signal);
      }
    })();
    await work();
    isDone = true;
    stopping.abort();
    await pushing;
  };
  const p = (share: number) => (latencies.toSorted((a, b) => a - b)[Math.floor(latencies.length * share)] ?? 0).toFixed(0);
  await beside(() => systemClock.sleep(20_000));
  console.log(`push of ${String(PER_SECOND)} readings each second, without thinning: p50 ${p(0.5)} ms, most ${p(0.999)} ms`);
  latencies.length = 0;
  isDone = false;

  const delay = monitorEventLoopDelay({ resolution: 1 });
  const cpu = process.cpuUsage();
  const retention = createRetention({
    store: store.retention,
    retention: USUAL_RETENTION,
    clock: systemClock,
    log: quiet,
    signal: new AbortController().signal,
  });
  const began = performance.now();
  delay.enable();
  await timed('thinning of one of the days beside that', () => beside(() => retention.runRound()));
  delay.disable();
  const used = process.cpuUsage(cpu);
  const after = await size();
  const removed = (before['readings'] ?? 0) + latencies.length * PER_SECOND - (after['readings'] ?? 0);
  console.log(
    `removed ${String(removed)}: ${(removed / ((performance.now() - began) / 1000)).toFixed(0)} a second, ${((used.user + used.system) / removed).toFixed(1)} µs of CPU of this process each (pushes included)`,
  );
  console.log(
    `the event loop was held for ${(delay.max / 1e6).toFixed(0)} ms at most, 99.9% of the time for ${(delay.percentile(99.9) / 1e6).toFixed(0)} ms or less`,
  );
  console.log(`push of ${String(PER_SECOND)} readings each second, beside thinning: p50 ${p(0.5)} ms, most ${p(0.999)} ms`);
  await timed('vacuum', () => client.query('VACUUM reading'));
  const vacuumed = await size();
  console.log(
    `the table takes ${String(vacuumed['heap'])} bytes after ${String(before['heap'])}, the index ${String(vacuumed['index'])} after ${String(before['index'])}`,
  );
  await timed('insert of as many as were removed, into the space that is free', () =>
    client.query(
      `INSERT INTO reading (meter_id, observed_at, used, total, period_start, period_end, received_at)
       SELECT meter.id, at.at, 1, 1000000000, date_trunc('month', at.at), date_trunc('month', at.at) + interval '1 month', at.at
       FROM (SELECT date_trunc('day', now()) - interval '80 days' AS at) AS first,
         generate_series(first.at, first.at + interval '1 day' - interval '1 second', interval '${String(EVERY_S)} seconds') AS at(at), meter`,
    ),
  );
  const filled = await size();
  console.log(`the table takes ${String(filled['heap'])} bytes, the index ${String(filled['index'])}`);
  await client.end();
  await store.close();
});
