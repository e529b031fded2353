import { expect, test } from 'vitest';
import type { LineProblem, RowProblem } from '../../../src/core/text/import-problem.ts';
import { importNoteText, rejectedText } from '../../../src/messages/forms/import-notes.ts';

test.each<[LineProblem, string]>([
  [{ kind: 'too-long' }, 'is too long to be searched'],
  [{ kind: 'undecodable' }, 'contains characters that could not be decoded: save the file as UTF-8'],
  [{ kind: 'not-read' }, 'looks like figures but could not be read'],
  [{ kind: 'nameless' }, 'has no name before it'],
  [{ kind: 'unexplained' }, 'does not say what is counted, or whether it is used or left: write "used" or "remaining" behind it'],
  [{ kind: 'no-figures' }, 'has a number that I cannot read as a figure'],
  [{ kind: 'inexact' }, 'has a range or a bound, which is not an exact figure'],
  [{ kind: 'sums-differ' }, 'has figures that do not add up'],
  [{ kind: 'unsure' }, 'does not clearly say whether its first figure is used or left: write "used" or "remaining" behind it'],
  [{ kind: 'no-total' }, 'says what is left, but not what the total is'],
  [{ kind: 'negative' }, 'is below zero'],
  [{ kind: 'more-left-than-total' }, 'says that more is left than the total'],
  [{ kind: 'money-and-other' }, 'has an amount of money and one of something else: write both in one unit'],
  [{ kind: 'too-many-meters', most: 60 }, 'holds more than 60 meters: put each on a line of its own'],
  [{ kind: 'two-units', units: ['min', 'rows'] }, "has figures in min and in rows, which I can't convert exactly: write both in one unit"],
  [
    { kind: 'two-units', units: ['min', ''] },
    "has figures in min and in something else, which I can't convert exactly: write both in one unit",
  ],
  [
    { kind: 'bad-number', number: '1.614', problem: { code: 'ambiguous', less: '1.614', more: '1614' } },
    'is not used: 1.614 could be 1.614 or 1614: write 1614, or 1.6140',
  ],
  [
    { kind: 'unknown-words', words: ['Acme', 'Frobnic'] },
    'is read as used, because no word says which: if "Acme Frobnic" means what is left, write "remaining" behind it',
  ],
  [{ kind: 'spare-numbers', numbers: ['30', '40'] }, 'is used, except for 30 and 40: I cannot tell what that counts'],
])('%j quotes the line and says why', (problem, why) => {
  expect(importNoteText({ line: 4, text: 'Credits 1/2', problem })).toBe(`line 4: "Credits 1/2" ${why}`);
});

test('a long line is quoted in part, and a repeated meter is named', () => {
  expect(importNoteText({ line: 1, text: 'x'.repeat(61), problem: { kind: 'not-read' } })).toBe(
    `line 1: "${'x'.repeat(59)}…" looks like figures but could not be read`,
  );
  expect(importNoteText({ line: 4, repeated: 'apollo_contacts' })).toBe(
    'line 4: apollo_contacts appears here a second time; the first figure is used',
  );
});

test.each<[RowProblem, string]>([
  [{ kind: 'too-many-cells' }, 'has more cells than the header. Put numbers such as "1,614" in quotes, or leave the comma out'],
  [{ kind: 'undecodable' }, 'contains characters that could not be decoded: save the file as UTF-8 ("CSV UTF-8" in Excel)'],
  [
    { kind: 'bad-figure', field: 'used', number: '1.614', problem: { code: 'ambiguous', less: '1.614', more: '1614' } },
    'used 1.614 could be 1.614 or 1614: write 1614, or 1.6140',
  ],
])('%j names the row or the reading, and says what to change', (problem, why) => {
  expect(importNoteText({ at: { line: 4 }, problem })).toBe(`line 4: ${why}`);
  expect(importNoteText({ at: { reading: 2 }, problem })).toBe(`reading 2: ${why}`);
});

test('a reading that is rejected later is named by its position', () => {
  expect(rejectedText({ line: 4 }, 'used is negative')).toBe('line 4: used is negative');
  expect(rejectedText(undefined, 'used is negative')).toBe('used is negative');
});
