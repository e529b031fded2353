import { expect, test } from 'vitest';
import { createQueries } from '../../src/queries/queries.ts';
import { meterJson } from '../../src/queries/overview-json.ts';
import { readMetrics } from '../../src/app/metrics.ts';
import { runSql } from '../support/database.ts';
import { slackUser } from '../support/people.ts';
import { startPipeline } from '../support/pipeline.ts';

const FILE = `
timezone: Europe/Berlin
sources: [{ id: abmatic, kind: push, period: { every: month, day: 1 } }]
routes: [{ slack: C0ALERTS, meters: all, digest: { weekday: monday, at: "09:00" } }]
`;

async function started() {
  const pipeline = await startPipeline(FILE, '2026-12-03T08:00:00Z');
  const push = async (figures: Record<string, unknown>) => {
    await pipeline.push([{ meter: 'campaigns', ...figures }]);
    await pipeline.settle();
  };
  const queries = createQueries({ store: pipeline.store, clock: { now: () => pipeline.now(), sleep: async () => undefined } });
  const json = async () => (await queries.ranking('default', meterJson)).meters[0];
  const state = async (total: bigint | null) => {
    const [one] = await pipeline.store.meters('default');
    await pipeline.actions.stateTotal({ account: 'default', on: { meterId: one?.meter.id ?? '' }, by: slackUser('U0TOM'), total });
    await pipeline.settle();
  };
  const samples = async () => {
    const all = [];
    for await (const part of (await readMetrics(pipeline.store)).meters) all.push(...part);
    return all;
  };
  return { pipeline, push, json, state, samples };
}

test('a meter of which only what is left is told has no share, alerts when nothing is left, and is measured once its total is stated', async () => {
  const { pipeline, push, json, state, samples } = await started();
  await push({ remaining: 2000 });
  await pipeline.goTo('2026-12-03T09:00:00Z');
  await push({ remaining: 234 });
  expect(pipeline.news()).toEqual([]);
  const answer = await pipeline.usage();
  expect(answer).toContain('234 visitors left, total not known');
  expect(answer).not.toContain('%');
  expect(await json()).toMatchObject({ used: null, total: null, remaining: 234, percent: null, severity: null });
  expect(await samples()).toMatchObject([{ used: null, remaining: 234, total: null }]);

  await state(1000n);
  expect(pipeline.news()).toEqual([]);
  expect(await json()).toMatchObject({ used: 766, total: 1000, remaining: 234, percent: 76.6, observedAt: '2026-12-03T09:00:00.000Z' });
  expect(await runSql(pipeline.url, 'SELECT used::int, total::int FROM reading ORDER BY observed_at')).toEqual([
    { used: 0, total: 2000 },
    { used: 766, total: 1000 },
  ]);
  await pipeline.goTo('2026-12-03T10:00:00Z');
  await push({ remaining: 200 });
  expect(pipeline.news()).toEqual([expect.stringContaining('800 / 1,000 visitors used · 200 left')]);
  expect(await runSql(pipeline.url, "SELECT history_tip ->> 'consumed' AS consumed FROM meter")).toEqual([{ consumed: '1800' }]);
});

test('nothing left of a total that nobody knows is an alert', async () => {
  const { pipeline, push, json } = await started();
  await push({ remaining: 500 });
  await pipeline.goTo('2026-12-03T09:00:00Z');
  await push({ remaining: 0 });
  expect(pipeline.news()).toEqual([expect.stringContaining('is used up')]);
  expect(await json()).toMatchObject({ used: null, total: null, remaining: 0, severity: 'critical' });
});

test('a stated total alerts at once, without new figures, once', async () => {
  const { pipeline, push, json, state } = await started();
  await push({ remaining: 100 });
  await pipeline.goTo('2026-12-03T09:00:00Z');
  await state(1000n);
  expect(pipeline.news()).toEqual([expect.stringContaining('900 / 1,000 visitors used · 100 left')]);
  expect(await json()).toMatchObject({ used: 900, total: 1000, severity: 'warning', observedAt: '2026-12-03T08:00:00.000Z' });
  await state(1000n);
  await push({ remaining: 100 });
  expect(pipeline.news()).toEqual([]);
});

test('a stated total of less than is left, and one of figures whose period is over, changes no alert', async () => {
  const { pipeline, push, json, state } = await started();
  await push({ remaining: 5000 });
  await state(1000n);
  expect(await json()).toMatchObject({ used: null, remaining: 5000, total: null });
  await pipeline.goTo('2027-01-02T09:00:00Z');
  pipeline.news();
  await state(50_000n);
  expect(await json()).toMatchObject({ used: 45_000, total: 50_000, expired: true });
  expect(pipeline.news()).toEqual([]);
});

test('a meter of which only what is used is told is unlimited only if the vendor says so', async () => {
  const { pipeline, push, json, state, samples } = await started();
  await push({ used: 850 });
  expect(await pipeline.usage()).toContain('850 visitors used · total not known');
  expect(await json()).toMatchObject({ used: 850, total: null, remaining: null, percent: null });
  expect(await samples()).toMatchObject([{ used: 850, remaining: null, total: null }]);
  await state(1000n);
  expect(pipeline.news()).toEqual([expect.stringContaining('850 / 1,000 visitors used · 150 left')]);
  await pipeline.goTo('2026-12-03T09:00:00Z');
  await push({ used: 860, total: null });
  await pipeline.goTo('2026-12-03T10:00:00Z');
  await push({ used: 870, total: null });
  expect(await pipeline.usage()).toContain('870 visitors used · unlimited');
});
