import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Answer, AnswerField, FieldAnswer, Figures, MeterAnswer, Shape } from '../../../src/core/meters/answer.ts';
import { followAnswer, type Drift, type DriftState } from '../../../src/core/meters/drift.ts';
import { causeKey, isWorthTelling, withholds } from '../../../src/core/meters/drift-cause.ts';
import { tellCauses, type ToldMessage } from '../../../src/core/notifications/told-causes.ts';

const START = Date.parse('2026-11-24T08:00:00Z');
const MINUTE_MS = 60_000;
const EVERY_MS = 15 * MINUTE_MS;
const NEW: DriftState = { memory: {}, causes: [] };
const PROBLEM = { reason: 'r', remedy: 's' };

type Found = Pick<FieldAnswer, 'shape' | 'state'>;
const FITS: Found = { shape: { kind: 'number' }, state: 'fits' };
const NOTHING: Found = { shape: { kind: 'nothing' }, state: 'broken' };
const LIST: Found = { shape: { kind: 'list', size: 6 }, state: 'broken' };
const NONE: Found = { shape: { kind: 'null' }, state: 'none' };

function field(name: AnswerField, found: Found, expression: string = name): FieldAnswer {
  return { field: name, expression, origin: { setting: `meters.a.${name}`, preset: null }, ...found };
}

function meter(fields: readonly FieldAnswer[], rest: Partial<MeterAnswer> = {}): MeterAnswer {
  const isBroken = fields.some((one) => one.state === 'broken' && ['used', 'remaining', 'total'].includes(one.field));
  const figures: Figures | null = isBroken ? null : { used: '10', total: '100' };
  return { key: 'a', mapping: 'm', resets: true, fields, figures, period: null, ...rest };
}

const answer = (...meters: readonly MeterAnswer[]): Answer => ({ kind: 'evaluated', meters });

/** Follows answers that come every 15 minutes. */
function follow(answers: readonly Answer[], everyMs = EVERY_MS): readonly Drift[] {
  const all: Drift[] = [];
  for (const [nth, one] of answers.entries())
    all.push(followAnswer(all.at(-1) ?? NEW, one, { at: new Date(START + nth * everyMs), everyMs }));
  return all;
}

const keysOf = (drift: Drift | undefined) => drift?.causes.map(causeKey);
const GOOD = answer(meter([field('used', FITS), field('total', FITS)]));

describe('an expression', () => {
  test.each<[string, Found, Found, Shape | null]>([
    ['finds nothing where it found a number', FITS, NOTHING, { kind: 'nothing' }],
    ['finds a list where it found a number', FITS, LIST, { kind: 'list', size: 6 }],
    ['still finds a number', FITS, FITS, null],
    ['never found anything', NOTHING, NOTHING, null],
    ['finds what the vendor writes for none, such as an unlimited total', FITS, NONE, null],
    ['found none before, and nothing now', NONE, NOTHING, null],
  ])('that %s', (_what, before, now, shape) => {
    const [, second] = follow([answer(meter([field('used', before)])), answer(meter([field('used', now)]))]);
    expect(second?.causes).toEqual(
      shape === null
        ? []
        : [expect.objectContaining({ kind: 'expression', meter: 'a', field: 'used', before: { kind: 'number' }, now: shape })],
    );
  });

  test('that does not fit is remembered as it was, with the time of the first such answer and their number', () => {
    const bad = answer(meter([field('used', NOTHING)]));
    const last = follow([answer(meter([field('used', FITS)])), bad, bad, answer(meter([field('used', LIST)]))]).at(-1);
    expect(last?.causes).toEqual([
      expect.objectContaining({ before: { kind: 'number' }, now: { kind: 'list', size: 6 }, polls: 3, since: new Date(START + EVERY_MS) }),
    ]);
  });

  test('that was changed starts anew, and what was told of it ends only when it fits', () => {
    const changed = (found: Found) => answer(meter([field('used', found, 'other')]));
    const states = follow([answer(meter([field('used', FITS)])), answer(meter([field('used', NOTHING)])), changed(NOTHING), changed(FITS)]);
    expect(states.map((one) => one.causes.length)).toEqual([0, 1, 1, 0]);
    expect(follow([answer(meter([field('used', FITS)])), changed(NOTHING)]).at(-1)?.causes).toEqual([]);
  });

  test('of a meter with another key starts anew, and the causes of the old key end', () => {
    const renamed = answer({ ...meter([field('used', NOTHING)]), key: 'b' });
    const states = follow([GOOD, answer(meter([field('used', NOTHING)])), renamed]);
    expect(states.map((one) => one.causes.length)).toEqual([0, 1, 0]);
    expect(Object.keys(states.at(-1)?.memory ?? {})).toEqual([]);
  });
});

describe('between two evaluated answers', () => {
  const bad = answer(meter([field('used', NOTHING), field('total', FITS)]));

  test('a timeout ends nothing and begins nothing', () => {
    const states = follow([GOOD, bad, { kind: 'unknown' }, bad]);
    expect(states.map((one) => one.causes.map(({ polls }) => polls))).toEqual([[], [1], [1], [2]]);
  });

  test('a refused key is a cause of its own, which ends with the next figures and not with a page or an error in JSON', () => {
    const refused: Answer = { kind: 'refused', problem: PROBLEM };
    const page: Answer = { kind: 'unreadable', problem: PROBLEM };
    const states = follow([GOOD, refused, { kind: 'unknown' }, page, bad, GOOD]);
    expect(states.map(keysOf)).toEqual([
      [],
      ['refused'],
      ['refused'],
      ['refused'],
      ['refused', JSON.stringify(['expression', 'a', 'used'])],
      [],
    ]);
  });

  test('a page in place of JSON is missed only where there was JSON', () => {
    const page: Answer = { kind: 'unreadable', problem: PROBLEM };
    expect(follow([page]).map(keysOf)).toEqual([[]]);
    expect(follow([GOOD, page, GOOD]).map(keysOf)).toEqual([[], ['unreadable'], []]);
  });
});

describe('is news', () => {
  const bad = answer(meter([field('used', NOTHING), field('total', FITS)]));

  test.each<[string, readonly Answer[], number, readonly boolean[]]>([
    ['with the second such answer', [GOOD, bad, bad, bad, GOOD, GOOD], EVERY_MS, [false, false, true, false, true, false]],
    ['at once, if the next poll is more than 20 minutes away', [GOOD, bad, bad, GOOD], 21 * MINUTE_MS, [false, true, false, true]],
    ['never, if only one answer was odd', [GOOD, bad, GOOD], EVERY_MS, [false, false, false]],
    [
      'at the first refusal',
      [{ kind: 'refused', problem: PROBLEM }, { kind: 'refused', problem: PROBLEM }, GOOD],
      EVERY_MS,
      [true, false, true],
    ],
  ])('%s', (_what, answers, everyMs, news) => {
    expect(follow(answers, everyMs).map((one) => one.isNews)).toEqual(news);
  });
});

describe('a period that the answer no longer states', () => {
  const period = { start: new Date('2026-11-01T00:00:00Z'), end: new Date('2026-12-01T00:00:00Z') };
  const with_ = (found: Found, stated: typeof period | null) =>
    answer(meter([field('used', FITS), field('periodEnd', found)], { period: stated }));

  test('is the last known one, and later the one that follows it', () => {
    const known = followAnswer(NEW, with_({ shape: { kind: 'time' }, state: 'fits' }, period), { at: new Date(START), everyMs: EVERY_MS });
    const after = (at: string) => followAnswer(known, with_(NOTHING, null), { at: new Date(at), everyMs: EVERY_MS }).periods.get('a');
    expect(after('2026-11-24T09:00:00Z')).toEqual(period);
    expect(after('2026-12-24T09:00:00Z')).toEqual({ start: period.end, end: new Date('2027-01-01T00:00:00Z') });
    expect(followAnswer(known, with_(NONE, null), { at: new Date(START), everyMs: EVERY_MS }).periods.size).toBe(0);
  });

  test('is unknown if it always ended with the call', () => {
    const sliding = { start: new Date(START - 30 * 86_400_000), end: new Date(START + 1) };
    const known = followAnswer(NEW, with_({ shape: { kind: 'time' }, state: 'fits' }, sliding), { at: new Date(START), everyMs: EVERY_MS });
    expect(followAnswer(known, with_(NOTHING, null), { at: new Date(START + EVERY_MS), everyMs: EVERY_MS }).periods.size).toBe(0);
  });
});

describe('a change of the unit', () => {
  const figures = (used: string, total: string) => answer(meter([field('used', FITS), field('total', FITS)], { figures: { used, total } }));
  const broken = answer(meter([field('used', NOTHING), field('total', FITS)]));

  test('withholds the meter until its total has the old size, whatever comes between', () => {
    const states = follow([
      figures('4000', '10000'),
      figures('400000', '1000000'),
      broken,
      figures('900000', '2000000'),
      { kind: 'unknown' },
      figures('9000', '20000'),
    ]);
    expect(states.map(({ withheld }) => [...withheld])).toEqual([[], ['a'], ['a'], ['a'], ['a'], []]);
    expect(states.at(-1)?.causes).toEqual([]);
  });

  test('with other expressions is none', () => {
    const other = answer(meter([field('used', FITS)], { figures: { used: '400000', total: '1000000' }, mapping: 'other' }));
    expect(follow([figures('4000', '10000'), other]).at(-1)?.withheld.size).toBe(0);
  });
});

test('whatever a vendor answers: each cause is told once until it ends, and nothing is told of answers that fit', () => {
  const found = fc.constantFrom(FITS, FITS, NOTHING, LIST, NONE);
  const one = fc.oneof(
    {
      weight: 5,
      arbitrary: fc
        .tuple(found, found, found)
        .map(([a, b, c]) => answer(meter([field('used', a), field('total', b), field('periodEnd', c)]))),
    },
    fc.constantFrom<Answer>({ kind: 'unknown' }, { kind: 'refused', problem: PROBLEM }, { kind: 'unreadable', problem: PROBLEM }),
  );
  fc.assert(
    fc.property(fc.array(one, { maxLength: 40 }), fc.constantFrom(EVERY_MS, 3_600_000), (answers, everyMs) => {
      let told: readonly ToldMessage[] = [];
      const open = new Set<string>();
      for (const drift of follow(answers, everyMs)) {
        const isDue = (cause: Drift['causes'][number]) => isWorthTelling(cause, everyMs);
        const next = tellCauses(told, drift.causes, { at: new Date(START), isDue, isPolled: () => true, newId: () => 'id' });
        // The timer runs only for news.
        expect(next.posts.length + next.edits.length > 0).toBe(drift.isNews);
        told = next.told;
        const now = new Set(drift.causes.map(causeKey));
        for (const key of open) if (!now.has(key)) open.delete(key);
        for (const { cause } of next.posts.flatMap(({ causes }) => causes)) {
          expect(open.has(causeKey(cause))).toBe(false);
          open.add(causeKey(cause));
        }
        expect([...open].toSorted()).toEqual(drift.causes.filter(isDue).map(causeKey).toSorted());
      }
    }),
  );
  const allGood = follow(Array.from({ length: 30 }, () => GOOD));
  expect(allGood.some(({ isNews, causes }) => isNews || causes.length > 0)).toBe(false);
});

test.each<[Parameters<typeof withholds>[0]['kind'], boolean, boolean]>([
  ['expression', true, false],
  ['rescaled', true, false],
  ['frozen', false, false],
  ['refused', true, true],
  ['unreadable', true, true],
])('a cause of the kind %s withholds the figures of its meter: %s, and of others: %s', (kind, own, others) => {
  const origin = { setting: 's', preset: null };
  const all = {
    meter: 'a',
    field: 'used',
    expression: 'e',
    before: { kind: 'number' },
    now: { kind: 'nothing' },
    origin,
    power: 2,
  } as const;
  const cause = { kind, ...all, ...PROBLEM, restedMs: 0, longestMs: 0, since: new Date(START), polls: 1 };
  expect([withholds(cause, 'a'), withholds(cause, 'b')]).toEqual([own, others]);
});
