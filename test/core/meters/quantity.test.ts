import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatAmount, LARGEST_AMOUNT } from '../../../src/core/meters/amount.ts';
import { endOfQuantity, looksLikeQuantity, parseQuantity } from '../../../src/core/meters/quantity.ts';

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

test.each([
  ['1e6', 0, 'is in scientific notation: write it out, such as 1M or 1,000,000'],
  ['1.5E+6', 0, 'is in scientific notation: write it out, such as 1M or 1,000,000'],
  ['-5', 0, 'is negative: say how much is needed'],
  ['−5', 0, 'is negative: say how much is needed'],
  ['-1e6', 0, 'is negative: say how much is needed'],
  ['0', 0, 'is nothing: say how much is needed'],
  ['0k', 0, 'is nothing: say how much is needed'],
  ['20%', 0, 'is a share: write an amount such as 50k'],
  ['50.000', 0, 'could be 50.000 or 50000: write 50000, or 50.0000'],
  ['1.234M', 0, 'could be 1234000 or 1234000000: write 1234000000, or 1234000'],
  ['1,614,5', 0, 'could be read in two ways: write 1.5M for one and a half million, 50,000 or 50k for fifty thousand'],
  ['50q', 0, 'ends in "q", which I don\'t know: k, M and B are thousand, million and billion'],
  ['50toString', 0, 'ends in "toString", which I don\'t know: k, M and B are thousand, million and billion'],
  ['1.5', 0, 'has digits after the point, but the meter counts whole units'],
  ['1.2345k', 0, 'has digits after the point, but the meter counts whole units'],
  ['9223372036854775808', 0, 'is larger than 2^63 - 1'],
  ['99999999999999999999t', 0, 'is more than anything I count'],
  ['0x10', 0, 'is not an amount such as 50k, 1.5M or 50,000'],
  ['many', 0, 'is not an amount such as 50k, 1.5M or 50,000'],
  ['', 0, 'is not an amount such as 50k, 1.5M or 50,000'],
])('"%s" of a meter with %i decimals is refused: it %s', (text, decimals, reason) => {
  expect(parseQuantity(text, decimals)).toEqual({ ok: false, error: reason });
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
