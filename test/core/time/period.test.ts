import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contains, laterPeriod, periodAt } from '../../../src/core/time/period.ts';
import type { PeriodSpec } from '../../../src/core/time/period-spec.ts';
import { onEveryHost } from '../../support/host-zones.ts';

const iso = (text: string) => new Date(text);

describe('periodAt', () => {
  test.each<[PeriodSpec, string, string, string, string]>([
    [{ every: 'month', day: 1 }, '2026-11-23T08:00:00Z', 'UTC', '2026-11-01T00:00:00Z', '2026-12-01T00:00:00Z'],
    [{ every: 'month', day: 1 }, '2026-12-01T00:00:00Z', 'UTC', '2026-12-01T00:00:00Z', '2027-01-01T00:00:00Z'],
    [{ every: 'month', day: 1 }, '2026-11-30T23:59:59Z', 'UTC', '2026-11-01T00:00:00Z', '2026-12-01T00:00:00Z'],
    [{ every: 'month', day: 15 }, '2026-11-14T23:00:00Z', 'Europe/Berlin', '2026-11-14T23:00:00Z', '2026-12-14T23:00:00Z'],
    [{ every: 'month', day: 31 }, '2026-02-10T00:00:00Z', 'UTC', '2026-01-31T00:00:00Z', '2026-02-28T00:00:00Z'],
    [{ every: 'month', day: 31 }, '2026-02-28T00:00:00Z', 'UTC', '2026-02-28T00:00:00Z', '2026-03-31T00:00:00Z'],
    [{ every: 'month', day: 1 }, '2026-03-31T22:30:00Z', 'Europe/Berlin', '2026-03-31T22:00:00Z', '2026-04-30T22:00:00Z'],
    [{ every: 'quarter', day: 1 }, '2026-11-23T08:00:00Z', 'UTC', '2026-10-01T00:00:00Z', '2027-01-01T00:00:00Z'],
    [{ every: 'quarter', day: 10 }, '2026-01-05T00:00:00Z', 'UTC', '2025-10-10T00:00:00Z', '2026-01-10T00:00:00Z'],
    [{ every: 'year', day: 1 }, '2026-11-23T08:00:00Z', 'America/New_York', '2026-01-01T05:00:00Z', '2027-01-01T05:00:00Z'],
  ])('%o at %s in %s', (spec, at, zone, start, end) => {
    expect(periodAt(spec, iso(at), zone)).toEqual({ start: iso(start), end: iso(end) });
  });

  test('a plan that does not reset has no period', () => {
    expect(periodAt({ every: 'none', day: 1 }, iso('2026-11-23T08:00:00Z'), 'UTC')).toBeNull();
  });

  test('always contains the instant, and the next period begins where it ends', () => {
    const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Africa/Cairo', 'Australia/Lord_Howe', 'Pacific/Apia'];
    fc.assert(
      fc.property(
        fc.date({ min: iso('2020-01-01T00:00:00Z'), max: iso('2035-01-01T00:00:00Z'), noInvalidDate: true }),
        fc.constantFrom<PeriodSpec['every']>('month', 'quarter', 'year'),
        fc.integer({ min: 1, max: 31 }),
        fc.constantFrom(...zones),
        (at, every, day, zone) => {
          const period = periodAt({ every, day }, at, zone);
          if (period === null) throw new Error('no period');
          expect(contains(period, at)).toBe(true);
          expect(periodAt({ every, day }, period.end, zone)?.start).toEqual(period.end);
        },
      ),
    );
  });
});

onEveryHost(() => {
  test.each([
    ['America/Havana', 1, '2026-11-20T00:00:00Z', '2026-11-01T04:00:00Z'],
    ['Atlantic/Azores', 25, '2026-11-01T00:00:00Z', '2026-10-25T00:00:00Z'],
    ['Asia/Beirut', 29, '2026-04-01T00:00:00Z', '2026-03-28T22:00:00Z'],
  ])('a midnight in %s that comes twice, or not at all, begins the period of day %i at its first instant', (zone, day, at, start) => {
    expect(periodAt({ every: 'month', day }, iso(at), zone)?.start).toEqual(iso(start));
  });
});

describe('laterPeriod', () => {
  test.each([
    [
      'a month of UTC, seen from Berlin',
      '2026-11-01T00:00:00Z',
      '2026-12-01T00:00:00Z',
      '2027-03-15T00:00:00Z',
      '2027-03-01T00:00:00Z',
      '2027-04-01T00:00:00Z',
    ],
    [
      'a month of Berlin, across a change of clocks',
      '2026-09-30T22:00:00Z',
      '2026-10-31T23:00:00Z',
      '2026-11-05T00:00:00Z',
      '2026-10-31T23:00:00Z',
      '2026-11-30T23:00:00Z',
    ],
    [
      'its last instant belongs to the next',
      '2026-11-01T00:00:00Z',
      '2026-12-01T00:00:00Z',
      '2026-12-01T00:00:00Z',
      '2026-12-01T00:00:00Z',
      '2027-01-01T00:00:00Z',
    ],
    ['this one', '2026-11-01T00:00:00Z', '2026-12-01T00:00:00Z', '2026-11-30T23:59:59Z', '2026-11-01T00:00:00Z', '2026-12-01T00:00:00Z'],
    [
      'the 31st of shorter months',
      '2026-01-31T00:00:00Z',
      '2026-02-28T00:00:00Z',
      '2026-03-31T00:00:00Z',
      '2026-03-31T00:00:00Z',
      '2026-04-30T00:00:00Z',
    ],
    ['a year', '2026-03-01T00:00:00Z', '2027-03-01T00:00:00Z', '2028-02-29T00:00:00Z', '2027-03-01T00:00:00Z', '2028-03-01T00:00:00Z'],
    [
      'a month from an odd hour',
      '2026-11-03T10:00:00Z',
      '2026-12-03T10:00:00Z',
      '2026-12-20T00:00:00Z',
      '2026-12-03T10:00:00Z',
      '2027-01-03T10:00:00Z',
    ],
    ['a week', '2026-11-16T00:00:00Z', '2026-11-23T00:00:00Z', '2026-12-05T00:00:00Z', '2026-11-30T00:00:00Z', '2026-12-07T00:00:00Z'],
  ])('%s', (_case, start, end, at, laterStart, laterEnd) => {
    expect(laterPeriod({ start: iso(start), end: iso(end) }, iso(at), 'Europe/Berlin')).toEqual({
      start: iso(laterStart),
      end: iso(laterEnd),
    });
  });
});
