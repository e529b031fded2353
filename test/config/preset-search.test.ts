import { expect, test } from 'vitest';
import { presetsLike, searchPages, searchPresets } from '../../src/config/preset-search.ts';
import { readPresets } from '../../src/config/presets.ts';
import { commandLine } from '../support/cli.ts';

const presets = readPresets();
const found = (word: string) => searchPresets(word, presets).map(({ name }) => name);

test.each([
  ['openrouter', 'openrouter'],
  ['OpenRouter', 'openrouter'],
  ['opnrouter', 'openrouter'],
  ['openruoter', 'openrouter'],
  ['apollo.io', 'apollo'],
  ['pdf.co', 'pdf-co'],
  ['sendgrid', 'sendgrid'],
  ['twilio', 'twilio'],
  ['sendgird', 'sendgrid'],
  ['leadsfroge', 'leadsforge'],
])('%j finds %s first', (word, first) => {
  expect(found(word)[0]).toBe(first);
  expect(presetsLike(word)[0]).toBe(first);
});

test.each(['workday', 'qqqqqq', 'xy', '', '…', 'marketo'])('no vendor is like %j', (word) => {
  expect(presetsLike(word)).toEqual([]);
});

test('a name that begins several names finds them all, an exact one first', () => {
  expect(found('apollo').slice(0, 2)).toEqual(['apollo', 'apollo-unified']);
  expect(found('open')).toEqual(expect.arrayContaining(['openrouter', 'openmart', 'openregister']));
});

test('a word of a meter finds its vendors, after those with the word in their name', () => {
  expect(found('mobile')).toEqual(presets.filter(({ meters }) => /mobile/i.test(JSON.stringify(meters))).map(({ name }) => name));
  expect(found('lead credits')).toContain('apollo');
});

test('presets <word> describes what it finds, and ends with 1 if there is nothing', async () => {
  const typed = (...args: readonly string[]) => commandLine({ dataDir: '/nowhere' }).run(args);
  const one = await typed('presets', 'openroute');
  expect(one).toMatchObject({ code: 0, err: '' });
  expect(one.out.match(/^[\w-]+(?=: )/gm)).toEqual(['openrouter', 'openrouter-key']);
  expect(await typed('presets', 'work\u001b[31mday')).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringContaining('"work [31mday"'),
  });
  expect(JSON.parse((await typed('presets', 'kaspr', '--json')).out)).toMatchObject({ presets: [{ name: 'kaspr' }] });
});

test('known usage pages are found by their names and meters, as presets are', () => {
  const pages = (word: string) => searchPages(word).map(({ source }) => source);
  expect(pages('clay')).toEqual(['clay']);
  expect(pages('zappier')).toEqual(['zapier']);
  expect(pages('inmail')).toEqual(['linkedin-sales-navigator']);
  expect(pages('salesforce')).toEqual([]);
});
