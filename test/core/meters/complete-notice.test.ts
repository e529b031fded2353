import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { completeNotice, type NoticeDefaults } from '../../../src/core/meters/complete-notice.ts';
import { followReading, type CurrentReading } from '../../../src/core/meters/follow-reading.ts';
import { draftReading, type Reading } from '../../../src/core/meters/reading.ts';
import type { PeriodSpec } from '../../../src/core/time/period-spec.ts';

const MONTH: PeriodSpec = { every: 'month', day: 1 };
const BALANCE: PeriodSpec = { every: 'none' };
const DECEMBER = { start: new Date('2026-12-01T00:00:00Z'), end: new Date('2027-01-01T00:00:00Z') };

type Known = Partial<Reading> & { readonly used: bigint };

/** What a notice of an instant gives: `8800 of 10000`, `at least 8000 of 10000`, or the code of a problem. */
function read(
  figures: Readonly<Record<string, unknown>>,
  {
    at = '2026-12-10T12:00:00Z',
    spec = MONTH,
    known = null,
    stated = null,
  }: { at?: string; spec?: PeriodSpec | null; known?: Known | null; stated?: bigint | null } = {},
): string {
  const before = known && {
    total: 10_000n,
    observedAt: new Date('2026-12-05T00:00:00Z'),
    period: spec === MONTH ? DECEMBER : null,
    ...known,
  };
  const result = complete({ ...figures, observedAt: at }, { spec, before, stated });
  if (!result.ok) return result.error.code;
  const { used, total, isAtLeast } = result.value;
  return `${isAtLeast ? 'at least ' : ''}${String(used)} of ${String(total)}`;
}

function complete(
  raw: object,
  {
    spec,
    before,
    periodBeganAt,
    stated = null,
  }: { spec: PeriodSpec | null; before: Reading | null; periodBeganAt?: Date; stated?: bigint | null },
) {
  const draft = draftReading({ meter: 'credits', ...raw }, new Date('2027-06-01T00:00:00Z'), true);
  if (!draft.ok || draft.value.notice === undefined) throw new Error('no notice');
  const defaults: NoticeDefaults = {
    decimals: 0,
    cuts: false,
    lastTotal: before?.total,
    statedTotal: stated,
    periodSpec: spec,
    timeZone: 'UTC',
    current: before && { reading: before, periodBeganAt: periodBeganAt ?? before.period?.start ?? before.observedAt },
  };
  return completeNotice(draft.value, draft.value.notice, defaults);
}

describe('an amount without a total', () => {
  test.each([
    ['is a lower bound if no total is known', { used: 8800 }, {}, 'at least 8800 of null'],
    ['is exact with the total of the file', { used: 8800, statedTotal: 10_000 }, {}, '8800 of 10000'],
    ['is exact with the total of earlier figures', { used: 8800 }, { known: { used: 8000n } }, '8800 of 10000'],
    ['waits if it is what is left', { remaining: 1200 }, {}, 'total-missing'],
    ['is what is left of the total of the file', { remaining: 1200, statedTotal: 10_000 }, {}, '8800 of 10000'],
    ['is rejected if more is left than there is', { remaining: 12_000 }, { known: { used: 1n } }, 'remaining-above-total'],
    ['is what is left of a balance', { remaining: 1200 }, { spec: BALANCE }, '0 of 1200'],
    [
      'uses the total of the file after a bound without one',
      { share: 80, statedTotal: 10_000 },
      { known: { used: 8800n, total: null, isAtLeast: true } },
      'at least 8000 of 10000',
    ],
    [
      'is no amount of a total where figures say that there is none',
      { share: 80, statedTotal: 10_000 },
      { known: { used: 8800n, total: null } },
      'total-missing',
    ],
  ] as const)('%s', (_name, figures, when, expected) => {
    expect(read(figures, when)).toBe(expected);
  });
});

describe('an amount with a total', () => {
  const figures = { used: 8800, total: 10_000 };
  test.each([
    ['is exact', figures, {}, '8800 of 10000'],
    ['is a lower bound if more was used', figures, { known: { used: 9000n } }, 'at least 8800 of 10000'],
    ['is a lower bound if a notice said more', figures, { known: { used: 9000n, isAtLeast: true } }, 'at least 8800 of 10000'],
    [
      'is a lower bound if it came later than newer figures',
      figures,
      { at: '2026-12-04T12:00:00Z', known: { used: 100n } },
      'at least 8800 of 10000',
    ],
    ['is exact in a new period', figures, { at: '2027-01-10T12:00:00Z', known: { used: 9000n } }, '8800 of 10000'],
    [
      'is exact shortly before the reset if hardly anything is used',
      { used: 100, total: 10_000 },
      { at: '2026-12-31T12:00:00Z', known: { used: 9000n } },
      '100 of 10000',
    ],
    [
      'is a lower bound within the period, however little it is',
      { used: 100, total: 10_000 },
      { known: { used: 9000n } },
      'at least 100 of 10000',
    ],
    ['shows a reset where no period is known', { used: 100, total: 10_000 }, { spec: null, known: { used: 9000n } }, '100 of 10000'],
    [
      'is a lower bound for a balance that is suddenly empty',
      { remaining: 0 },
      { spec: BALANCE, known: { used: 5000n, observedAt: new Date('2026-12-09T12:00:00Z') } },
      'at least 10000 of 10000',
    ],
    ['shows a purchase for a balance', { remaining: 9500, total: 20_000 }, { spec: BALANCE, known: { used: 9000n } }, '10500 of 20000'],
    ['shows a purchase for a balance by what is left', { remaining: 9500 }, { spec: BALANCE, known: { used: 9000n } }, '500 of 10000'],
    [
      'is a lower bound for a balance of which a little more is left',
      { remaining: 1100 },
      { spec: BALANCE, known: { used: 9000n } },
      'at least 8900 of 10000',
    ],
  ] as const)('%s', (_name, given, when, expected) => {
    expect(read(given, when)).toBe(expected);
  });
});

test('a share and a rest are parts of the total that the notice states, and the larger total stays', () => {
  const known = { used: 100n, total: 20_000n };
  expect(read({ share: 80, total: 10_000 }, { known })).toBe('at least 8000 of 20000');
  expect(read({ remaining: 1200, total: 10_000, atLeast: true }, { known })).toBe('at least 8800 of 20000');
  expect(read({ share: 80, total: 30_000 }, { known })).toBe('at least 24000 of 30000');
});

test('an upgrade raises the total and keeps what is used in its period', () => {
  const known = { used: 9000n };
  expect(read({ used: 8000, total: 50_000 }, { known })).toBe('at least 9000 of 50000');
  expect(read({ share: 10, total: 50_000 }, { known })).toBe('at least 9000 of 50000');
  expect(read({ remaining: 42_000, total: 50_000 }, { known })).toBe('at least 9000 of 50000');
  expect(read({ used: 8000, total: 50_000 }, { known, spec: null })).toBe('at least 9000 of 50000');
  expect(read({ used: 9500, total: 50_000 }, { known })).toBe('9500 of 50000');
  // A smaller total, a late notice and another period raise nothing.
  expect(read({ used: 8000, total: 9000 }, { known })).toBe('at least 8000 of 10000');
  expect(read({ used: 8000, total: 50_000 }, { known, at: '2026-12-04T12:00:00Z' })).toBe('at least 8000 of 50000');
  expect(read({ share: 10, total: 50_000 }, { known, at: '2027-01-10T12:00:00Z' })).toBe('at least 5000 of 50000');
  // Nor does a total that the notice does not state.
  expect(read({ share: 10 }, { known, stated: 50_000n })).toBe('at least 5000 of 50000');
});

test('more left than the total that a person stated is left of the total of earlier figures', () => {
  const known = { used: 100n, total: 2000n };
  expect(read({ remaining: 1500 }, { known, stated: 1000n })).toBe('500 of 2000');
  expect(read({ remaining: 1500, atLeast: true }, { known, stated: 1000n })).toBe('at least 500 of 2000');
  expect(read({ remaining: 2500 }, { known, stated: 1000n })).toBe('remaining-above-total');
  expect(read({ remaining: 600 }, { known, stated: 1000n })).toBe('400 of 1000');
});

describe('soon after a reset', () => {
  test.each([
    [
      'a share does not count, even as the first figure',
      { share: 80, statedTotal: 10_000 },
      '2026-12-01T12:00:00Z',
      null,
      'too-near-reset',
    ],
    ['an amount does not count, even as the first figure', { used: 8800, total: 10_000 }, '2026-12-01T12:00:00Z', null, 'too-near-reset'],
    [
      'a share does not count after a measured figure of the new period',
      { share: 80 },
      '2026-12-01T20:00:00Z',
      { used: 10n, observedAt: new Date('2026-12-01T06:00:00Z') },
      'too-near-reset',
    ],
    [
      'a share does not count before a measured figure of the new period',
      { share: 80 },
      '2026-12-01T05:00:00Z',
      { used: 10n, observedAt: new Date('2026-12-01T06:00:00Z') },
      'too-near-reset',
    ],
    ['a little lower amount may be late', { used: 8000, total: 10_000 }, '2027-01-01T12:00:00Z', { used: 9000n }, 'too-near-reset'],
    [
      'a share does not count after a bound of the new period',
      { share: 80 },
      '2026-12-01T20:00:00Z',
      { used: 10n, observedAt: new Date('2026-12-01T06:00:00Z'), isAtLeast: true },
      'too-near-reset',
    ],
    ['a share counts after a day', { share: 80, statedTotal: 10_000 }, '2026-12-02T00:01:00Z', null, 'at least 8000 of 10000'],
    ['a lower amount is of the new period', { used: 100, total: 10_000 }, '2027-01-01T12:00:00Z', { used: 9000n }, '100 of 10000'],
    ['a lower share may be late', { share: 50 }, '2027-01-01T12:00:00Z', { used: 9000n }, 'too-near-reset'],
    ['a higher amount may be late', { used: 9500, total: 10_000 }, '2027-01-01T12:00:00Z', { used: 9000n }, 'too-near-reset'],
  ] as const)('%s', (_name, figures, at, known, expected) => {
    expect(read(figures, { at, known })).toBe(expected);
  });

  test('a tenth of a short period is enough', () => {
    const spec: PeriodSpec = { every: 'day' };
    expect(read({ share: 80, statedTotal: 100 }, { spec, at: '2026-12-10T02:00:00Z' })).toBe('too-near-reset');
    expect(read({ share: 80, statedTotal: 100 }, { spec, at: '2026-12-10T03:00:00Z' })).toBe('at least 80 of 100');
  });
});

const amounts = fc.record({
  hours: fc.integer({ min: -30, max: 40 }),
  used: fc.integer({ min: 0, max: 1200 }),
  says: fc.constantFrom('measured', 'share', 'used', 'used-of', 'left', 'left-of', 'more-than', 'fewer-than'),
});

test('within a period no notice lowers what is known, whatever it says and whenever it comes', () => {
  fc.assert(
    fc.property(fc.array(amounts, { minLength: 1, maxLength: 12 }), (steps) => {
      let current: CurrentReading | null = null;
      let at = DECEMBER.start.getTime() + 48 * 3_600_000;
      for (const { hours, used, says } of steps) {
        at = Math.max(at + hours * 3_600_000, DECEMBER.start.getTime() + 30 * 3_600_000);
        const observedAt = new Date(at);
        if (observedAt >= DECEMBER.end) return;
        const reading =
          says === 'measured'
            ? { used: BigInt(used), total: 1000n, observedAt, period: DECEMBER }
            : noticed(says, used, observedAt, current);
        if (reading === null) continue;
        const before: Reading | undefined = current?.reading;
        const after: CurrentReading = followReading(current, reading, { resets: true, judgesFrom: null }).current;
        const isAboutToEnd = DECEMBER.end.getTime() - at <= 24 * 3_600_000;
        if (says !== 'measured' && before !== undefined && !isAboutToEnd && after.held === current?.held)
          expect(after.reading.used).toBeGreaterThanOrEqual(before.used);
        current = after;
      }
    }),
    { numRuns: 2_000 },
  );
});

function noticed(says: string, used: number, observedAt: Date, current: CurrentReading | null): Reading | null {
  const left = Math.max(0, 1000 - used);
  const figures: Readonly<Record<string, object>> = {
    share: { share: used / 10 },
    used: { used },
    'used-of': { used, total: 1000 },
    left: { remaining: left },
    'left-of': { remaining: left, total: 1000 },
    'more-than': { used, atLeast: true },
    'fewer-than': { remaining: left, atLeast: true },
  };
  const raw = { ...figures[says], observedAt: observedAt.toISOString() };
  const result = complete(raw, { spec: MONTH, before: current?.reading ?? null, ...(current && { periodBeganAt: current.periodBeganAt }) });
  return result.ok ? result.value : null;
}
