import { expect, test } from 'vitest';
import type { AmountProblem } from '../../../src/core/meters/amount.ts';
import type { QuantityProblem } from '../../../src/core/meters/quantity.ts';
import type { ReadingProblem } from '../../../src/core/meters/reading-problem.ts';
import type { FigureProblem } from '../../../src/core/text/numbers/figures.ts';
import type { DeadlineProblem } from '../../../src/core/time/parse-deadline.ts';
import { amountProblemText } from '../../../src/messages/text/amount-problem.ts';
import { figureProblemText } from '../../../src/messages/text/figure-problem.ts';
import { quantityProblemText } from '../../../src/messages/text/quantity-problem.ts';
import { readingProblemText } from '../../../src/messages/text/reading-problem.ts';
import { deadlineProblemText } from '../../../src/messages/text/time-problem.ts';

const arrivedAt = new Date('2026-11-23T14:05:00Z');

test.each<[ReadingProblem, string]>([
  [{ code: 'not-an-object' }, 'a reading must be an object'],
  [{ code: 'unknown-fields', fields: ['totl'], known: ['meter', 'used'] }, '"totl" is not a field of a reading (meter, used)'],
  [
    { code: 'unknown-fields', fields: ['totl', 'usd'], known: ['meter', 'used'] },
    '"totl", "usd" are not fields of a reading (meter, used)',
  ],
  [{ code: 'field-missing', field: 'period.end' }, 'period.end is required'],
  [{ code: 'wrong-type', field: 'label' }, 'label has the wrong type'],
  [{ code: 'bad-name', field: 'meter' }, 'meter must have 1 to 200 characters, none of them a slash, a control character or invisible'],
  [{ code: 'bad-decimals', most: 6 }, 'decimals must be a whole number from 0 to 6'],
  [{ code: 'not-an-amount', field: 'used' }, 'used must be a number or a decimal string'],
  [{ code: 'bad-amount', field: 'used', problem: { code: 'negative' } }, 'used is negative'],
  [{ code: 'bad-amount', field: 'total', problem: { code: 'negative' } }, 'total is negative: null means unlimited'],
  [
    { code: 'bad-time', field: 'observedAt', problem: { why: 'no-zone' } },
    'observedAt must be an ISO 8601 time with a zone, such as 2026-11-23T08:00:00Z',
  ],
  [{ code: 'bad-time', field: 'observedAt', problem: { why: 'no-such-day' } }, 'observedAt is not in the calendar'],
  [
    { code: 'bad-time', field: 'observedAt', problem: { why: 'two-days', days: ['2026-04-03', '2026-03-04'] } },
    'observedAt could be 2026-04-03 or 2026-03-04: write the day as 2026-04-03',
  ],
  [{ code: 'off-calendar', field: 'period.start' }, 'period.start must lie in the years 1 to 9999'],
  [
    { code: 'ahead-of-clock', observedAt: new Date('2026-11-25T15:10:01Z'), arrivedAt },
    "observedAt is 2 d 1 h ahead of this server's clock (2026-11-23T14:05:00Z): check the clock of the sender, then the clock of this server",
  ],
  [{ code: 'period-not-forward' }, 'period.start is not before period.end'],
  [{ code: 'used-and-remaining-missing' }, 'used or remaining is required'],
  [{ code: 'do-not-add-up', used: 5, remaining: '6', total: 10 }, 'used 5, remaining 6 and total 10 do not add up'],
  [{ code: 'sum-too-large' }, 'the sum of used and remaining is larger than 2^63 - 1'],
  [{ code: 'difference-too-large' }, 'total minus remaining is larger than 2^63 - 1'],
  [{ code: 'remaining-of-unlimited' }, 'remaining has no meaning when total is null (unlimited): send used'],
  [{ code: 'remaining-above-total' }, 'remaining is more than total'],
])('a reading is rejected with %j: %s', (problem, text) => {
  expect(readingProblemText(problem)).toBe(text);
});

test.each<[AmountProblem, string]>([
  [{ code: 'not-finite' }, 'is not a finite number'],
  [{ code: 'beyond-safe-integers' }, 'is beyond 2^53: send it as a string'],
  [{ code: 'not-a-decimal' }, 'is not a decimal number such as 1614 or "25.75"'],
  [{ code: 'part-of-a-unit' }, 'has digits after the point, but the meter counts whole units'],
  [{ code: 'too-many-digits', decimals: 1 }, 'has more than 1 digit after the point'],
  [{ code: 'too-many-digits', decimals: 2 }, 'has more than 2 digits after the point'],
  [{ code: 'too-large' }, 'is larger than 2^63 - 1'],
])('an amount is rejected with %j: it %s', (problem, text) => {
  expect(amountProblemText(problem)).toBe(text);
});

test.each<[QuantityProblem, string]>([
  [{ code: 'scientific' }, 'is in scientific notation: write it out, such as 1M or 1,000,000'],
  [{ code: 'negative' }, 'is negative: say how much you need'],
  [{ code: 'nothing' }, 'is zero: say how much you need'],
  [{ code: 'share' }, 'is a percentage: write an amount such as 50k'],
  [{ code: 'two-readings' }, 'can be read in two ways: write 1.5M for one and a half million, 50,000 or 50k for fifty thousand'],
  [{ code: 'unknown-ending', ending: 'q' }, 'ends in "q", which I don\'t know: use k, M or B for thousand, million or billion'],
  [{ code: 'more-than-any' }, 'is too large'],
  [{ code: 'not-an-amount' }, 'is not an amount such as 50k, 1.5M or 50,000'],
  [{ code: 'ambiguous', less: '50.000', more: '50000' }, 'could be 50.000 or 50000: write 50000, or 50.0000'],
  [{ code: 'part-of-a-unit' }, 'has digits after the point, but the meter counts whole units'],
])('a typed amount is rejected with %j: it %s', (problem, text) => {
  expect(quantityProblemText(problem)).toBe(text);
});

test.each<[FigureProblem, string]>([
  [{ code: 'odd-groups', digits: '10000' }, 'does not group its digits by three: write 10000, or a point before the fraction'],
  [{ code: 'ambiguous', less: '1614000', more: '1614000000' }, 'could be 1614000 or 1614000000: write 1614000000, or 1614000'],
  [{ code: 'two-currencies', currency: 'EUR', other: 'USD' }, 'is in EUR, and another figure is in USD: write both in one currency'],
  [{ code: 'other-unit', currency: 'EUR', unit: 'USD' }, 'is in EUR, but its unit is USD: write both in one currency'],
  [{ code: 'unclear-magnitude', magnitude: 'm' }, 'ends in "m", which has more than one meaning: write the number out'],
  [{ code: 'contradictory-marks', other: '1,5' }, 'and 1,5 use points and commas in contradictory ways: write both without separators'],
])('a figure is rejected with %j: it %s', (problem, text) => {
  expect(figureProblemText(problem)).toBe(text);
});

test.each<[string, DeadlineProblem, string]>([
  ['', { code: 'empty' }, 'By when? After "by", write it as 5 dec, 2026-12-05, friday or tomorrow.'],
  ['12/05', { code: 'not-a-date' }, '"12/05" is not a date I can read: write it as 5 dec, 2026-12-05, friday or tomorrow.'],
  ['31 nov', { code: 'no-such-day' }, '"31 nov" is not in the calendar.'],
  ['5 dec 2025', { code: 'past' }, '"5 dec 2025" is in the past.'],
  ['2066-12-05', { code: 'too-far', mostYears: 5 }, '"2066-12-05" is more than 5 years away.'],
])('"by %s" is rejected with %j: %s', (typed, problem, text) => {
  expect(deadlineProblemText(typed, problem)).toBe(text);
});
