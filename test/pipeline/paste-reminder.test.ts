import { expect, test } from 'vitest';
import { MONDAY, NEXT_AT_8, PASTED_FILE } from '../support/pasted.ts';
import { startPipeline, type Pipeline } from '../support/pipeline.ts';
import { slackUser } from '../support/people.ts';

const reading = (used: number) => [{ meter: 'apollo_contacts', used, total: 1000 }];
const reminders = (pipeline: Pipeline) =>
  pipeline.messages.filter(({ text }) => text.startsWith('📋')).map(({ address, text }) => `${address} ${text}`);

async function pasted(by: string | null, file = PASTED_FILE): Promise<Pipeline> {
  const pipeline = await startPipeline(file, MONDAY);
  await pipeline.push(reading(100), { via: 'import', ...(by !== null && { by }) });
  return pipeline;
}

test('whoever pasted last hears an hour before the digest that its figures will be old, with the form to paste new ones; once', async () => {
  const pipeline = await pasted('U0TOM');
  await pipeline.goTo('2026-11-02T07:31:00Z');
  await pipeline.push(reading(101), { via: 'import', by: 'U0ANNA' });
  await pipeline.goTo('2026-11-09T06:59:59Z');
  expect(reminders(pipeline)).toEqual([]);
  await pipeline.goTo(NEXT_AT_8);
  expect(reminders(pipeline)).toEqual([
    "U0ANNA 📋 Abmatic AI figures are 7 days old; the digest goes out at 09:00.\nOpen the vendor's usage page, copy everything, and paste it here, or: npx creditwatch import <file>",
  ]);
  await pipeline.goTo('2026-11-15T12:00:00Z');
  expect(reminders(pipeline)).toHaveLength(1);
  await pipeline.goTo('2026-11-16T07:00:00Z');
  expect(reminders(pipeline).slice(1)).toEqual([expect.stringContaining('figures are 14 days old')]);
});

test('pasted in time there is nothing to remind of, and what is pushed again by a machine is no concern of people', async () => {
  const pipeline = await pasted('U0TOM');
  await pipeline.goTo('2026-11-06T12:00:00Z');
  await pipeline.push(reading(200), { via: 'import', by: 'U0TOM' });
  await pipeline.goTo('2026-11-09T12:00:00Z');
  await pipeline.push(reading(300));
  await pipeline.goTo('2026-11-16T12:00:00Z');
  expect(reminders(pipeline)).toEqual([]);
});

test('of several routes with a digest that morning one asks', async () => {
  const pipeline = await pasted('U0TOM', `${PASTED_FILE}  - { slack: C0EAST, meters: all, timezone: America/New_York }\n`);
  await pipeline.goTo('2026-11-09T20:00:00Z');
  expect(reminders(pipeline)).toHaveLength(1);
});

test('when nobody pasted in chat the admins hear it, and without admins operations', async () => {
  const admins = await pasted(null);
  await admins.goTo(NEXT_AT_8);
  expect(reminders(admins)).toEqual([expect.stringMatching(/^U0ADMIN /)]);
  const operations = await pasted(null, PASTED_FILE.replace(/admins.*\n/, ''));
  await operations.goTo(NEXT_AT_8);
  expect(reminders(operations)).toEqual([expect.stringMatching(/^C0OPS /)]);
});

test('a channel of other meters, or without a digest, reminds nobody; one that chat subscribed does, until it is unsubscribed', async () => {
  const pipeline = await pasted('U0TOM', PASTED_FILE.replace('meters: all', 'meters: all, digest: false'));
  const command = {
    account: 'default',
    by: slackUser('U0ANNA'),
    place: { kind: 'slack' as const, address: 'C0CHAT' },
    operations: false,
  };
  await pipeline.subscriptions.subscribe({ ...command, meters: ['open_ai'] });
  await pipeline.goTo('2026-11-09T12:00:00Z');
  expect(reminders(pipeline)).toEqual([]);
  await pipeline.subscriptions.subscribe({ ...command, meters: 'all' });
  await pipeline.goTo('2026-11-16T12:00:00Z');
  expect(reminders(pipeline)).toHaveLength(1);
  await pipeline.subscriptions.unsubscribe(command);
  await pipeline.goTo('2026-11-23T12:00:00Z');
  expect(reminders(pipeline)).toHaveLength(1);
});

test('where a capture key can send the page, the person who made it is to sign in at the vendor, until the key is revoked', async () => {
  const pipeline = await pasted('U0TOM');
  const key = { account: 'default', by: slackUser('U0TOM'), sources: ['crm', 'abmatic'], mayBeNew: false };
  const made = await pipeline.actions.makeCaptureKey(key);
  await pipeline.goTo(NEXT_AT_8);
  expect(reminders(pipeline)).toEqual([expect.stringMatching(/^U0TOM .*\nSign in /)]);
  const revoked = { actor: slackUser('U0ADMIN'), now: pipeline.now() };
  expect(await pipeline.store.captures.revoke('default', made.ok ? made.value.name : '', revoked)).toBe(true);
  await pipeline.goTo('2026-11-16T07:00:00Z');
  expect(reminders(pipeline).slice(1)).toEqual([expect.not.stringContaining('Sign in')]);
});
