import { describe, expect, test } from 'vitest';
import { startPipeline, type Pipeline } from '../support/pipeline.ts';
import { slackUser } from '../support/people.ts';
import type { Person } from '../../src/core/text/person.ts';

const ROUTE = 'timezone: Europe/Berlin\nroutes:\n  - { slack: C0ALERTS, meters: all, digest: false, mention: { critical: [U0OLGA] } }\n';
/** A Monday, 10:00 in Berlin. */
const MONDAY = '2026-11-02T09:00:00Z';

async function startAt(used: number): Promise<
  Pipeline & {
    read(used: number, total?: number): Promise<void>;
    deed(by: string): Promise<{ account: string; on: { meterId: string }; by: Person }>;
  }
> {
  const pipeline = await startPipeline(ROUTE, MONDAY);
  const read = async (figure: number, total = 1000): Promise<void> => {
    await pipeline.push([{ meter: 'leads', used: figure, total }]);
    await pipeline.goTo(new Date(pipeline.now().getTime() + 60_000));
  };
  await read(used);
  return {
    ...pipeline,
    read,
    deed: async (by) => ({ account: 'default', on: { meterId: await pipeline.meterId('leads') }, by: slackUser(by) }),
  };
}

describe('acknowledging', () => {
  test('edits the message with who and when, the second person is told who was first, and the critical alert is not repeated', async () => {
    const pipeline = await startAt(1000);
    expect(await pipeline.actions.acknowledge(await pipeline.deed('U0ANNA'))).toEqual({ done: 'acknowledged' });
    await pipeline.settle();
    expect(pipeline.messages).toMatchObject([
      { edits: 1, text: expect.stringMatching(/is already at 100%\n[^]*\n@U0ANNA is on it, 10:01$/) },
    ]);
    expect(await pipeline.actions.acknowledge(await pipeline.deed('U0TOM'))).toEqual({
      done: 'already',
      by: slackUser('U0ANNA'),
      at: new Date('2026-11-02T09:01:00Z'),
    });
    await pipeline.goTo('2026-11-05T09:00:00Z');
    expect(pipeline.messages.filter(({ under, text }) => under === null && text.includes('Leads'))).toHaveLength(1);
  });

  test('carries over to a worse severity: a new message that rings and shows who is on it, and is not repeated', async () => {
    const pipeline = await startAt(800);
    await pipeline.actions.acknowledge(await pipeline.deed('U0ANNA'));
    await pipeline.read(1000);
    expect(pipeline.messages[0]?.text).toContain('see the newer message');
    expect(pipeline.messages[1]?.text).toMatch(/^🔴 Leads is used up \(100%\)  @U0OLGA\n[^]*\n@U0ANNA is on it, 10:01$/);
    expect(await pipeline.actions.acknowledge(await pipeline.deed('U0TOM'))).toMatchObject({ done: 'already', by: slackUser('U0ANNA') });
    pipeline.news();
    await pipeline.goTo('2026-11-20T08:00:00Z');
    expect(pipeline.news().filter((text) => text.includes('Leads'))).toEqual([]);
  });

  test('ends with the alert: nobody is on the next one', async () => {
    const pipeline = await startAt(1000);
    await pipeline.actions.acknowledge(await pipeline.deed('U0ANNA'));
    await pipeline.read(1000, 2500);
    await pipeline.read(2500, 2500);
    expect(pipeline.messages.at(-1)?.text).toContain('Leads is used up');
    expect(pipeline.messages.at(-1)?.text).not.toContain('is on it');
  });

  test('the line in the thread of a recovery calls whoever was on it', async () => {
    const pipeline = await startAt(1000);
    await pipeline.actions.acknowledge(await pipeline.deed('U0ANNA'));
    await pipeline.read(1000, 2500);
    expect(pipeline.messages[0]?.text).toContain('✅ Leads is fine again: 40%');
    expect(pipeline.messages[1]).toMatchObject({ under: pipeline.messages[0]?.ref, text: 'Topped up by 1,500. cc @U0ANNA' });
  });

  test('and whoever was on a milder level before it got worse, with how long the worse one held', async () => {
    const pipeline = await startAt(800);
    await pipeline.actions.acknowledge(await pipeline.deed('U0ANNA'));
    await pipeline.goTo('2026-11-02T12:00:00Z');
    await pipeline.read(1000);
    await pipeline.goTo('2026-11-02T15:30:00Z');
    await pipeline.read(1000, 2500);
    expect(pipeline.messages[1]?.text).toContain('was over for 3 h 30 min');
    expect(pipeline.messages[2]).toMatchObject({ under: pipeline.messages[1]?.ref, text: 'Topped up by 1,500. cc @U0ANNA' });
  });

  test('without an alert there is nothing to acknowledge', async () => {
    const pipeline = await startAt(100);
    expect(await pipeline.actions.acknowledge(await pipeline.deed('U0ANNA'))).toEqual({ done: 'no-alert' });
  });
});

describe('a critical alert that nobody acknowledges', () => {
  test('is said once more at 09:00 of the next weekday after 24 h, with its mentions, and then never again', async () => {
    const pipeline = await startAt(1000);
    expect(pipeline.news()[0]).toContain('@U0OLGA');
    await pipeline.goTo('2026-11-04T07:59:59Z');
    expect(pipeline.news().filter((text) => text.includes('Leads'))).toEqual([]);
    await pipeline.goTo('2026-11-04T08:00:00Z');
    expect(pipeline.news().filter((text) => text.includes('Leads'))).toEqual([
      expect.stringMatching(/^🔴 Leads is still at 100%  @U0OLGA\n[^]*No one is on it yet\.$/),
    ]);
    await pipeline.goTo('2026-11-20T08:00:00Z');
    expect(pipeline.news().filter((text) => text.includes('Leads'))).toEqual([]);
  });

  test('and that came through the snooze of a warning is said once more, and a second time only when the snooze ends', async () => {
    const pipeline = await startAt(850);
    await pipeline.actions.snooze({ ...(await pipeline.deed('U0ANNA')), choice: 'monday' });
    await pipeline.goTo('2026-11-03T09:00:00Z');
    await pipeline.read(1000);
    pipeline.news();
    const aboutLeads = () => pipeline.news().filter((text) => text.includes('Leads'));
    await pipeline.goTo('2026-11-05T08:00:00Z');
    expect(aboutLeads()).toEqual([expect.stringContaining('No one is on it yet')]);
    await pipeline.goTo('2026-11-09T08:00:00Z');
    expect(aboutLeads()).toEqual([expect.stringContaining('Its snooze has ended.')]);
    await pipeline.goTo('2026-11-20T08:00:00Z');
    expect(aboutLeads()).toEqual([]);
  });

  test.each([
    ['the end of its snooze is due first', 'tomorrow', '2026-11-02T09:00:00Z'],
    ['both are due at one moment', 'tomorrow', '2026-11-02T08:00:00Z'],
    ['its repeat is due first', 'monday', '2026-11-02T08:00:00Z'],
  ] as const)('after an outage, where %s: the end of the snooze is said, and once more a weekday later', async (_case, choice, firedAt) => {
    const pipeline = await startPipeline(ROUTE, firedAt);
    await pipeline.push([{ meter: 'leads', used: 1000, total: 1000 }]);
    const on = { meterId: await pipeline.meterId('leads') };
    await pipeline.actions.snooze({ account: 'default', on, by: slackUser('U0ANNA'), choice });
    await pipeline.settle();
    pipeline.news();
    const aboutLeads = () => pipeline.news().filter((text) => text.includes('Leads'));
    pipeline.jump('2026-11-10T09:00:00Z');
    await pipeline.settle();
    expect(aboutLeads()).toEqual([expect.stringContaining('Its snooze has ended.')]);
    await pipeline.goTo('2026-11-12T08:00:00Z');
    expect(aboutLeads()).toEqual([expect.stringContaining('No one is on it yet')]);
    await pipeline.goTo('2026-11-25T08:00:00Z');
    expect(aboutLeads()).toEqual([]);
  });

  test('a warning is never repeated', async () => {
    const pipeline = await startAt(900);
    pipeline.news();
    await pipeline.goTo('2026-11-20T08:00:00Z');
    expect(pipeline.news().filter((text) => text.includes('Leads'))).toEqual([]);
  });
});

describe('snoozing', () => {
  test('until tomorrow edits the message, keeps the meter quiet, and says what still holds at 09:00', async () => {
    const pipeline = await startAt(850);
    await pipeline.read(100);
    await pipeline.read(850);
    expect(await pipeline.actions.snooze({ ...(await pipeline.deed('U0ANNA')), choice: 'tomorrow' })).toEqual({
      done: 'snoozed',
      choice: 'tomorrow',
      until: new Date('2026-11-03T08:00:00Z'),
      worseComes: true,
      others: ['monday', 'until-reset', 'until-total-changes'],
    });
    await pipeline.settle();
    expect(pipeline.messages.at(-1)?.text).toMatch(/Snoozed by @U0ANNA until Tue 09:00. You will still hear if it gets worse.$/);
    pipeline.news();
    await pipeline.goTo('2026-11-03T07:59:59Z');
    expect(pipeline.news()).toEqual([]);
    await pipeline.goTo('2026-11-03T08:00:00Z');
    expect(pipeline.news()).toEqual([expect.stringMatching(/^🟠 Leads is still at 85%\n[^]*\nIts snooze has ended\.$/)]);
  });

  test('a worse level comes through as a new message', async () => {
    const pipeline = await startAt(850);
    await pipeline.actions.snooze({ ...(await pipeline.deed('U0ANNA')), choice: 'until-reset' });
    pipeline.news();
    await pipeline.goTo('2026-11-02T12:00:00Z');
    await pipeline.read(1000);
    expect(pipeline.news()).toEqual([expect.stringMatching(/^🔴 Leads is used up \(100%\)/)]);
  });

  test('until the total changes: a bigger total that is not enough ends it and is said', async () => {
    const pipeline = await startAt(1000);
    await pipeline.actions.snooze({ ...(await pipeline.deed('U0TOM')), choice: 'until-total-changes' });
    pipeline.news();
    await pipeline.goTo('2026-11-05T12:00:00Z');
    expect(pipeline.news().filter((text) => text.includes('Leads'))).toEqual([]);
    await pipeline.read(1500, 1510);
    expect(pipeline.news().filter((text) => text.includes('Leads'))).toEqual([expect.stringContaining('🔴 Leads is still at 99%')]);
  });
});
