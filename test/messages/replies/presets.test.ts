import { expect, test } from 'vitest';
import type { Preset } from '../../../src/core/vendors/preset.ts';
import { vendorOf } from '../../../src/core/vendors/registry.ts';
import {
  foundPagesText,
  foundPresetsText,
  knownPagesText,
  noPresetText,
  presetsText,
  presetText,
} from '../../../src/messages/replies/presets.ts';

const LUSHA: Preset = {
  name: 'lusha',
  label: 'Lusha',
  confidence: 'documented',
  read: '2026-11-30',
  docs: 'https://docs.lusha.com',
  method: 'GET',
  url: 'https://api.lusha.com/usage',
  key: { header: 'api_key', value: '${LUSHA_KEY}', kind: 'an API key' },
  headers: {},
  values: {},
  costs: false,
  sensitive: false,
  ratePerMinute: 5,
  meters: { credits: { label: 'Credits' }, seats: {} },
};
const OWN: Preset = { ...LUSHA, name: 'abmatic', label: 'Abmatic AI', url: null, key: null, ratePerMinute: null };

const LUSHA_TEXT = `lusha: Lusha
  needs   an API key
  allows  5 requests a minute
  meters  credits (Credits), seats
  from    https://docs.lusha.com
  basis   documented by the vendor, as of 2026-11-30
  - { id: lusha, kind: http, preset: lusha, key: "\${LUSHA_KEY}" }`;

test('a preset names what it needs, and the line for creditwatch.yml', () => {
  expect(presetText(LUSHA)).toBe(LUSHA_TEXT);
  expect(presetText({ ...OWN, key: LUSHA.key }).split('\n')[1]).toBe('  needs   an API key, and the address of your own endpoint');
  expect(presetText(OWN)).toBe(`abmatic: Abmatic AI
  needs   the address of your own endpoint
  meters  credits (Credits), seats
  from    https://docs.lusha.com
  basis   documented by the vendor, as of 2026-11-30
  - { id: abmatic, kind: http, preset: abmatic, url: "https://…" }`);
});

test('a preset that only others have reported says so, and where its key is made and more is bought', () => {
  const page = 'https://app.lusha.com/keys';
  const reported: Preset = { ...LUSHA, confidence: 'reported', key: LUSHA.key && { ...LUSHA.key, page }, buy: 'https://lusha.com/pricing' };
  expect(presetText(reported).split('\n').slice(5, 8)).toEqual([
    "  basis   reported by others who use the endpoint, as of 2026-11-30: compare the first figures with the vendor's page",
    '  key     https://app.lusha.com/keys',
    '  buy     https://lusha.com/pricing',
  ]);
});

test('the list of presets ends with the command that tries one', () => {
  expect(presetsText([LUSHA])).toBe(`${LUSHA_TEXT}\n\nTo see what a source answers: npx creditwatch try <source>`);
});

test('of many presets that a word found, the first are described and the others named', () => {
  const all = Array.from({ length: 10 }, (_, index) => ({ ...LUSHA, name: `lusha-${String(index)}` }));
  expect(foundPresetsText(all.slice(0, 8))).toBe(presetsText(all.slice(0, 8)));
  expect(foundPresetsText(all)).toBe(`${presetsText(all.slice(0, 8))}\n\nAlso found: lusha-8, lusha-9`);
});

test('a word that finds nothing is repeated, with the two ways on', () => {
  expect(noPresetText('salesforce')).toBe(
    'No preset matches "salesforce". To list all: npx creditwatch presets. Any other vendor: docs/sources.md, "Any other vendor".',
  );
});

test('a known usage page is listed with its address, what it shows, and how its figures get in', () => {
  const [unify, bolt] = [vendorOf('unify'), vendorOf('bolt')].flatMap((vendor) => vendor ?? []);
  if (unify === undefined || bolt === undefined) throw new Error('no recipe');
  expect(foundPagesText([unify])).toBe(
    [
      'unify: Unify, usage page',
      '  page    https://app.unifygtm.com/dashboard/settings/workspace/usage',
      '  meters  credits (Unify Credits), user_seats (Unify User Seats), mailboxes (Unify Mailboxes)',
      '  from    https://docs.unifygtm.com/reference/workspace/credits-and-usage',
      '  basis   documented by the vendor, as of 2026-11-30: compare the first figures with the page',
      '  paste   /usage import, or: npx creditwatch import page.txt --source unify',
      '  capture npx creditwatch capture unify',
    ].join('\n'),
  );
  expect(foundPagesText([bolt])).toContain('  basis   reported by others who read the page, as of 2026-11-30');
  const all = Array.from({ length: 10 }, (_, at) => ({ ...unify, source: `unify-${String(at)}` }));
  expect(foundPagesText(all)).toBe(`${foundPagesText(all.slice(0, 8))}\n\nUsage pages also found: unify-8, unify-9`);
  expect(knownPagesText([unify, bolt])).toBe(
    'The usage pages of these vendors are known, to paste or to capture: unify, bolt. To see one: npx creditwatch presets <name>',
  );
});
