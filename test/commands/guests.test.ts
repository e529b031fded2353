import { describe, expect, test } from 'vitest';
import { requesterIn } from '../support/chat.ts';
import { startTalking } from '../support/talking.ts';
import { slackUser } from '../support/people.ts';

const FILE = 'routes:\n  - { slack: C0ALERTS, meters: all, digest: false }\n';
const guest = requesterIn('default', { person: slackUser('U0GUEST'), mayChange: async () => 'guest' });

async function started() {
  const talking = await startTalking(FILE, '2026-11-02T09:00:00Z');
  await talking.pipeline.push([{ meter: 'apollo_contacts', used: 850, total: 1000 }], { source: 'abmatic' });
  return talking;
}

describe('a guest', () => {
  test.each([
    'snooze apollo',
    'unsnooze apollo',
    'snooze apollo off',
    'subscribe all',
    'unsubscribe',
    'digest friday 17:00',
    'digest off',
    'request apollo allocation',
    'import',
    'resets abmatic month 1',
    'correction apollo',
  ])('who types "%s" is refused, and nothing changes', async (text) => {
    const { chat, pipeline } = await started();
    const before = [await pipeline.store.meters('default'), await pipeline.store.routes('default')];
    expect(await chat.answer(text, guest)).toMatchObject({
      kind: 'message',
      to: 'alone',
      message: { title: [{ text: 'Guests cannot do that. Ask a member of the workspace.' }] },
    });
    expect([await pipeline.store.meters('default'), await pipeline.store.routes('default')]).toEqual(before);
  });

  test('may look at everything', async () => {
    const { say } = await started();
    for (const text of [
      '',
      'apollo',
      'check apollo 5',
      'alerts',
      'digest now',
      'history apollo',
      'export',
      'billing',
      'help',
      'request apollo',
    ])
      expect(await say(text, guest)).not.toContain('Guests cannot');
  });
});

test('a name that two sources have asks which one, and names the sources; the button does what was asked', async () => {
  const { pipeline, ask, read, press } = await started();
  await pipeline.push([{ meter: 'apollo_contacts', used: 900, total: 1000 }], { source: 'crm' });
  const asked = await ask('snooze apollo monday');
  expect(read(asked)).toBe('"apollo" could be Apollo Contacts of abmatic, Apollo Contacts of crm. Which one?');
  expect(asked.buttons?.map(({ label, value }) => ({ label, value }))).toEqual([
    { label: 'abmatic: Apollo Contacts', value: 'snooze abmatic/apollo_contacts monday' },
    { label: 'crm: Apollo Contacts', value: 'snooze crm/apollo_contacts monday' },
  ]);
  await press(asked, 'crm: Apollo Contacts');
  const quiet = (await pipeline.store.meters('default')).filter(({ snoozed }) => snoozed !== null);
  expect(quiet.map(({ meter }) => meter.source)).toEqual(['crm']);
});
