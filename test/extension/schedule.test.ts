import { expect, test } from 'vitest';
import { nextAttempt, nextCapture, type Interval } from '../../extension/src/core/schedule.ts';
import { instantAt as ofService } from '../../src/core/time/local-time.ts';
import { instantAt } from '../../extension/src/core/time-zone.ts';

const BERLIN = 'Europe/Berlin';
const next = (every: Interval, after: string, at = '08:00', zone = BERLIN) =>
  new Date(nextCapture({ every, at, zone }, Date.parse(after))).toISOString();
const MINUTE_MS = 60_000;

test.each<[Interval, string, string]>([
  ['daily', '2026-11-30T06:59:59Z', '2026-11-30T07:00:00.000Z'],
  ['daily', '2026-11-30T07:00:00Z', '2026-12-01T07:00:00.000Z'],
  ['12h', '2026-11-30T07:00:00Z', '2026-11-30T19:00:00.000Z'],
  ['12h', '2026-11-30T19:00:00Z', '2026-12-01T07:00:00.000Z'],
  ['6h', '2026-11-30T19:30:00Z', '2026-12-01T01:00:00.000Z'],
  ['6h', '2026-12-01T00:30:00Z', '2026-12-01T01:00:00.000Z'],
])('%s at 08:00 in Berlin, after %s: %s', (every, after, expected) => {
  expect(next(every, after)).toBe(expected);
});

test('about weekly is every six days at the hour, so that figures are never seven days old', () => {
  const days: number[] = [];
  for (let at = '2026-11-30T00:00:00Z'; days.length < 6; days.push(Date.parse(at) / 86_400_000)) at = next('6d', at);
  expect(days.slice(1).map((day, index) => day - (days[index] ?? 0))).toEqual([6, 6, 6, 6, 6]);
});

test('the hour is that of the wall clock when the clocks change, and a skipped hour is made up for', () => {
  expect(next('daily', '2026-10-24T12:00:00Z')).toBe('2026-10-25T07:00:00.000Z');
  expect(next('daily', '2026-03-28T12:00:00Z')).toBe('2026-03-29T06:00:00.000Z');
  expect(next('daily', '2026-03-28T12:00:00Z', '02:30')).toBe('2026-03-29T01:30:00.000Z');
  expect(next('daily', '2026-10-24T12:00:00Z', '02:30')).toBe('2026-10-25T00:30:00.000Z');
});

test('the time of a day is the same as in Creditwatch, in every hour around a clock change', () => {
  for (const zone of [BERLIN, 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'UTC'])
    for (const day of [20_535, 20_541, 20_730, 20_745, 20_759])
      for (let minute = 0; minute < 24 * 60; minute += 30)
        expect(instantAt(day, minute, zone)).toBe(ofService(day, minute, zone).getTime());
});

test('what failed for a reason that passes is tried after 5, 10, 20 and 40 minutes, then hourly, and never later than the schedule', () => {
  const now = Date.parse('2026-11-30T12:00:00Z');
  const daily = { every: 'daily', at: '08:00', zone: BERLIN } as const;
  const minutes = [1, 2, 3, 4, 5, 50].map((failures) => (nextAttempt(daily, { now, failures, retryAfterMs: null }) - now) / MINUTE_MS);
  expect(minutes).toEqual([5, 10, 20, 40, 60, 60]);
  expect(nextAttempt(daily, { now, failures: 1, retryAfterMs: 30 * MINUTE_MS }) - now).toBe(30 * MINUTE_MS);
  expect(nextAttempt(daily, { now, failures: 1, retryAfterMs: 1e12 })).toBe(nextCapture(daily, now));
});
