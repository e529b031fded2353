import { expect, test } from 'vitest';
import { APOLLO, ruleOf, watching, type Watching } from '../../../support/watching.ts';

const period = { start: new Date('2026-01-01T00:00:00Z'), end: new Date('2027-01-01T00:00:00Z') };

/** A reading at noon of each day from Sunday 1 November on, consuming what each day says. */
function live(perDay: readonly number[]): Watching {
  const consequence = 'Personalization campaigns may stop serving visitors.';
  const usage = watching([ruleOf({ kind: 'spike' })], { meter: { ...APOLLO, label: 'Campaigns', unit: 'visitors', consequence } });
  let used = 0n;
  [0, ...perDay].forEach((consumed, day) => {
    used += BigInt(consumed);
    usage.read(used, { observedAt: new Date(Date.UTC(2026, 9, 31 + day, 12)), period, total: 100_000n });
  });
  return usage;
}

const threeWeeksOf = (sunday: number) => Array.from({ length: 21 }, (_, day) => (day % 7 === 0 ? sunday : 1000));

test('what the day used, what is usual, and no word of 100%', () => {
  expect(live([...threeWeeksOf(1000), 5240]).message()).toBe(`🟠 Campaigns used 5,240 in a day, usually about 1,000
26,240 / 100,000 visitors used · 73,760 left
So far on Sunday, 22 Nov. Earlier Sundays used about 1,000.
Reset in 40 days (1 Jan). As of 12:00.`);
});

test('on a weekday that usually uses none', () => {
  expect(
    live([...threeWeeksOf(0), 5240])
      .message()
      .split('\n'),
  ).toEqual([
    '🟠 Campaigns used 5,240 in a day, usually none on a Sunday',
    '23,240 / 100,000 visitors used · 76,760 left',
    'So far on Sunday, 22 Nov. Earlier Sundays used none.',
    'Reset in 40 days (1 Jan). As of 12:00.',
  ]);
});
