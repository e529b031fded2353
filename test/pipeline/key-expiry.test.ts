import { expect, test } from 'vitest';
import { startPipeline } from '../support/pipeline.ts';

const ROUTES = 'routes: [{ slack: C0ALERTS, meters: all, digest: false }, { slack: C0OPERATIONS, operations: true }]';
const fileOf = (expires: string, kind = 'push') =>
  `timezone: Europe/Berlin\nsources: [{ id: acme, kind: ${kind}, expires: ${expires} }]\n${ROUTES}`;

test('the key of a source is warned of 30 and 7 days before it expires, at 09:00, once each', async () => {
  const pipeline = await startPipeline(fileOf('2026-12-31'), '2026-11-20T10:00:00Z');
  await pipeline.goTo('2026-12-01T07:59:59Z');
  expect(pipeline.messages).toEqual([]);
  await pipeline.goTo('2026-12-01T08:00:00Z');
  expect(pipeline.messages).toMatchObject([{ address: 'C0OPERATIONS', summary: '🔑 acme: the key expires in 30 days (31 Dec 2026)' }]);
  await pipeline.declare(fileOf('2026-12-31'));
  await pipeline.goTo('2026-12-24T07:59:59Z');
  expect(pipeline.messages).toHaveLength(1);
  await pipeline.goTo('2026-12-24T08:00:00Z');
  expect(pipeline.messages[1]?.summary).toBe('🔑 acme: the key expires in 7 days (31 Dec 2026)');
  await pipeline.goTo('2027-03-01T08:00:00Z');
  await pipeline.declare(fileOf('2026-12-31'));
  await pipeline.settle();
  expect(pipeline.messages).toHaveLength(2);
});

test('a warning whose day passed while the service was stopped comes at the start, with the days that are left', async () => {
  const pipeline = await startPipeline(fileOf('2026-12-31'), '2026-11-20T10:00:00Z');
  pipeline.jump('2026-12-27T18:00:00Z');
  await pipeline.declare(fileOf('2026-12-31'));
  await pipeline.settle();
  expect(pipeline.news()).toEqual([expect.stringContaining('the key expires in 4 days')]);
});

test('a changed date starts anew, a date in the past is told once, and a date that is gone is not', async () => {
  const pipeline = await startPipeline(fileOf('2026-12-01'), '2026-11-28T10:00:00Z');
  await pipeline.settle();
  expect(pipeline.news()).toEqual([expect.stringContaining('the key expires in 3 days')]);
  await pipeline.declare(fileOf('2027-12-01'));
  await pipeline.goTo('2027-10-30T10:00:00Z');
  expect(pipeline.news()).toEqual([]);
  await pipeline.goTo('2027-11-01T09:00:00Z');
  expect(pipeline.news()).toEqual([expect.stringContaining('the key expires in 30 days')]);
  await pipeline.declare(fileOf('2027-10-01'));
  await pipeline.settle();
  expect(pipeline.news()).toEqual([expect.stringContaining('the key expired 31 days ago')]);
  await pipeline.declare(fileOf('2027-12-01').replace(', expires: 2027-12-01', ''));
  await pipeline.goTo('2028-01-01T09:00:00Z');
  expect(pipeline.news()).toEqual([]);
});
