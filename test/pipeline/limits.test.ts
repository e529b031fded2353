import { randomUUID } from 'node:crypto';
import { describe, expect, onTestFinished, test } from 'vitest';
import { limitsOf } from '../../src/core/meters/limits.ts';
import { createIngest } from '../../src/pipeline/ingest/ingest.ts';
import { runSql, openTestStore } from '../support/database.ts';
import { startPipeline } from '../support/pipeline.ts';
import { recordedLog } from '../support/slack/recorded-log.ts';

const START = '2026-11-23T08:00:00Z';
const named = (prefix: string, count: number) => Array.from({ length: count }, (_, at) => ({ meter: `${prefix}${at}`, used: at }));

describe('meters beyond a limit', () => {
  test('of a source are refused one by one, with the limit, its key and what to do; known ones are taken', async () => {
    const app = await startPipeline('limits: { metersPerSource: 3 }', START);
    expect(await app.push(named('m', 5))).toEqual({
      accepted: 3,
      duplicates: 0,
      rejected: [3, 4].map((index) => ({
        index,
        reason: `meter "m${index}" is new, but source "abmatic" already has 3 meters, the most a source may have: send figures of known meters, or raise limits.metersPerSource in creditwatch.yml and restart`,
      })),
    });
    app.jump('2026-11-23T09:00:00Z');
    const mixed = await app.push([
      { meter: 'new', used: 1 },
      { meter: 'm1', used: 9 },
    ]);
    expect([mixed.accepted, mixed.rejected.map(({ index }) => index)]).toEqual([1, [0]]);
    // Another source has its own.
    expect((await app.push(named('m', 3), { source: 'other' })).accepted).toBe(3);
  });

  test('of the account are refused in whichever source, and taken once the limit is raised', async () => {
    const app = await startPipeline('limits: { metersPerAccount: 4 }', START);
    expect((await app.push(named('m', 3))).accepted).toBe(3);
    const report = await app.push(named('n', 2), { source: 'other' });
    expect(report.accepted).toBe(1);
    expect(report.rejected[0]?.reason).toContain('limits.metersPerAccount');
    await app.declare('limits: { metersPerAccount: 5 }');
    expect((await app.push(named('n', 2), { source: 'other' })).accepted).toBe(1);
  });

  test('declared in the file are there anyway', async () => {
    const app = await startPipeline(
      'limits: { metersPerSource: 1 }\nsources: [{ id: abmatic, kind: push, meters: { a: {}, b: {} } }]',
      START,
    );
    const report = await app.push([
      { meter: 'a', used: 1 },
      { meter: 'b', used: 1 },
      { meter: 'c', used: 1 },
    ]);
    expect([report.accepted, report.rejected.map(({ index }) => index)]).toEqual([2, [2]]);
  });

  test.each(['push', 'import'] as const)(
    'of a source beyond the limit of sources are refused, and nothing of it is stored: %s',
    async (via) => {
      const app = await startPipeline('limits: { sourcesPerAccount: 2 }', START);
      await app.push(named('m', 1), { source: 'one', via });
      await app.push(named('m', 1), { source: 'two', via });
      const report = await app.push(named('m', 2), { source: 'three', via });
      expect([report.accepted, report.rejected.map(({ index }) => index)]).toEqual([0, [0, 1]]);
      expect(report.rejected[0]?.reason).toContain('limits.sourcesPerAccount');
      expect((await app.push([{ meter: 'new', used: 1 }], { source: 'two', via })).accepted).toBe(1);
      expect(await runSql(app.url, "SELECT (SELECT count(*) FROM source WHERE id = 'three')::int AS sources")).toEqual([{ sources: 0 }]);
    },
  );

  test('may be set for each of several accounts, or for all of them', async () => {
    const app = await startPipeline('limits: { metersPerSource: 2 }\naccounts: { a: {}, b: { limits: { metersPerSource: 4 } } }', START);
    expect((await app.push(named('m', 5), { account: 'a' })).accepted).toBe(2);
    expect((await app.push(named('m', 5), { account: 'b' })).accepted).toBe(4);
  });
});

test('pushes at once, of several processes, do not pass the limits together', async () => {
  const app = await startPipeline('', START);
  const limits = limitsOf({ metersPerSource: 20, metersPerAccount: 50, sourcesPerAccount: 4 });
  const processes = Array.from({ length: 3 }, () => {
    const store = openTestStore(app.url, Buffer.alloc(32, 1));
    onTestFinished(() => store.close());
    return createIngest({ store, log: recordedLog(), newId: randomUUID, wake: () => undefined, limits: () => limits });
  });
  const reports = await Promise.all(
    Array.from({ length: 60 }, async (_, at) =>
      processes[at % 3]?.({
        account: 'default',
        source: `s${at % 6}`,
        via: 'push',
        eventId: `event-${at % 12}-${at}`,
        arrivedAt: app.now(),
        readings: named(`m${at}-`, 7),
      }),
    ),
  );
  expect(reports.reduce((sum, report) => sum + (report?.accepted ?? 0), 0)).toBe(50);
  expect(
    await runSql(
      app.url,
      `SELECT (SELECT count(*) FROM meter)::int AS meters, (SELECT count(*) FROM source)::int AS sources,
        (SELECT max(of_source) FROM (SELECT count(*)::int AS of_source FROM meter GROUP BY source_id) AS counted) AS most`,
    ),
  ).toEqual([{ meters: 50, sources: 4, most: 20 }]);
});

test('an event that was refused for want of a place counts once there is one', async () => {
  const app = await startPipeline('', START);
  let limits = limitsOf({ sourcesPerAccount: 1 });
  const ingest = createIngest({ store: app.store, log: recordedLog(), newId: randomUUID, wake: () => undefined, limits: () => limits });
  const send = (source: string) =>
    ingest({ account: 'default', source, via: 'push', eventId: 'evt-1', arrivedAt: app.now(), readings: named('m', 1) });
  expect((await send('one')).accepted).toBe(1);
  expect((await send('two')).accepted).toBe(0);
  limits = limitsOf({ sourcesPerAccount: 2 });
  expect((await send('two')).accepted).toBe(1);
});
