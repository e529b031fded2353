import { expect, test } from 'vitest';
import {
  alsoInSources,
  expiredText,
  furtherLines,
  importChangesText,
  importingText,
  perhapsOfVendor,
  recognisedText,
  savedText,
  unknownVendor,
  unreadableFile,
} from '../../../src/messages/replies/import-report.ts';

test.each([
  [
    unknownVendor('page.txt'),
    "I can't tell which vendor this page is from, so nothing was stored. Name the source: npx creditwatch import page.txt --source <vendor>, such as abmatic, hubspot or clay. To find the name of a vendor: npx creditwatch presets <word>",
  ],
  [
    perhapsOfVendor('page.txt'),
    'No source was named. If it is the usage page of a vendor that Creditwatch knows, name it, because some figures are only read then: npx creditwatch import page.txt --source <vendor>. To find its name: npx creditwatch presets <word>',
  ],
  [
    recognisedText('clay', 'page.txt'),
    'Recognized as a page of Clay, source clay. If it is another: npx creditwatch import page.txt --source <vendor>',
  ],
  [unreadableFile('page.txt', null), 'There is no file page.txt.'],
  [unreadableFile('page.txt', 'EACCES: permission denied'), 'page.txt cannot be read: EACCES: permission denied'],
  [importingText('page.txt'), 'Importing page.txt'],
  [
    alsoInSources(['crm', 'clay']),
    'Meters with these names are also in the source crm, clay. If these figures belong there, import the file again with --source crm.',
  ],
  [savedText({ accepted: 6, duplicates: 0, refused: 0 }, 'abmatic'), '6 saved for abmatic.'],
  [savedText({ accepted: 6, duplicates: 2, refused: 1 }, 'abmatic'), '6 saved for abmatic, 2 already known, 1 not saved.'],
  [
    expiredText({ count: 1200, keptMs: 3 * 365 * 86_400_000 }),
    '1,200 readings are older than 3 years and will be deleted within a day. To keep them, set retention.dailyReadings in creditwatch.yml before you import the file again.',
  ],
  [
    expiredText({ count: 1, keptMs: 365 * 86_400_000 }),
    '1 reading is older than 1 year and will be deleted within a day. To keep them, set retention.dailyReadings in creditwatch.yml before you import the file again.',
  ],
  [
    expiredText({ count: 2, keptMs: 400 * 86_400_000 }),
    '2 readings are older than 400 days and will be deleted within a day. To keep them, set retention.dailyReadings in creditwatch.yml before you import the file again.',
  ],
  [furtherLines(1200), '  and 1,200 more'],
])('%s', (text, expected) => {
  expect(text).toBe(expected);
});

test('what an import changed', () => {
  const figure = (used: string | number, total: number | null) => ({ used, total });
  expect(
    importChangesText({
      changed: [
        { label: 'Apollo Contacts', before: figure(1614, 1_000_000), after: figure(1700, 1_000_000) },
        { label: 'Tokens', before: null, after: figure('9007199254740993', null) },
      ],
      fell: [{ label: 'Campaigns', from: 900, to: 12 }],
      missing: ['Leads', 'Tokens'],
    }),
  ).toEqual({
    changed: ['  Apollo Contacts: 1,614 / 1,000,000 → 1,700 / 1,000,000', '  Tokens: new, 9,007,199,254,740,993 used'],
    fell: ['  Campaigns fell from 900 to 12.'],
    missing: ['  No newer figures for Leads, Tokens.'],
  });
});

test('at most 50 lines of a kind, then how many more', () => {
  const fell = Array.from({ length: 53 }, (_unused, index) => ({ label: `m${String(index)}`, from: 2, to: 1 }));
  const lines = importChangesText({ changed: [], fell, missing: [] }).fell;
  expect(lines).toHaveLength(51);
  expect(lines.at(-1)).toBe('  and 3 more');
});
