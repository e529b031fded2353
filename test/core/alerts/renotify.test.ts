import fc from 'fast-check';
import { expect, test } from 'vitest';
import { localDayOf, minuteOfDay, weekdayIndex } from '../../../src/core/time/local-time.ts';
import { quietHoursEnd } from '../../../src/core/notifications/quiet-hours.ts';
import { awaitsRenotify, renotifyAt } from '../../../src/core/alerts/renotify.ts';
import type { Severity } from '../../../src/core/rules/severity.ts';
import { onEveryHost } from '../../support/host-zones.ts';

const iso = (text: string) => new Date(text);
const BERLIN = 'Europe/Berlin';

onEveryHost(() => {
  test.each([
    ['on Monday afternoon, on Wednesday', '2026-11-23T14:00:00Z', '2026-11-25T08:00:00Z'],
    ['on Monday at 09:00 exactly, on Tuesday', '2026-11-23T08:00:00Z', '2026-11-24T08:00:00Z'],
    ['on Monday a second after 09:00, on Wednesday', '2026-11-23T08:00:01Z', '2026-11-25T08:00:00Z'],
    ['on Thursday morning at eight, on Friday', '2026-11-26T07:00:00Z', '2026-11-27T08:00:00Z'],
    ['on Friday, on Monday', '2026-11-27T07:00:00Z', '2026-11-30T08:00:00Z'],
    ['on Sunday evening, on Tuesday', '2026-11-22T17:40:00Z', '2026-11-24T08:00:00Z'],
    ['on the Friday before the clocks go forward, on Monday', '2026-03-27T12:00:00Z', '2026-03-30T07:00:00Z'],
    ['on the Saturday before they go back, on Monday', '2026-10-24T12:00:00Z', '2026-10-26T08:00:00Z'],
  ])('said %s', (_case, saidAt, expected) => {
    expect(renotifyAt(iso(saidAt), BERLIN)).toEqual(iso(expected));
  });

  test.each<[string, Severity | null, string, string | null]>([
    ['a warning at 19:59 on a Thursday goes', 'warning', '2026-11-26T18:59:59.999Z', null],
    ['a warning at 20:00 waits for the morning', 'warning', '2026-11-26T19:00:00Z', '2026-11-27T07:00:00Z'],
    ['a warning at 07:59 waits a minute', 'warning', '2026-11-26T06:59:00Z', '2026-11-26T07:00:00Z'],
    ['a warning at 08:00 goes', 'warning', '2026-11-26T07:00:00Z', null],
    ['a notice waits like a warning', 'notice', '2026-11-26T19:00:00Z', '2026-11-27T07:00:00Z'],
    ['critical passes at night', 'critical', '2026-11-26T23:00:00Z', null],
    ['a warning at noon on Saturday waits for Monday', 'warning', '2026-11-28T11:00:00Z', '2026-11-30T07:00:00Z'],
    ['a warning on Friday at 20:00 waits for Monday', 'warning', '2026-11-27T19:00:00Z', '2026-11-30T07:00:00Z'],
    ['a warning on Friday at 19:59 goes', 'warning', '2026-11-27T18:59:00Z', null],
    ['a warning on Sunday at midnight is still the weekend', 'warning', '2026-11-29T22:59:00Z', '2026-11-30T07:00:00Z'],
    ['critical passes at the weekend', 'critical', '2026-11-28T11:00:00Z', null],
    ['a digest is no alert and goes', null, '2026-11-28T11:00:00Z', null],
    ['over the change of clocks it is eight on the wall', 'warning', '2026-03-28T20:00:00Z', '2026-03-30T06:00:00Z'],
  ])('in a direct message, %s', (_case, severity, now, expected) => {
    expect(quietHoursEnd(severity, iso(now), BERLIN)).toEqual(expected === null ? null : iso(expected));
  });

  test('what is held is released on a weekday at 08:00, and is then no longer held', () => {
    fc.assert(
      fc.property(
        fc.date({ min: iso('2025-01-01T00:00:00Z'), max: iso('2030-01-01T00:00:00Z'), noInvalidDate: true }),
        fc.constantFrom(BERLIN, 'America/New_York', 'Africa/Cairo', 'Australia/Lord_Howe', 'Asia/Kathmandu'),
        (now, zone) => {
          const release = quietHoursEnd('warning', now, zone);
          if (release === null) return;
          expect(release > now).toBe(true);
          expect(minuteOfDay(release, zone)).toBe(8 * 60);
          expect(weekdayIndex(localDayOf(release, zone))).toBeLessThan(5);
          expect(quietHoursEnd('warning', release, zone)).toBeNull();
        },
      ),
    );
  });
});

test.each<['firing' | 'acknowledged' | 'resolved', Severity, Date | null, boolean]>([
  ['firing', 'critical', null, true],
  ['firing', 'critical', iso('2026-11-25T08:00:00Z'), false],
  ['acknowledged', 'critical', null, false],
  ['resolved', 'critical', null, false],
  ['firing', 'warning', null, false],
])('an alert that is %s and %s, said once more at %s, awaits a repeat: %s', (status, severity, repeatedAt, awaits) => {
  expect(awaitsRenotify({ status, severity }, repeatedAt)).toBe(awaits);
});
