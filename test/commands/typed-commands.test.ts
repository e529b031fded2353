import { expect, test } from 'vitest';
import { startTalking } from '../support/talking.ts';

const FILE = 'timezone: Europe/Berlin\n';
const now = '2026-11-02T09:00:00Z';
const HELP = ['help', 'help!', 'Help?', '--help', '-h', '?', '??', '!', '`help`', '“help”', '\u200Bhelp\u2060', '-H', '--help!'];
const APOLLO = [
  'apollo',
  'apollo?',
  'Apollo Contacts ?',
  '"Apollo Contacts"',
  '“apollo contacts”',
  '„Apollo Contacts“',
  '‘apollo’',
  "'apollo'",
  '`apollo_contacts`',
  '«apollo»',
  'apol\u200Blo',
  '\uFEFFapollo\u200D contacts',
  'apollo\u00AD contacts',
  '`apollo`?',
];

test('however help is asked for, it is the help that is answered, with and without figures', async () => {
  const { say, pipeline } = await startTalking(FILE, now);
  for (const hasFigures of [false, true]) {
    if (hasFigures) await pipeline.push([{ meter: 'apollo_contacts', used: 1, total: 100 }]);
    const help = await say('help');
    expect(help).toContain('/usage');
    for (const typed of HELP) expect([typed, await say(typed)]).toEqual([typed, help]);
  }
});

test('however a name is written, it is the meter that is meant, alone and behind a command', async () => {
  const { say, pipeline } = await startTalking(FILE, now);
  await pipeline.push([
    { meter: 'apollo_contacts', used: 850, total: 1000 },
    { meter: 'campaigns', used: 1, total: 100 },
  ]);
  for (const word of ['', 'history ', 'export ']) {
    const [plain = ''] = APOLLO;
    const said = await say(`${word}${plain}`);
    for (const typed of APOLLO) expect([typed, await say(`${word}${typed}`)]).toEqual([typed, said]);
  }
});
