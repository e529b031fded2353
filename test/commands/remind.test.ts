import { expect, test } from 'vitest';
import { pasteReminderMessage } from '../../src/messages/notices/paste-reminder.ts';
import { requesterIn } from '../support/chat.ts';
import { MONDAY, NEXT_AT_8, PASTED_FILE } from '../support/pasted.ts';
import { startTalking } from '../support/talking.ts';
import { slackUser } from '../support/people.ts';

const tom = requesterIn('default', { person: slackUser('U0TOM'), direct: true, place: { kind: 'slack', address: 'U0TOM', direct: true } });
const admin = requesterIn('default', { person: slackUser('U0ADMIN'), direct: true, place: { kind: 'slack', address: 'U0ADMIN' } });
const MESSAGE = pasteReminderMessage({
  kind: 'paste-reminder',
  source: 'abmatic',
  observedAt: new Date(MONDAY),
  digestAt: new Date('2026-11-09T08:00:00Z'),
  isCaptured: false,
});

/** Tom has pasted once, and was asked a week later. */
async function asked(file = PASTED_FILE) {
  const talking = await startTalking(file, MONDAY);
  const { pipeline } = talking;
  const paste = () => pipeline.push([{ meter: 'apollo_contacts', used: 100, total: 1000 }], { via: 'import', by: 'U0TOM' });
  await paste();
  await pipeline.goTo(NEXT_AT_8);
  const reminded = () => pipeline.messages.filter(({ text }) => text.startsWith('📋')).map(({ address }) => address);
  expect(reminded()).toEqual(['U0TOM']);
  return {
    ...talking,
    paste,
    reminded,
    said: async (label: string, requester = tom) => {
      const reply = await talking.press(MESSAGE, label, requester);
      await pipeline.settle();
      return reply.kind === 'message' ? talking.read(reply.message) : reply.kind;
    },
  };
}

test('"Ask someone else" puts the same to the admins, else to operations, never to whoever hands it on', async () => {
  const { said, reminded } = await asked();
  expect(await said('Ask someone else')).toBe('@U0ADMIN was asked instead.');
  expect(reminded()).toEqual(['U0TOM', 'U0ADMIN']);
  expect(await said('Ask someone else', admin)).toBe('slack:C0OPS was asked instead.');
  expect(reminded()).toEqual(['U0TOM', 'U0ADMIN', 'C0OPS']);
});

test('a reminder is handed on once by each whom it came to, and goes nowhere twice', async () => {
  const { said, reminded } = await asked();
  await said('Ask someone else');
  for (const _again of [1, 2]) expect(await said('Ask someone else')).toBe('Someone else was already asked. Nothing to do.');
  expect(reminded()).toEqual(['U0TOM', 'U0ADMIN']);
  await said('Ask someone else', admin);
  for (const _again of [1, 2]) expect(await said('Ask someone else', admin)).toBe('Someone else was already asked. Nothing to do.');
  const inOperations = requesterIn('default', { person: slackUser('U0ANNA'), place: { kind: 'slack', address: 'C0OPS' } });
  for (const _again of [1, 2]) expect(await said('Ask someone else', inOperations)).toContain('I have no one else to ask');
  expect(reminded()).toEqual(['U0TOM', 'U0ADMIN', 'C0OPS']);
});

test('an admin hands on what came to somebody else, once', async () => {
  const { said, reminded } = await asked();
  expect(await said('Ask someone else', admin)).toBe('slack:C0OPS was asked instead.');
  expect(await said('Ask someone else', admin)).toBe('Someone else was already asked. Nothing to do.');
  expect(reminded()).toEqual(['U0TOM', 'C0OPS']);
});

test('the next reminder can be handed on again', async () => {
  const { pipeline, said, reminded } = await asked();
  await said('Ask someone else');
  await pipeline.goTo('2026-11-16T07:00:00Z');
  expect(await said('Ask someone else')).toBe('@U0ADMIN was asked instead.');
  expect(reminded()).toEqual(['U0TOM', 'U0ADMIN', 'U0TOM', 'U0ADMIN']);
});

test.each([
  ['a member in private', { person: slackUser('U0EVE'), direct: true, place: { kind: 'slack', address: 'U0EVE' } }],
  ['a member in a channel', { person: slackUser('U0EVE'), place: { kind: 'slack', address: 'C0SALES' } }],
  [
    'a member in the channel of operations, where no reminder stands',
    { person: slackUser('U0EVE'), place: { kind: 'slack', address: 'C0OPS' } },
  ],
] as const)('whoever was not asked hands nothing on, and reads the same of every source, there or not: %s', async (_who, requester) => {
  const { pipeline, say, reminded } = await asked();
  await pipeline.push([{ meter: 'mails', used: 1, total: 10 }], { source: 'crm' });
  const eve = requesterIn('default', requester);
  const before = pipeline.messages.length;
  for (const what of ['others', 'stop']) {
    const answers = [];
    for (const source of ['abmatic', 'crm', 'nowhere', '']) answers.push(await say(`remind ${source} ${what}`, eve));
    expect([what, new Set(answers).size]).toEqual([what, 1]);
    if (what === 'others') expect(answers[0]).toBe('You were not asked for these figures. Nothing to do.');
  }
  await pipeline.settle();
  expect(pipeline.messages).toHaveLength(before);
  expect(reminded()).toEqual(['U0TOM']);
});

test('where nobody else is named it says so', async () => {
  const { said, reminded } = await asked(PASTED_FILE.replace(/admins.*\n/, '').replace(/ {2}- .*operations.*\n/, ''));
  expect(await said('Ask someone else')).toBe(
    'I have no one else to ask: creditwatch.yml names no other admins and no route for operations.',
  );
  expect(reminded()).toEqual(['U0TOM']);
});

test('"Stop asking" ends it, until somebody pastes again', async () => {
  const { pipeline, said, reminded, paste } = await asked();
  expect(await said('Stop asking')).toBe(
    'Reminders for Abmatic AI are off until someone pastes figures again. Digests still go out and show how old the figures are.',
  );
  await pipeline.goTo('2026-11-23T08:00:00Z');
  expect(reminded()).toHaveLength(1);
  await paste();
  await pipeline.goTo('2026-11-30T08:00:00Z');
  expect(reminded()).toEqual(['U0TOM', 'U0TOM']);
});

test('a button of a source that nobody pastes has nothing to do', async () => {
  const { say } = await asked();
  for (const typed of ['remind crm others', 'remind']) {
    expect(await say(typed, tom)).toBe('You were not asked for these figures. Nothing to do.');
    expect(await say(typed, admin)).toBe('No one was asked for these figures. Nothing to do.');
  }
});

test('an import that nobody in chat made counts as pasted too', async () => {
  const { pipeline, said, reminded } = await asked();
  await said('Stop asking');
  await pipeline.goTo('2026-11-23T08:00:00Z');
  await pipeline.push([{ meter: 'apollo_contacts', used: 100, total: 1000 }], { via: 'import' });
  await pipeline.goTo('2026-11-30T08:00:00Z');
  expect(reminded()).toEqual(['U0TOM', 'U0TOM']);
});

test('"Stop asking" in a channel is for admins', async () => {
  const { said } = await asked();
  expect(await said('Stop asking', requesterIn('default', { person: slackUser('U0TOM') }))).toContain('@U0ADMIN');
  expect(await said('Stop asking', requesterIn('default', { person: slackUser('U0ADMIN') }))).toContain('Reminders for Abmatic AI are off');
});
