import { expect, test } from 'vitest';
import { runSql } from '../support/database.ts';
import { startPipeline } from '../support/pipeline.ts';

const FILE = `
timezone: Europe/Berlin
sources: [{ id: abmatic, kind: push, period: { every: month, day: 1 } }]
routes:
  - { slack: C0ALERTS, meters: all, digest: false }
  - { slack: C0OPERATIONS, operations: true }
`;
const readings = (apollo: number, total: number, openAi: number) => [
  { meter: 'apollo_contacts', used: apollo, total },
  { meter: 'open_ai', used: openAi, total: 1000 },
];

test('a new period closes the old one with a statement to operations, ends its alert quietly, and arms the levels again', async () => {
  const pipeline = await startPipeline(FILE, '2026-11-30T08:00:00Z');
  await pipeline.push(readings(900, 1000, 10));
  await pipeline.goTo('2026-11-30T22:45:00Z');
  await pipeline.push(readings(1500, 2500, 20));
  pipeline.news();
  await pipeline.goTo('2026-12-01T06:00:00Z');
  await pipeline.push(readings(3, 2500, 0));
  expect(pipeline.news()).toEqual([]);
  await pipeline.goTo('2026-12-01T06:10:00Z');
  expect(pipeline.news()).toEqual([
    [
      '🔄 New Abmatic AI period: 1 Dec – 1 Jan',
      'November closed at (last reading 30 Nov 23:45):',
      'Apollo Contacts 1,500 / 2,500 credits · 60% (topped up once)',
      'OpenAI Tokens 20 / 1,000 tokens · 2%',
      'Alerts are armed again.',
    ].join('\n'),
  ]);
  expect(pipeline.messages.at(-1)?.address).toBe('C0OPERATIONS');

  await pipeline.goTo('2026-12-02T06:00:00Z');
  await pipeline.push(readings(2000, 2500, 1));
  expect(pipeline.news()).toEqual([expect.stringContaining('Apollo Contacts reached 80%')]);
});

test('an alert of the ended period is over without a word of recovery', async () => {
  const pipeline = await startPipeline(FILE, '2026-11-30T08:00:00Z');
  await pipeline.push(readings(1000, 1000, 0));
  await pipeline.goTo('2026-12-01T06:00:00Z');
  await pipeline.push(readings(3, 1000, 0));
  await pipeline.goTo('2026-12-01T07:00:00Z');
  expect(pipeline.messages.map(({ text }) => text).filter((text) => text.includes('fine again'))).toEqual([]);
  expect(await runSql(pipeline.url, 'SELECT status, resolution FROM alert')).toEqual([{ status: 'resolved', resolution: 'period-ended' }]);
});

test('a fall below a tenth without a word of a new period is a presumed reset: said to operations at once, never a recovery', async () => {
  const pipeline = await startPipeline(FILE.replace(/sources:.*\n/, ''), '2026-11-20T08:00:00Z');
  await pipeline.push([{ meter: 'apollo_contacts', used: 803_412, total: 1_000_000 }]);
  pipeline.news();
  await pipeline.goTo('2026-11-21T08:00:00Z');
  await pipeline.push([{ meter: 'apollo_contacts', used: 1240, total: 1_000_000 }]);
  expect(pipeline.messages.at(-1)?.address).toBe('C0OPERATIONS');
  expect(pipeline.news()).toEqual([
    expect.stringMatching(
      /^Apollo Contacts fell from 803,412 to 1,240\. I treated this as a reset and re-armed its alerts\.\nWhen does it reset\?$/,
    ),
  ]);
  await pipeline.goTo('2026-11-22T08:00:00Z');
  await pipeline.push([{ meter: 'apollo_contacts', used: 800_000, total: 1_000_000 }]);
  expect(pipeline.news()).toEqual([expect.stringContaining('Apollo Contacts reached 80%')]);
});
