import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calendarDate, dayOfMonth, localDay, localDayOf, minuteOfDay } from '../../../src/core/time/local-time.ts';
import { contains, laterPeriod, periodAt } from '../../../src/core/time/period.ts';
import { periodSpecSchema, type PeriodSpec } from '../../../src/core/time/period-spec.ts';
import { typedPeriod, writePeriod } from '../../../src/core/time/parse-period.ts';
import { recurrence } from '../../../src/messages/forms/reset-day.ts';
import { weekdays } from '../../../src/core/time/weekday.ts';
import { onEveryHost } from '../../support/host-zones.ts';

const iso = (text: string) => new Date(text);
const TODAY = localDay(2026, 11, 20) ?? 0;

onEveryHost(() => {
  test.each<[PeriodSpec, string, string, string, string]>([
    [{ every: 'year', month: 3, day: 15 }, '2026-11-23T08:00:00Z', 'Europe/Berlin', '2026-03-14T23:00:00Z', '2027-03-14T23:00:00Z'],
    [{ every: 'year', month: 3, day: 15 }, '2026-03-14T22:59:59Z', 'Europe/Berlin', '2025-03-14T23:00:00Z', '2026-03-14T23:00:00Z'],
    [{ every: 'year', start: '2024-03-15' }, '2026-11-23T08:00:00Z', 'UTC', '2026-03-15T00:00:00Z', '2027-03-15T00:00:00Z'],
    [{ every: 'year', month: 2, day: 29 }, '2027-06-01T00:00:00Z', 'UTC', '2027-02-28T00:00:00Z', '2028-02-29T00:00:00Z'],
    [{ every: 'year', start: '2024-02-29' }, '2028-02-29T00:00:00Z', 'UTC', '2028-02-29T00:00:00Z', '2029-02-28T00:00:00Z'],
    [{ every: 'quarter', month: 2 }, '2026-11-23T08:00:00Z', 'UTC', '2026-11-01T00:00:00Z', '2027-02-01T00:00:00Z'],
    [{ every: 'quarter', month: 11 }, '2026-04-30T23:59:59Z', 'UTC', '2026-02-01T00:00:00Z', '2026-05-01T00:00:00Z'],
    [{ every: 'quarter', month: 2, day: 31 }, '2026-03-01T00:00:00Z', 'UTC', '2026-02-28T00:00:00Z', '2026-05-31T00:00:00Z'],
    [{ every: 'half-year', month: 4 }, '2026-11-23T08:00:00Z', 'UTC', '2026-10-01T00:00:00Z', '2027-04-01T00:00:00Z'],
    [{ every: 'month', start: '2026-01-31' }, '2026-02-28T12:00:00Z', 'UTC', '2026-02-28T00:00:00Z', '2026-03-31T00:00:00Z'],
    [{ every: '30d', start: '2026-01-15' }, '2026-11-23T08:00:00Z', 'UTC', '2026-11-11T00:00:00Z', '2026-12-11T00:00:00Z'],
    [{ every: '30d', start: '2026-01-15' }, '2026-01-14T23:59:59Z', 'UTC', '2025-12-16T00:00:00Z', '2026-01-15T00:00:00Z'],
    [{ every: '30d', start: '2026-10-10' }, '2026-11-01T00:00:00Z', 'Europe/Berlin', '2026-10-09T22:00:00Z', '2026-11-08T23:00:00Z'],
    [{ every: '14d', start: '2026-03-01' }, '2026-03-10T00:00:00Z', 'America/Los_Angeles', '2026-03-01T08:00:00Z', '2026-03-15T07:00:00Z'],
    [{ every: 'week' }, '2026-11-22T23:59:59Z', 'UTC', '2026-11-16T00:00:00Z', '2026-11-23T00:00:00Z'],
    [{ every: 'week', weekday: 'friday' }, '2026-11-23T08:00:00Z', 'UTC', '2026-11-20T00:00:00Z', '2026-11-27T00:00:00Z'],
    [{ every: 'week', start: '2026-01-02' }, '2026-11-23T08:00:00Z', 'UTC', '2026-11-20T00:00:00Z', '2026-11-27T00:00:00Z'],
    [{ every: 'day' }, '2026-03-29T12:00:00Z', 'Europe/Berlin', '2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z'],
    [{ every: 'day' }, '2026-11-23T11:00:00Z', 'Pacific/Auckland', '2026-11-23T11:00:00Z', '2026-11-24T11:00:00Z'],
  ])('%o at %s in %s', (spec, at, zone, start, end) => {
    expect(periodSpecSchema.safeParse(spec).success).toBe(true);
    expect(periodAt(spec, iso(at), zone)).toEqual({ start: iso(start), end: iso(end) });
  });
});

const date = fc
  .tuple(fc.integer({ min: 2000, max: 2040 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 31 }))
  .map(([year, month, day]) => {
    const on = calendarDate(dayOfMonth(year, month, day));
    return `${String(on.year)}-${String(on.month).padStart(2, '0')}-${String(on.day).padStart(2, '0')}`;
  });
const ofMonths = fc.constantFrom('month' as const, 'quarter' as const, 'half-year' as const, 'year' as const);
const specs: fc.Arbitrary<PeriodSpec> = fc.oneof(
  fc.record({ every: ofMonths, day: fc.integer({ min: 1, max: 31 }) }),
  fc.record({
    every: fc.constantFrom('quarter' as const, 'half-year' as const, 'year' as const),
    month: fc.integer({ min: 1, max: 12 }),
    day: fc.integer({ min: 1, max: 31 }),
  }),
  fc.record({ every: ofMonths, start: date }),
  fc.record({ every: fc.integer({ min: 1, max: 400 }).map((days): `${number}d` => `${days}d`), start: date }),
  fc.record({ every: fc.constant('week' as const), weekday: fc.constantFrom(...weekdays) }),
  fc.constant({ every: 'day' as const }),
);
const zones = fc.constantFrom(
  'UTC',
  'Europe/Berlin',
  'America/Los_Angeles',
  'Pacific/Auckland',
  'Africa/Cairo',
  'America/Havana',
  'America/St_Johns',
  'Australia/Lord_Howe',
  'Pacific/Apia',
);
// From before a day was left out in Apia, and while clocks in St. John's went back just after midnight.
const instants = fc.date({ min: iso('2008-01-01T00:00:00Z'), max: iso('2035-01-01T00:00:00Z'), noInvalidDate: true });

describe('of any contract', () => {
  test('every instant lies in exactly one period: the next begins where it ends, and it is found from anywhere within', () => {
    fc.assert(
      fc.property(specs, instants, zones, fc.double({ min: 0, max: 1, noNaN: true }), (spec, at, zone, part) => {
        const period = periodAt(spec, at, zone);
        if (period === null) throw new Error('no period');
        expect(contains(period, at)).toBe(true);
        expect(periodAt(spec, period.end, zone)?.start).toEqual(period.end);
        expect(periodAt(spec, new Date(period.start.getTime() - 1), zone)?.end).toEqual(period.start);
        const within = new Date(period.start.getTime() + Math.floor(part * (period.end.getTime() - period.start.getTime() - 1)));
        expect(periodAt(spec, within, zone)).toEqual(period);
        expect(laterPeriod(period, within, zone, spec)).toEqual(period);
        expect(laterPeriod(period, period.end, zone, spec).start).toEqual(period.end);
      }),
      { numRuns: 2_000 },
    );
  });

  test('a period begins at a midnight, on its day of the month or the last one before it', () => {
    fc.assert(
      fc.property(specs, instants, fc.constantFrom('UTC', 'Europe/Berlin', 'America/Los_Angeles', 'Pacific/Auckland'), (spec, at, zone) => {
        const start = periodAt(spec, at, zone)?.start ?? at;
        expect(minuteOfDay(start, zone)).toBe(0);
        if (spec.day === undefined) return;
        const { year, month, day } = calendarDate(localDayOf(start, zone));
        expect(day).toBe(calendarDate(dayOfMonth(year, month, spec.day)).day);
        if (spec.month !== undefined && spec.every === 'year') expect(month).toBe(spec.month);
      }),
      { numRuns: 1_000 },
    );
  });

  test('what it is written as is read as the same periods', () => {
    fc.assert(
      fc.property(specs, instants, (spec, at) => {
        const read = typedPeriod(writePeriod(spec), TODAY);
        expect(read && periodAt(read, at, 'UTC')).toEqual(periodAt(spec, at, 'UTC'));
      }),
      { numRuns: 500 },
    );
  });
});

test.each<[string, PeriodSpec | null]>([
  ['month', { every: 'month' }],
  ['monthly 15', { every: 'month', day: 15 }],
  ['every month on the 3rd', { every: 'month', day: 3 }],
  ['month last day', { every: 'month', day: 31 }],
  ['quarter 1 feb', { every: 'quarter', day: 1, month: 2 }],
  ['quarterly February', { every: 'quarter', day: 1, month: 2 }],
  ['every 3 months from 1 Feb', { every: 'quarter', day: 1, month: 2 }],
  ['year 15 march', { every: 'year', day: 15, month: 3 }],
  ['yearly, Mar 15th', { every: 'year', day: 15, month: 3 }],
  ['annually on 15 March 2025', { every: 'year', start: '2025-03-15' }],
  ['half year 1 april', { every: 'half-year', day: 1, month: 4 }],
  ['week', { every: 'week' }],
  ['every week on Fridays', { every: 'week', weekday: 'friday' }],
  ['every 2 weeks from 2026-01-02', { every: '14d', start: '2026-01-02' }],
  ['30d 2026-01-15', { every: '30d', start: '2026-01-15' }],
  ['every 30 days starting on 15 January', { every: '30d', start: '2026-01-15' }],
  ['every 30 days from 15 Dec', { every: '30d', start: '2025-12-15' }],
  ['daily', { every: 'day' }],
  ['never', { every: 'none' }],
  ['30d', { every: '30d', start: '2026-11-20' }],
  ['every 30 days', { every: '30d', start: '2026-11-20' }],
  ['2 weeks', { every: '14d', start: '2026-11-20' }],
  ['month 32', null],
  ['month 15 march', null],
  ['year 15 mars bar', null],
  ['week 15', null],
  ['every 5 months', null],
  ['0 days from 2026-01-15', null],
  ['30 days from 2026-02-31', null],
  ['fortnight', null],
  ['', null],
])('%j is typed', (typed, spec) => {
  expect(typedPeriod(typed, TODAY)).toEqual(spec);
});

test.each<[PeriodSpec, string]>([
  [{ every: 'none', day: 1 }, 'never'],
  [{ every: 'day' }, 'every day'],
  [{ every: 'week' }, 'every Monday'],
  [{ every: 'week', start: '2026-01-02' }, 'every Friday'],
  [{ every: 'month' }, 'on the 1st of every month'],
  [{ every: 'month', day: 31 }, 'on the last day of every month'],
  [{ every: 'quarter', day: 1 }, 'on the 1st of January, April, July and October'],
  [{ every: 'quarter', month: 11, day: 15 }, 'on the 15th of February, May, August and November'],
  [{ every: 'half-year', month: 10 }, 'on the 1st of April and October'],
  [{ every: 'year', month: 3, day: 15 }, 'on 15 March each year'],
  [{ every: 'year', start: '2024-02-29' }, 'on the last day of February each year'],
  [{ every: 'year', month: 12, day: 31 }, 'on the last day of December each year'],
  [{ every: '30d', start: '2026-01-15' }, 'every 30 days'],
  [{ every: '1d' }, 'every day'],
])('%o resets %s', (spec, words) => {
  expect(recurrence(spec)).toBe(words);
});
