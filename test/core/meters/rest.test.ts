import { describe, expect, test } from 'vitest';
import type { Figures } from '../../../src/core/meters/answer.ts';
import { isFrozen, restAfter, type Rest } from '../../../src/core/meters/rest.ts';

const START = Date.parse('2026-01-01T00:00:00Z');
const DAY_MS = 86_400_000;

/** Polls twice a day. `usedOn`: what is used on a day. */
function live(
  days: number,
  usedOn: (day: number) => number,
  total: string | null = '1000000',
): { readonly rest: Rest; readonly figures: Figures } {
  let state: { rest: Rest; figures: Figures } | null = null;
  for (let half = 0; half <= days * 2; half += 1) {
    const figures = { used: String(usedOn(Math.floor(half / 2))), total };
    const at = new Date(START + (half * DAY_MS) / 2);
    state = { rest: restAfter(state, figures, { at, everyMs: DAY_MS / 2 }), figures };
  }
  if (state === null) throw new Error('no days');
  return state;
}

const frozen = ({ rest, figures }: { readonly rest: Rest; readonly figures: Figures }, resets = true) => isFrozen(rest, figures, resets);

/** Used on each day until one, and not after it. */
const until = (last: number) => (day: number) => 10 + Math.min(day, last);

describe('a figure is frozen', () => {
  test.each<[string, number, (day: number) => number, boolean]>([
    ['daily use that stops for 13 days', 40 + 13, until(40), false],
    ['daily use that stops for 14 days', 40 + 15, until(40), true],
    [
      'working days only, and holidays of 12 days',
      60 + 12,
      (day) => 10 + Math.min(Math.floor(day / 7) * 5 + Math.min(day % 7, 4), 44),
      false,
    ],
    ['use once a week that stops for 20 days', 105 + 20, (day) => 10 + Math.floor(Math.min(day, 105) / 7), false],
    ['use once a week that stops for 22 days', 105 + 22, (day) => 10 + Math.floor(Math.min(day, 105) / 7), true],
    ['nine changes and then no more', 10 + 60, until(9), false],
    ['many changes in few days', 5 + 60, (day) => 10 + Math.min(day, 5) * 20, false],
    ['never used at all', 200, () => 0, false],
    ['never changed since it was first seen', 200, () => 500, false],
  ])('by its own history: %s', (_what, days, usedOn, expected) => {
    expect(frozen(live(days, usedOn))).toBe(expected);
  });

  test.each<[string, string | null, (day: number) => number]>([
    ['used up', '50', until(40)],
    ['unlimited', null, until(40)],
    ['reset to nothing', '1000', (day) => (day < 40 ? 10 + day : 0)],
  ])('never if it is %s', (_what, total, usedOn) => {
    expect(frozen(live(40 + 100, usedOn, total))).toBe(false);
  });

  test('as a balance only after 30 days', () => {
    expect([frozen(live(40 + 29, until(40)), false), frozen(live(40 + 31, until(40)), false)]).toEqual([false, true]);
  });

  test('of which only the rest is known, unless nothing is left', () => {
    const { rest } = live(40 + 60, until(40));
    const isSaid = (figures: Figures) => isFrozen(rest, figures, false);
    expect([isSaid({ remaining: '20' }), isSaid({ remaining: '0' }), isSaid({ used: '5' })]).toEqual([true, false, false]);
  });
});

test('time without polls counts as a day at most, so that a stopped service sees no long rest', () => {
  const first = restAfter(null, { used: '1' }, { at: new Date(START), everyMs: 900_000 });
  const second = restAfter({ rest: first, figures: { used: '1' } }, { used: '1' }, { at: new Date(START + 90 * DAY_MS), everyMs: 900_000 });
  expect(second.restedMs).toBe(DAY_MS);
  const weekly = restAfter(
    { rest: first, figures: { used: '1' } },
    { used: '1' },
    { at: new Date(START + 7 * DAY_MS), everyMs: 7 * DAY_MS },
  );
  expect(weekly.restedMs).toBe(7 * DAY_MS);
});
