import { describe, expect, test } from 'vitest';
import { messageOf } from '../support/chat.ts';
import { anna, startTalking, tom, type Talking } from '../support/talking.ts';

const FILE = `timezone: Europe/Berlin
sources:
  - { id: abmatic, kind: push, period: { every: month, day: 1 } }
routes:
  - { slack: C0ALERTS, meters: all, digest: false }
`;

/** A Monday, 10:00 in Berlin. */
const started = (): Promise<Talking> => startTalking(FILE, '2026-11-02T09:00:00Z');

describe('/usage alerts', () => {
  test('without any says so', async () => {
    const { say, pipeline } = await started();
    expect(await say('alerts')).toBe('No open alerts.');
    await pipeline.push([{ meter: 'campaigns', used: 1, total: 10 }]);
    expect(await say(' ALERTS  ')).toBe('No open alerts.');
  });

  test('lists what is open, worst first, with who is on it, and what was in the last days', async () => {
    const { ask, read, pipeline, press } = await started();
    await pipeline.push([
      { meter: 'campaigns', used: 80, total: 100 },
      { meter: 'open_ai', used: 85, total: 100 },
    ]);
    await pipeline.goTo('2026-11-03T09:00:00Z');
    await pipeline.push([
      { meter: 'apollo_contacts', used: 1_000_214, total: 1_000_000 },
      { meter: 'open_ai', used: 85, total: 1000 },
    ]);
    const alerts = await ask('alerts');
    expect(read(alerts)).toBe(`Alerts: 2 open
🔴 Apollo Contacts is already at 100%
   1,000,214 / 1,000,000 credits used · 214 over · alert since 10:00
🟠 Campaigns is already at 80%
   80 / 100 visitors used · 20 left · alert since 2 Nov 10:00
Closed this week: OpenAI Tokens (2 Nov, fine again 3 Nov)
As of 2 Nov 10:00 or later`);
    expect(alerts.buttons).toEqual([
      { action: 'show', label: 'Apollo Contacts', value: 'abmatic/apollo_contacts' },
      { action: 'show', label: 'Campaigns', value: 'abmatic/campaigns' },
    ]);
    const detail = messageOf(await press(alerts, 'Apollo Contacts'));
    await press(detail, "I'm on it", anna);
    expect(read(await ask('alerts'))).toContain('since 10:00\n   @U0ANNA is on it, 10:00\n🟠');
    await pipeline.goTo('2026-11-12T09:00:00Z');
    expect(read(await ask('alerts'))).not.toContain('Closed this week');
  });

  test('of one alert carries what can be done about it', async () => {
    const { ask, pipeline } = await started();
    await pipeline.push([{ meter: 'campaigns', used: 80, total: 100 }]);
    expect((await ask('alerts')).buttons?.map(({ label }) => label)).toEqual(["I'm on it", 'Request credits', 'Snooze']);
  });
});

describe('/usage snooze', () => {
  test.each([
    [
      'snooze campaigns',
      'Campaigns is snoozed until 3 Nov 09:00. You will still hear if it gets worse.',
      /Snoozed by @U0TOM until Tue 09:00/,
    ],
    [
      'snooze Campaigns tomorrow',
      'Campaigns is snoozed until 3 Nov 09:00. You will still hear if it gets worse.',
      /Snoozed by @U0TOM until Tue 09:00/,
    ],
    [
      'SNOOZE campaigns until Monday',
      'Campaigns is snoozed until 9 Nov 09:00. You will still hear if it gets worse.',
      /Snoozed by @U0TOM until 9 Nov 09:00/,
    ],
    [
      'snooze campaigns until reset',
      'Campaigns is snoozed until the reset (1 Dec). You will still hear if it gets worse.',
      /Snoozed by @U0TOM until the reset/,
    ],
    [
      'snooze campaigns until the total changes',
      'Campaigns is snoozed until the total changes (1 Dec). You will still hear if it gets worse.',
      /Snoozed by @U0TOM until the total changes/,
    ],
  ])('%j makes the meter quiet', async (typed, says, shows) => {
    const { say, pipeline } = await started();
    await pipeline.push([{ meter: 'campaigns', used: 80, total: 100 }]);
    expect(await say(typed)).toBe(says);
    await pipeline.settle();
    expect(pipeline.messages[0]?.text).toMatch(shows);
  });

  test.each(['snooze off campaigns', 'snooze campaigns off', 'unsnooze campaigns', 'Unsnooze  CAMPAIGNS'])(
    '%j ends it, and what still holds is said',
    async (typed) => {
      const { say, pipeline } = await started();
      await pipeline.push([{ meter: 'campaigns', used: 80, total: 100 }]);
      await say('snooze campaigns monday');
      pipeline.news();
      expect(await say(typed)).toBe('Campaigns is no longer snoozed.');
      await pipeline.goTo(new Date(pipeline.now().getTime() + 1000));
      expect(pipeline.news()).toEqual([expect.stringMatching(/^🟠 Campaigns is still at 80%\n[^]*Its snooze has ended\.$/)]);
      expect(await say(typed)).toBe('Campaigns is not snoozed.');
    },
  );

  test.each([
    ['snooze', 'Which meter?\nFor example: /usage snooze abmatic/campaigns'],
    [' unsnooze ', 'Which meter?\nFor example: /usage unsnooze abmatic/campaigns'],
    ['snooze open_ai', 'OpenAI Tokens has no open alert, so there is nothing to snooze.'],
    ['snooze off open_ai', 'OpenAI Tokens is not snoozed.'],
    ['snooze campains monday', 'No meter "campains". Did you mean Campaigns?\nAll meters: /usage'],
  ])('%j is answered with why not', async (typed, says) => {
    const { say, pipeline } = await started();
    await pipeline.push([
      { meter: 'campaigns', used: 80, total: 100 },
      { meter: 'open_ai', used: 1, total: 100 },
    ]);
    expect(await say(typed)).toBe(says);
  });

  test('of no meter in particular offers those there are, what has an alert first', async () => {
    const { ask, press, read, pipeline } = await started();
    await pipeline.push([
      { meter: 'campaigns', used: 1, total: 100 },
      { meter: 'open_ai', used: 85, total: 100 },
    ]);
    const which = await ask('snooze');
    expect(which.buttons?.map(({ label }) => label)).toEqual(['OpenAI Tokens', 'Campaigns']);
    expect(read(messageOf(await press(which, 'OpenAI Tokens')))).toContain('OpenAI Tokens is snoozed until 3 Nov 09:00');
  });

  test('takes back nothing of another account', async () => {
    const { say, pipeline } = await started();
    await pipeline.push([{ meter: 'campaigns', used: 80, total: 100 }]);
    expect(await say('snooze campaigns', { ...tom, account: 'other' })).toMatch(/^No meter "campaigns"\.\nNo figures yet\./);
  });
});
