import { expect, test } from 'vitest';
import { dataFolder, startApp } from '../support/app.ts';
import { createDatabase } from '../support/database.ts';
import { connectedSlack, shownText } from '../support/slack/connected.ts';
import { buttonLabels, pressButton, typeCommand } from '../support/slack/hand-over.ts';

const SIX = [
  { meter: 'apollo_contacts', label: 'Apollo Contacts', unit: 'credits', used: 1614, total: 1_000_000 },
  { meter: 'campaigns', label: 'Campaigns', unit: 'visitors', used: 494_936, total: 1_000_000_000 },
  { meter: 'open_ai', label: 'OpenAI Tokens', unit: 'tokens', used: 4_984_062, total: 1_500_000_000 },
  { meter: 'abmatic_accounts', label: 'Abmatic Accounts', unit: 'credits', used: 24_171, total: 4_000_000 },
  { meter: 'abmatic_contacts', label: 'Abmatic Contacts', unit: 'credits', used: 40_982, total: 20_000_000 },
  { meter: 'abmatic_ip_reveal', label: 'Abmatic IP Reveal', unit: 'lookups', used: 379_180, total: 100_000_000 },
];
const SIX_LINES = [
  'Abmatic Accounts  24,171 / 4,000,000 credits used · 0.6%',
  'Abmatic IP Reveal  379,180 / 100,000,000 lookups used · 0.3%',
  'OpenAI Tokens  4,984,062 / 1,500,000,000 tokens used · 0.3%',
  'Abmatic Contacts  40,982 / 20,000,000 credits used · 0.2%',
  'Apollo Contacts  1,614 / 1,000,000 credits used · 0.1%',
  'Campaigns  494,936 / 1,000,000,000 visitors used · <0.1%',
];

test('six readings pushed, then /usage: all six lines in used / total form, worst first, to the asker alone until it is shared', async () => {
  const slack = await connectedSlack();
  const database = await createDatabase();
  const app = await startApp({ dataDir: dataFolder(), databaseUrl: database.url, env: slack.env });
  const pushed = await app.push({ source: 'abmatic', readings: SIX });
  expect([pushed.status, await pushed.json()]).toEqual([202, { accepted: 6, duplicates: 0, rejected: [] }]);

  const command = await typeCommand(slack, app, '');
  expect(command.status).toBe(200);
  const { body, text } = await command.answer();
  expect(body['response_type']).toBe('ephemeral');
  const lines = shownText(body['blocks']).split('\n');
  expect(lines[0]).toMatch(/^All 6 meters are fine · as of/);
  expect(lines.slice(1, 7).map((line) => line.replace('🟢 ', ''))).toEqual(SIX_LINES);
  for (const line of SIX_LINES) expect(text).toContain(line.replace('<', '&lt;'));
  expect(slack.messages()).toEqual([]);

  const shared = await (await pressButton(slack, app, { blocks: body['blocks'] }, 'Share to channel')).answer();
  expect(shared.body).toMatchObject({ response_type: 'in_channel', replace_original: false });
  expect(shownText(shared.body['blocks']).split('\n').slice(0, 7)).toEqual(lines.slice(0, 7));
  expect(buttonLabels(shared.body['blocks'])).toEqual(['Details']);
});

test('/usage with a name shows one meter, with an unknown one the nearest, and its help names the command as it was typed', async () => {
  const slack = await connectedSlack();
  const database = await createDatabase();
  const app = await startApp({ dataDir: dataFolder(), databaseUrl: database.url, env: slack.env });
  await app.push({ source: 'abmatic', readings: SIX });
  const shown = async (text: string, fields = {}) =>
    shownText((await (await typeCommand(slack, app, text, fields)).answer()).body['blocks']);

  expect(await shown('  APOLLO contacts ')).toContain('Apollo Contacts  1,614 / 1,000,000 credits used');
  expect(await shown('pdl_contacts')).toContain('Abmatic Contacts  40,982 / 20,000,000 credits used');
  expect(await shown('campains')).toContain('Did you mean Campaigns?');
  expect(await shown('help', { command: '/credits' })).toMatch(/\/credits apollo +one meter/);
});

test('before any reading /usage says how to get figures', async () => {
  const slack = await connectedSlack();
  const database = await createDatabase();
  const app = await startApp({ dataDir: dataFolder(), databaseUrl: database.url, env: slack.env });
  const { body } = await (await typeCommand(slack, app, '')).answer();
  expect(shownText(body['blocks'])).toMatch(/^No figures yet\.\nFastest: open the vendor's usage page/);
});
