import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatAmount, LARGEST_AMOUNT } from '../../../src/core/meters/amount.ts';
import { endOfQuantity, looksLikeQuantity, parseQuantity, type QuantityProblem } from '../../../src/core/meters/quantity.ts';

test.each([
  ['50k', 0, 50_000n],
  ['50K', 0, 50_000n],
  ['50 k', 0, 50_000n],
  ['1.5M', 0, 1_500_000n],
  ['1.5m', 0, 1_500_000n],
  ['50,000', 0, 50_000n],
  ['1,500,000', 0, 1_500_000n],
  ['2 million', 0, 2_000_000n],
  ['2 Million', 0, 2_000_000n],
  ['2B', 0, 2_000_000_000n],
  ['1,500k', 0, 1_500_000n],
  ['0.5k', 0, 500n],
  ['1.2345k', 2, 123_450n],
  ['25.75', 2, 2575n],
  ['25.75', 3, 25_750n],
  ['1', 0, 1n],
  ['50 000', 0, 50_000n],
  ['1\u202F500\u202F000', 0, 1_500_000n],
  ["1'500'000", 0, 1_500_000n],
  ['12,34,567', 0, 1_234_567n],
  ['1,5M', 0, 1_500_000n],
  ['1,2 Mio', 0, 1_200_000n],
  ['1.5bn', 0, 1_500_000_000n],
  ['50,00', 0, 50n],
  ['25,75', 2, 2575n],
  ['$25.75', 2, 2575n],
  ['1.614', 3, 1614n],
  ['.5M', 0, 500_000n],
  ['9,223,372,036,854,775,807', 0, LARGEST_AMOUNT],
])('"%s" of a meter with %i decimals is %i', (text, decimals, amount) => {
  expect(parseQuantity(text, decimals)).toEqual({ ok: true, value: amount });
});

test.each<[string, number, QuantityProblem]>([
  ['1e6', 0, { code: 'scientific' }],
  ['1.5E+6', 0, { code: 'scientific' }],
  ['-5', 0, { code: 'negative' }],
  ['−5', 0, { code: 'negative' }],
  ['-1e6', 0, { code: 'negative' }],
  ['0', 0, { code: 'nothing' }],
  ['0k', 0, { code: 'nothing' }],
  ['20%', 0, { code: 'share' }],
  ['50.000', 0, { code: 'ambiguous', less: '50.000', more: '50000' }],
  ['1.234M', 0, { code: 'ambiguous', less: '1234000', more: '1234000000' }],
  ['1,614,5', 0, { code: 'two-readings' }],
  ['50q', 0, { code: 'unknown-ending', ending: 'q' }],
  ['50toString', 0, { code: 'unknown-ending', ending: 'toString' }],
  ['1.5', 0, { code: 'part-of-a-unit' }],
  ['1.2345k', 0, { code: 'part-of-a-unit' }],
  ['9223372036854775808', 0, { code: 'too-large' }],
  ['99999999999999999999t', 0, { code: 'more-than-any' }],
  ['0x10', 0, { code: 'not-an-amount' }],
  ['many', 0, { code: 'not-an-amount' }],
  ['', 0, { code: 'not-an-amount' }],
])('"%s" of a meter with %i decimals is rejected: %j', (text, decimals, problem) => {
  expect(parseQuantity(text, decimals)).toEqual({ ok: false, error: problem });
});

test('reads back whatever amount is shown to people', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: LARGEST_AMOUNT }), fc.constantFrom(0, 2, 6), (amount, decimals) => {
      expect(parseQuantity(formatAmount(amount, decimals), decimals)).toEqual({ ok: true, value: amount });
    }),
  );
});

test.each([
  ['50k', true],
  ['-5', true],
  ['.5M', true],
  ['1e6', true],
  ['open_ai', false],
  ['k', false],
  ['v2', false],
  ['000', false],
  ['€5', true],
])('%s looks like an amount: %s', (word, does) => {
  expect(looksLikeQuantity(word)).toBe(does);
});

test.each([
  [['50k', 'x'], 1],
  [['50', '000', 'x'], 2],
  [['1', '500', '000'], 3],
  [['1', '614,50'], 2],
  [['1', '500k', '000'], 2],
  [['2', 'million', 'x'], 2],
  [['1', '500', 'million'], 3],
  [['5000', '000'], 1],
])('the amount that begins %j ends before word %i', (words, end) => {
  expect(endOfQuantity(words, 0)).toBe(end);
});
