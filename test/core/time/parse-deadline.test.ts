import { expect, test } from 'vitest';
import { parseDeadline, type DeadlineProblem } from '../../../src/core/time/parse-deadline.ts';
import { onEveryHost } from '../../support/host-zones.ts';

const iso = (text: string) => new Date(text);
// A Monday.
const NOW = iso('2026-11-23T14:05:00Z');

onEveryHost(() => {
  test.each([
    ['5 dec', 'UTC', '5 Dec', '2026-12-06T00:00:00Z'],
    ['5 Dec', 'Europe/Berlin', '5 Dec', '2026-12-05T23:00:00Z'],
    ['5th of december', 'UTC', '5 Dec', '2026-12-06T00:00:00Z'],
    ['dec 5', 'UTC', '5 Dec', '2026-12-06T00:00:00Z'],
    ['December 5, 2026', 'UTC', '5 Dec', '2026-12-06T00:00:00Z'],
    ['5. dec', 'UTC', '5 Dec', '2026-12-06T00:00:00Z'],
    ['2026-12-05', 'UTC', '5 Dec', '2026-12-06T00:00:00Z'],
    ['2027-01-05', 'UTC', '5 Jan 2027', '2027-01-06T00:00:00Z'],
    ['5 jan', 'UTC', '5 Jan 2027', '2027-01-06T00:00:00Z'],
    ['31 dec', 'UTC', '31 Dec', '2027-01-01T00:00:00Z'],
    ['23 nov', 'UTC', '23 Nov', '2026-11-24T00:00:00Z'],
    ['22 nov', 'UTC', '22 Nov 2027', '2027-11-23T00:00:00Z'],
    ['today', 'America/New_York', '23 Nov', '2026-11-24T05:00:00Z'],
    ['tomorrow', 'UTC', '24 Nov', '2026-11-25T00:00:00Z'],
    ['friday', 'UTC', '27 Nov', '2026-11-28T00:00:00Z'],
    ['Fri', 'UTC', '27 Nov', '2026-11-28T00:00:00Z'],
    ['monday', 'UTC', '23 Nov', '2026-11-24T00:00:00Z'],
    ['sunday', 'UTC', '29 Nov', '2026-11-30T00:00:00Z'],
    ['tomorrow', 'Asia/Kolkata', '24 Nov', '2026-11-24T18:30:00Z'],
    ['29 mar 2027', 'Europe/Berlin', '29 Mar 2027', '2027-03-29T22:00:00Z'],
  ])('"by %s" in %s is up to the end of %s', (text, zone, written, end) => {
    expect(parseDeadline(text, NOW, zone)).toEqual({ ok: true, value: { text: written, end: iso(end) } });
  });
});

test('what day it is now depends on the zone', () => {
  const lateEvening = iso('2026-11-23T23:30:00Z');
  expect(parseDeadline('today', lateEvening, 'Europe/Berlin')).toEqual({
    ok: true,
    value: { text: '24 Nov', end: iso('2026-11-24T23:00:00Z') },
  });
  expect(parseDeadline('today', lateEvening, 'UTC')).toEqual({ ok: true, value: { text: '23 Nov', end: iso('2026-11-24T00:00:00Z') } });
});

test.each<[string, DeadlineProblem]>([
  ['2026-11-22', { code: 'past' }],
  ['5 dec 2025', { code: 'past' }],
  ['2066-12-05', { code: 'too-far', mostYears: 5 }],
  ['31 nov', { code: 'no-such-day' }],
  ['2026-13-01', { code: 'no-such-day' }],
  ['29 feb', { code: 'no-such-day' }],
  ['12/05', { code: 'not-a-date' }],
  ['5 foo', { code: 'not-a-date' }],
  ['next friday', { code: 'not-a-date' }],
  ['', { code: 'empty' }],
])('"by %s" is rejected: %j', (text, problem) => {
  expect(parseDeadline(text, NOW, 'UTC')).toEqual({ ok: false, error: problem });
});
