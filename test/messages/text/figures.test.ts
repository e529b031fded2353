import { expect, test } from 'vitest';
import { howMuch, leftOrOver, usedOfTotal } from '../../../src/messages/text/figures.ts';

const credits = { unit: 'credits', decimals: 0, resets: false };

test.each([
  [7n, '7 credits over, total not known', 'over'],
  [0n, '0 credits left, total not known', 'used up'],
])('%s over a total that is not known', (used, figures, short) => {
  const reading = { used, total: 0n, isTotalUnknown: true, observedAt: new Date(0), period: null };
  expect(usedOfTotal(credits, reading)).toBe(figures);
  expect(leftOrOver(credits, reading)).toBeNull();
  expect(howMuch(credits, reading)).toBe(short);
});
