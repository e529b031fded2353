import { expect, test } from 'vitest';
import { createQueries } from '../../src/queries/queries.ts';
import { meterJson } from '../../src/queries/overview-json.ts';
import { runSql } from '../support/database.ts';
import { startPipeline } from '../support/pipeline.ts';

const FILE = `
timezone: Europe/Berlin
sources: [{ id: abmatic, kind: push, period: { every: month, day: 1 } }]
routes: [{ slack: C0ALERTS, meters: all, digest: { weekday: monday, at: "09:00" } }]
`;

/** A pipeline with a hand for notices that came by mail. */
async function noticed(startAt = '2026-12-03T08:00:00Z') {
  const pipeline = await startPipeline(FILE, startAt);
  const notice = async (...readings: readonly Record<string, unknown>[]) => {
    const arrivedAt = pipeline.now();
    const all = readings.map((one) => ({ meter: 'campaigns', observedAt: arrivedAt.toISOString(), ...one }));
    const report = await pipeline.ingest({
      account: 'default',
      source: 'abmatic',
      via: 'push',
      eventId: null,
      arrivedAt,
      readings: all,
      isNotice: true,
    });
    await pipeline.settle();
    return report;
  };
  return { pipeline, notice };
}

test('a notice of 80% fires the level once, is shown with its date everywhere, and a measured figure replaces it', async () => {
  const { pipeline, notice } = await noticed();
  await pipeline.push([{ meter: 'campaigns', used: 100, total: 10_000 }]);
  await pipeline.goTo('2026-12-03T14:00:00Z');
  expect(await notice({ share: '80' })).toMatchObject({ accepted: 1, rejected: [] });
  expect(pipeline.news()).toEqual([
    expect.stringContaining('at least 8,000 / 10,000 visitors used · at least 80% (mail of 3 Dec) · at most 2,000 left'),
  ]);
  expect(await notice({ share: '80' })).toMatchObject({ accepted: 0, duplicates: 1 });
  expect(pipeline.news()).toEqual([]);
  expect(await pipeline.usage()).toContain('at least 8,000 / 10,000 visitors used · at least 80% (mail of 3 Dec)');
  const queries = createQueries({ store: pipeline.store, clock: { now: () => pipeline.now(), sleep: async () => undefined } });
  expect((await queries.ranking('default', meterJson)).meters).toMatchObject([
    { meter: 'campaigns', used: 8000, atLeast: true, percent: 80, observedAt: '2026-12-03T14:00:00.000Z' },
  ]);
  expect(await runSql(pipeline.url, 'SELECT used::int, is_at_least FROM reading ORDER BY observed_at')).toEqual([
    { used: 100, is_at_least: false },
    { used: 8000, is_at_least: true },
  ]);
  await pipeline.goTo('2026-12-07T09:00:00Z');
  expect(pipeline.news().join('\n')).toContain('at least 8,000 / 10,000 · at least 80% (mail of 3 Dec)');

  await pipeline.goTo('2026-12-08T09:00:00Z');
  await pipeline.push([{ meter: 'campaigns', used: 7_900, total: 10_000 }]);
  expect(await pipeline.usage()).toContain('7,900 / 10,000 visitors used · 79%');
  expect(await runSql(pipeline.url, "SELECT used::int, is_at_least, measured, history_tip ->> 'consumed' AS consumed FROM meter")).toEqual([
    { used: 7900, is_at_least: false, measured: null, consumed: '7800' },
  ]);
});

test('a part needs a total: it is refused without one, and counts by the total of the file until a real one is known', async () => {
  const { notice, pipeline } = await noticed();
  expect(await notice({ share: '80' })).toMatchObject({ accepted: 0, rejected: [{ reason: expect.stringContaining('total') }] });
  expect(await notice({ meter: 'open_ai', share: '80', statedTotal: 1000 })).toMatchObject({ accepted: 1 });
  await pipeline.goTo('2026-12-04T08:00:00Z');
  await pipeline.push([{ meter: 'open_ai', used: 850, total: 5000 }]);
  await pipeline.goTo('2026-12-05T08:00:00Z');
  await notice({ meter: 'open_ai', share: '50', statedTotal: 1000 });
  expect(await pipeline.usage()).toContain('at least 2,500 / 5,000 tokens');
});

test('a measured figure of the same instant stays, whichever came first', async () => {
  const { notice, pipeline } = await noticed();
  await pipeline.push([{ meter: 'campaigns', used: 100, total: 1000 }]);
  await notice({ share: '80' });
  await notice({ meter: 'open_ai', share: '80', statedTotal: 1000 });
  await pipeline.push([{ meter: 'open_ai', used: 700, total: 1000 }]);
  expect(
    await runSql(pipeline.url, 'SELECT key, meter.used::int, reading.is_at_least FROM reading JOIN meter ON id = meter_id ORDER BY key'),
  ).toEqual([
    { key: 'campaigns', used: 100, is_at_least: false },
    { key: 'open_ai', used: 700, is_at_least: false },
  ]);
});

test('a notice of several that come at once is compared with what counts, not with the notice before it', async () => {
  const { notice, pipeline } = await noticed('2026-12-10T08:00:00Z');
  const left = async () => (await runSql(pipeline.url, 'SELECT used::int, is_at_least FROM meter'))[0];
  await pipeline.push([{ meter: 'campaigns', used: 1500, total: 10_000 }]);
  await pipeline.goTo('2026-12-11T08:00:00Z');
  // The first one is older than what is known.
  await notice({ used: 1400, observedAt: '2026-12-04T08:00:00Z' }, { used: 1450, observedAt: '2026-12-11T07:00:00Z' });
  expect(await left()).toEqual({ used: 1500, is_at_least: false });
  // Each is newer, and each is lower than what is known.
  await pipeline.goTo('2026-12-12T08:00:00Z');
  await notice({ used: 1400, observedAt: '2026-12-12T06:00:00Z' }, { used: 1450, observedAt: '2026-12-12T07:00:00Z' });
  expect(await left()).toEqual({ used: 1500, is_at_least: false });
  await notice({ used: 1600, observedAt: '2026-12-12T07:10:00Z' }, { used: 1550, observedAt: '2026-12-12T07:20:00Z' });
  expect(await left()).toEqual({ used: 1600, is_at_least: false });
  // The first one begins a period, to which the second belongs.
  await pipeline.goTo('2027-01-05T08:00:00Z');
  await notice({ used: 200, observedAt: '2027-01-03T08:00:00Z' }, { used: 150, observedAt: '2027-01-04T08:00:00Z' });
  expect(await left()).toEqual({ used: 200, is_at_least: false });
});

test('a push cannot send a lower bound', async () => {
  const { pipeline } = await noticed();
  expect(await pipeline.push([{ meter: 'campaigns', used: 1, atLeast: true }])).toMatchObject({ accepted: 0, rejected: [{ index: 0 }] });
});

test('an upgrade that is told with less used than is known ends the alert, and nothing used is lost', async () => {
  const { notice, pipeline } = await noticed();
  await pipeline.push([{ meter: 'campaigns', used: 900, total: 1000 }]);
  await pipeline.goTo('2026-12-03T12:00:00Z');
  pipeline.news();
  expect(await notice({ used: 800, total: 5000 })).toMatchObject({ accepted: 1 });
  expect(pipeline.news()).toEqual([expect.stringContaining('4,000')]);
  expect(await pipeline.usage()).toContain('at least 900 / 5,000 visitors used · at least 18% (mail of 3 Dec)');
});

test('without a period, "used up" ends with a lower notice more than a month later, and operations are asked for the reset day', async () => {
  const pipeline = await startPipeline(
    'sources: [{ id: abmatic, kind: push }]\nroutes: [{ slack: C0ALERTS, meters: all, digest: false }, { slack: C0OPERATIONS, operations: true }]',
    '2026-12-03T08:00:00Z',
  );
  const notice = async (share: number) => {
    const arrivedAt = pipeline.now();
    const reading = { meter: 'campaigns', observedAt: arrivedAt.toISOString(), share, statedTotal: 1000 };
    await pipeline.ingest({
      account: 'default',
      source: 'abmatic',
      via: 'push',
      eventId: null,
      arrivedAt,
      readings: [reading],
      isNotice: true,
    });
    await pipeline.settle();
  };
  await pipeline.push([{ meter: 'campaigns', used: 500, total: 1000 }]);
  await pipeline.goTo('2026-12-03T09:00:00Z');
  await notice(100);
  pipeline.jump('2026-12-20T08:00:00Z');
  await pipeline.settle();
  pipeline.news();
  await notice(80);
  expect(await pipeline.usage()).toContain('at least 1,000 / 1,000');
  pipeline.jump('2027-01-05T08:00:00Z');
  await pipeline.settle();
  pipeline.news();
  await notice(80);
  expect(await pipeline.usage()).toContain('at least 800 / 1,000');
  expect(pipeline.news().join('\n')).toMatch(/fell from 1,000 to 800/);
});
