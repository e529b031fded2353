import { describe, expect, test } from 'vitest';
import type { Shape } from '../../../src/core/meters/answer.ts';
import type { DriftCause } from '../../../src/core/meters/drift-cause.ts';
import type { ToldCause } from '../../../src/core/notifications/told-causes.ts';
import { keyExpiryMessage } from '../../../src/messages/notices/key-expiry.ts';
import { sourceProblemMessage } from '../../../src/messages/notices/source-problem.ts';
import { driftProblem } from '../../../src/messages/text/drift.ts';
import { plainMessage } from '../../../src/messages/text/plain.ts';

const SINCE = new Date('2026-11-24T03:15:00Z');
const AT = new Date('2026-11-24T09:15:00Z');
const DAY_MS = 86_400_000;
const seen = { since: SINCE, polls: 2 };

function expression(meter: string, now: Shape, rest: Partial<Extract<DriftCause, { kind: 'expression' }>> = {}): DriftCause {
  const origin = { setting: `meters.${meter}.used`, preset: null };
  return { kind: 'expression', meter, field: 'used', expression: 'data.used', before: { kind: 'number' }, now, origin, ...seen, ...rest };
}

function textOf(causes: readonly ToldCause[]): readonly string[] {
  const message = sourceProblemMessage({ kind: 'source-problem', source: 'acme', causes: [...causes] }, 'UTC');
  return plainMessage(message, { timeZone: 'UTC', now: AT }).split('\n');
}

const open = (...causes: DriftCause[]) => textOf(causes.map((cause) => ({ cause, ended: null })));
const over = (cause: DriftCause, why: 'fits' | 'removed' = 'fits') => textOf([{ cause, ended: { at: AT, why } }]);

describe('operations read what changed in an answer', () => {
  test('with the expression, what it found, and where to correct it', () => {
    expect(open(expression('credits', { kind: 'nothing' }), expression('seats', { kind: 'text', size: 12 }))).toEqual([
      '⚠️ acme: the vendor changed its answer (first seen 03:15)',
      'credits is missing from the answer: data.used (used) found a number before and finds nothing now.',
      'seats: data.used (used) found a number before and finds text of 12 characters now.',
      'The figures of credits, seats stay as they were and are shown with their age, without alerts. Other meters go on.',
      'To see the answer: npx creditwatch try acme. Then correct meters.credits.used, meters.seats.used in creditwatch.yml.',
    ]);
  });

  test('in one line for the meters that share an expression, whose figures still count', () => {
    const origin = { setting: 'periodEnd', preset: null };
    const shared = { field: 'periodEnd', expression: 'renews_at', before: { kind: 'time' }, origin } as const;
    expect(open(expression('a', { kind: 'nothing' }, shared), expression('b', { kind: 'nothing' }, shared))).toEqual([
      '⚠️ acme: the vendor changed its answer (first seen 03:15)',
      'a, b: renews_at (periodEnd) found a time before and finds nothing now.',
      'The figures still count, with the last known period.',
      'To see the answer: npx creditwatch try acme. Then correct periodEnd in creditwatch.yml.',
    ]);
  });

  test('with the preset, if the expression is one of its own', () => {
    const origin = { setting: 'meters.a.total', preset: 'acme' };
    expect(open({ kind: 'rescaled', meter: 'a', power: -2, origin, ...seen }).slice(1)).toEqual([
      'a: total and usage became a 100th at once. The vendor seems to count in another unit.',
      'The figures of a stay as they were and are shown with their age, without alerts. Other meters go on.',
      'To see the answer: npx creditwatch try acme. The preset acme no longer fits: update Creditwatch, or report it. Until then, set meters.a.total of acme in creditwatch.yml.',
      'If the new figures are right, confirm them with any change of the expression, such as (total) for total.',
    ]);
    expect(open({ kind: 'rescaled', meter: 'a', power: 3, origin, ...seen })[1]).toContain('became 1000 times as much at once');
  });

  test.each<[Shape, string]>([
    [{ kind: 'null' }, 'finds null now'],
    [{ kind: 'negative' }, 'finds a negative number now'],
    [{ kind: 'yes-no' }, 'finds true or false now'],
    [{ kind: 'text', size: 1 }, 'finds text of 1 character now'],
    [{ kind: 'list', size: 6 }, 'finds a list of 6 now'],
    [{ kind: 'group' }, 'finds a group of values now'],
    [{ kind: 'failure' }, 'finds a value that it cannot handle now'],
  ])('by kind, without values: %j', (now, said) => {
    expect(open(expression('a', now))[1]).toContain(said);
  });

  test('of many meters in few lines', () => {
    const lines = open(...Array.from({ length: 20 }, (_, nth) => expression(`m${nth}`, { kind: 'nothing' }, { expression: `e${nth}` })));
    expect(lines).toHaveLength(12);
    expect(lines[9]).toBe('+12 more: npx creditwatch doctor');
  });

  test('with a long expression cut to one line', () => {
    const [, line] = open(expression('a', { kind: 'nothing' }, { expression: `$sum(\n  ${'x'.repeat(500)}\n)` }));
    expect(line).toContain(`: $sum( ${'x'.repeat(194)}… (used) found`);
  });
});

test('operations read of a figure that rests, and that this may be fine', () => {
  expect(open({ kind: 'frozen', meter: 'a', restedMs: 20 * DAY_MS, longestMs: 3 * DAY_MS, ...seen })).toEqual([
    '⚠️ acme: a figure has not changed since 03:15',
    'a: no change for 20 days. The longest time without one before was 3 days.',
    "To see the answer: npx creditwatch try acme. Compare it with the vendor's own page. If nobody uses these credits, there is nothing to do.",
  ]);
});

test('operations read of a refused key and of a page in place of the answer, with the remedy of the poll', () => {
  const problem = { reason: '401: the key was refused', remedy: 'Put a valid key in ACME_KEY, then: npx creditwatch try acme' };
  expect(open({ kind: 'refused', ...problem, ...seen })).toEqual([
    '🔑 acme: the vendor refuses the key (since 03:15)',
    '401: the key was refused.',
    'Its figures stay as they were and are shown with their age. No alerts for its meters until it reports again.',
    'Put a valid key in ACME_KEY, then: npx creditwatch try acme',
  ]);
  expect(open({ kind: 'unreadable', reason: 'the answer is not JSON', remedy: 'Check the url.', ...seen }).slice(0, 2)).toEqual([
    '⚠️ acme: the vendor changed its answer (first seen 03:15)',
    'The answer is not JSON.',
  ]);
});

test('the end of a problem is one line, and the end of some of them is a line in the message', () => {
  const one = expression('a', { kind: 'nothing' });
  expect(over(one)).toEqual(['✅ acme: the answer fits again (a) since 09:15, after 6 hours']);
  expect(over(one, 'removed')).toEqual(['✅ acme: a no longer polled since 09:15']);
  expect(over({ kind: 'refused', reason: '', remedy: '', ...seen })).toEqual(['✅ acme: the key works again since 09:15, after 6 hours']);
  expect(over({ kind: 'frozen', meter: 'a', restedMs: 1, longestMs: 1, ...seen })).toEqual([
    '✅ acme: the figures change again (a) since 09:15, after 6 hours',
  ]);
  const some = textOf([
    { cause: one, ended: { at: AT, why: 'fits' } },
    { cause: expression('b', { kind: 'nothing' }), ended: null },
  ]);
  expect(some).toContain('✅ Over: a.');
  expect(some.join('\n')).not.toContain('a is missing');
});

test('the problem of a poll says the same in one line, and a rest is no problem of a poll', () => {
  expect(driftProblem('acme', [{ kind: 'frozen', meter: 'a', restedMs: 1, longestMs: 1, ...seen }])).toBeNull();
  expect(driftProblem('acme', [expression('a', { kind: 'nothing' })])).toEqual({
    reason: 'a is missing from the answer: data.used (used) found a number before and finds nothing now',
    remedy: 'To see the answer: npx creditwatch try acme. Then correct meters.a.used in creditwatch.yml.',
  });
});

test.each([
  ['http', 30, '🔑 acme: the key expires in 30 days (31 Dec 2026)'],
  ['http', 1, '🔑 acme: the key expires in 1 day (31 Dec 2026)'],
  ['http', 0, '🔑 acme: the key expires today (31 Dec 2026)'],
  ['http', -2, '🔑 acme: the key expired 2 days ago (31 Dec 2026)'],
])('operations are warned of the key of a source of kind %s, %i days before it expires', (sourceKind, daysLeft, title) => {
  const expiry = { on: '2026-12-31', variables: ['ACME_KEY'], page: 'https://acme.example/keys' };
  const message = keyExpiryMessage({ kind: 'key-expiry', source: 'acme', sourceKind, expiry, daysLeft });
  expect(plainMessage(message, { timeZone: 'UTC', now: AT })).toBe(
    `${title}\nMake a new key at https://acme.example/keys, put it in ACME_KEY, set expires of acme in creditwatch.yml to its date, and restart.`,
  );
});

test('a key that a sender has, and one without a variable, are replaced elsewhere', () => {
  const expiry = { on: '2026-12-31', variables: [], page: null };
  const lineOf = (sourceKind: string) =>
    plainMessage(keyExpiryMessage({ kind: 'key-expiry', source: 'acme', sourceKind, expiry, daysLeft: 7 }), {
      timeZone: 'UTC',
      now: AT,
    }).split('\n')[1];
  expect(lineOf('push')).toBe('Give its sender a new key, and set expires of acme in creditwatch.yml to its date.');
  expect(lineOf('http')).toBe(
    'Make a new key, put it in creditwatch.yml, set expires of acme in creditwatch.yml to its date, and restart.',
  );
});
