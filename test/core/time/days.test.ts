import { describe, expect, test } from 'vitest';
import { boundaryDayOf, dayOf, periodText } from '../../../src/core/time/days.ts';
import { onEveryHost } from '../../support/host-zones.ts';

const iso = (text: string) => new Date(text);

onEveryHost(() => {
  test.each([
    ['midnight of the account, west of Greenwich', 'America/Los_Angeles', '2026-12-01T08:00:00Z', '1 Dec'],
    ['midnight of the account, east of it', 'Europe/Berlin', '2026-11-30T23:00:00Z', '1 Dec'],
    ['midnight of the account, far east of it', 'Pacific/Auckland', '2026-11-30T11:00:00Z', '1 Dec'],
    ['midnight of a vendor in UTC, from the west', 'America/Los_Angeles', '2026-12-01T00:00:00Z', '1 Dec'],
    ['midnight of a vendor in UTC, from the far west', 'Pacific/Honolulu', '2026-12-01T00:00:00Z', '1 Dec'],
    ['midnight of a vendor in UTC, from the east', 'Europe/Berlin', '2026-12-01T00:00:00Z', '1 Dec'],
    ['midnight of a vendor in UTC, from the far east', 'Pacific/Auckland', '2026-12-01T00:00:00Z', '1 Dec'],
    ['midnight of a vendor in UTC, half an hour off', 'Asia/Kolkata', '2026-12-01T00:00:00Z', '1 Dec'],
    ['the last second of a vendor in UTC', 'America/Los_Angeles', '2026-11-30T23:59:59Z', '1 Dec'],
    ['the last second of a vendor in the zone', 'Europe/Berlin', '2026-11-30T22:59:59Z', '1 Dec'],
    ['an hour of its own', 'America/Los_Angeles', '2026-12-01T03:17:00Z', '30 Nov'],
    ['an hour of its own', 'Pacific/Auckland', '2026-12-01T03:17:00Z', '1 Dec'],
    ['the first instant of a day that begins at one', 'America/Havana', '2026-03-08T05:00:00Z', '8 Mar'],
  ])('a period that ends at %s (%s, %s) ends on %s', (_what, zone, at, says) => {
    expect(boundaryDayOf(iso(at), zone)).toBe(says);
  });
});

describe('a day', () => {
  test('is that of the account, of what is no boundary also at midnight in UTC', () => {
    expect(dayOf(iso('2026-12-01T00:00:00Z'), 'America/Los_Angeles')).toBe('30 Nov');
  });

  test('far from when it is said names its year, and so does a long period', () => {
    const seen = iso('2026-11-23T08:00:00Z');
    expect(boundaryDayOf(iso('2027-03-15T00:00:00Z'), 'UTC', seen)).toBe('15 Mar');
    expect(boundaryDayOf(iso('2027-11-15T00:00:00Z'), 'UTC', seen)).toBe('15 Nov 2027');
    expect(boundaryDayOf(iso('2025-11-15T00:00:00Z'), 'UTC', seen)).toBe('15 Nov 2025');
    expect(periodText({ start: iso('2026-11-01T00:00:00Z'), end: iso('2026-12-01T00:00:00Z') }, 'America/Los_Angeles')).toBe(
      '1 Nov – 1 Dec',
    );
    expect(periodText({ start: iso('2026-03-15T00:00:00Z'), end: iso('2027-03-15T00:00:00Z') }, 'UTC')).toBe('15 Mar 2026 – 15 Mar 2027');
  });
});
