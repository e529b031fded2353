import { describe, expect, test } from 'vitest';
import type { SendOutcome } from '../../src/core/notifications/delivery.ts';
import { runSql } from '../support/database.ts';
import { startPipeline, type Pipeline } from '../support/pipeline.ts';
import { slackUser } from '../support/people.ts';

type Refusal = Exclude<SendOutcome, { outcome: 'sent' }>;
const NOT_IN_CHANNEL: Refusal = {
  outcome: 'rejected',
  scope: 'destination',
  code: 'not_in_channel',
  reason: 'The bot is not in that channel (not_in_channel)',
  remedy: 'Type there: /invite @Creditwatch',
};
const REVOKED: Refusal = {
  outcome: 'rejected',
  scope: 'installation',
  code: 'token_revoked',
  reason: 'The token was revoked (token_revoked)',
  remedy: 'Install the app again.',
};

const FILE = `
admins: [U0ADMIN]
routes:
  - { slack: C0SALES, meters: [apollo_contacts], digest: false }
  - { slack: C0OPS, operations: true }
`;
const MONDAY = '2026-11-02T09:00:00Z';
const apollo = (used: number) => [{ meter: 'apollo_contacts', used, total: 1000 }];
const at = (pipeline: Pipeline, address: string) => pipeline.messages.filter((one) => one.address === address).map(({ text }) => text);
const heads = (pipeline: Pipeline, address: string) => at(pipeline, address).map((text) => text.split('\n')[0]);

async function refused(outcome = NOT_IN_CHANNEL, file = FILE): Promise<Pipeline> {
  const pipeline = await startPipeline(file, MONDAY);
  pipeline.refuse('C0SALES', outcome);
  await pipeline.push(apollo(850));
  return pipeline;
}

describe('a channel that takes nothing any more', () => {
  test('is said once, to operations and the admins, with what to do; and its alert is posted to operations, marked as meant for it', async () => {
    const pipeline = await refused();
    const said =
      "⚠️ I can't post in slack:C0SALES\nThe bot is not in that channel (not_in_channel). Type there: /invite @Creditwatch\nIts alerts go to operations for now. Once it is fixed: npx creditwatch test slack:C0SALES";
    expect(at(pipeline, 'U0ADMIN')).toEqual([said]);
    expect(at(pipeline, 'C0OPS')).toEqual([
      said,
      expect.stringMatching(/^🟠 Apollo Contacts is already at 85%\n[^]*\nMeant for slack:C0SALES, where I can't post now\.$/),
    ]);
    expect(at(pipeline, 'C0SALES')).toEqual([]);
  });

  test('is not said again, and what comes later goes to operations too, where it lives: it is edited and recovers there', async () => {
    const pipeline = await refused();
    await pipeline.goTo('2026-11-02T12:00:00Z');
    await pipeline.push(apollo(1000));
    expect(heads(pipeline, 'C0OPS')).toEqual([
      "⚠️ I can't post in slack:C0SALES",
      '🔴 Apollo Contacts. Now 100%: see the newer message →',
      '🔴 Apollo Contacts is used up (100%)',
    ]);
    await pipeline.goTo('2026-11-02T13:00:00Z');
    await pipeline.push(apollo(300));
    expect(heads(pipeline, 'C0OPS').slice(2)).toEqual([
      '⚪ Apollo Contacts: closed, figures corrected on 2 Nov',
      'The figures were corrected: 700 less used.',
    ]);
    expect(at(pipeline, 'U0ADMIN')).toHaveLength(1);
  });

  test('is told what is open as soon as it is on again by a test, and what operations were told says that it is over', async () => {
    const pipeline = await refused();
    pipeline.refuse('C0SALES', null);
    const [destination] = (await pipeline.store.destinations()).filter(({ address }) => address === 'C0SALES');
    await pipeline.store.addTest(
      destination?.id ?? '',
      'slack:C0SALES',
      { notification: crypto.randomUUID(), delivery: crypto.randomUUID() },
      { actor: { platform: 'terminal', id: 'olga' }, now: pipeline.now() },
    );
    await pipeline.settle();
    expect(new Set(heads(pipeline, 'C0SALES'))).toEqual(new Set(['🟠 Apollo Contacts is at 85%', '🧪 Test message from Creditwatch']));
    await pipeline.goTo('2026-11-02T12:00:00Z');
    await pipeline.push(apollo(1000));
    expect(heads(pipeline, 'C0SALES').at(-1)).toBe('🔴 Apollo Contacts is used up (100%)');
    expect(heads(pipeline, 'C0OPS')).toEqual([
      '✅ I can post in slack:C0SALES again.',
      '🔴 Apollo Contacts. Now 100%: see the newer message →',
    ]);
  });

  test('is tried again after a restart; when the same stands in the way it is not said a second time', async () => {
    const pipeline = await refused();
    for (const _ of [1, 2]) {
      await pipeline.declare(FILE);
      await pipeline.settle();
    }
    expect(heads(pipeline, 'C0OPS').filter((head) => head?.startsWith('⚠️'))).toHaveLength(1);
    expect(at(pipeline, 'U0ADMIN')).toHaveLength(1);
    expect((await pipeline.store.destinations()).find(({ address }) => address === 'C0SALES')?.disabledReason).toContain(
      'not in that channel',
    );
  });

  test('that was subscribed in chat: whoever did that is told, not the admins, with the command as it is called there', async () => {
    const pipeline = await startPipeline(FILE, MONDAY);
    await pipeline.store.rememberCommandName('default', '/credits');
    await pipeline.subscriptions.subscribe({
      account: 'default',
      place: { kind: 'slack', address: 'C0CHAT' },
      by: slackUser('U0ANNA'),
      meters: ['open_ai'],
      operations: false,
    });
    pipeline.refuse('C0CHAT', NOT_IN_CHANNEL);
    await pipeline.push([{ meter: 'open_ai', used: 850, total: 1000 }]);
    expect(at(pipeline, 'U0ANNA')).toEqual([
      expect.stringMatching(
        /^⚠️ I can't post in slack:C0CHAT\n.*\/invite @Creditwatch\n.*Once it is fixed: \/credits subscribe there, or npx creditwatch test slack:C0CHAT$/,
      ),
    ]);
    expect(at(pipeline, 'U0ADMIN')).toEqual([]);
    expect(heads(pipeline, 'C0OPS')).toEqual(["⚠️ I can't post in slack:C0CHAT", '🟠 OpenAI Tokens is already at 85%']);

    pipeline.refuse('C0CHAT', null);
    await pipeline.subscriptions.subscribe({
      account: 'default',
      place: { kind: 'slack', address: 'C0CHAT' },
      by: slackUser('U0ANNA'),
      meters: ['open_ai'],
      operations: false,
    });
    await pipeline.subscriptions.confirm({ account: 'default', place: { kind: 'slack', address: 'C0CHAT' } });
    await pipeline.settle();
    expect(heads(pipeline, 'C0CHAT')).toEqual(['🟠 OpenAI Tokens is at 85%']);
  });

  test('its digest goes nowhere else, and one that is a day old by the time the channel is on again is not posted', async () => {
    const pipeline = await refused(NOT_IN_CHANNEL, FILE.replace(', digest: false', ''));
    await pipeline.goTo('2026-11-09T09:00:00Z');
    expect(at(pipeline, 'C0OPS').filter((text) => text.startsWith('📊'))).toEqual([]);
    pipeline.refuse('C0SALES', null);
    await pipeline.goTo('2026-11-10T12:00:00Z');
    await pipeline.declare(FILE);
    await pipeline.settle();
    expect(heads(pipeline, 'C0SALES')).toEqual(['🟠 Apollo Contacts is at 85%']);
  });
});

describe('when operations are unreachable too', () => {
  test('the admins get it, and one message for each channel', async () => {
    const pipeline = await startPipeline(FILE, MONDAY);
    for (const address of ['C0SALES', 'C0OPS']) pipeline.refuse(address, NOT_IN_CHANNEL);
    await pipeline.push(apollo(850));
    expect(heads(pipeline, 'U0ADMIN')).toEqual([
      "⚠️ I can't post in slack:C0SALES",
      "⚠️ I can't post in slack:C0OPS",
      '🟠 Apollo Contacts is already at 85%',
    ]);
    await pipeline.goTo('2026-11-03T09:00:00Z');
    expect(at(pipeline, 'U0ADMIN')).toHaveLength(3);
  });

  test('a revoked token ends all of Slack with one message where something still works, the terminal; nothing is lost and nothing goes round', async () => {
    const pipeline = await startPipeline(FILE, MONDAY);
    for (const address of ['C0SALES', 'C0OPS', 'U0ADMIN']) pipeline.refuse(address, REVOKED);
    await pipeline.push([...apollo(850), { meter: 'unrouted', used: 1000, total: 1000 }]);
    await pipeline.goTo('2026-11-02T20:00:00Z');
    expect(heads(pipeline, 'stdout')).toHaveLength(3);
    expect(new Set(heads(pipeline, 'stdout'))).toEqual(
      new Set(['⚠️ I can no longer post in Slack', '🔴 Unrouted is already at 100%', '🟠 Apollo Contacts is already at 85%']),
    );
    expect(await runSql(pipeline.url, "SELECT status FROM delivery WHERE status NOT IN ('sent', 'dropped')")).toEqual([]);
  });

  test('and once something arrives in Slack again, the terminal, which edits nothing, says so once', async () => {
    const pipeline = await startPipeline(FILE, MONDAY);
    for (const address of ['C0SALES', 'C0OPS', 'U0ADMIN']) pipeline.refuse(address, REVOKED);
    await pipeline.push(apollo(850));
    for (const address of ['C0SALES', 'C0OPS', 'U0ADMIN']) pipeline.refuse(address, null);
    await pipeline.declare(FILE);
    await pipeline.push([...apollo(1000), { meter: 'unrouted', used: 1000, total: 1000 }]);
    await pipeline.goTo('2026-11-02T20:00:00Z');
    expect(heads(pipeline, 'stdout').filter((head) => head === '✅ I can post in Slack again.')).toHaveLength(1);
    expect(await runSql(pipeline.url, "SELECT 1 FROM timer WHERE kind = 'destination-recovered'")).toEqual([]);
  });
});

test('what was put down for a channel in the very moment it turned off is found a minute later', async () => {
  const pipeline = await refused();
  const [late] = await runSql(pipeline.url, "UPDATE delivery SET status = 'pending' WHERE status = 'dropped' RETURNING id");
  await runSql(pipeline.url, 'DELETE FROM delivery WHERE original_destination_id IS NOT NULL');
  expect(late).toBeDefined();
  await pipeline.goTo('2026-11-02T09:01:00Z');
  expect(heads(pipeline, 'C0OPS').slice(1)).toEqual(['🟠 Apollo Contacts is already at 85%', '🟠 Apollo Contacts is already at 85%']);
  expect(await runSql(pipeline.url, "SELECT 1 FROM timer WHERE kind = 'failover'")).toEqual([]);
});
