import { expect, test } from 'vitest';
import { runSql } from '../support/database.ts';
import { startPipeline, type Pipeline } from '../support/pipeline.ts';

const FILE = 'routes: [{ slack: C0SALES, meters: all, digest: false }]\n';
const REMOVED_AT = '2026-11-02T10:00:00Z';

/** An alert in two channels, one of which subscribed it in chat, that two people have dealt with; and then the app is removed. */
async function removed(): Promise<Pipeline> {
  const pipeline = await startPipeline(FILE, '2026-11-02T09:00:00Z');
  await pipeline.subscriptions.subscribe({ account: 'default', place: { kind: 'slack', address: 'C0CHAT' }, by: 'U0ANNA', meters: 'all', operations: false });
  await pipeline.push([{ meter: 'leads', used: 850, total: 1000 }]);
  const on = { meterId: await pipeline.meterId('leads') };
  await pipeline.actions.acknowledge({ account: 'default', on, by: 'U0ANNA' });
  await pipeline.actions.snooze({ account: 'default', on, by: 'U0TOM', choice: 'until-total-changes' });
  pipeline.jump(REMOVED_AT);
  await pipeline.store.installationRemoved('default', 'slack', { reason: 'The app was removed.', purgeAt: new Date('2026-12-02T10:00:00Z'), now: pipeline.now() });
  await pipeline.settle();
  return pipeline;
}

const count = async (pipeline: Pipeline, of: string) => Number((await runSql(pipeline.url, `SELECT count(*)::int AS n FROM ${of}`))[0]?.['n']);
const people = (pipeline: Pipeline) => runSql(pipeline.url, "SELECT acknowledged_by, status, (SELECT snoozed ->> 'by' FROM meter) AS snoozed_by FROM alert");

test('what is stored of a removed workspace goes after 30 days: its channels, what was sent there, who did what; the figures stay', async () => {
  const pipeline = await removed();
  await pipeline.goTo('2026-12-02T09:59:59Z');
  expect(await people(pipeline)).toEqual([{ acknowledged_by: 'U0ANNA', status: 'acknowledged', snoozed_by: 'U0TOM' }]);
  await pipeline.goTo('2026-12-02T10:00:00Z');
  expect(await people(pipeline)).toEqual([{ acknowledged_by: null, status: 'firing', snoozed_by: null }]);
  expect(await count(pipeline, "destination WHERE kind = 'slack'")).toBe(0);
  expect(await count(pipeline, 'route')).toBe(0);
  expect(await count(pipeline, "notification WHERE snapshot::text ~ 'U0(ANNA|TOM)'")).toBe(0);
  expect([await count(pipeline, 'reading'), await count(pipeline, 'alert')]).toEqual([1, 1]);
  await pipeline.declare(FILE);
  expect(await count(pipeline, "destination WHERE kind = 'slack'")).toBe(1);
});

test('nothing goes when the app has come back meanwhile: a message has arrived, or its token was taken at a start', async () => {
  const arrived = await removed();
  await arrived.declare(FILE);
  await arrived.push([{ meter: 'leads', used: 1000, total: 1000 }]);
  await arrived.goTo('2026-12-02T10:00:00Z');
  expect(await count(arrived, 'route')).toBe(2);

  const started = await removed();
  await started.store.installationWorks('default', 'slack');
  await started.goTo('2026-12-02T10:00:00Z');
  expect(await count(started, 'route')).toBe(2);
});

test('removed again after it had come back, 30 days begin anew', async () => {
  const pipeline = await removed();
  await pipeline.declare(FILE);
  await pipeline.push([{ meter: 'leads', used: 1000, total: 1000 }]);
  await pipeline.goTo('2026-11-20T10:00:00Z');
  await pipeline.store.installationRemoved('default', 'slack', { reason: 'The app was removed.', purgeAt: new Date('2026-12-20T10:00:00Z'), now: pipeline.now() });
  await pipeline.goTo('2026-12-20T09:59:59Z');
  expect(await count(pipeline, 'route')).toBe(2);
  await pipeline.goTo('2026-12-20T10:00:00Z');
  expect(await count(pipeline, 'route')).toBe(0);
});
