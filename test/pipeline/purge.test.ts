import { expect, test } from 'vitest';
import { runSql } from '../support/database.ts';
import type { SendOutcome } from '../../src/core/notifications/delivery.ts';
import type { Messenger } from '../../src/ports/outbound/messenger.ts';
import { startPipeline, type Pipeline } from '../support/pipeline.ts';
import { slackUser } from '../support/people.ts';

const FILE = 'routes: [{ slack: C0SALES, meters: all, digest: false }]\n';
const GONE: Exclude<SendOutcome, { outcome: 'sent' }> = {
  outcome: 'rejected',
  scope: 'installation',
  code: 'token_revoked',
  reason: 'The token was revoked (token_revoked)',
  remedy: 'Install the app again.',
  removed: true,
};
const FORBIDDEN: typeof GONE = {
  outcome: 'rejected',
  scope: 'installation',
  code: 'missing_scope',
  reason: 'A permission is missing (missing_scope)',
  remedy: 'Add the scope.',
};
const TEAMS = { TEAMS_ALLOW_ANONYMOUS: 'true' };
const REMOVED_AT = '2026-11-02T10:00:00Z';

/** An alert in two channels, one of which subscribed it in chat, that two people have dealt with; and then the app is removed. */
async function removed(): Promise<Pipeline> {
  const pipeline = await startPipeline(FILE, '2026-11-02T09:00:00Z');
  await pipeline.subscriptions.subscribe({
    account: 'default',
    place: { kind: 'slack', address: 'C0CHAT' },
    by: slackUser('U0ANNA'),
    meters: 'all',
    operations: false,
  });
  await pipeline.push([{ meter: 'leads', used: 850, total: 1000 }]);
  const on = { meterId: await pipeline.meterId('leads') };
  await pipeline.actions.acknowledge({ account: 'default', on, by: slackUser('U0ANNA') });
  await pipeline.actions.snooze({ account: 'default', on, by: slackUser('U0TOM'), choice: 'until-total-changes' });
  pipeline.jump(REMOVED_AT);
  await pipeline.store.installationRemoved('default', 'slack', {
    code: 'account_inactive',
    reason: 'The app was removed.',
    now: pipeline.now(),
  });
  await pipeline.settle();
  return pipeline;
}

const count = async (pipeline: Pipeline, of: string) =>
  Number((await runSql(pipeline.url, `SELECT count(*)::int AS n FROM ${of}`))[0]?.['n']);
const people = (pipeline: Pipeline) =>
  runSql(pipeline.url, "SELECT acknowledged_by, status, (SELECT snoozed ->> 'by' FROM meter) AS snoozed_by FROM alert");

test('what is stored of a removed workspace goes after 30 days: its channels, what was sent there, who did what; the figures stay', async () => {
  const pipeline = await removed();
  await pipeline.goTo('2026-12-02T09:59:59Z');
  expect(await people(pipeline)).toEqual([{ acknowledged_by: 'slack:U0ANNA', status: 'acknowledged', snoozed_by: 'slack:U0TOM' }]);
  await pipeline.goTo('2026-12-02T10:00:00Z');
  expect(await people(pipeline)).toEqual([{ acknowledged_by: null, status: 'firing', snoozed_by: null }]);
  expect(await count(pipeline, "destination WHERE kind = 'slack'")).toBe(0);
  expect(await count(pipeline, 'route')).toBe(0);
  expect(await count(pipeline, "notification WHERE snapshot::text ~ 'U0(ANNA|TOM)'")).toBe(0);
  expect([await count(pipeline, 'reading'), await count(pipeline, 'alert')]).toEqual([1, 1]);
  await pipeline.declare(FILE);
  expect(await count(pipeline, "destination WHERE kind = 'slack'")).toBe(1);
});

test('what was said elsewhere too stays, and names nobody of that workspace; what was said elsewhere alone is not touched', async () => {
  const pipeline = await startPipeline(
    'routes: [{ slack: C0SALES, meters: all, digest: false }, { teams: "19:sales@thread.tacv2", meters: all, mention: { warning: [U0OLGA] }, digest: false }, { teams: "19:other@thread.tacv2", meters: [seats], digest: false }]\n',
    '2026-11-02T09:00:00Z',
    TEAMS,
  );
  await pipeline.push([{ meter: 'leads', used: 850, total: 1000 }]);
  const on = { meterId: await pipeline.meterId('leads') };
  await pipeline.actions.acknowledge({ account: 'default', on, by: slackUser('U0ANNA') });
  await pipeline.settle();
  const [alert] = pipeline.messages.filter(({ address }) => address === '19:sales@thread.tacv2');
  expect(alert?.text).toContain('@U0ANNA is on it');
  await pipeline.push([{ meter: 'seats', used: 85, total: 100 }]);
  await runSql(
    pipeline.url,
    "DELETE FROM delivery USING destination WHERE destination.id = destination_id AND address = '19:other@thread.tacv2'",
  );
  await pipeline.store.installationRemoved('default', 'slack', {
    code: 'account_inactive',
    reason: 'The app was removed.',
    now: pipeline.now(),
  });
  await pipeline.goTo('2026-12-02T09:00:00Z');
  expect(await count(pipeline, 'notification')).toBeGreaterThan(2);
  expect(await count(pipeline, "notification WHERE snapshot -> 'meter' ->> 'key' = 'seats'")).toBe(1);
  expect(await count(pipeline, "notification WHERE snapshot::text ~ 'U0ANNA'")).toBe(0);
  expect(await count(pipeline, "notification WHERE snapshot -> 'acknowledged' ->> 'by' = 'somebody'")).toBe(1);
  expect(await count(pipeline, "delivery WHERE mentions::text ~ 'U0'")).toBe(0);
});

test('an alert that comes after that is read in the terminal, although the admins whom it would have gone to are forgotten', async () => {
  const pipeline = await startPipeline(`admins: [U0OLGA]\n${FILE}`, '2026-11-02T09:00:00Z');
  await pipeline.store.installationRemoved('default', 'slack', {
    code: 'account_inactive',
    reason: 'The app was removed.',
    now: pipeline.now(),
  });
  await pipeline.goTo('2026-12-02T09:00:00Z');
  pipeline.news();
  await pipeline.push([{ meter: 'leads', used: 850, total: 1000 }]);
  expect(pipeline.messages.slice(-1).map(({ address, text }) => [address, text.split('\n')[0]])).toEqual([
    ['stdout', '🟠 Leads is already at 85%'],
  ]);
});

test('a post that is refused because the app is not there begins the 30 days too; a token that is taken ends them', async () => {
  for (const [refusal, purges] of [
    [GONE, 1],
    [FORBIDDEN, 0],
  ] as const) {
    const pipeline = await startPipeline(FILE, '2026-11-02T09:00:00Z');
    pipeline.refuse('C0SALES', refusal);
    await pipeline.push([{ meter: 'leads', used: 850, total: 1000 }]);
    expect(await count(pipeline, "timer WHERE kind = 'purge' AND subject = 'slack' AND due_at = '2026-12-02T09:00:00Z'")).toBe(purges);
    await pipeline.store.installationWorks('default', 'slack', new Date('2026-11-02T08:59:59Z'));
    expect(await count(pipeline, "timer WHERE kind = 'purge'")).toBe(purges);
    await pipeline.store.installationWorks('default', 'slack', new Date('2026-11-02T09:00:01Z'));
    expect(await count(pipeline, "timer WHERE kind = 'purge'")).toBe(0);
  }
});

test('what was on its way when the app was removed, and arrived a moment later, is no coming back: it stays off, and what is stored goes', async () => {
  const answers: (() => Promise<void>)[] = [];
  const sent: string[] = [];
  const slack: Messenger = {
    kind: 'slack',
    paceMs: 0,
    can: { edit: true, reply: true },
    find: async () => ({ found: 'unavailable', reason: 'it cannot be looked up' }),
    async send({ address }) {
      await answers.pop()?.();
      sent.push(address);
      return { outcome: 'sent', messageRef: `${address}:${sent.length}` };
    },
  };
  const pipeline = await startPipeline(
    'routes: [{ slack: C0SALES, meters: all, digest: false }, { slack: C0QUIET, meters: [none], digest: false }]\n',
    '2026-11-02T09:00:00Z',
    {},
    slack,
  );
  answers.push(async () => {
    await pipeline.store.installationRemoved('default', 'slack', {
      code: 'account_inactive',
      reason: 'The app was removed.',
      now: pipeline.now(),
    });
    await pipeline.push([{ meter: 'mails', used: 85, total: 100 }]);
    pipeline.jump('2026-11-02T09:00:01Z');
  });
  await pipeline.push([{ meter: 'leads', used: 850, total: 1000 }]);
  await pipeline.goTo('2026-11-02T09:05:00Z');
  expect(sent).toEqual(['C0SALES']);
  expect(pipeline.news().map((text) => text.split('\n')[0])).toEqual(['⚠️ I can no longer post in Slack', '🟠 Mails is already at 85%']);
  expect(await count(pipeline, "destination WHERE kind = 'slack' AND disabled_reason IS NULL")).toBe(0);
  await pipeline.goTo('2026-12-02T09:00:00Z');
  expect(await count(pipeline, "destination WHERE kind = 'slack'")).toBe(0);
});

test('nothing goes when the app has come back meanwhile: a message has arrived, or its token was taken at a start', async () => {
  const arrived = await removed();
  await arrived.declare(FILE);
  await arrived.push([{ meter: 'leads', used: 1000, total: 1000 }]);
  await arrived.goTo('2026-12-02T10:00:00Z');
  expect(await count(arrived, 'route')).toBe(2);

  const started = await removed();
  started.jump('2026-11-02T11:00:00Z');
  await started.store.installationWorks('default', 'slack', started.now());
  await started.goTo('2026-12-02T10:00:00Z');
  expect(await count(started, 'route')).toBe(2);
});

test('removed again after it had come back, 30 days begin anew', async () => {
  const pipeline = await removed();
  await pipeline.declare(FILE);
  await pipeline.push([{ meter: 'leads', used: 1000, total: 1000 }]);
  await pipeline.goTo('2026-11-20T10:00:00Z');
  await pipeline.store.installationRemoved('default', 'slack', {
    code: 'account_inactive',
    reason: 'The app was removed.',
    now: pipeline.now(),
  });
  await pipeline.goTo('2026-12-20T09:59:59Z');
  expect(await count(pipeline, 'route')).toBe(2);
  await pipeline.goTo('2026-12-20T10:00:00Z');
  expect(await count(pipeline, 'route')).toBe(0);
});
