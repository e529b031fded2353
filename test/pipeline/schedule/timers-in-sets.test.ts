import { describe, expect, test } from 'vitest';
import { createTimerRunner } from '../../../src/pipeline/schedule/run-due-timers.ts';
import { runSql } from '../../support/database.ts';
import { startPipeline } from '../../support/pipeline.ts';
import { recordedLog } from '../../support/slack/recorded-log.ts';

const channels = (count: number) => Array.from({ length: count }, (_, nth) => `C0${String(nth).padStart(5, '0')}`);
const fileWith = (count: number, digest: string) =>
  [
    'sources: [{ id: vendor, kind: push }]',
    'routes:',
    ...channels(count).map((channel) => `  - { slack: ${channel}, meters: all, digest: ${digest} }`),
  ].join('\n');

/** How many transactions wrote the rows. */
const TRANSACTIONS = 'SELECT count(DISTINCT xmin::text)::int AS transactions, count(*)::int AS rows FROM';

describe('timers of one kind that are due together share a transaction', () => {
  test('a file with 2,000 new routes announces the open alerts to all of them in one', async () => {
    const pipeline = await startPipeline('sources: [{ id: vendor, kind: push }]\n', '2026-11-30T09:00:00Z');
    await pipeline.push([{ meter: 'leads', used: 900, total: 1000 }]);
    await runSql(pipeline.url, 'DELETE FROM delivery');
    await pipeline.declare(fileWith(2_000, 'false'));
    const ring = createTimerRunner({
      store: pipeline.store,
      clock: { now: () => pipeline.now(), sleep: async () => undefined },
      log: recordedLog(),
      newId: () => crypto.randomUUID(),
      wake: () => undefined,
      signal: new AbortController().signal,
    });
    await ring();
    expect(await runSql(pipeline.url, `${TRANSACTIONS} delivery`)).toEqual([{ transactions: 1, rows: 2_000 }]);
  });

  test('150 digests at one instant are written in two, and one that fails is tried again later and keeps no other', async () => {
    const pipeline = await startPipeline(fileWith(150, '{ weekday: monday, at: "09:00" }'), '2026-11-28T09:00:00Z');
    await pipeline.push([{ meter: 'leads', used: 100, total: 1000 }]);
    const log = recordedLog();
    let now = new Date('2026-11-30T09:00:00Z');
    const ring = createTimerRunner({
      store: pipeline.store,
      clock: { now: () => now, sleep: async () => undefined },
      log,
      newId: () => crypto.randomUUID(),
      wake: () => undefined,
      signal: new AbortController().signal,
    });
    await runSql(
      pipeline.url,
      `CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
         IF NEW.route_id LIKE '%C000007%' THEN RAISE EXCEPTION 'no'; END IF; RETURN NEW;
       END $$`,
    );
    await runSql(pipeline.url, 'CREATE TRIGGER failing BEFORE INSERT ON digest_run FOR EACH ROW EXECUTE FUNCTION fail()');
    const digests = `${TRANSACTIONS} notification WHERE kind = 'digest'`;
    await ring();
    expect(await runSql(pipeline.url, digests)).toMatchObject([{ rows: 149 }]);
    expect(log.lines.filter(({ message }) => message === 'timer failed, retrying in a minute')).toHaveLength(1);
    await runSql(pipeline.url, 'DROP TRIGGER failing ON digest_run');
    await runSql(pipeline.url, 'DROP FUNCTION fail');
    now = new Date('2026-11-30T09:01:00Z');
    await ring();
    expect(await runSql(pipeline.url, digests)).toMatchObject([{ rows: 150 }]);
    now = new Date('2026-12-07T09:00:00Z');
    await runSql(pipeline.url, "DELETE FROM notification WHERE kind = 'digest'");
    await ring();
    expect(await runSql(pipeline.url, digests)).toEqual([{ transactions: 2, rows: 150 }]);
  });
});
