import { describe, expect, test } from 'vitest';
import {
  formatAmount,
  formatPercent,
  LARGEST_AMOUNT,
  parseAmount,
  plainAmount,
  type AmountProblem,
} from '../../../src/core/meters/amount.ts';

describe('parseAmount', () => {
  test.each([
    [1614, 0, 1614n],
    ['1614', 0, 1614n],
    [0, 0, 0n],
    ['9223372036854775807', 0, LARGEST_AMOUNT],
    [9007199254740991, 0, 9007199254740991n],
    ['25.75', 2, 2575n],
    [25.75, 2, 2575n],
    ['25.750', 2, 2575n],
    ['12.00', 0, 12n],
    [-0, 0, 0n],
    ['-0', 0, 0n],
  ])('reads %j of a meter with %i decimals', (raw, decimals, amount) => {
    expect(parseAmount(raw, decimals)).toEqual({ ok: true, value: amount });
  });

  test.each<[number | string, number, AmountProblem]>([
    [-1, 0, { code: 'negative' }],
    [Number.NaN, 0, { code: 'not-finite' }],
    [Number.POSITIVE_INFINITY, 0, { code: 'not-finite' }],
    [1e308, 0, { code: 'beyond-safe-integers' }],
    [9007199254740992, 0, { code: 'beyond-safe-integers' }],
    ['9223372036854775808', 0, { code: 'too-large' }],
    [1.5, 0, { code: 'part-of-a-unit' }],
    [1e-7, 0, { code: 'part-of-a-unit' }],
    ['25.755', 2, { code: 'too-many-digits', decimals: 2 }],
    ['1,614', 0, { code: 'not-a-decimal' }],
    ['0x10', 0, { code: 'not-a-decimal' }],
    ['', 0, { code: 'not-a-decimal' }],
  ])('rejects %j of a meter with %i decimals: %j', (raw, decimals, problem) => {
    expect(parseAmount(raw, decimals)).toEqual({ ok: false, error: problem });
  });
});

describe('what people read', () => {
  test.each([
    [0n, 0, '0'],
    [999n, 0, '999'],
    [1_500_000_000n, 0, '1,500,000,000'],
    [2575n, 2, '25.75'],
    [5n, 2, '0.05'],
    [123456789n, 2, '1,234,567.89'],
    [-5n, 2, '-0.05'],
    [-1614n, 0, '-1,614'],
    [LARGEST_AMOUNT, 0, '9,223,372,036,854,775,807'],
    [-LARGEST_AMOUNT, 4, '-922,337,203,685,477.5807'],
  ])('%i with %i decimals is written %s', (amount, decimals, text) => {
    expect(formatAmount(amount, decimals)).toBe(text);
  });

  test('machines get no separators', () => {
    expect(plainAmount(123456789n, 2)).toBe('1234567.89');
    expect(plainAmount(-5n, 2)).toBe('-0.05');
  });

  test.each([
    [799_999n, 1_000_000n, '79%'],
    [800_000n, 1_000_000n, '80%'],
    [999_999n, 1_000_000n, '99%'],
    [1_000_214n, 1_000_000n, '100%'],
    [24_171n, 4_000_000n, '0.6%'],
    [494_936n, 1_000_000_000n, '<0.1%'],
    [0n, 1_000n, '0%'],
    [5n, 0n, null],
    [5n, null, null],
  ])('%i of %s is shown as %s, rounded down', (used, total, text) => {
    expect(formatPercent(used, total)).toBe(text);
  });
});
