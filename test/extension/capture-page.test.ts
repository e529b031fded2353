import { describe, expect, test } from 'vitest';
import type { Outcome } from '../../extension/src/core/answer.ts';
import { capturePage } from '../../extension/src/core/capture-page.ts';
import { isTooLong } from '../../extension/src/core/limits.ts';
import type { Look } from '../../extension/src/core/watch-text.ts';

const STORED: Outcome = { kind: 'stored', meters: 1, unread: 0, rejected: 0, lines: [], isOlder: false };
const NO_FIGURES: Outcome = { kind: 'no-figures', said: '' };
const text = (shown: string, isComplete = true, status: number | null = 200): Look => ({ kind: 'text', text: shown, isComplete, status });

/**
 * Captures a page that shows, from each second on, what is given for it.
 *
 * @returns the outcome, the texts that were handed over with their second, and the second at which the tab was closed
 */
async function captured(shows: Readonly<Record<number, Look>>, take: (shown: string) => Outcome = () => STORED) {
  let now = 0;
  const taken: (readonly [number, string])[] = [];
  let closedAt: number | null = null;
  const outcome = await capturePage('https://app.example.com/usage', {
    clock: { now: () => now * 1000, sleep: async (ms) => void (now += ms / 1000) },
    open: async () => ({
      async look() {
        const since = Math.max(
          ...Object.keys(shows)
            .map(Number)
            .filter((second) => second <= now),
        );
        return shows[since] ?? { kind: 'loading' };
      },
      close: async () => void (closedAt = now),
    }),
    take: async (shown) => {
      taken.push([now, shown]);
      return take(shown);
    },
  });
  return { outcome, taken, closedAt };
}

test('a text is taken when it has not changed for three seconds', async () => {
  expect(await captured({ 1: text('a'), 2: text('b') })).toEqual({ outcome: STORED, taken: [[5, 'b']], closedAt: 5 });
});

test('a page that is still loading, or shows nothing, is not taken', async () => {
  const { taken } = await captured({ 0: { kind: 'loading' }, 2: text(' \n'), 9: text('a', false), 14: text('a') });
  expect(taken).toEqual([[14, 'a']]);
});

test('a page that never stops loading is taken after 15 seconds, and one that never stands still after 30', async () => {
  expect((await captured({ 0: text('a', false) })).taken).toEqual([[15, 'a']]);
  const clock = Object.fromEntries(Array.from({ length: 40 }, (_, second) => [second, text(`it is ${String(second)}`)]));
  expect((await captured(clock)).taken).toEqual([[30, 'it is 30']]);
});

describe('if the text has no figures, or too few', () => {
  test('the page is watched on, and the next text is taken', async () => {
    const take = (shown: string) => (shown === 'all' ? STORED : NO_FIGURES);
    expect(await captured({ 0: text('Loading'), 10: text('all') }, take)).toEqual({
      outcome: STORED,
      taken: [
        [3, 'Loading'],
        [13, 'all'],
      ],
      closedAt: 13,
    });
  });

  test('the same text is not sent twice, and after 30 seconds the page is closed', async () => {
    const missing: Outcome = { kind: 'fewer-meters', missing: 1 };
    expect(await captured({ 0: text('a') }, () => missing)).toEqual({ outcome: missing, taken: [[3, 'a']], closedAt: 30 });
  });

  test('a page that asks to sign in is given eight seconds to restore its session', async () => {
    const take = (shown: string): Outcome => (shown === 'all' ? STORED : { kind: 'signed-out' });
    expect(await captured({ 0: text('Sign in') }, take)).toMatchObject({ outcome: { kind: 'signed-out' }, closedAt: 11 });
    expect(await captured({ 0: text('Sign in'), 6: text('all') }, take)).toMatchObject({ outcome: STORED });
  });
});

test('another site for six seconds is a sign-in page; for less it only passed on', async () => {
  expect(await captured({ 0: { kind: 'elsewhere' } })).toEqual({ outcome: { kind: 'signed-out' }, taken: [], closedAt: 6 });
  expect((await captured({ 0: { kind: 'elsewhere' }, 4: text('a') })).taken).toEqual([[7, 'a']]);
  const late = await captured({ 0: text('Loading'), 8: { kind: 'elsewhere' } }, () => NO_FIGURES);
  expect(late.outcome).toEqual({ kind: 'signed-out' });
});

test('another page of the site for six seconds is not read, even if the usage page was shown before; for less it only passed on', async () => {
  const moved = (to: string): Look => ({ kind: 'moved', to: `https://app.example.com${to}` });
  const outcome = { kind: 'moved', to: 'https://app.example.com/inbox' };
  expect(await captured({ 0: moved('/inbox') })).toEqual({ outcome, taken: [], closedAt: 6 });
  expect(await captured({ 0: moved('/callback'), 4: moved('/inbox') })).toEqual({ outcome, taken: [], closedAt: 10 });
  expect((await captured({ 0: moved('/callback'), 4: text('a') })).taken).toEqual([[7, 'a']]);
  expect(await captured({ 0: text('Loading'), 2: moved('/inbox') })).toEqual({ outcome, taken: [], closedAt: 8 });
  expect((await captured({ 0: text('Loading'), 8: moved('/inbox') }, () => NO_FIGURES)).outcome).toEqual(outcome);
});

test('an error of the server for six seconds is one; a page that loads again in time is read', async () => {
  const error: Look = { kind: 'error', status: 503 };
  expect(await captured({ 0: error })).toEqual({ outcome: { kind: 'page-error', status: 503 }, taken: [], closedAt: 6 });
  expect((await captured({ 0: error, 4: text('a') })).taken).toEqual([[7, 'a']]);
});

test('an error page without figures is named as one, and a page that has figures is stored whatever its status', async () => {
  const missing = { 0: text('Not found', true, 404) };
  expect((await captured(missing, () => NO_FIGURES)).outcome).toEqual({ kind: 'page-error', status: 404 });
  expect((await captured(missing)).outcome).toEqual(STORED);
  expect((await captured({ 0: text('Hello', true, null) }, () => NO_FIGURES)).outcome).toEqual(NO_FIGURES);
});

test.each<[Look['kind'], Look, Outcome['kind'], number]>([
  ['unreachable', { kind: 'unreachable' }, 'page-unreachable', 3],
  ['loading', { kind: 'loading' }, 'page-unreachable', 30],
  ['too-long', { kind: 'too-long' }, 'too-long', 3],
  ['left', { kind: 'left' }, 'page-unreachable', 0],
])('nothing is sent of a tab that is %s', async (_kind, look, kind, closedAt) => {
  expect(await captured({ 0: look })).toEqual({ outcome: { kind }, taken: [], closedAt });
});

test('a tab is closed when sending fails, and none is needed where none opens', async () => {
  let isClosed = false;
  const clock = { now: () => 0, sleep: async () => undefined };
  const page = { look: async () => Promise.reject(new Error('gone')), close: async () => void (isClosed = true) };
  await expect(capturePage('https://a.example', { clock, open: async () => page, take: async () => STORED })).rejects.toThrow('gone');
  expect(isClosed).toBe(true);
  expect(await capturePage('https://a.example', { clock, open: async () => null, take: async () => STORED })).toEqual({
    kind: 'no-window',
  });
});

test('what Creditwatch would not read is not sent: more than 1,000 lines, or more than 1 MiB in UTF-8', async () => {
  expect([isTooLong('a\n'.repeat(999) + 'a'), isTooLong('a\n'.repeat(1_000) + 'a'), isTooLong(`${'a\n'.repeat(999)}a\n\n`)]).toEqual([
    false,
    true,
    false,
  ]);
  expect([isTooLong('é'.repeat(512 * 1024)), isTooLong('é'.repeat(512 * 1024 + 1))]).toEqual([false, true]);
  expect(await captured({ 0: text('a\n'.repeat(2_000)) })).toMatchObject({ outcome: { kind: 'too-long' }, taken: [] });
});
