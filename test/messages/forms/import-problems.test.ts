import { expect, test } from 'vitest';
import type { ImportProblem } from '../../../src/core/text/import-problem.ts';
import { importProblemText } from '../../../src/messages/forms/import-problems.ts';
import { alsoInSources, savedText, unknownVendor, unreadableFile } from '../../../src/messages/replies/import-report.ts';

const ACCEPTS =
  'It accepts the text of a usage page with lines such as "1,614/1,000,000 credits used", history as CSV (meter,used,total,observedAt), or the JSON of POST /v1/usage.';
const COLUMNS = 'meter,used,total,observedAt[,remaining,periodStart,periodEnd,unit,label]';

test.each<[ImportProblem, string]>([
  [{ kind: 'empty' }, `There is nothing in it. ${ACCEPTS}`],
  [
    { kind: 'too-many-lines', lines: 1500, most: 1000 },
    `It has 1,500 lines, and a usage page has at most 1,000. Paste the part with the credits. ${ACCEPTS}`,
  ],
  [
    { kind: 'no-figures', notes: [{ line: 3, text: '5/10 used', problem: { kind: 'nameless' } }], more: 2 },
    `No figures found. ${ACCEPTS}\n  line 3: "5/10 used" has no name before it\n  and 2 more lines`,
  ],
  [{ kind: 'no-figures', notes: [], more: -20 }, `No figures found. ${ACCEPTS}`],
  [{ kind: 'not-json', why: 'Unexpected end' }, 'It looks like JSON but is not: Unexpected end'],
  [
    { kind: 'bad-body', problem: { kind: 'bad-source' } },
    'In the JSON, "source" must have 1 to 200 characters, without control characters or a slash.',
  ],
  [{ kind: 'no-readings' }, 'The JSON has no list "readings". It accepts the body of POST /v1/usage, or the answer of GET /v1/usage.'],
  [
    { kind: 'several-sources', sources: ['abmatic', 'other'] },
    'The figures are from several sources (abmatic, other). Import each separately.',
  ],
  [
    { kind: 'too-large', mostMb: 16 },
    'Text and JSON may have up to 16 MB. Write history as CSV of any size (meter,used,total,observedAt), or send JSON in parts.',
  ],
  [{ kind: 'unknown-columns', names: ['totl'] }, `Unknown column "totl". Expected: ${COLUMNS}.`],
  [{ kind: 'unknown-columns', names: ['totl', 'x'] }, `Unknown columns "totl", "x". Expected: ${COLUMNS}.`],
  [{ kind: 'missing-columns', names: ['observedAt'] }, `The header lacks observedAt. Expected: ${COLUMNS}.`],
  [{ kind: 'repeated-columns', names: ['used'] }, 'The header has used twice. Remove one of them.'],
  [{ kind: 'not-csv', why: 'Quote Not Closed', line: 7 }, 'This is not CSV after line 7: Quote Not Closed.'],
  [{ kind: 'not-csv', why: 'Quote Not Closed', line: null }, 'This is not CSV: Quote Not Closed.'],
])('the problem %j of an import says what to do', (problem, text) => {
  expect(importProblemText(problem)).toBe(text);
});

test.each([
  [savedText({ accepted: 3, duplicates: 0, refused: 0 }, 'clay'), '3 saved for clay.'],
  [savedText({ accepted: 3, duplicates: 2, refused: 1 }, 'clay'), '3 saved for clay, 2 already known, 1 not saved.'],
  [unreadableFile('page.txt', null), 'There is no file page.txt.'],
  [unreadableFile('page.txt', 'EACCES'), 'page.txt cannot be read: EACCES'],
  [
    alsoInSources(['clay']),
    'Meters with these names are also in the source clay. If these figures belong there, import the file again with --source clay.',
  ],
  [
    unknownVendor('page.txt'),
    "I can't tell which vendor this page is from, so nothing was stored. Name the source: npx creditwatch import page.txt --source <vendor>, such as abmatic, hubspot or clay. To find the name of a vendor: npx creditwatch presets <word>",
  ],
])('%s', (text, expected) => {
  expect(text).toBe(expected);
});
