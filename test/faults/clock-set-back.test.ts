import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LONGEST_FIRST_POLL_MS, LONGEST_TIMER_MS, LONGEST_WAIT_MS } from '../../src/core/notifications/longest-wait.ts';
import { PURGE_AFTER_MS, timerKinds, type TimerKind } from '../../src/core/notifications/timer.ts';
import { MONDAY, NEXT_AT_8, PASTED_FILE } from '../support/pasted.ts';
import { runSql } from '../support/database.ts';
import { startPipeline, type Pipeline } from '../support/pipeline.ts';
import { slackUser } from '../support/people.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const EVERY_MS = 15 * 60_000;
const TRUE_NOW = '2026-11-10T09:00:00Z';
const FILE = `
timezone: Europe/Berlin
admins: [U0ADMIN]
sources:
  - { id: abmatic, kind: push, period: { every: month, day: 1 } }
routes:
  - { slack: C0ALERTS, meters: all }
  - { slack: C0OPERATIONS, operations: true }
`;

const POLLED = FILE.replace(
  'routes:',
  '  - { id: polled, kind: http, url: "http://127.0.0.1:9/", every: 15m, meters: { a: { used: used } } }\nroutes:',
);

/** What each column of time in the database holds back, and for how long at most. A new column needs a line here. */
const HOLDS: Readonly<Record<string, number | 'by kind' | 'by the database’s clock'>> = {
  'destination.lease_until': 'by the database’s clock',
  'destination.next_allowed_at': LONGEST_WAIT_MS.pace,
  'destination.paused_until': LONGEST_WAIT_MS.pause,
  'delivery.due_at': LONGEST_WAIT_MS.retry,
  'delivery.held_until': LONGEST_WAIT_MS.quietHours,
  'poll.due_at': DAY_MS,
  'poll.lease_until': LONGEST_WAIT_MS.pollLease,
  'timer.due_at': 'by kind',
  'teams_pace.next_at': 'by the database’s clock',
};

/** Record when something happened, or say when a period begins or ends: nothing waits for them, or they are compared both ways. */
const HOLD_NOTHING = [
  ...['account', 'secret', 'meter', 'notification', 'delivery'].map((table) => `${table}.created_at`),
  'source.first_seen_at',
  'source.asked_at',
  'source.stale_since',
  'received_event.received_at',
  'reading.received_at',
  ...['meter', 'reading'].flatMap((table) => ['observed_at', 'period_start', 'period_end'].map((column) => `${table}.${column}`)),
  'meter.period_began_at',
  // How far the readings of the meter are thinned. After a clock that ran ahead, thinning waits; nothing else does.
  'meter.thinned_until',
  'firing.period_began_at',
  'firing.fired_at',
  ...['opened_at', 'resolved_at', 'acknowledged_at', 'requested_at', 'repeated_at'].map((column) => `alert.${column}`),
  'destination.disabled_since',
  'destination.unknown_since',
  'delivery.settled_at',
  'attempt.started_at',
  'attempt.finished_at',
  'timer.set_at',
  'poll.last_attempt_at',
  'poll.last_success_at',
  'poll.last_error_at',
  'digest_run.ran_at',
  ...['teams_conversation', 'teams_person'].map((table) => `${table}.seen_at`),
  'teams_conversation.welcomed_at',
  'teams_conversation.removed_at',
  'slack_installation.installed_at',
  'slack_install_state.expires_at',
  'slack_identity.said_at',
  'slack_request.expires_at',
  'refused_request.refused_at',
  'refused_request.asked_at',
  'secret.expires_at',
  'capture_key.made_at',
  'mail.sent_at',
  'mail.read_at',
  'audit.at',
];

/** In this test's account: monthly periods, a source that is pushed and one that is polled. */
const LONGEST_AS_SET: Partial<Record<TimerKind, number>> = {
  staleness: 26 * HOUR_MS,
  purge: PURGE_AFTER_MS,
  'snooze-end': 32 * DAY_MS,
};

test('every column of time in the database is known to hold something back for a limited time, or nothing', () => {
  const columns = [...readFileSync('prisma/schema.prisma', 'utf8').matchAll(/^model \w+ \{(.*?)^\}/gms)].flatMap(([, body = '']) => {
    const table = /@@map\("(\w+)"\)/.exec(body)?.[1] ?? '';
    return [...body.matchAll(/ DateTime\??.*?@map\("(\w+)"\)/g)].map(([, column = '']) => `${table}.${column}`);
  });
  expect(columns.toSorted()).toEqual([...Object.keys(HOLDS), ...HOLD_NOTHING].toSorted());
});

/** A deed of each kind that leaves an instant behind. */
async function deeds(pipeline: Pipeline, nth: number, choice: 'tomorrow' | 'monday' | 'until-reset' | 'until-total-changes') {
  const meter = `meter_${String(nth)}`;
  pipeline.refuse('C0ALERTS', { outcome: 'retry', reason: 'HTTP 429', afterMs: 600_000 });
  await pipeline.push([{ meter, used: 1000, total: 1000 }]);
  pipeline.refuse('C0ALERTS', null);
  const meterId = await pipeline.meterId(meter);
  expect(await pipeline.actions.snooze({ account: 'default', on: { meterId }, by: slackUser('U0ANNA'), choice })).toMatchObject({
    done: 'snoozed',
  });
  await pipeline.store.installationRemoved('default', 'teams', {
    code: 'account_inactive',
    reason: 'The app was removed.',
    now: pipeline.now(),
  });
}

/** A poll that ended and a turn that was taken, as a process leaves them that is killed then. */
async function leave(pipeline: Pipeline): Promise<void> {
  const at = (ms: number) => `'${new Date(pipeline.now().getTime() + ms).toISOString()}'`;
  await runSql(pipeline.url, `UPDATE poll SET due_at = ${at(EVERY_MS)}, last_success_at = ${at(0)}, lease_until = ${at(60_000)}`);
  await runSql(pipeline.url, `UPDATE destination SET next_allowed_at = ${at(1000)}`);
  await runSql(pipeline.url, `UPDATE delivery SET held_until = ${at(60 * HOUR_MS)} WHERE status = 'pending'`);
}

async function expectNothingHeld(pipeline: Pipeline): Promise<void> {
  const now = pipeline.now().getTime();
  for (const [place, longest] of Object.entries(HOLDS)) {
    if (longest === 'by the database’s clock') continue;
    const [table = '', column = ''] = place.split('.');
    const rows = await runSql(
      pipeline.url,
      `SELECT ${table === 'timer' ? 'kind' : "'-' AS kind"}, ${column} AS at FROM ${table} WHERE ${column} IS NOT NULL ${table === 'delivery' ? "AND status = 'pending'" : ''}`,
    );
    for (const { kind, at } of rows) {
      const timer = timerKinds.find((one) => one === kind);
      const ofKind = timer && (LONGEST_AS_SET[timer] ?? LONGEST_TIMER_MS[timer]);
      const most = typeof ofKind === 'number' ? ofKind : longest;
      expect(new Date(String(at)).getTime() - now, `${place} ${String(kind)}`).toBeLessThanOrEqual(Number(most));
    }
  }
}

test('whatever a clock that was ahead has stored, once it is put right nothing holds back for longer than its kind can wait', async () => {
  const pipeline = await startPipeline(POLLED, TRUE_NOW, { TEAMS_ALLOW_ANONYMOUS: 'true' });
  const choice = fc.constantFrom('tomorrow', 'monday', 'until-reset', 'until-total-changes');
  let nth = 0;
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 2 * 60_000, max: 800 * DAY_MS }), choice, async (aheadMs, chosen) => {
      const truth = pipeline.now().getTime() + HOUR_MS;
      pipeline.jump(new Date(truth + aheadMs).toISOString());
      await deeds(pipeline, (nth += 1), chosen);
      await leave(pipeline);
      pipeline.jump(new Date(truth).toISOString());
      await pipeline.store.mendInstants(pipeline.now());
      await pipeline.settle();
      await expectNothingHeld(pipeline);
    }),
    { numRuns: 12 },
  );
}, 60_000);

test('a source that was never polled because the clock was ahead at the start is polled once it is put right', async () => {
  const pipeline = await startPipeline(POLLED, '2027-03-01T00:00:00Z');
  pipeline.jump(TRUE_NOW);
  await pipeline.store.mendInstants(pipeline.now());
  const [poll] = await pipeline.store.waitingPolls();
  expect((poll?.readyAt.getTime() ?? 0) - pipeline.now().getTime()).toBeLessThanOrEqual(LONGEST_FIRST_POLL_MS);
});

test.each([
  ['tomorrow', '2026-11-11T09:00:00Z'],
  ['monday', '2026-11-16T08:00:00Z'],
] as const)('a snooze until %s that a clock two days ahead has set ends by %s', async (choice, latest) => {
  const pipeline = await startPipeline(FILE, '2026-11-12T09:00:00Z');
  await pipeline.push([{ meter: 'leads', used: 850, total: 1000 }]);
  const on = { meterId: await pipeline.meterId('leads') };
  await pipeline.actions.snooze({ account: 'default', on, by: slackUser('U0ANNA'), choice });
  pipeline.jump(TRUE_NOW);
  await pipeline.settle();
  pipeline.news();
  await pipeline.goTo(latest);
  expect(pipeline.news().filter((text) => text.includes('Its snooze has ended'))).toHaveLength(1);
});

test('a clock that goes back and forth by seconds ends no snooze early', async () => {
  const pipeline = await startPipeline(FILE, TRUE_NOW);
  await pipeline.push([{ meter: 'leads', used: 850, total: 1000 }]);
  await pipeline.actions.snooze({
    account: 'default',
    on: { meterId: await pipeline.meterId('leads') },
    by: slackUser('U0ANNA'),
    choice: 'tomorrow',
  });
  pipeline.jump('2026-11-10T08:59:15Z');
  await pipeline.settle();
  pipeline.news();
  await pipeline.goTo('2026-11-11T07:59:59Z');
  expect(pipeline.news()).toEqual([]);
  await pipeline.goTo('2026-11-11T08:00:00Z');
  expect(pipeline.news()).toHaveLength(1);
});

test('a snooze until a reset that a clock 40 days ahead has set ends with that clock: its period is still to begin', async () => {
  const pipeline = await startPipeline(FILE, '2026-12-20T09:00:00Z');
  await pipeline.push([{ meter: 'leads', used: 850, total: 1000 }]);
  const on = { meterId: await pipeline.meterId('leads') };
  await pipeline.actions.snooze({ account: 'default', on, by: slackUser('U0ANNA'), choice: 'until-reset' });
  pipeline.news();
  pipeline.jump(TRUE_NOW);
  await pipeline.settle();
  expect(pipeline.news().filter((text) => text.includes('Its snooze has ended'))).toHaveLength(1);
});

test('a snooze of a meter without periods, set by a clock that was ahead, ends with the fall that says so', async () => {
  const pipeline = await startPipeline('routes: [{ slack: C0ALERTS, meters: all, digest: false }]', '2026-12-20T09:00:00Z');
  await pipeline.push([{ meter: 'leads', used: 850, total: 1000 }]);
  const on = { meterId: await pipeline.meterId('leads') };
  await pipeline.actions.snooze({ account: 'default', on, by: slackUser('U0ANNA'), choice: 'until-reset' });
  pipeline.jump(TRUE_NOW);
  await pipeline.push([{ meter: 'leads', used: 10, total: 1000 }]);
  await pipeline.goTo('2026-11-10T10:00:00Z');
  pipeline.news();
  await pipeline.push([{ meter: 'leads', used: 820, total: 1000 }]);
  expect(pipeline.news()).toEqual([expect.stringContaining('820 / 1,000')]);
});

test('a source that fell silent while the clock was ahead is said to be quiet as soon as its kind allows', async () => {
  const pipeline = await startPipeline(FILE, '2026-12-20T09:00:00Z');
  await pipeline.push([{ meter: 'leads', used: 100, total: 1000 }]);
  pipeline.jump(TRUE_NOW);
  await pipeline.settle();
  const quiet = () => pipeline.news().filter((text) => text.includes('abmatic: no figures'));
  await pipeline.goTo('2026-11-11T10:59:00Z');
  expect(quiet()).toEqual([]);
  await pipeline.goTo('2026-11-11T11:00:00Z');
  expect(quiet()).toHaveLength(1);
  await pipeline.push([{ meter: 'leads', used: 110, total: 1000 }]);
  await pipeline.goTo('2026-11-12T12:59:00Z');
  expect(quiet()).toEqual([]);
});

test('who was asked to paste while the clock was ahead is asked again before the next digest', async () => {
  const pipeline = await startPipeline(PASTED_FILE, MONDAY);
  const figures = () => pipeline.push([{ meter: 'apollo_contacts', used: 100, total: 1000 }], { via: 'import', by: 'U0TOM' });
  await figures();
  await runSql(pipeline.url, "UPDATE source SET asked_at = '2027-11-02T07:00:00Z'");
  await pipeline.goTo(NEXT_AT_8);
  expect(pipeline.news().filter((text) => text.startsWith('📋'))).toHaveLength(1);
});

test('what is stored of a removed platform goes 30 days after a clock that was a year ahead is put right', async () => {
  const pipeline = await startPipeline(FILE, '2027-11-10T09:00:00Z');
  await pipeline.push([{ meter: 'leads', used: 850, total: 1000 }]);
  await pipeline.store.installationRemoved('default', 'slack', {
    code: 'account_inactive',
    reason: 'The app was removed.',
    now: pipeline.now(),
  });
  pipeline.jump(TRUE_NOW);
  await pipeline.settle();
  const channels = () => runSql(pipeline.url, "SELECT 1 FROM destination WHERE kind = 'slack'");
  await pipeline.goTo('2026-12-10T08:59:00Z');
  expect(await channels()).not.toEqual([]);
  await pipeline.goTo('2026-12-10T09:01:00Z');
  expect(await channels()).toEqual([]);
});
