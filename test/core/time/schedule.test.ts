import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { instantAt, localDay, localDayOf, minuteOfDay, weekdayIndex } from '../../../src/core/time/local-time.ts';
import {
  claimDecision,
  claimRun,
  localWeek,
  minutesOf,
  nextRun,
  nextTime,
  weekBefore,
  type Schedule,
} from '../../../src/core/time/schedule.ts';
import { weekdays, workdays, type Weekday } from '../../../src/core/time/weekday.ts';
import { onEveryHost } from '../../support/host-zones.ts';

const iso = (text: string) => new Date(text);
const mondays: Schedule = { weekday: 'monday', at: '09:00' };

onEveryHost(() => {
  test.each<[string, Weekday, string, string, string, string]>([
    ['an ordinary week', 'monday', '09:00', 'Europe/Berlin', '2026-11-18T12:00:00Z', '2026-11-23T08:00:00Z'],
    ['later the same day', 'monday', '09:00', 'Europe/Berlin', '2026-11-23T07:59:59.999Z', '2026-11-23T08:00:00Z'],
    ['never the run it is asked at', 'monday', '09:00', 'Europe/Berlin', '2026-11-23T08:00:00Z', '2026-11-30T08:00:00Z'],
    ['nine stays nine in spring', 'monday', '09:00', 'Europe/Berlin', '2026-03-23T08:00:00Z', '2026-03-30T07:00:00Z'],
    ['nine stays nine in autumn', 'monday', '09:00', 'America/New_York', '2026-10-26T13:00:00Z', '2026-11-02T14:00:00Z'],
    ['a gap moves it forward: 02:30 is 03:30', 'sunday', '02:30', 'Europe/Berlin', '2026-03-24T00:00:00Z', '2026-03-29T01:30:00Z'],
    ['an overlap has it in the first hour', 'sunday', '02:30', 'Europe/Berlin', '2026-10-20T00:00:00Z', '2026-10-25T00:30:00Z'],
    ['and not again in the second', 'sunday', '02:30', 'Europe/Berlin', '2026-10-25T00:30:00Z', '2026-11-01T01:30:00Z'],
    ['a gap', 'sunday', '02:30', 'America/New_York', '2026-03-05T00:00:00Z', '2026-03-08T07:30:00Z'],
    ['an overlap', 'sunday', '01:30', 'America/New_York', '2026-10-29T00:00:00Z', '2026-11-01T05:30:00Z'],
    ['a midnight that is left out is 01:00', 'friday', '00:00', 'Africa/Cairo', '2026-04-22T00:00:00Z', '2026-04-23T22:00:00Z'],
    ['and the week after it is midnight again', 'friday', '00:00', 'Africa/Cairo', '2026-04-23T22:00:00Z', '2026-04-30T21:00:00Z'],
    ['the hour before midnight comes twice', 'thursday', '23:30', 'Africa/Cairo', '2026-10-26T00:00:00Z', '2026-10-29T20:30:00Z'],
    ['the midnight after it comes once', 'friday', '00:00', 'Africa/Cairo', '2026-10-26T00:00:00Z', '2026-10-29T22:00:00Z'],
    ['half an hour is left out: 02:15 is 02:45', 'sunday', '02:15', 'Australia/Lord_Howe', '2026-10-01T00:00:00Z', '2026-10-03T15:45:00Z'],
    ['half an hour comes twice', 'sunday', '01:45', 'Australia/Lord_Howe', '2026-04-01T00:00:00Z', '2026-04-04T14:45:00Z'],
    [
      'an overlap, in a zone whose winter is its saving time',
      'sunday',
      '01:30',
      'Europe/Dublin',
      '2026-10-20T00:00:00Z',
      '2026-10-25T00:30:00Z',
    ],
    ['a gap', 'sunday', '01:30', 'Europe/Dublin', '2026-03-25T00:00:00Z', '2026-03-29T01:30:00Z'],
    ['a midnight that comes twice', 'sunday', '00:00', 'America/Havana', '2026-10-28T00:00:00Z', '2026-11-01T04:00:00Z'],
  ])('%s: every %s %s in %s, after %s, is next at %s', (_case, weekday, at, zone, after, expected) => {
    expect(nextRun({ weekday, at }, iso(after), zone)).toEqual(iso(expected));
  });

  test.each([
    ['2026-11-23T08:00:00Z', 'Europe/Berlin', '2026-W48'],
    ['2026-11-22T22:59:59Z', 'Europe/Berlin', '2026-W47'],
    ['2026-11-22T23:00:00Z', 'Europe/Berlin', '2026-W48'],
    ['2026-01-01T12:00:00Z', 'UTC', '2026-W01'],
    ['2027-01-01T12:00:00Z', 'UTC', '2026-W53'],
    ['2027-01-03T23:59:59Z', 'UTC', '2026-W53'],
    ['2027-01-04T00:00:00Z', 'UTC', '2027-W01'],
    ['2024-12-30T12:00:00Z', 'UTC', '2025-W01'],
    ['2026-11-23T02:00:00Z', 'America/New_York', '2026-W47'],
  ])('%s in %s lies in the week %s', (at, zone, week) => {
    expect(localWeek(iso(at), zone)).toBe(week);
  });

  test.each([
    ['of a Monday, the week before', '2026-11-23T08:00:00Z', 'Europe/Berlin', '2026-11-15T23:00:00Z', '2026-11-22T23:00:00Z'],
    ['of a Friday, the seven days before', '2026-11-27T08:00:00Z', 'Europe/Berlin', '2026-11-19T23:00:00Z', '2026-11-26T23:00:00Z'],
    ['a week with 23 hours in one day', '2026-03-30T07:00:00Z', 'Europe/Berlin', '2026-03-22T23:00:00Z', '2026-03-29T22:00:00Z'],
    ['a week that ends where midnight is left out', '2026-04-24T07:00:00Z', 'Africa/Cairo', '2026-04-16T22:00:00Z', '2026-04-23T22:00:00Z'],
  ])('a digest speaks %s', (_case, run, zone, start, end) => {
    expect(weekBefore(iso(run), zone)).toEqual({ start: iso(start), end: iso(end) });
  });

  test('there is one run in every local week, at the time on the wall, for fifteen years in any zone', () => {
    const zones = Intl.supportedValuesOf('timeZone');
    fc.assert(
      fc.property(
        fc.date({ min: iso('2021-01-01T00:00:00Z'), max: iso('2036-01-01T00:00:00Z'), noInvalidDate: true }),
        fc.constantFrom(...weekdays),
        fc.integer({ min: 0, max: 24 * 60 - 1 }),
        fc.oneof(
          fc.constantFrom(
            'Europe/Berlin',
            'Africa/Cairo',
            'Australia/Lord_Howe',
            'America/Nuuk',
            'America/Havana',
            'Africa/Casablanca',
            'Antarctica/Troll',
          ),
          fc.constantFrom(...zones),
        ),
        (start, weekday, minute, zone) => {
          const at = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
          let after = start;
          let before: number | null = null;
          for (let week = 0; week < 30; week++) {
            const run = nextRun({ weekday, at }, after, zone);
            expect(run > after).toBe(true);
            const day = localDayOf(run, zone);
            const monday = day - weekdayIndex(day);
            if (before !== null) expect(monday - before).toBe(7);
            before = monday;
            const late = minuteOfDay(run, zone) - minute;
            // Only a change of clocks may show another time, and never an earlier one.
            expect((late + 24 * 60) % (24 * 60)).toBeLessThanOrEqual(180);
            // Nothing lies between: asked just before it, the answer is the same.
            expect(nextRun({ weekday, at }, new Date(run.getTime() - 1), zone)).toEqual(run);
            after = run;
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

test('the answer does not depend on the zone of the host', () => {
  const before = process.env['TZ'];
  try {
    const seen = ['UTC', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Africa/Cairo'].map((host) => {
      process.env['TZ'] = host;
      const runs: string[] = [];
      for (const zone of ['Europe/Berlin', 'America/New_York', 'Africa/Cairo', 'Australia/Lord_Howe', 'Europe/Dublin']) {
        for (const at of ['00:00', '01:30', '01:45', '02:00', '02:15', '02:30', '03:00', '23:30']) {
          for (const weekday of ['friday', 'sunday'] as const) {
            let run = iso('2026-01-01T00:00:00Z');
            for (let week = 0; week < 53; week++) runs.push((run = nextRun({ weekday, at }, run, zone)).toISOString());
          }
        }
      }
      return runs.join(' ');
    });
    expect(new Set(seen).size).toBe(1);
  } finally {
    if (before === undefined) delete process.env['TZ'];
    else process.env['TZ'] = before;
  }
});

test('several weekdays share one time of day', () => {
  const nine = { at: '09:00', on: workdays };
  expect(nextTime(iso('2026-11-26T08:00:00Z'), nine, 'Europe/Berlin')).toEqual(iso('2026-11-27T08:00:00Z'));
  expect(nextTime(iso('2026-11-27T08:00:00Z'), nine, 'Europe/Berlin')).toEqual(iso('2026-11-30T08:00:00Z'));
});

test.each(['9:00', '24:00', '09:60', '0900', ''])('"%s" is no time of day', (at) => {
  expect(() => minutesOf(at)).toThrow('is not a time of day such as 09:00');
});

test('a zone that does not exist is a mistake of the caller', () => {
  expect(() => nextRun(mondays, iso('2026-11-23T08:00:00Z'), 'Europe/Nowhere')).toThrow('no time zone "Europe/Nowhere"');
});

test('a whole day that a zone skipped moves forward by that day', () => {
  const skipped = localDay(2011, 12, 30);
  if (skipped === null) throw new Error('no such date');
  expect(instantAt(skipped, 9 * 60, 'Pacific/Apia')).toEqual(iso('2011-12-30T19:00:00Z'));
});

describe('a run that somebody comes to late', () => {
  const due = iso('2026-11-23T08:00:00Z');
  test.each([
    ['2026-11-23T07:59:59.999Z', 'not-due'],
    ['2026-11-23T08:00:00Z', 'on-time'],
    ['2026-11-23T08:04:59.999Z', 'on-time'],
    ['2026-11-23T08:05:00Z', 'late'],
    ['2026-11-24T07:59:59.999Z', 'late'],
    ['2026-11-24T08:00:00Z', 'skipped'],
    ['2026-12-24T08:00:00Z', 'skipped'],
  ])('due at 08:00 and seen at %s: %s', (now, decision) => {
    expect(claimDecision(due, iso(now))).toBe(decision);
  });

  const claim = (now: string, stored = due) => claimRun(mondays, stored, iso(now), 'Europe/Berlin');

  test('before it is due nothing happens and nothing moves', () => {
    expect(claim('2026-11-23T07:00:00Z')).toEqual({ run: null, skipped: [], nextRunAt: due });
  });

  test('on time it runs, and the next one is a week later', () => {
    expect(claim('2026-11-23T08:00:01Z')).toEqual({
      run: { dueAt: due, week: '2026-W48', late: false },
      skipped: [],
      nextRunAt: iso('2026-11-30T08:00:00Z'),
    });
  });

  test('after a night of downtime it runs once, marked late', () => {
    expect(claim('2026-11-24T06:00:00Z').run).toEqual({ dueAt: due, week: '2026-W48', late: true });
  });

  test('after 24 h it is recorded and not made up for', () => {
    expect(claim('2026-11-24T08:00:00Z')).toEqual({
      run: null,
      skipped: [{ dueAt: due, week: '2026-W48' }],
      nextRunAt: iso('2026-11-30T08:00:00Z'),
    });
  });

  test('of three missed weeks only the one of this morning is made up for', () => {
    expect(claim('2026-12-07T10:00:00Z')).toEqual({
      run: { dueAt: iso('2026-12-07T08:00:00Z'), week: '2026-W50', late: true },
      skipped: [
        { dueAt: due, week: '2026-W48' },
        { dueAt: iso('2026-11-30T08:00:00Z'), week: '2026-W49' },
      ],
      nextRunAt: iso('2026-12-14T08:00:00Z'),
    });
  });

  test('a week is never both run and skipped, even when its schedule was edited meanwhile', () => {
    const fridays: Schedule = { weekday: 'friday', at: '09:00' };
    expect(claimRun(fridays, due, iso('2026-11-27T08:00:00Z'), 'Europe/Berlin')).toEqual({
      run: { dueAt: iso('2026-11-27T08:00:00Z'), week: '2026-W48', late: false },
      skipped: [],
      nextRunAt: iso('2026-12-04T08:00:00Z'),
    });
  });
});
