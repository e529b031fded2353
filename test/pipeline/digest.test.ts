import { expect, test } from 'vitest';
import { runSql } from '../support/database.ts';
import { startPipeline, type Pipeline } from '../support/pipeline.ts';
import { slackUser } from '../support/people.ts';

const FILE = `
timezone: Europe/Berlin
sources: [{ id: abmatic, kind: push, period: { every: month, day: 1 } }]
routes:
  - { slack: C0SALES, meters: [apollo_contacts, abmatic_contacts] }
  - { slack: C0EAST, meters: all, timezone: America/New_York, digest: { weekday: friday, at: "17:30" } }
  - { slack: C0QUIET, meters: all, digest: false }
  - { slack: C0OPERATIONS, operations: true }
`;
/** Sunday. */
const START = '2026-11-08T10:00:00Z';
const digests = (pipeline: Pipeline) =>
  pipeline.messages.filter(({ summary }) => summary.startsWith('Credits digest')).map(({ address, text }) => `${address} ${text}`);

async function push(pipeline: Pipeline, apollo: number): Promise<void> {
  await pipeline.push([
    { meter: 'apollo_contacts', used: apollo, total: 1_000_000 },
    { meter: 'abmatic_contacts', used: 40_982, total: 20_000_000 },
    { meter: 'open_ai', used: 4_984_062, total: 1_500_000_000 },
  ]);
}

test('goes out on Monday at nine in the account zone, and on Friday at half past five in the zone of a route that says so; each with the meters of its route', async () => {
  const pipeline = await startPipeline(FILE, START);
  await push(pipeline, 1614);
  await pipeline.goTo('2026-11-09T07:59:59Z');
  expect(digests(pipeline)).toEqual([]);
  await pipeline.goTo('2026-11-09T08:00:00Z');
  expect(digests(pipeline)).toEqual(['C0SALES 📊 Credits, 2–8 Nov: all 2 fine. As of 8 Nov 11:00.']);
  await pipeline.goTo('2026-11-13T22:29:59Z');
  expect(digests(pipeline)).toHaveLength(1);
  await pipeline.goTo('2026-11-13T22:30:00Z');
  expect(digests(pipeline)[1]).toMatch(/^C0EAST 📊 Credits, 6–12 Nov: 3 without current figures/);
  expect(digests(pipeline)).toHaveLength(2);
});

test('says what was consumed, what fired, who is on it and when it runs out', async () => {
  const pipeline = await startPipeline(FILE, '2026-11-08T22:00:00Z');
  for (let day = 0; day <= 7; day += 1) {
    await pipeline.goTo(new Date(Date.UTC(2026, 10, 8 + day, 22)));
    await push(pipeline, 480_000 + day * 45_700);
  }
  await pipeline.actions.acknowledge({
    account: 'default',
    on: { meterId: await pipeline.meterId('apollo_contacts') },
    by: slackUser('U0ANNA'),
  });
  await pipeline.goTo('2026-11-16T08:00:00Z');
  expect(
    digests(pipeline)
      .filter((text) => text.startsWith('C0SALES'))
      .at(1)
      ?.split('\n'),
  ).toEqual([
    'C0SALES 📊 Credits, 9–15 Nov: 1 needs attention, 1 fine',
    '🟠 Apollo Contacts  799,900 / 1,000,000 · 79% · +317,996',
    '   Runs out 19–20 Nov, reset 1 Dec · Warned Thu 23:00 · @U0ANNA is on it',
    '🟢 Contacts: under 1%, lasts until 1 Dec',
    '',
    'Apollo Contacts: credits used per day',
    ...['9 Nov', '10 Nov', '11 Nov', '12 Nov', '13 Nov', '14 Nov', '15 Nov'].map((day) => expect.stringMatching(`^${day} +▇+ +45,700$`)),
    '',
    'As of 15 Nov 23:00',
  ]);
});

test('a process that was down over the time makes up for it within a day, marked late, and skips and records it after that', async () => {
  const pipeline = await startPipeline(FILE, START);
  await push(pipeline, 1614);
  pipeline.jump('2026-11-09T10:00:00Z');
  await pipeline.settle();
  expect(digests(pipeline)).toEqual([
    expect.stringMatching(/^C0SALES 📊 Credits, 2–8 Nov \(late\): all 2 fine\.[^]*This digest was due 09:00\.$/),
  ]);
  pipeline.jump('2026-11-19T08:00:00Z');
  await pipeline.settle();
  expect(digests(pipeline)).toHaveLength(1);
  expect(await runSql(pipeline.url, 'SELECT route_id, week, outcome FROM digest_run ORDER BY week, route_id')).toEqual(
    [
      { route_id: 'slack:C0SALES', week: '2026-W46', outcome: 'late' },
      { route_id: 'slack:C0EAST', week: '2026-W46', outcome: 'skipped' },
      { route_id: 'slack:C0SALES', week: '2026-W47', outcome: 'skipped' },
    ].sort((a, b) => a.week.localeCompare(b.week) || a.route_id.localeCompare(b.route_id)),
  );
});

test('several processes that come at once send one', async () => {
  const pipeline = await startPipeline(FILE, START);
  await push(pipeline, 1614);
  pipeline.jump('2026-11-09T08:00:00Z');
  await Promise.all([pipeline.settle(), pipeline.settle(), pipeline.settle()]);
  await pipeline.settle();
  expect(digests(pipeline)).toHaveLength(1);
});

test('a restart keeps the due time, an edited schedule begins anew, and one week has one digest', async () => {
  const pipeline = await startPipeline(FILE, START);
  await push(pipeline, 1614);
  await pipeline.declare(FILE);
  await pipeline.goTo('2026-11-09T08:00:00Z');
  expect(digests(pipeline)).toHaveLength(1);
  await pipeline.declare(
    FILE.replace(
      '[apollo_contacts, abmatic_contacts] }',
      '[apollo_contacts, abmatic_contacts], digest: { weekday: tuesday, at: "09:00" } }',
    ),
  );
  await pipeline.goTo('2026-11-11T08:00:00Z');
  expect(digests(pipeline)).toHaveLength(1);
  await pipeline.goTo('2026-11-17T08:00:00Z');
  expect(digests(pipeline).filter((text) => text.startsWith('C0SALES'))).toHaveLength(2);
});
