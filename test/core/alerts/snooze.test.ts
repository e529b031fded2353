import { describe, expect, test } from 'vitest';
import type { Reading } from '../../../src/core/meters/reading.ts';
import type { Severity } from '../../../src/core/rules/severity.ts';
import {
  endsAt,
  holdsBack,
  isSnoozedFor,
  otherChoices,
  snoozeChoices,
  snoozeFor,
  type SnoozeChoice,
} from '../../../src/core/alerts/snooze.ts';
import { onEveryHost } from '../../support/host-zones.ts';
import { november } from '../../support/watching.ts';

const iso = (text: string) => new Date(text);
const december = { start: iso('2026-12-01T00:00:00Z'), end: iso('2027-01-01T00:00:00Z') };

function reading(overrides: Partial<Reading> = {}): Reading {
  return { used: 800n, total: 1000n, observedAt: iso('2026-11-20T10:00:00Z'), period: november, ...overrides };
}

function snooze(
  choice: SnoozeChoice,
  now: string,
  { zone = 'Europe/Berlin', severity = 'warning', on = reading() }: { zone?: string; severity?: Severity; on?: Reading } = {},
) {
  return snoozeFor(choice, { severity, reading: on }, iso(now), zone);
}

onEveryHost(() => {
  test.each<[SnoozeChoice, string, string, string]>([
    ['tomorrow', '2026-11-20T10:00:00Z', 'Europe/Berlin', '2026-11-21T08:00:00Z'],
    ['tomorrow', '2026-11-20T23:30:00Z', 'Europe/Berlin', '2026-11-22T08:00:00Z'],
    ['tomorrow', '2026-11-20T06:00:00Z', 'Europe/Berlin', '2026-11-21T08:00:00Z'],
    ['tomorrow', '2026-03-28T12:00:00Z', 'Europe/Berlin', '2026-03-29T07:00:00Z'],
    ['tomorrow', '2026-04-23T12:00:00Z', 'Africa/Cairo', '2026-04-24T06:00:00Z'],
    ['monday', '2026-11-20T10:00:00Z', 'Europe/Berlin', '2026-11-23T08:00:00Z'],
    ['monday', '2026-11-22T22:59:00Z', 'Europe/Berlin', '2026-11-23T08:00:00Z'],
    ['monday', '2026-11-23T06:00:00Z', 'Europe/Berlin', '2026-11-30T08:00:00Z'],
    ['monday', '2026-10-23T12:00:00Z', 'Europe/Berlin', '2026-10-26T08:00:00Z'],
  ])('%s, pressed at %s in %s, lasts until %s', (choice, now, zone, at) => {
    expect(snooze(choice, now, { zone })).toEqual({ kind: 'until', severity: 'warning', at: iso(at) });
  });
});

describe('what else can be chosen', () => {
  const others = (chosen: SnoozeChoice, now: string, on: Reading = reading(), resets = true) =>
    otherChoices(chosen, { severity: 'warning', reading: on, resets }, iso(now), 'Europe/Berlin');
  const endsOn = (end: string) => reading({ period: { start: november.start, end: iso(end) } });
  const MORNING = '2026-11-23T08:00:00Z';

  test.each<[string, SnoozeChoice, string, Reading, readonly SnoozeChoice[]]>([
    ['on a Friday', 'tomorrow', '2026-11-20T10:00:00Z', reading(), ['monday', 'until-reset', 'until-total-changes']],
    ['on a Sunday, where tomorrow is Monday', 'tomorrow', '2026-11-22T10:00:00Z', reading(), ['until-reset', 'until-total-changes']],
    ['on a Sunday, where Monday is tomorrow', 'monday', '2026-11-22T10:00:00Z', reading(), ['until-reset', 'until-total-changes']],
    ['on a Sunday, after another choice', 'until-reset', '2026-11-22T10:00:00Z', reading(), ['tomorrow', 'until-total-changes']],
    [
      'on a Sunday of the account that is a Saturday in UTC',
      'tomorrow',
      '2026-11-21T23:30:00Z',
      reading(),
      ['until-reset', 'until-total-changes'],
    ],
    ['with a reset on Monday morning', 'monday', '2026-11-20T10:00:00Z', endsOn(MORNING), ['tomorrow', 'until-total-changes']],
    ['with a reset that was chosen', 'until-reset', '2026-11-20T10:00:00Z', endsOn(MORNING), ['tomorrow', 'until-total-changes']],
    ['where all three are one moment', 'until-reset', '2026-11-22T10:00:00Z', endsOn(MORNING), ['until-total-changes']],
    ['with a period that is over', 'tomorrow', '2026-12-04T10:00:00Z', reading(), ['monday', 'until-total-changes']],
    ['without a known period', 'tomorrow', '2026-11-22T10:00:00Z', reading({ period: null }), ['until-reset', 'until-total-changes']],
  ])('%s, after %s', (_when, chosen, now, on, expected) => expect(others(chosen, now, on)).toEqual(expected));

  test('a reset that never comes is no choice', () => {
    expect(others('tomorrow', '2026-11-20T10:00:00Z', reading({ period: null }), false)).toEqual(['monday', 'until-total-changes']);
  });

  test('no two of them end at the same moment, at whatever hour of a fortnight', () => {
    for (let hour = 0; hour < 14 * 24; hour += 1) {
      const now = new Date(iso('2026-11-16T00:00:00Z').getTime() + hour * 3_600_000);
      for (const end of [MORNING, '2026-11-24T08:00:00Z', '2026-12-01T00:00:00Z']) {
        for (const chosen of snoozeChoices) {
          const offered = [chosen, ...others(chosen, now.toISOString(), endsOn(end))].filter((one) => one !== 'until-total-changes');
          const moments = offered.map((one) => endsAt(snooze(one, now.toISOString(), { on: endsOn(end) }))?.getTime());
          expect(new Set(moments).size).toBe(moments.length);
        }
      }
    }
  });
});

describe('until an hour', () => {
  const until = snooze('tomorrow', '2026-11-20T10:00:00Z');

  test('is quiet up to it and not at it', () => {
    expect(isSnoozedFor(until, iso('2026-11-21T07:59:59.999Z'), reading())).toBe(true);
    expect(isSnoozedFor(until, iso('2026-11-21T08:00:00Z'), reading())).toBe(false);
  });

  test.each<[Severity, boolean]>([
    ['notice', true],
    ['warning', true],
    ['critical', false],
  ])('on a warning holds back a %s: %s', (severity, held) => {
    expect(holdsBack(until, severity, iso('2026-11-20T12:00:00Z'), reading({ used: 1000n }))).toBe(held);
  });

  test('on a critical alert nothing is worse', () => {
    expect(
      holdsBack(snooze('tomorrow', '2026-11-20T10:00:00Z', { severity: 'critical' }), 'critical', iso('2026-11-20T12:00:00Z'), reading()),
    ).toBe(true);
  });

  test('is said again when it is over and still holds', () => {
    expect(holdsBack(until, 'warning', iso('2026-11-21T08:00:00Z'), reading())).toBe(false);
  });
});

describe('until the reset', () => {
  const until = snooze('until-reset', '2026-11-20T10:00:00Z');

  test('is quiet while the period lasts, however much is used or bought', () => {
    expect(
      isSnoozedFor(until, iso('2026-11-30T23:59:59Z'), reading({ used: 2000n, total: 2500n, observedAt: iso('2026-11-30T23:00:00Z') })),
    ).toBe(true);
  });

  test('ends with the period, even before a new figure comes', () => {
    expect(isSnoozedFor(until, iso('2026-12-01T00:00:00Z'), reading())).toBe(false);
    expect(endsAt(until)).toEqual(november.end);
  });

  test('ends when the vendor resets early', () => {
    expect(
      isSnoozedFor(
        until,
        iso('2026-11-25T00:00:00Z'),
        reading({ used: 300n, observedAt: iso('2026-11-25T00:00:00Z'), period: { ...december, start: iso('2026-11-25T00:00:00Z') } }),
      ),
    ).toBe(false);
  });

  test('without a known period it ends when usage falls below a tenth, not with a small correction', () => {
    const unknown = reading({ period: null });
    const notMonitored = snooze('until-reset', '2026-11-20T10:00:00Z', { on: unknown });
    expect(
      isSnoozedFor(notMonitored, iso('2027-02-01T00:00:00Z'), { ...unknown, used: 700n, observedAt: iso('2027-02-01T00:00:00Z') }),
    ).toBe(true);
    expect(
      isSnoozedFor(notMonitored, iso('2027-02-01T00:00:00Z'), { ...unknown, used: 79n, observedAt: iso('2027-02-01T00:00:00Z') }),
    ).toBe(false);
    expect(endsAt(notMonitored)).toBeNull();
  });
});

describe('until the total changes', () => {
  const until = snooze('until-total-changes', '2026-11-20T10:00:00Z');
  const later = iso('2026-11-25T00:00:00Z');

  test.each<[string, bigint | null, boolean]>([
    ['the same', 1000n, true],
    ['grown by one', 1001n, false],
    ['shrunk', 999n, false],
    ['now unlimited', null, false],
  ])('with a total %s it is quiet: %s', (_case, total, quiet) => {
    expect(isSnoozedFor(until, later, reading({ used: 900n, total, observedAt: later }))).toBe(quiet);
  });

  test.each<[string, { used: bigint; total: bigint }, boolean]>([
    ['used rises', { used: 190n, total: 200n }, true],
    ['use is taken off the total', { used: 150n, total: 190n }, true],
    ['a few credits were given back after more was used', { used: 170n, total: 200n }, true],
    ['it was bought more, and the total says so', { used: 180n, total: 300n }, false],
    ['it was bought more, and only what is left says so', { used: 20n, total: 200n }, false],
  ])('of what has no period, such as a balance, when %s: quiet is %s', (_case, figures, quiet) => {
    const balance = reading({ used: 160n, total: 200n, period: null });
    const asked = snooze('until-total-changes', '2026-11-20T10:00:00Z', { on: balance });
    expect(isSnoozedFor(asked, later, { ...balance, ...figures, observedAt: later })).toBe(quiet);
  });

  test('a request that nobody answered does not keep the next period quiet', () => {
    expect(
      isSnoozedFor(until, iso('2026-12-02T00:00:00Z'), reading({ used: 900n, period: december, observedAt: iso('2026-12-02T00:00:00Z') })),
    ).toBe(false);
  });
});
