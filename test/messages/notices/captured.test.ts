import { expect, test } from 'vitest';
import { pasteReminderMessage } from '../../../src/messages/notices/paste-reminder.ts';
import { stalenessMessage } from '../../../src/messages/notices/staleness.ts';
import { plainMessage, plainRichText } from '../../../src/messages/text/plain.ts';
import { captureSourceText } from '../../../src/messages/text/sign-in.ts';

const SINCE = new Date('2026-11-24T08:00:00Z');
const AT = new Date('2026-12-01T08:00:00Z');
const lines = (message: Parameters<typeof plainMessage>[0]) => plainMessage(message, { timeZone: 'UTC', now: AT }).split('\n');

function stale(source: string) {
  const snapshot = { kind: 'staleness' as const, change: 'stale' as const, source, sourceKind: 'import', since: SINCE, at: AT };
  return stalenessMessage(
    { ...snapshot, expectedWithinMs: 604_800_000, everyMs: null, problem: null, notMonitored: 2, isCaptured: true },
    'UTC',
  );
}

const reminder = (source: string) =>
  pasteReminderMessage({ kind: 'paste-reminder', source, observedAt: SINCE, digestAt: AT, isCaptured: true });

test('operations are told to sign in where the page is captured, at the host of the vendor if it is known', () => {
  expect(lines(stale('abmatic')).slice(1)).toEqual([
    'No alerts for its 2 meters until it reports again.',
    'Sign in at the vendor in the browser that captures the usage page. If that is done, see what the extension there reports, or send the page with the bookmark.',
  ]);
  expect(lines(stale('midjourney'))[2]).toMatch(/^Sign in at www.midjourney.com in the browser that captures the usage page\./);
  expect(stale('abmatic').buttons?.map(({ label }) => label)).toEqual(['Paste usage page']);
});

test('the person who made the key is told to sign in, not to paste', () => {
  expect(lines(reminder('abmatic'))[1]).toBe(
    'Sign in at the vendor in the browser with the extension: it then sends the figures by itself. You can also send the page with the bookmark, or paste it here.',
  );
  expect(lines(reminder('midjourney'))[1]).toMatch(/^Sign in at www.midjourney.com in the browser with the extension/);
});

test.each([
  [
    null,
    false,
    'no page was captured yet. Open the pairing link in the browser in which you are signed in at the vendor. A new link: npx creditwatch capture midjourney',
  ],
  [SINCE, false, 'last figures 24 Nov 08:00'],
  [
    SINCE,
    true,
    'last figures 24 Nov 08:00, no page since. Sign in at www.midjourney.com in the browser that captures the usage page. If that is done, see what the extension there reports, and whether the log has "captured page refused"',
  ],
])('doctor says of a source with a capture key and figures of %s, stale: %s', (at, isStale, text) => {
  expect(plainRichText(captureSourceText('midjourney', at, isStale), { timeZone: 'UTC', now: AT })).toBe(text);
});
