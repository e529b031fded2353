import { expect, test } from 'vitest';
import { runSql } from '../support/database.ts';
import { startTalking } from '../support/talking.ts';

const FILE = `
timezone: Europe/Berlin
admins: [U0TOM]
sources: [{ id: abmatic, kind: push, period: { every: month, day: 1 } }]
routes:
  - { slack: C0ALERTS, meters: all, digest: false }
  - { slack: C0OPERATIONS, operations: true }
`;
const apollo = (used: number | string, more: Record<string, unknown> = {}) => ({ meter: 'apollo_contacts', used, total: 1000, ...more });

/** Pushes figures one after the other, each at its time. */
async function pushed(figures: readonly (readonly [at: string, reading: Record<string, unknown>])[]) {
  const talking = await startTalking(FILE, figures[0]?.[0] ?? '2026-11-10T08:00:00Z');
  for (const [at, reading] of figures) {
    await talking.pipeline.goTo(at);
    await talking.pipeline.push([reading]);
  }
  return talking;
}

test('one odd answer is shown as waiting, and leaves no trace once it is taken back', async () => {
  const { pipeline, say } = await pushed([
    ['2026-11-10T08:00:00Z', apollo(500)],
    ['2026-11-10T09:00:00Z', apollo(850)],
    ['2026-11-10T10:00:00Z', apollo(0)],
  ]);
  expect(await say('apollo')).toContain('Waiting to be confirmed by the next figures: ');
  expect(await say('apollo')).toContain('850 / 1,000');
  pipeline.news();
  await pipeline.goTo('2026-11-10T11:00:00Z');
  await pipeline.push([apollo(851)]);
  expect(pipeline.news()).toEqual([]);
  expect(await say('apollo')).not.toContain('Waiting');
  expect(await runSql(pipeline.url, "SELECT held, history_tip->>'consumed' AS consumed FROM meter")).toEqual([
    { held: null, consumed: '351' },
  ]);
});

test('a total of 0 that comes twice is said, and one alone is neither said nor taken for a top-up', async () => {
  const { pipeline } = await pushed([
    ['2026-11-10T08:00:00Z', apollo(500)],
    ['2026-11-10T09:00:00Z', apollo(500, { total: 0 })],
    ['2026-11-10T10:00:00Z', apollo(501)],
  ]);
  expect(pipeline.news()).toEqual([]);
  await pipeline.push([apollo(501, { total: 0, observedAt: '2026-11-10T10:01:00Z' })]);
  await pipeline.push([apollo(502, { total: 0, observedAt: '2026-11-10T10:02:00Z' })]);
  expect(pipeline.news()).toEqual([expect.stringContaining('none is included')]);
});

test('the figure of a stamp that is only a day counts as it changes through the day', async () => {
  const { pipeline } = await pushed([
    ['2026-11-10T08:00:00Z', apollo(500, { observedAt: '2026-11-10' })],
    ['2026-11-10T12:00:00Z', apollo(970, { observedAt: '2026-11-10' })],
  ]);
  expect(pipeline.news()).toEqual([expect.stringContaining('Apollo Contacts reached 80')]);
  expect(await pipeline.push([apollo(970, { observedAt: '2026-11-10' })])).toEqual({ accepted: 0, duplicates: 1, rejected: [] });
  expect(await runSql(pipeline.url, 'SELECT used, observed_at FROM reading')).toEqual([
    { used: '970', observed_at: new Date('2026-11-09T23:00:00Z') },
  ]);
  // It may be of any time of that day: it is not old before the next day is over.
  expect(await runSql(pipeline.url, 'SELECT is_coarse FROM meter')).toEqual([{ is_coarse: true }]);
});

test('figures that a clock stamped two days ahead give way once it is right, and leave no row', async () => {
  const { pipeline, say } = await pushed([
    ['2026-11-10T08:00:00Z', apollo(500)],
    ['2026-11-12T08:00:00Z', apollo(510)],
  ]);
  pipeline.jump('2026-11-10T09:00:00Z');
  await pipeline.push([apollo(820)]);
  expect(pipeline.news()).toContainEqual(expect.stringContaining('Apollo Contacts reached 80'));
  expect(await say('apollo')).toContain('820 / 1,000');
  expect(await runSql(pipeline.url, 'SELECT used FROM reading ORDER BY observed_at')).toEqual([{ used: '500' }, { used: '820' }]);
});

test('what a clock that was ahead said of a period to come is said when that period comes', async () => {
  const { pipeline, say } = await pushed([
    ['2026-11-28T08:00:00Z', apollo(100)],
    ['2026-11-28T09:00:00Z', apollo(500)],
  ]);
  pipeline.jump('2026-12-10T09:00:00Z');
  await pipeline.push([apollo(850)]);
  expect(pipeline.news()).toContainEqual(expect.stringContaining('Apollo Contacts reached 80'));
  pipeline.jump('2026-11-28T10:00:00Z');
  await pipeline.push([apollo(851)]);
  expect(pipeline.news()).toEqual([]);
  expect(await runSql(pipeline.url, "SELECT used, history_tip->>'consumed' AS consumed FROM meter")).toEqual([
    { used: '851', consumed: '751' },
  ]);
  expect(await say('export apollo since 2026-11-01')).not.toContain('2026-12-10');
  // Nothing is said of the period to come, and the alert has not been open since then.
  expect(
    await runSql(pipeline.url, 'SELECT opened_at <= now_at AS past FROM alert, (SELECT observed_at AS now_at FROM meter) AS latest'),
  ).toEqual([{ past: true }]);
  await pipeline.goTo('2026-11-28T12:00:00Z');
  expect(pipeline.news().filter((one) => one.includes('armed again'))).toEqual([]);
  await pipeline.goTo('2026-12-02T08:00:00Z');
  await pipeline.push([apollo(3)]);
  await pipeline.goTo('2026-12-10T10:00:00Z');
  pipeline.news();
  await pipeline.push([apollo(850)]);
  expect(pipeline.news()).toEqual([expect.stringContaining('850 / 1,000')]);
  expect(await runSql(pipeline.url, "SELECT period_began_at, fired_at FROM firing WHERE condition = 'used:80%'")).toEqual([
    { period_began_at: new Date('2026-11-30T23:00:00Z'), fired_at: new Date('2026-12-10T10:00:00Z') },
  ]);
});

test.each([
  [{ remaining: -50, total: 1000 }, '1,050 / 1,000', '50 over'],
  [{ remaining: '-35', total: 3000 }, '3,035 / 3,000', '35 over'],
  [{ used: 1050, remaining: -50 }, '1,050 / 1,000', '50 over'],
])('what is left below zero is over: %j', async (reading, used, over) => {
  const { pipeline } = await pushed([['2026-11-10T08:00:00Z', { meter: 'apollo_contacts', ...reading }]]);
  const [said] = pipeline.news();
  expect(said).toContain(used);
  expect(said).toContain(over);
  expect(said).toMatch(/^🔴/);
});

test('what is left below zero of a total that nobody named is over by so much, and claims no total', async () => {
  const { pipeline, say } = await pushed([['2026-11-10T08:00:00Z', { meter: 'apollo_contacts', remaining: -7 }]]);
  const [said] = pipeline.news();
  expect(said).toMatch(/^🔴 Apollo Contacts is used up\n7 credits over, total not known\n/);
  expect(await say('apollo')).toContain('7 credits over, total not known');
  await pipeline.goTo('2026-11-10T09:00:00Z');
  await pipeline.push([{ meter: 'apollo_contacts', remaining: -9 }]);
  expect(await say('apollo')).toContain('9 credits over, total not known');
  await pipeline.goTo('2026-11-10T10:00:00Z');
  await pipeline.push([{ meter: 'apollo_contacts', remaining: -9, total: 1000 }]);
  expect(await say('apollo')).toContain('1,009 / 1,000 credits used');
});

test('what was consumed agrees with what is used after a fall that somebody calls a correction', async () => {
  const talking = await pushed([
    ['2026-11-10T08:00:00Z', { meter: 'apollo_contacts', used: 0, total: 1_000_000 }],
    ['2026-11-11T08:00:00Z', { meter: 'apollo_contacts', used: 1_000_214, total: 1_000_000 }],
    ['2026-11-12T08:00:00Z', { meter: 'apollo_contacts', used: 1_614, total: 1_000_000 }],
    ['2026-11-12T09:00:00Z', { meter: 'apollo_contacts', used: 1_614, total: 1_000_000 }],
  ]);
  const { pipeline, say } = talking;
  await say('correction abmatic/apollo_contacts');
  await pipeline.goTo('2026-11-13T08:00:00Z');
  await pipeline.push([{ meter: 'apollo_contacts', used: 905_000, total: 1_000_000 }]);
  expect(await runSql(pipeline.url, "SELECT history_tip->>'consumed' AS consumed FROM meter")).toEqual([{ consumed: '905000' }]);
  const csv = await say('export apollo since 2026-11-01');
  const consumed = csv.split('\n').flatMap((line) => (line.startsWith('default,') ? [Number(line.split(',')[8])] : []));
  expect(consumed).toEqual([903_386, 0, 1_614, 0]);
});

test.each([
  ['without today', -30, 0],
  ['with today', -29, 1],
])('the last 30 days %s are one period that is of now: said once, never over, and nothing resets', async (_case, from, to) => {
  const days = Array.from({ length: 5 }, (_, day) => day);
  const { pipeline, say } = await pushed(
    days.flatMap((day) =>
      [8, 16].map((hour): readonly [string, Record<string, unknown>] => {
        const midnight = Date.UTC(2026, 10, 10 + day);
        const instant = (days: number) => new Date(midnight + days * 86_400_000).toISOString();
        return [
          new Date(midnight + hour * 3_600_000).toISOString(),
          apollo(850 - day, { period: { start: instant(from), end: instant(to) } }),
        ];
      }),
    ),
  );
  expect(pipeline.news()).toEqual([expect.stringContaining('Apollo Contacts is already at')]);
  const shown = await say('apollo');
  expect(shown).toContain('846 / 1,000');
  expect(shown).not.toContain('ended');
  expect(shown).not.toContain('resets');
  expect(await runSql(pipeline.url, 'SELECT count(*)::int AS fired FROM firing')).toEqual([{ fired: 1 }]);
});

test('an odd figure on the last day of a month is neither said nor counted, and the reset that follows is one', async () => {
  const { pipeline, say } = await pushed([
    ['2026-11-29T08:00:00Z', apollo(100)],
    ['2026-11-30T08:00:00Z', apollo(850)],
    ['2026-11-30T09:00:00Z', apollo(1)],
    ['2026-11-30T10:00:00Z', apollo(851)],
    ['2026-12-01T08:00:00Z', apollo(7)],
  ]);
  // One message in all, which the reset has closed.
  expect(pipeline.news()).toEqual([expect.stringContaining('Apollo Contacts: closed, figures reset on 1 Dec')]);
  const csv = await say('export apollo since 2026-11-01');
  const consumed = csv.split('\n').flatMap((line) => (line.startsWith('default,') ? [Number(line.split(',')[8])] : []));
  expect(consumed).toEqual([7, 751, 0]);
});

test('no statement is made on a period that only a clock that was ahead had begun', async () => {
  const { pipeline } = await pushed([
    ['2026-11-28T08:00:00Z', apollo(100)],
    ['2026-11-28T09:00:00Z', apollo(500)],
  ]);
  pipeline.jump('2026-12-02T09:00:00Z');
  await pipeline.push([apollo(7)]);
  pipeline.jump('2026-11-28T10:00:00Z');
  for (const at of ['2026-11-28T10:20:00Z', '2026-11-28T12:00:00Z']) await pipeline.goTo(at);
  expect(pipeline.news().filter((one) => one.includes('armed again'))).toEqual([]);
});
