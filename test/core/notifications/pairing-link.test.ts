import { expect, test } from 'vitest';
import { captureTime, pairingLink } from '../../../src/core/notifications/pairing-link.ts';
import type { Weekday } from '../../../src/core/time/weekday.ts';

const digestAt = (at: string, timeZone: string | null = null) => ({ digest: { weekday: 'monday' as Weekday, at }, timeZone });
const BERLIN = 'Europe/Berlin';

test.each([
  ['no route', [], { at: '08:00', zone: BERLIN }],
  ['a route without a digest', [{ digest: null, timeZone: null }], { at: '08:00', zone: BERLIN }],
  ['a digest at nine', [digestAt('09:00')], { at: '08:00', zone: BERLIN }],
  ['the earliest of several, with its own zone', [digestAt('16:30'), digestAt('07:15', 'Asia/Tokyo')], { at: '06:15', zone: 'Asia/Tokyo' }],
  ['a digest just after midnight', [digestAt('00:30')], { at: '23:30', zone: BERLIN }],
])('the capture is an hour before the digest, or at eight: %s', (_what, routes, time) => {
  expect(captureTime(routes, BERLIN)).toEqual(time);
});

test('a pairing link has everything in its fragment, and an unknown usage page is empty', () => {
  const link = pairingLink('https://credits.example/at', {
    key: 'cwp_key',
    pages: [
      { source: 'abmatic', page: 'https://app.example.com/usage?a=1&b=2#x' },
      { source: 'a & b = ü', page: null },
    ],
    time: { at: '08:00', zone: BERLIN },
  });
  const url = new URL(link);
  expect([url.origin, url.pathname, url.search]).toEqual(['https://credits.example', '/at/capture', '']);
  expect([...new URLSearchParams(url.hash.slice(1))]).toEqual([
    ['key', 'cwp_key'],
    ['source', 'abmatic'],
    ['page', 'https://app.example.com/usage?a=1&b=2#x'],
    ['source', 'a & b = ü'],
    ['page', ''],
    ['at', '08:00'],
    ['zone', BERLIN],
  ]);
});
