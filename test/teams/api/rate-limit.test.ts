import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import type { TeamsStore } from '../../../src/ports/stores/teams-store.ts';
import { ok } from '../../../src/core/result.ts';
import { createConnector } from '../../../src/teams/api/connector.ts';
import { createTeamsMessenger } from '../../../src/teams/messenger.ts';
import { createRate } from '../../../src/teams/api/rate-limit.ts';
import { createDatabase, runSql, openTestStore } from '../../support/database.ts';
import { ManualClock } from '../../support/slack/manual-clock.ts';
import { recordedLog } from '../../support/slack/recorded-log.ts';
import { sentence } from '../../support/slack/adapter.ts';
import { startFakeTeams } from '../../support/teams/fake-teams.ts';
import { knownConversations } from '../../support/teams/known-conversations.ts';
import { TEAMS_REASONS } from '../../../src/messages/platforms/teams-errors.ts';

const EVERY_MS = 25;
const AT_ONCE = 5;

/** One database, with as many processes as the test opens. */
async function prepare() {
  const database = await createDatabase();
  const statements: number[] = [];
  const open = (): Pick<TeamsStore, 'takeTurns'> => {
    const store = openTestStore(database.url, Buffer.alloc(32));
    onTestFinished(() => store.close());
    return { takeTurns: (tenant, turns) => (statements.push(turns.count), store.teams.takeTurns(tenant, turns)) };
  };
  return { url: database.url, open, statements };
}

/** A process whose calls wait for ever when they do not go at once. */
function worker(store: Pick<TeamsStore, 'takeTurns'>) {
  const clock = new ManualClock();
  const rate = createRate(store, clock);
  return { clock, take: (count: number, tenant = 'home') => Array.from({ length: count }, () => rate(tenant)) };
}

/** When whoever takes turns now would get them, in ms from the first answer on: 0 for those that go at once. */
async function turnsOf(
  workers: readonly ReturnType<typeof worker>[],
  each: number,
): Promise<{ waits: readonly number[]; spreadMs: number }> {
  const startedAt = performance.now();
  const answered = workers.flatMap(({ take }) => take(each));
  const done: unknown[] = [];
  for (const one of answered) void one.then((held) => done.push(held));
  await expect
    .poll(() => done.length + workers.reduce((sum, { clock }) => sum + clock.sleeping.length, 0), { timeout: 5000 })
    .toBe(workers.length * each);
  expect(done.every((held) => held === null)).toBe(true);
  return {
    waits: [...done.map(() => 0), ...workers.flatMap(({ clock }) => clock.sleeping)].toSorted((a, b) => a - b),
    spreadMs: performance.now() - startedAt,
  };
}

test.each([1, 2])('%i processes together make at most 45 calls in a second, and 40 a second in the long run', async (processes) => {
  const { open } = await prepare();
  const { waits, spreadMs } = await turnsOf(
    Array.from({ length: processes }, () => worker(open())),
    80 / processes,
  );
  // Their waits count from slightly different moments: so many more calls fit into that time.
  const more = Math.ceil(spreadMs / EVERY_MS);
  for (const from of waits)
    expect(waits.filter((wait) => wait >= from && wait < from + 1000).length).toBeLessThanOrEqual(40 + AT_ONCE + more);
  expect(waits.filter((wait) => wait === 0).length).toBeGreaterThanOrEqual(AT_ONCE);
  expect(waits.at(-1)).toBeGreaterThan((80 - AT_ONCE) * EVERY_MS - spreadMs - 1);
  expect(waits.at(-1)).toBeLessThanOrEqual((80 - AT_ONCE) * EVERY_MS);
});

test('no turn is given twice, however many processes ask at once', async () => {
  const { url, open } = await prepare();
  const stores = [open(), open(), open()];
  await runSql(url, `INSERT INTO teams_pace VALUES ('home', '2100-01-01T00:00:00Z')`);
  const asking = stores.flatMap((store) =>
    Array.from({ length: 10 }, () => store.takeTurns('home', { count: 4, everyMs: EVERY_MS, atOnce: AT_ONCE, withinMs: 1e14 })),
  );
  expect((await Promise.all(asking)).every((last) => last !== null)).toBe(true);
  expect(await runSql(url, `SELECT extract(epoch FROM next_at - '2100-01-01T00:00:00Z')::float8 AS s FROM teams_pace`)).toEqual([
    { s: (120 * EVERY_MS) / 1000 },
  ]);
});

test('who would wait longer than two seconds is told to come back, and takes no turn', async () => {
  const { url, open } = await prepare();
  const { take } = worker(open());
  await runSql(url, `INSERT INTO teams_pace VALUES ('home', now() + interval '8 seconds')`);
  const before = await runSql(url, 'SELECT next_at FROM teams_pace');
  expect(await Promise.all(take(3))).toEqual(Array(3).fill({ outcome: 'retry', reason: TEAMS_REASONS.rateLimit, afterMs: 1000 }));
  expect(await runSql(url, 'SELECT next_at FROM teams_pace')).toEqual(before);
});

test('another organisation has its own pace', async () => {
  const { url, open } = await prepare();
  const { take } = worker(open());
  await runSql(url, `INSERT INTO teams_pace VALUES ('other', now() + interval '1 hour')`);
  expect(await Promise.all(take(AT_ONCE))).toEqual(Array(AT_ONCE).fill(null));
});

test('one call costs one statement, and what waits together shares one', async () => {
  const { open, statements } = await prepare();
  const { take } = worker(open());
  await Promise.all(take(1));
  expect(statements).toEqual([1]);
  await Promise.all(take(4));
  expect(statements).toEqual([1, 1, 3]);
});

test('what a process took and never used is lost to nobody for longer than that time', async () => {
  const { url, open } = await prepare();
  await open().takeTurns('home', { count: 40, everyMs: EVERY_MS, atOnce: AT_ONCE, withinMs: 2000 });
  const [row] = z
    .array(z.object({ ms: z.number() }))
    .parse(await runSql(url, 'SELECT extract(epoch FROM next_at - clock_timestamp())::float8 * 1000 AS ms FROM teams_pace'));
  expect(row?.ms).toBeLessThanOrEqual((40 - AT_ONCE + 1) * EVERY_MS);
});

test('a messenger waits for its turn before it calls Teams', async () => {
  const teams = await startFakeTeams();
  onTestFinished(teams.close);
  const clock = new ManualClock();
  const channel = '19:one@thread.tacv2';
  const store = { ...knownConversations([{ id: channel, serviceUrl: teams.serviceUrl }]), takeTurns: async () => 700 };
  const connector = createConnector({ check: async () => ok(undefined), token: async () => ok(null) }, '28:bot');
  const messenger = createTeamsMessenger({ connector, store, timeZoneOf: () => 'UTC', home: null, clock, log: recordedLog() });
  const sending = messenger.send({
    address: channel,
    place: { kind: 'new' },
    message: sentence('Apollo reached 80%'),
    severity: 'warning',
    deliveryId: 'delivery-1',
    possibleDuplicate: false,
  });
  await clock.untilSomebodySleeps(700);
  expect(teams.calls.all).toEqual([]);
  clock.advance(700);
  expect((await sending).outcome).toBe('sent');
});

test('a time that no turn can have set is of a clock that was set back, and holds up nobody', async () => {
  const { url, open } = await prepare();
  const { take } = worker(open());
  await runSql(url, `INSERT INTO teams_pace VALUES ('home', now() + interval '1 hour')`);
  expect(await Promise.all(take(3))).toEqual([null, null, null]);
});
