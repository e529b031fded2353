import { expect, test } from 'vitest';
import {
  bar,
  briefFigures,
  figuresText,
  howMuch,
  leftOrOver,
  usedAndHowMuch,
  usedAndShare,
  usedOfTotal,
} from '../../../src/messages/text/figures.ts';

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

const resetting = { unit: 'credits', decimals: 0, resets: true };
const LEFT = '1,234 credits left, total not known';

test.each([
  [
    'what is left',
    { used: 766n, total: 2000n, isTotalUnknown: true },
    [LEFT, LEFT, '1,234 left, total not known', LEFT, '1,234 left', null],
  ],
  [
    'the most that was ever left',
    { used: 0n, total: 1234n, isTotalUnknown: true },
    [LEFT, LEFT, '1,234 left, total not known', LEFT, '1,234 left', null],
  ],
  [
    'that nothing is left',
    { used: 2000n, total: 2000n, isTotalUnknown: true },
    [
      '0 credits left, total not known · used up',
      '0 credits left, total not known · used up',
      '0 left, total not known · used up',
      '0 credits left, total not known',
      'used up',
      null,
    ],
  ],
  [
    'what is used',
    { used: 1234n, total: null, isTotalUnknown: true },
    [
      '1,234 credits used · total not known',
      '1,234 credits used · total not known',
      '1,234 · total not known',
      '1,234 credits used · total not known',
      'total not known',
      null,
    ],
  ],
  [
    'that it is unlimited',
    { used: 1234n, total: null },
    ['1,234 credits used · unlimited', '1,234 credits used · unlimited', '1,234 · unlimited', '1,234 credits used', 'unlimited', null],
  ],
  [
    'used and total',
    { used: 766n, total: 2000n },
    [
      '766 / 2,000 credits used · 38%',
      '766 / 2,000 credits used · 38%',
      '766 / 2,000 · 38%',
      '766 / 2,000 credits used · 1,234 left',
      '38%',
      '▓▓▓░░░░░░░',
    ],
  ],
] as const)('a page that tells only %s, everywhere', (_, figures, expected) => {
  const reading = { ...figures, observedAt: new Date(0), period: null };
  expect([
    usedAndShare(resetting, reading),
    usedAndHowMuch(resetting, reading, 'UTC'),
    briefFigures(resetting, reading, 'UTC'),
    figuresText(resetting, reading, 'UTC'),
    howMuch(resetting, reading),
    bar(resetting, reading),
  ]).toEqual(expected);
});
