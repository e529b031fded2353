import { expect, test } from 'vitest';
import { november, ruleOf, watching } from '../../../support/watching.ts';

/** What is said on 24 November of a meter that used the same every day. */
function read(perDay: bigint): readonly string[] {
  const usage = watching([ruleOf({ kind: 'under-use' })]);
  for (let day = 1; day <= 24; day += 1)
    usage.read(perDay * BigInt(day - 1), { observedAt: new Date(Date.UTC(2026, 10, day)), period: november, total: 10_000n });
  return usage.message().split('\n');
}

test('what goes unused, and what it takes to use it', () => {
  expect(read(100n)).toEqual([
    '🟡 Apollo Contacts may leave 70% unused: about 7,000',
    '2,300 / 10,000 credits used · 7,700 left',
    'Use 1,100 a day to use all of it; you use about 100.',
    'Reset in 7 days (1 Dec). As of 00:00.',
  ]);
});

test('where nothing is used at all', () => {
  expect(read(0n)[2]).toBe('Use 1,430 a day to use all of it; you use none.');
});
