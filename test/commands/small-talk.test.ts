import { createQueries } from '../../src/queries/queries.ts';
import { describe, expect, test } from 'vitest';
import { createChat } from '../../src/commands/chat.ts';
import { typedCommands } from '../../src/commands/registry.ts';
import { isFiller, smallTalk } from '../../src/commands/small-talk.ts';
import type { Requester } from '../../src/ports/inbound/chat.ts';
import { requesterIn, changesNothing, messageOf } from '../support/chat.ts';
import { readStoreOf } from '../support/read-store.ts';
import { credit, NOW, printed, type Credit } from '../messages/credits.ts';
import { teamsUser } from '../support/people.ts';

const CREDITS = [
  credit('Apollo Contacts', 1_614, 1_000_000),
  credit('OpenAI Tokens', 5, 1_000, { key: 'open_ai', aliases: ['Open AI'], unit: 'tokens' }),
  credit('Campaigns', 4, 1_000),
  credit('Abmatic Contacts', 3, 1_000, { aliases: ['pdl_contacts'] }),
];
const TERMINAL: Partial<Requester> = {
  person: { platform: 'terminal', id: 'anna' },
  inTerminal: true,
  invokedAs: 'npx creditwatch usage',
  place: null,
  direct: true,
};
const PLATFORMS = [
  ['Slack', {}],
  [
    'Teams',
    {
      person: teamsUser('2b0a4e9e-3f0f-4b6e-9a53-0f1d2c3b4a5e'),
      invokedAs: '@Creditwatch usage',
      place: { kind: 'teams', address: '19:c@thread.tacv2' },
    },
  ],
  ['the terminal', TERMINAL],
] as const satisfies readonly (readonly [string, Partial<Requester>])[];

const clock = { now: () => NOW, sleep: () => Promise.resolve() };
const chatOf = (credits: readonly Credit[]) =>
  createChat({ ...changesNothing, queries: createQueries({ store: readStoreOf(credits, 'UTC'), clock }), clock });
async function answer(asked: string, requester: Partial<Requester> = {}, credits: readonly Credit[] = CREDITS) {
  const reply = await chatOf(credits).answer(asked, requesterIn('default', requester));
  return { to: reply.kind === 'message' ? reply.to : null, message: messageOf(reply), text: printed(messageOf(reply)) };
}

describe.each(PLATFORMS)('in %s', (_where, requester) => {
  test.each([
    'hi',
    'Hello!',
    'hey there',
    'hi Creditwatch',
    'Good morning',
    'Moin',
    'Guten Tag',
    'bonjour',
    '¡Hola!',
    'stop',
    'STOP!',
    'please stop',
    'Stopp',
    'basta',
    'Hilfe',
    'Hilfe bitte',
    'aide',
    'ayuda',
    'aiuto',
    'please help',
    'commands',
    'thanks',
    'Thank you so much',
    'thx!',
    'danke',
    'merci',
    'ok',
    'bye',
    '👍',
    ':pray:',
    '🙏🏽',
    'what can you do?',
    'what can you do',
    'Who are you?',
    'how does this work',
    'Was kannst du?',
    'que peux-tu faire ?',
    '¿qué puedes hacer?',
    'can you order pizza',
  ])('"%s" is offered the help, and nobody else reads it', async (asked) => {
    const { to, text } = await answer(asked, requester);
    expect(text).not.toContain('No meter');
    expect(text).toContain(`${requesterIn('x', requester).invokedAs} check campaigns 50k`);
    expect(text).toContain(`${requesterIn('x', requester).invokedAs} help`);
    expect(to).toBe('alone');
  });

  test.each([
    ['apollo please', 'Apollo Contacts'],
    ['apollo 🙏', 'Apollo Contacts'],
    ['apollo :pray:', 'Apollo Contacts'],
    ['show me apollo', 'Apollo Contacts'],
    ['usage apollo', 'Apollo Contacts'],
    ['usage of apollo contacts, please!', 'Apollo Contacts'],
    ['how much open ai is left?', 'OpenAI Tokens'],
    ['hi, how is open_ai doing', 'OpenAI Tokens'],
    ['Apollo bitte', 'Apollo Contacts'],
    ['what about campaigns?', 'Campaigns'],
    ['the pdl contacts', 'Abmatic Contacts'],
  ])('"%s" is asked back, and one press shows the meter', async (asked, label) => {
    const { message, text } = await answer(asked, requester);
    expect(text).toMatch(new RegExp(`^Did you mean ${label}\\?\n`));
    const [show] = message.buttons ?? [];
    expect(show).toMatchObject({ action: 'show', label: 'Show' });
    const shown = await chatOf(CREDITS).clickButton({ action: 'show', value: show?.value ?? '' }, requesterIn('default', requester));
    expect(printed(messageOf(shown))).toContain(`🟢 ${label} `);
  });

  test.each([
    ['apolo please', 'Apollo Contacts'],
    ['how is campains?', 'Campaigns'],
  ])('a slip among other words, "%s", is asked back too', async (asked, label) => {
    expect((await answer(asked, requester)).text).toMatch(new RegExp(`Did you mean ${label}\\?`));
  });
});

test('several meters that are named are offered', async () => {
  const { text, message } = await answer('my contacts please');
  expect(text).toContain('could be Abmatic Contacts, Apollo Contacts. Which one?');
  expect(message.buttons?.map(({ value }) => value)).toEqual(['abmatic/abmatic_contacts', 'abmatic/apollo_contacts']);
});

test('other commands about a meter ask back as well', async () => {
  for (const command of ['history', 'snooze', 'request', 'correction', 'check']) {
    const { text, message } = await answer(`${command} show me apollo`, { isPlatformAdmin: async () => true });
    expect(text).toMatch(/^Did you mean Apollo Contacts\?/);
    expect(message.buttons?.[0]?.value).toMatch(new RegExp(`^${command} abmatic/apollo_contacts`));
  }
});

test('a meter that is called like a greeting is shown, and one that does not exist is said not to', async () => {
  expect((await answer('hello', {}, [credit('Hello', 1, 2)])).text).toContain('🟢 Hello');
  expect((await answer('stop please', {}, [credit('Stop', 1, 10)])).text).toMatch(/^Did you mean Stop\?/);
  for (const asked of ['invoices', 'frobnicate now']) expect((await answer(asked)).text).toMatch(/^No meter "/);
});

test('before there are any figures the help is offered all the same', async () => {
  expect((await answer('hi', {}, [])).text).toMatch(/^Hello! These are my commands:\n/);
});

test('whoever wants it to stop reads how', async () => {
  expect((await answer('stop')).text).toMatch(/^To stop my messages:\n\/usage unsubscribe /);
  expect((await answer('stop', TERMINAL)).text).not.toContain('unsubscribe');
});

test('no command is small talk or a filler, but for what means help anyway', () => {
  expect(
    typedCommands.filter((word) => word !== 'help' && (isFiller(word) || smallTalk(word) !== null)).filter((word) => word !== ''),
  ).toEqual([]);
});
