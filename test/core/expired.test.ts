import { expect, test } from 'vitest';
import { countExpired } from '../../src/core/meters/retention.ts';

const NOW = new Date('2026-11-30T09:00:00Z');
const YEAR_MS = 365 * 86_400_000;

test.each([
  ['a moment before the limit', { observedAt: '2025-11-30T08:59:59Z' }, 1],
  ['exactly at the limit', { observedAt: '2025-11-30T09:00:00Z' }, 0],
  ['a day', { observedAt: '2025-11-29' }, 1],
  ['another zone', { observedAt: '2025-11-30T10:30:00+02:00' }, 1],
  ['no time: now', { used: 1 }, 0],
  ['a time that cannot be read', { observedAt: 'last year' }, 0],
  ['not a reading', null, 0],
])('a reading with %s', (_, reading, expected) => {
  expect(countExpired([reading], [], { dailyReadingsMs: YEAR_MS, now: NOW })).toBe(expected);
});

test('rejected readings do not count, and none does if readings are kept for ever', () => {
  const readings = [{ observedAt: '2020-01-01' }, { observedAt: '2020-01-02' }, { observedAt: '2026-11-01' }];
  expect(countExpired(readings, [{ index: 1 }, { index: 2 }], { dailyReadingsMs: YEAR_MS, now: NOW })).toBe(1);
  expect(countExpired(readings, [], { dailyReadingsMs: null, now: NOW })).toBe(0);
});
