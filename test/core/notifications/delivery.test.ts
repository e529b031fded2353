import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  afterLookup,
  believed,
  inDoubt,
  nextStep,
  triedForMs,
  type AttemptKind,
  type AttemptOutcome,
} from '../../../src/core/notifications/delivery.ts';

const now = new Date('2026-11-24T08:00:00Z');
const HOUR_MS = 3_600_000;
const inMs = (ms: number) => new Date(now.getTime() + ms);
const first = { attempts: 1, forMs: 0, repeatable: false };
const unknown = { outcome: 'unknown', reason: 'no answer' } as const;

describe('the next attempt of a delivery that was not taken', () => {
  const step = (attempts: number, jitter: number, afterMs?: number) =>
    nextStep({ outcome: 'retry', reason: '500', ...(afterMs !== undefined && { afterMs }) }, { ...first, attempts }, now, jitter);

  test.each([
    [1, 1_000, 1_100],
    [2, 2_000, 2_200],
    [3, 5_000, 5_500],
    [4, 15_000, 16_500],
    [5, 30_000, 33_000],
    [6, 60_000, 66_000],
    [1_000, 60_000, 66_000],
  ])(
    'after attempt %i comes after %i ms or up to a tenth later, so that destinations that failed together do not return together',
    (attempts, soonest, latest) => {
      for (const [jitter, ms] of [
        [0, soonest],
        [0.5, (soonest + latest) / 2],
        [0.999999, latest],
      ] as const)
        expect(step(attempts, jitter)).toEqual({ status: 'pending', dueAt: inMs(ms), pausedUntil: null });
    },
  );

  test('waits as long as the platform asks, which is an hour at most, and then all that goes there does', () => {
    expect(step(1, 0, 7_000)).toEqual({ status: 'pending', dueAt: inMs(1_000), pausedUntil: inMs(7_000) });
    expect(step(1, 0, 30 * 24 * HOUR_MS)).toMatchObject({ pausedUntil: inMs(HOUR_MS) });
  });

  test('is given up once it was tried for 24 h', () => {
    const outcome = { outcome: 'retry', reason: '500' } as const;
    const tried = { ...first, attempts: 1_000 };
    expect(nextStep(outcome, { ...tried, forMs: 24 * HOUR_MS - 1 }, now, 0).status).toBe('pending');
    expect(nextStep(outcome, { ...tried, forMs: 24 * HOUR_MS }, now, 0).status).toBe('expired');
    expect(nextStep(unknown, { ...tried, forMs: 24 * HOUR_MS }, now, 0).status).toBe('unknown');
    expect(nextStep(unknown, { ...tried, forMs: 24 * HOUR_MS, repeatable: true }, now, 0).status).toBe('expired');
  });
});

describe('how long it was tried', () => {
  test('counts a gap for an hour at most, since nobody tried while the service was stopped or its clock was wrong', () => {
    expect(triedForMs([], now)).toBe(0);
    expect(triedForMs([now, inMs(60_000)], inMs(120_000))).toBe(120_000);
    expect(triedForMs([now], inMs(25 * HOUR_MS))).toBe(HOUR_MS);
    expect(triedForMs([inMs(2 * HOUR_MS)], now)).toBe(0);
  });

  test('never reaches 24 h by jumps of the clock alone', () => {
    const jump = fc.integer({ min: -400 * 24 * HOUR_MS, max: 400 * 24 * HOUR_MS });
    fc.assert(
      fc.property(fc.array(jump, { maxLength: 22 }), (jumps) => {
        let at = now.getTime();
        const instants = jumps.map((ms) => new Date((at += ms)));
        expect(triedForMs(instants, new Date(at))).toBeLessThan(24 * HOUR_MS);
      }),
    );
  });
});

describe('an attempt of which nobody knows whether it landed', () => {
  const past = (...attempts: readonly (readonly [AttemptKind, AttemptOutcome | null])[]) =>
    inDoubt(attempts.map(([kind, outcome]) => ({ kind, outcome }))).map(({ kind }) => kind);

  test('is in doubt until a look-up shows that nothing stands there, whatever is tried after it', () => {
    expect(past(['post', 'unknown'])).toEqual(['post']);
    expect(past(['post', null])).toEqual(['post']);
    expect(past(['post', 'unknown'], ['lookup', 'no-answer'], ['lookup', null])).toEqual(['post']);
    expect(past(['post', 'unknown'], ['lookup', 'unavailable'], ['repost', 'retry'])).toEqual(['post']);
    expect(past(['post', 'unknown'], ['lookup', 'not-found'], ['post', 'retry'])).toEqual([]);
    expect(past(['post', 'unknown'], ['lookup', 'not-found'], ['post', 'unknown'])).toEqual(['post']);
    expect(past(['post', 'retry'], ['post', 'sent'])).toEqual([]);
  });

  test('is looked up at once the first time, and after the usual waits later', () => {
    expect(nextStep(unknown, first, now, 0)).toEqual({ status: 'pending', dueAt: now, pausedUntil: null });
    expect(nextStep(unknown, { ...first, attempts: 3 }, now, 0)).toEqual({ status: 'pending', dueAt: inMs(5_000), pausedUntil: null });
    expect(nextStep(unknown, { ...first, repeatable: true }, now, 0)).toEqual({ status: 'pending', dueAt: inMs(1_000), pausedUntil: null });
  });

  const [posted, reposted] = [[{ kind: 'post' as const }], [{ kind: 'post' as const }, { kind: 'repost' as const }]];
  const tried = { attempts: 2, forMs: 10_000 };

  test.each([posted, reposted])('is settled by a look-up that finds it, and waits as if never tried when there is nothing', (...doubts) => {
    expect(afterLookup({ found: 'yes', messageRef: 'C1:1' }, doubts, tried, now, 0)).toEqual({ status: 'sent', messageRef: 'C1:1' });
    expect(afterLookup({ found: 'no' }, doubts, tried, now, 0)).toEqual({ status: 'pending', dueAt: now, pausedUntil: null });
  });

  const at = (kind: AttemptKind, outcome: AttemptOutcome | null, ms: number) => ({
    kind,
    outcome,
    startedAt: inMs(ms),
    isInterrupted: outcome === null,
  });

  test.each([
    ['at once', [at('post', 'unknown', 0)], 0, 10_000],
    ['after the time-out', [at('post', 'unknown', 0)], 5_000, 5_000],
    ['a moment too early', [at('post', 'unknown', 0)], 9_999, 1],
    ['after ten seconds', [at('post', 'unknown', 0)], 10_000, null],
    ['after an interrupted post', [at('post', null, 0)], 4_000, 2_000],
    ['six seconds after an interrupted post', [at('post', null, 0)], 6_000, null],
    ['after an interrupted post that has an outcome by now', [{ ...at('post', 'unknown', 0), isInterrupted: true }], 5_999, 1],
    ['ten seconds after the first of two posts', [at('post', 'unknown', 0), at('repost', 'unknown', 8_000)], 11_000, 7_000],
    ['after a look-up in between', [at('post', 'unknown', 0), at('lookup', 'no-answer', 6_000)], 10_000, null],
    ['by a clock set back an hour', [at('post', 'unknown', 0)], -HOUR_MS, 10_000],
    ['ten seconds after that', [at('post', 'unknown', 0), at('lookup', 'no-answer', -HOUR_MS)], 10_000 - HOUR_MS, null],
  ] as const)('is not believed to be missing before a slow platform had the time to post it: %s', (_when, attempts, askedMs, leftMs) => {
    const asked = inMs(askedMs);
    const looked = believed({ found: 'no' }, attempts, asked);
    if (leftMs === null) return expect(looked).toEqual({ found: 'no' });
    const lookAgainAt = inMs(askedMs + leftMs);
    expect(looked).toMatchObject({ found: 'too-soon', lookAgainAt });
    return expect(afterLookup(looked, posted, tried, asked, 0)).toEqual({ status: 'pending', dueAt: lookAgainAt, pausedUntil: null });
  });

  test('is believed at once to stand there, and that nobody can tell', () => {
    for (const found of [
      { found: 'yes', messageRef: 'C1:1' },
      { found: 'unavailable', reason: 'missing_scope' },
    ] as const)
      expect(believed(found, [at('post', 'unknown', 0)], now)).toBe(found);
  });

  test('is sent once more, marked, when it cannot be looked up, and never a second time', () => {
    const cannot = { found: 'unavailable', reason: 'missing_scope' } as const;
    expect(afterLookup(cannot, posted, tried, now, 0)).toEqual({ send: 'repost' });
    // The installation that a backup was taken of has probably sent it.
    expect(afterLookup(cannot, [{ kind: 'restored' }], tried, now, 0)).toEqual({ status: 'unknown' });
    expect(afterLookup(cannot, reposted, tried, now, 0)).toEqual({ status: 'unknown' });
  });

  test.each([posted, reposted])('waits for a platform that does not answer, for as long as anything is tried', (...doubts) => {
    const silent = { found: 'no-answer', reason: 'timeout' } as const;
    expect(afterLookup(silent, doubts, tried, now, 0)).toEqual({ status: 'pending', dueAt: inMs(2_000), pausedUntil: null });
    expect(afterLookup({ ...silent, afterMs: 9_000 }, doubts, tried, now, 0)).toMatchObject({ pausedUntil: inMs(9_000) });
    expect(afterLookup(silent, doubts, { ...tried, forMs: 24 * HOUR_MS }, now, 0)).toEqual({ status: 'unknown' });
  });

  test.each([
    ['a platform that is away', {}, 24],
    ['an answer that nobody here knows', { unfamiliar: true } as const, 1],
  ])('%s is given up after its time, when operations are told', (_what, more, hours) => {
    const after = (ms: number) =>
      nextStep({ outcome: 'retry', reason: 'no', ...more }, { attempts: 9, forMs: ms, repeatable: false }, now, 0).status;
    expect([after(hours * HOUR_MS - 1), after(hours * HOUR_MS)]).toEqual(['pending', 'expired']);
  });
});
