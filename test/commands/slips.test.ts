import { describe, expect, test } from 'vitest';
import { typedCommands } from '../../src/commands/registry.ts';
import { nearestWord } from '../../src/core/text/nearest-word.ts';
import { COMMAND_HELP } from '../../src/messages/replies/command-help.ts';
import { anna, startTalking, type Talking } from '../support/talking.ts';

const terminal = {
  ...anna,
  platform: 'terminal',
  inTerminal: true as const,
  place: null,
  direct: true,
  invokedAs: 'npx creditwatch usage',
};

async function started(): Promise<Talking> {
  const talking = await startTalking(
    'timezone: Europe/Berlin\nadmins: [U0ANNA]\nroutes: [{ slack: C0ALERTS, meters: all, digest: false }]\n',
    '2026-11-10T11:00:00Z',
  );
  await talking.pipeline.push([
    { meter: 'campaigns', used: 1, total: 1_000_000, period: { start: '2026-11-01T00:00:00Z', end: '2026-12-01T00:00:00Z' } },
    { meter: 'apollo_contacts', used: 1, total: 1000 },
  ]);
  return talking;
}

/** A letter away from two commands. */
const AS_NEAR = new Set(['nsubscribe', 'usubscribe', 'nsnooze', 'usnooze']);

/** Two letters that changed places, one left out, one typed twice, a wrong one. */
function slipsOf(word: string): readonly string[] {
  return Array.from({ length: word.length }, (_, at) => {
    const [before, letter, after] = [word.slice(0, at), word.charAt(at), word.slice(at + 1)];
    return [
      `${before}${after.charAt(0)}${letter}${after.slice(1)}`,
      `${before}${after}`,
      `${before}${letter}${letter}${after}`,
      `${before}q${after}`,
    ];
  }).flat();
}

describe('a slip in the word of a command', () => {
  test.each([
    ['chek', 'check'],
    ['chekc', 'check'],
    ['hstory', 'history'],
    ['subcribe', 'subscribe'],
    ['ALETRS', 'alerts'],
    ['exprot', 'export'],
    ['apollo', null],
    ['ok', null],
    ['campaigns', null],
  ])('%j is %j', (typed, meant) => {
    expect(nearestWord(typed, typedCommands)).toBe(meant);
  });

  test.each(
    typedCommands.flatMap((word) =>
      slipsOf(word)
        .filter((typed) => !typedCommands.includes(typed) && !AS_NEAR.has(typed))
        .map((typed) => [typed, word] as const),
    ),
  )('%j is %j', (typed, meant) => {
    expect(nearestWord(typed, typedCommands)).toBe(meant);
  });

  test('goes before a meter whose name is near as well, in chat and in the terminal', async () => {
    const { pipeline, ask, read, press, say } = await started();
    await pipeline.push([{ meter: 'exports', label: 'Export credits', used: 1, total: 10 }]);
    const asked = await ask('exprot', anna);
    expect(read(asked)).toBe('Did you mean export, or Export credits?\n/usage export\n/usage abmatic/exports');
    expect(await press(asked, 'Run export', anna)).toMatchObject({ kind: 'message' });
    expect(await say('exprot', terminal)).toMatch(/^Did you mean export, or Export credits\?\nThen type: npx creditwatch usage export\n/);
  });

  test('asks whether the command was meant, keeps the rest, and a button runs it', async () => {
    const { ask, read, press } = await started();
    const asked = await ask('chek campaigns 50k', anna);
    expect(read(asked)).toBe('Did you mean check?\n/usage check campaigns 50k');
    const ran = await press(asked, 'Run check', anna);
    expect(ran).toMatchObject({ kind: 'message' });
    expect(ran.kind === 'message' && read(ran.message)).toMatch(/^✅ Fits/);
  });

  test('in the terminal says what to type; a meter that is nearer is what was meant', async () => {
    const { say } = await started();
    expect(await say('histroy apollo', terminal)).toBe('Did you mean history?\nThen type: npx creditwatch usage history apollo');
    expect(await say('apolo', terminal)).toContain('Did you mean Apollo Contacts?');
  });
});

describe('help', () => {
  test('explains every command there is', () => {
    expect(typedCommands.filter((word) => word !== '' && COMMAND_HELP[word] === undefined)).toEqual([]);
    expect(Object.keys(COMMAND_HELP).filter((word) => !typedCommands.includes(word))).toEqual([]);
  });

  test.each(['help check', 'help /check', 'HELP Check', 'check --help', 'check -h', 'help chek', 'help check please'])(
    '%j explains check',
    async (typed) => {
      const { say } = await started();
      expect(await say(typed, anna)).toBe(
        'check: Checks whether you can still use an amount, until the reset or by a day.\n/usage check campaigns 50k\n/usage check campaigns 50k open_ai 2M by 5 dec',
      );
    },
  );

  test('of no command says so and lists them, in the terminal too', async () => {
    const { say } = await started();
    expect(await say('help teleport', terminal)).toMatch(/^There is no command "teleport"\. These are my commands:\nnpx creditwatch usage/);
    expect(await say('help history', terminal)).toContain('npx creditwatch usage history apollo last month');
  });
});

describe('resets without a source', () => {
  test('opens the form of the only one', async () => {
    const { chat } = await started();
    expect(await chat.answer('resets', anna)).toMatchObject({ kind: 'form', form: { id: 'reset-day abmatic' } });
  });

  test('asks which of several, with what is known of each', async () => {
    const { ask, read, press, pipeline } = await started();
    await pipeline.push([{ meter: 'seats', used: 1, total: 10 }], { source: 'crm' });
    const which = await ask('resets', anna);
    expect(read(which)).toMatch(/^Which source\?\n(?:.*\n)*crm: I don't know when it resets\n/);
    expect(await press(which, 'crm', anna)).toMatchObject({ kind: 'form', form: { id: 'reset-day crm' } });
  });

  test('before there are figures says so', async () => {
    const { say } = await startTalking('timezone: Europe/Berlin\n', '2026-11-10T11:00:00Z');
    expect(await say('resets', anna)).toMatch(/^No figures yet/);
  });
});

describe('a span of history', () => {
  test.each([
    ['history campaigns last month', 'Campaigns: no figures 1–31 Oct'],
    ['history campaigns last period', 'Campaigns: no figures 1–31 Oct'],
    ['history campaigns this period', 'Campaigns: 0 visitors used since 10 Nov'],
    ['history campaigns since 1 nov', 'Campaigns: 0 visitors used since 10 Nov'],
    ['history campaigns last week', 'Campaigns: no figures 2–8 Nov'],
    ['history campaigns 45d', 'Campaigns: 0 visitors used since 10 Nov'],
    ['history apollo last period', "I don't know when Apollo Contacts resets, so it has no period."],
    ['history campaigns last fortnight', 'I don\'t understand "last fortnight" as a time in the past.'],
    ['export campaigns last fortnight', 'I don\'t understand "last fortnight" as a time in the past.'],
    ['export campaigns last month', 'No figures since 1 Oct.'],
  ])('%j: %s', async (typed, says) => {
    const { say } = await started();
    for (const requester of [anna, terminal]) expect((await say(typed, requester)).split('\n')[0]).toContain(says);
  });
});
