import { describe, expect, test } from 'vitest';
import { messageOf } from '../support/chat.ts';
import { anna, startTalking, tom, type Talking } from '../support/talking.ts';
import { slackUser } from '../support/people.ts';

const FILE = `timezone: Europe/Berlin
admins: [U0OLGA, U0MAX]
routes:
  - { slack: C0FILE, meters: all, digest: false }
`;
/** A Monday, 10:00 in Berlin. */
const MONDAY = '2026-11-02T09:00:00Z';
const ON_TEAMS = '00000000-0000-0000-0000-000000000001';

async function started(file = FILE): Promise<Talking> {
  const talking = await startTalking(file, MONDAY);
  await talking.pipeline.push([{ meter: 'apollo_contacts', used: 1, total: 1000 }]);
  return talking;
}

async function askFor(command: string, { ask, press, read, pipeline }: Talking, requester = anna): Promise<string> {
  const said = read(messageOf(await press(await ask(command, requester), 'Ask them', requester)));
  await pipeline.settle();
  return said;
}

const toldTo = ({ pipeline }: Talking, address: string) =>
  pipeline.messages.filter((one) => one.address === address && one.text.includes('asks for')).map(({ text }) => text);

describe('whoever is refused', () => {
  test.each(['subscribe all', 'unsubscribe', 'digest friday 2pm', 'remind abmatic stop', 'resets abmatic month 1', 'correction apollo'])(
    '%j can ask those who may, at one press',
    async (command) => {
      const talking = await started();
      expect(talking.read(await talking.ask(command, anna))).toBe('Rules are changed by @U0OLGA or @U0MAX.');
      expect(await askFor(command, talking)).toBe('Asked @U0MAX and @U0OLGA.');
      for (const admin of ['U0OLGA', 'U0MAX'])
        expect(toldTo(talking, admin)).toEqual([expect.stringContaining(`🙋 @U0ANNA asks for /usage ${command}`)]);
    },
  );

  test('for a channel: each admin reads alone who asks for what, and where to type it', async () => {
    const talking = await started();
    await askFor('subscribe  Sales', talking);
    expect(toldTo(talking, 'U0OLGA')).toEqual([
      '🙋 @U0ANNA asks for /usage subscribe Sales in slack:C0SALES\nIf you agree, type the command there.\nYou get this because creditwatch.yml lists you as an admin.',
    ]);
  });

  test('is told when it was asked for before, and the admins hear it once, however often and at once it is pressed', async () => {
    const talking = await started();
    const refused = await talking.ask('subscribe all', anna);
    const replies = await Promise.all([1, 2, 3].map(() => talking.press(refused, 'Ask them', anna)));
    expect(replies.map((reply) => talking.read(messageOf(reply))).sort()).toEqual([
      '@U0MAX and @U0OLGA were already asked (10:00).',
      '@U0MAX and @U0OLGA were already asked (10:00).',
      'Asked @U0MAX and @U0OLGA.',
    ]);
    await talking.pipeline.goTo('2026-11-04T09:00:00Z');
    expect(await askFor('SUBSCRIBE all', talking)).toBe('@U0MAX and @U0OLGA were already asked (2 Nov 10:00).');
    expect(toldTo(talking, 'U0MAX')).toHaveLength(1);
  });

  test('asks anew for something else, as somebody else, elsewhere, and when a week has brought nothing', async () => {
    const talking = await started();
    await askFor('subscribe all', talking);
    for (const [command, requester] of [
      ['subscribe sales', anna],
      ['subscribe all', tom],
      ['subscribe all', { ...anna, place: { kind: 'slack', address: 'C0OTHER' } }],
    ] as const)
      expect(await askFor(command, talking, requester)).toBe('Asked @U0MAX and @U0OLGA.');
    await talking.pipeline.goTo('2026-11-09T09:00:00Z');
    expect(await askFor('subscribe all', talking)).toBe('Asked @U0MAX and @U0OLGA.');
    expect(toldTo(talking, 'U0OLGA')).toHaveLength(5);
  });

  test('what concerns everybody the admin does at one press, where they read of it', async () => {
    const talking = await started();
    await askFor('resets abmatic month 1', talking);
    expect(toldTo(talking, 'U0OLGA')).toEqual([
      '🙋 @U0ANNA asks for /usage resets abmatic month 1\nIf you agree, click the button or type the command.\nYou get this because creditwatch.yml lists you as an admin.',
    ]);
    const olga = { ...anna, person: slackUser('U0OLGA'), direct: true, place: { kind: 'slack', address: 'U0OLGA' } } as const;
    expect(talking.read(messageOf(await talking.chat.clickButton({ action: 'show', value: 'resets abmatic month 1' }, olga)))).toBe(
      'abmatic resets on the 1st of every month, next on 1 Dec.',
    );
  });
});

describe('the admins that are asked', () => {
  test('are those of the same platform, if there are any', async () => {
    const talking = await startTalking(FILE.replace('U0MAX', ON_TEAMS), MONDAY);
    expect(await askFor('subscribe all', talking)).toBe('Asked @U0OLGA.');
  });

  test('without one that can be written to there is no button, but whom to ask', async () => {
    // Nobody has connected Teams.
    const { ask, read } = await startTalking(FILE.replace('U0OLGA, U0MAX', ON_TEAMS), MONDAY);
    const refused = await ask('subscribe all', anna);
    expect(refused.buttons).toBeUndefined();
    expect(read(refused)).toBe(
      `Rules are changed by @${ON_TEAMS}.\nI can't message them. Ask one of them yourself, or an administrator of this workspace.`,
    );
  });

  test('who cannot be written to any more is left out, and the button of an older message says so when nobody is left', async () => {
    const talking = await started();
    const refused = await talking.ask('subscribe all', anna);
    for (const admin of ['U0OLGA', 'U0MAX'])
      talking.pipeline.refuse(admin, {
        outcome: 'rejected',
        scope: 'destination',
        code: 'user_disabled',
        reason: 'That user has been deactivated',
        remedy: 'Route elsewhere.',
      });
    await askFor('subscribe sales', talking);
    expect(talking.read(messageOf(await talking.press(refused, 'Ask them', anna)))).toBe(
      "I can't message any of the admins now. Ask one of them yourself.",
    );
    expect((await talking.ask('subscribe all', anna)).buttons).toBeUndefined();
  });
});

describe('a press that nobody was offered', () => {
  test.each([
    'everybody resets abmatic none',
    'place subscribe all',
    'import',
    '',
    '00000000-0000-0000-0000-000000000000',
    "'; DROP TABLE refused_request; --",
  ])('%j asks for nothing', async (value) => {
    const talking = await started();
    await talking.ask('subscribe all', anna);
    expect(talking.read(messageOf(await talking.chat.clickButton({ action: 'ask', value }, anna)))).toBe(
      'This button is out of date. Ask again.',
    );
    await talking.pipeline.settle();
    expect(toldTo(talking, 'U0OLGA')).toEqual([]);
  });

  test('with what somebody else was refused asks for nothing', async () => {
    const talking = await started();
    const [button] = (await talking.ask('subscribe all', anna)).buttons ?? [];
    if (button === undefined) throw new Error('there is no button');
    expect(talking.read(messageOf(await talking.chat.clickButton({ action: 'ask', value: button.value }, tom)))).toBe(
      'This button is out of date. Ask again.',
    );
    expect(button.value).not.toContain('subscribe');
    expect(talking.read(messageOf(await talking.chat.clickButton({ action: 'ask', value: button.value }, anna)))).toMatch(/^Asked /);
  });

  test('asks where it was refused, wherever it is pressed', async () => {
    const talking = await started();
    const [button] = (await talking.ask('subscribe all', anna)).buttons ?? [];
    const elsewhere = { ...anna, place: { kind: 'slack', address: 'C0ELSEWHERE' } } as const;
    await talking.chat.clickButton({ action: 'ask', value: button?.value ?? '' }, elsewhere);
    await talking.pipeline.settle();
    expect(toldTo(talking, 'U0OLGA')).toEqual([expect.stringContaining('asks for /usage subscribe all in slack:C0SALES')]);
  });
});

test('one person asks the admins five times a day, and all together thirty times', async () => {
  const talking = await started();
  const TOO_OFTEN = "I have reached today's limit of requests to the admins. Ask one of them yourself, or try again tomorrow.";
  const asks = async (user: string, times: number) => {
    const said = [];
    for (let time = 1; time <= times; time += 1)
      said.push(await askFor(`resets abmatic month ${String(time)}`, talking, { ...anna, person: slackUser(user) }));
    return said.filter((one) => one === 'Asked @U0MAX and @U0OLGA.').length;
  };
  expect(await asks('U0ANNA', 7)).toBe(5);
  expect(await askFor('resets abmatic month 9', talking)).toBe(TOO_OFTEN);
  for (const user of ['U0B', 'U0C', 'U0D', 'U0E', 'U0F']) expect(await asks(user, 5)).toBe(5);
  expect(await askFor('subscribe all', talking, tom)).toBe(TOO_OFTEN);
  expect(toldTo(talking, 'U0OLGA')).toHaveLength(30);
  await talking.pipeline.goTo('2026-11-03T09:00:01Z');
  expect(await askFor('subscribe all', talking, tom)).toBe('Asked @U0MAX and @U0OLGA.');
}, 60_000);
