import { expect, test } from 'vitest';
import { runSql } from '../support/database.ts';
import { startPipeline } from '../support/pipeline.ts';

const FILE = 'timezone: Europe/Berlin\nroutes:\n  - { slack: C0ALERTS, meters: all }\n';
const heads = (texts: readonly string[]) => texts.map((text) => text.split('\n')[0]);

test('a clock an hour fast sends its digest an hour early, and not again when it is put right; an alert is said once', async () => {
  const pipeline = await startPipeline(FILE, '2026-11-08T10:00:00Z');
  await pipeline.push([{ meter: 'leads', used: 850, total: 1000 }]);
  await pipeline.goTo('2026-11-09T08:00:00Z');
  pipeline.jump('2026-11-09T07:00:00Z');
  await pipeline.push([{ meter: 'leads', used: 860, total: 1000 }]);
  await pipeline.goTo('2026-11-09T12:00:00Z');
  expect(heads(pipeline.news())).toEqual(['🟠 Leads is already at 85 %', expect.stringMatching(/^📊 Credits, 2–8 Nov/)]);
});

test('to a clock an hour slow right figures are from the future: they are refused with that reason, nothing fires, and all is well once it is put right', async () => {
  const pipeline = await startPipeline(FILE, '2026-11-10T09:00:00Z');
  const reading = { meter: 'leads', used: 850, total: 1000, observedAt: '2026-11-10T10:00:00Z' };
  expect(await pipeline.push([reading])).toEqual({
    accepted: 0,
    duplicates: 0,
    rejected: [
      {
        index: 0,
        reason: expect.stringMatching(/^observedAt is 1 h ahead of this server's clock \(2026-11-10T09:00:00Z\): check the clock/),
      },
    ],
  });
  expect(pipeline.news()).toEqual([]);
  await pipeline.goTo('2026-11-10T10:00:00Z');
  expect(await pipeline.push([reading])).toMatchObject({ accepted: 1, rejected: [] });
  expect(heads(pipeline.news())).toEqual(['🟠 Leads is already at 85 %']);
});

test('what could not be delivered for 24 h expires, on record, and holds up nothing that comes after it', async () => {
  const pipeline = await startPipeline(FILE.replace('all }', 'all, digest: false }'), '2026-11-10T09:00:00Z');
  pipeline.refuse('C0ALERTS', { outcome: 'retry', reason: 'Slack answered HTTP 503' });
  await pipeline.push([{ meter: 'leads', used: 850, total: 1000 }]);
  pipeline.jump('2026-11-11T08:59:59Z');
  await pipeline.settle();
  expect(await runSql(pipeline.url, 'SELECT status FROM delivery')).toEqual([{ status: 'pending' }]);
  pipeline.jump('2026-11-11T09:01:30Z');
  await pipeline.settle();
  expect(await runSql(pipeline.url, 'SELECT status, settled_because FROM delivery')).toEqual([
    { status: 'expired', settled_because: 'Slack answered HTTP 503' },
  ]);
  pipeline.refuse('C0ALERTS', null);
  await pipeline.push([{ meter: 'leads', used: 1000, total: 1000 }]);
  expect(heads(pipeline.news())).toEqual(['🔴 Leads is used up (100 %)']);
});
