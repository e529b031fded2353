import { describe, expect, test } from 'vitest';
import { startPipeline, type Pipeline } from '../../support/pipeline.ts';
import { slackUser } from '../../support/people.ts';

const OPEN = [
  { meter: 'apollo_contacts', used: 930, total: 1000 },
  { meter: 'open_ai', used: 1000, total: 1000 },
  { meter: 'campaigns', used: 1, total: 1000 },
];
/** A Monday. */
const MONDAY = '2026-11-02T09:00:00Z';
const FIRST = 'routes:\n  - { slack: C0FIRST, meters: all, digest: false }\n';
const at = (pipeline: Pipeline, address: string) => pipeline.messages.filter((one) => one.address === address);
const NEW = { account: 'default', place: { kind: 'slack', address: 'C0NEW' } } as const;
const command = (pipeline: Pipeline, meters: 'all' | string[] = 'all') =>
  pipeline.subscriptions.subscribe({ ...NEW, by: slackUser('U0ANNA'), meters, operations: false });
async function subscribe(pipeline: Pipeline, meters: 'all' | string[] = 'all'): Promise<void> {
  await command(pipeline, meters);
  await pipeline.subscriptions.confirm(NEW);
}

async function alerted(): Promise<Pipeline> {
  const pipeline = await startPipeline(FIRST, MONDAY);
  await pipeline.push(OPEN);
  return pipeline;
}

describe('a channel that is subscribed while alerts are open', () => {
  test('gets one message with what is open for its meters, and nobody else hears of it', async () => {
    const pipeline = await alerted();
    await pipeline.goTo('2026-11-02T12:00:00Z');
    await subscribe(pipeline);
    await pipeline.settle();
    expect(at(pipeline, 'C0NEW')).toMatchObject([
      {
        text: '🔴 2 meters need attention\n🔴 OpenAI Tokens is at 100%: 1,000 / 1,000 tokens used · 0 left\n🟠 Apollo Contacts is at 93%: 930 / 1,000 credits used · 70 left\nAs of 09:00.',
      },
    ]);
    expect(at(pipeline, 'C0FIRST')).toHaveLength(1);
  });

  test('hears of one in full, with since when it is', async () => {
    const pipeline = await alerted();
    await pipeline.goTo('2026-11-02T12:00:00Z');
    await subscribe(pipeline, ['apollo_contacts', 'campaigns']);
    await pipeline.settle();
    expect(at(pipeline, 'C0NEW')).toMatchObject([
      { text: expect.stringMatching(/^🟠 Apollo Contacts is at 93%\n930 \/ 1,000 credits used · 70 left\n[^]*\nOpen since 09:00\.$/) },
    ]);
  });

  test('is where those alerts live from then on: later edits and the recovery reach it', async () => {
    const pipeline = await alerted();
    await pipeline.goTo('2026-11-02T10:00:00Z');
    await subscribe(pipeline);
    await pipeline.settle();
    await pipeline.actions.acknowledge({
      account: 'default',
      on: { meterId: await pipeline.meterId('apollo_contacts') },
      by: slackUser('U0ANNA'),
    });
    await pipeline.settle();
    expect(at(pipeline, 'C0NEW')[0]?.text).toContain('Apollo Contacts is at 93%: 930 / 1,000 credits used · 70 left · @U0ANNA is on it');
    await pipeline.goTo('2026-11-02T12:00:00Z');
    await pipeline.push([{ meter: 'apollo_contacts', used: 930, total: 2000 }]);
    const [summary, line] = at(pipeline, 'C0NEW');
    expect(summary?.text.split('\n').slice(0, 3)).toEqual([
      '🔴 1 of 2 meters needs attention',
      '🔴 OpenAI Tokens is at 100%: 1,000 / 1,000 tokens used · 0 left',
      '✅ Apollo Contacts is fine again: 46%',
    ]);
    expect(line).toMatchObject({ under: summary?.ref, text: 'Apollo Contacts: topped up by 1,000. cc @U0ANNA' });
  });

  test('with more meters than before hears only of those that are new to it', async () => {
    const pipeline = await alerted();
    await subscribe(pipeline, ['apollo_contacts']);
    await pipeline.settle();
    await subscribe(pipeline, 'all');
    await pipeline.settle();
    expect(at(pipeline, 'C0NEW').map(({ text }) => text.split('\n')[0])).toEqual([
      '🟠 Apollo Contacts is at 93%',
      '🔴 OpenAI Tokens is at 100%',
    ]);
  });

  test('hears nothing of what is snoozed or over', async () => {
    const pipeline = await alerted();
    await pipeline.actions.snooze({
      account: 'default',
      on: { meterId: await pipeline.meterId('open_ai') },
      by: slackUser('U0ANNA'),
      choice: 'until-reset',
    });
    await pipeline.goTo('2026-11-02T12:00:00Z');
    await pipeline.push([{ meter: 'apollo_contacts', used: 930, total: 2000 }]);
    await subscribe(pipeline);
    await pipeline.settle();
    expect(at(pipeline, 'C0NEW')).toEqual([]);
  });
});

describe('a channel of which it is not known yet whether alerts arrive there', () => {
  test('is told nothing before it is, and never if they do not: nobody hears of a failure that the subscriber was just shown', async () => {
    const pipeline = await alerted();
    pipeline.refuse('C0NEW', {
      outcome: 'rejected',
      scope: 'destination',
      code: 'not_in_channel',
      reason: 'The bot is not in that channel',
      remedy: 'Invite it.',
    });
    await command(pipeline);
    await pipeline.settle();
    await pipeline.subscriptions.takeBack({ ...NEW, by: slackUser('U0ANNA'), former: null });
    await pipeline.goTo('2026-11-02T12:00:00Z');
    expect(pipeline.messages.filter(({ address }) => address !== 'C0FIRST')).toEqual([]);
  });

  test('is told all the same when nobody is left to confirm it', async () => {
    const pipeline = await alerted();
    await command(pipeline);
    await pipeline.goTo('2026-11-02T09:00:59Z');
    expect(at(pipeline, 'C0NEW')).toEqual([]);
    await pipeline.goTo('2026-11-02T09:01:00Z');
    expect(at(pipeline, 'C0NEW')).toHaveLength(1);
  });
});

test('a route that is new in the file is told the present too, and a restart with the same file tells nothing again', async () => {
  const pipeline = await alerted();
  const file = `${FIRST}  - { slack: C0NEW, meters: [open_ai], digest: false, mention: { critical: [U0OLGA] } }\n`;
  for (const start of [1, 2]) {
    await pipeline.declare(file);
    await pipeline.settle();
    expect(at(pipeline, 'C0NEW'), `start ${String(start)}`).toMatchObject([
      { text: expect.stringMatching(/^🔴 OpenAI Tokens is at 100%  @U0OLGA\n/) },
    ]);
  }
  await pipeline.declare(file.replace('[open_ai]', 'all'));
  await pipeline.settle();
  expect(at(pipeline, 'C0NEW').map(({ text }) => text.split('\n')[0])).toEqual([
    '🔴 OpenAI Tokens is at 100%  @U0OLGA',
    '🟠 Apollo Contacts is at 93%',
  ]);
});

test('several meters over a level at first sight in one ingest are one message', async () => {
  const pipeline = await alerted();
  expect(at(pipeline, 'C0FIRST').map(({ text }) => text.split('\n').slice(0, 3))).toEqual([
    [
      '🔴 2 meters need attention',
      '🔴 OpenAI Tokens is already at 100%: 1,000 / 1,000 tokens used · 0 left',
      '🟠 Apollo Contacts is already at 93%: 930 / 1,000 credits used · 70 left',
    ],
  ]);
});

test('so are 150 of them: the worst are named, the others counted', async () => {
  const pipeline = await startPipeline(FIRST, MONDAY);
  await pipeline.push(Array.from({ length: 150 }, (_, index) => ({ meter: `meter${String(index)}`, used: 850, total: 1000 })));
  expect(pipeline.messages).toHaveLength(1);
  const lines = pipeline.messages[0]?.text.split('\n') ?? [];
  expect([lines[0], lines.length, lines.at(-2)]).toEqual(['🟠 150 meters need attention', 23, '+130 more']);
});
