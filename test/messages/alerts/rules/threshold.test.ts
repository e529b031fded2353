import { expect, test } from 'vitest';
import type { Reading } from '../../../../src/core/meters/reading.ts';
import { plainRichText } from '../../../../src/messages/text/plain.ts';
import { thresholdWording } from '../../../../src/messages/alerts/rules/threshold.ts';
import { APOLLO, november, thresholds, watching } from '../../../support/watching.ts';

test.each<[string, readonly unknown[], bigint, string]>([
  ['one share', ['50%'], 500n, '🟡 Apollo Contacts reached 50%'],
  ['shares and an amount, all used', [300, '50%', '80%'], 850n, '🟠 Apollo Contacts reached 50%, 300 and 80%'],
  ['all used up', ['80%', '100%'], 1000n, '🔴 Apollo Contacts is used up (passed 80% and 100%)'],
  ['what remains', [{ remaining: '20%' }, { remaining: '10%' }], 900n, '🟠 Apollo Contacts has 10% or less left (also passed 20% left)'],
  ['both', ['50%', { remaining: 100 }], 900n, '🟠 Apollo Contacts has 100 or less left (also passed 50%)'],
])('the headline of %s', (_what, levels, used, headline) => {
  const usage = watching(thresholds(levels), { meter: { ...APOLLO, consequence: null } });
  usage.read(1n);
  usage.read(used);
  expect(usage.message().split('\n')[0]).toBe(headline);
});

test.each<[string, unknown, bigint, Partial<Reading>, string]>([
  ['a share', '80%', 930n, {}, '🟠 Apollo Contacts is already at 93%'],
  ['an amount', 500, 930n, { total: null }, '🟠 Apollo Contacts is already past 500'],
  ['an amount left', { remaining: 200 }, 930n, {}, '🟠 Apollo Contacts already has 200 left or less'],
  ['more than nothing', '80%', 5n, { total: 0n }, '🔴 Apollo Contacts is used, but none is included'],
])('seen first beyond %s', (_what, level, used, overrides, headline) => {
  const usage = watching(thresholds([level]));
  usage.read(used, overrides);
  expect(usage.message().split('\n')[0]).toBe(headline);
});

test('a jump of a balance over several shares names the others', () => {
  const usage = watching(thresholds(['50%', '80%', '90%']), { meter: { ...APOLLO, label: 'Router', resets: false } });
  usage.read(0n);
  usage.read(950n);
  expect(usage.message().split('\n')[0]).toBe('🟠 Router is down to 10% (also passed 50% and 20%)');
});

test('a finding that an earlier version stored, with its share in words, reads like a new one', () => {
  const detail = { level: { of: 'used', perMille: 800, severity: 'warning' }, firstSight: true, balance: { left: '13 %', ofTopUp: true } };
  const reading: Reading = { used: 870n, total: 1000n, observedAt: november.start, period: null };
  const headline = thresholdWording.headline([{ kind: 'threshold', condition: 'used:80%', severity: 'warning', detail }], {
    meter: { ...APOLLO, resets: false },
    reading,
  });
  expect(plainRichText(headline, { timeZone: 'UTC', now: november.start })).toBe('is already down to 13% of its last top-up');
});
