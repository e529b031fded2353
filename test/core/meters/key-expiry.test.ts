import { describe, expect, test } from 'vitest';
import { daysUntil, dueWarning, type ToldExpiry } from '../../../src/core/meters/key-expiry.ts';

const on = '2026-12-31';
const told = (days: number, date = on): ToldExpiry => ({ on: date, days });

describe('a key that expires on 31 December', () => {
  test.each<[string, ToldExpiry | null, number | null, string | null]>([
    ['2026-11-01T12:00:00Z', null, null, '2026-12-01T08:00:00.000Z'],
    ['2026-12-01T07:59:59Z', null, null, '2026-12-01T08:00:00.000Z'],
    ['2026-12-01T08:00:00Z', null, 30, '2026-12-24T08:00:00.000Z'],
    ['2026-12-01T08:00:01Z', told(30), null, '2026-12-24T08:00:00.000Z'],
    // The service was stopped on the day.
    ['2026-12-10T12:00:00Z', null, 30, '2026-12-24T08:00:00.000Z'],
    ['2026-12-24T08:00:00Z', told(30), 7, null],
    ['2026-12-26T12:00:00Z', null, 7, null],
    ['2026-12-26T12:00:00Z', told(7), null, null],
    ['2027-02-01T12:00:00Z', null, 7, null],
    ['2027-02-01T12:00:00Z', told(7), null, null],
    // The date was changed since.
    ['2026-12-25T12:00:00Z', told(7, '2026-06-30'), 7, null],
  ])('at %s, told %j: warns %j days before, and again at %j', (now, last, days, next) => {
    const { warning, nextAt } = dueWarning({ on }, last, { now: new Date(now), timeZone: 'Europe/Berlin' });
    expect([warning?.days ?? null, nextAt?.toISOString() ?? null]).toEqual([days, next]);
  });
});

test.each([
  ['2026-12-30T23:30:00Z', 'Europe/Berlin', 0],
  ['2026-12-30T23:30:00Z', 'UTC', 1],
  ['2027-01-02T12:00:00Z', 'UTC', -2],
])('at %s in %s, 31 December is %i days away', (now, timeZone, days) => {
  expect(daysUntil(on, new Date(now), timeZone)).toBe(days);
});
