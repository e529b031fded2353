import { expect, test } from 'vitest';
import type { Outcome } from '../../extension/src/core/answer.ts';
import { CONNECT_HOW, approveLabel, lastText, linesTitle, nextText, pairingProblemText } from '../../extension/src/texts.ts';
import { storedVendor } from '../support/keeper.ts';

/** Local times, as a person reads them. */
const at = (day: number, hour: number) => new Date(2026, 10, day, hour, 0).getTime();
const NOW = at(30, 9);

function vendor(outcome: Outcome | null, more: object = {}) {
  const last = outcome && { at: at(30, 8), outcome };
  return storedVendor({ zone: 'Europe/Berlin', isApproved: true, storedAt: at(29, 8), last, ...more });
}

test.each<[Outcome, string]>([
  [{ kind: 'stored', meters: 1, unread: 0, rejected: 0, lines: [], isOlder: false }, 'Stored today at 08:00: 1 meter.'],
  [
    { kind: 'stored', meters: 6, unread: 2, rejected: 1, lines: [], isOlder: true },
    'Stored today at 08:00: 6 meters. Creditwatch already has newer figures, so nothing changed. 2 lines with a figure could not be read. 1 figure could not be stored: check the page.',
  ],
  [{ kind: 'to-approve' }, ''],
  [
    { kind: 'signed-out' },
    'Today at 08:00: You are signed out of app.example.com. Open the page, sign in, then click "Capture now". Last stored 29 Nov at 08:00.',
  ],
  [
    { kind: 'fewer-meters', missing: 3 },
    'Today at 08:00: The page lacks 3 meters that it had the last time. To see which, compare it with /usage in Slack or Teams, or npx creditwatch usage. If the vendor removed them, paste the page once: /usage import in Slack or Teams, or npx creditwatch import. Last stored 29 Nov at 08:00.',
  ],
  [
    { kind: 'moved', to: 'https://app.example.com/sign-in' },
    'Today at 08:00: Instead of the usage page, https://app.example.com/sign-in opened. Nothing of it was sent. If it asks you to sign in, open it, sign in, then click "Capture now". If the usage page has moved there, click "Use this address": you see what is on it before it is sent. Last stored 29 Nov at 08:00.',
  ],
  [
    { kind: 'no-figures', said: 'no figures found' },
    'Today at 08:00: No figures were found on the page. Check that the address is that of the usage page. Creditwatch says: no figures found. Last stored 29 Nov at 08:00.',
  ],
  [
    { kind: 'page-error', status: 503 },
    'Today at 08:00: The page on app.example.com answered with an error (HTTP 503). Open it to see whether it works, and check its address. It tries again by itself. Last stored 29 Nov at 08:00.',
  ],
  [{ kind: 'offline' }, 'Today at 08:00: Creditwatch did not answer. It tries again by itself. Last stored 29 Nov at 08:00.'],
])('says what became of a capture, and what to do: %j', (outcome, text) => {
  expect(lastText(vendor(outcome), NOW)).toBe(text);
});

test.each<Outcome['kind']>(['too-long', 'key-revoked', 'other-source', 'clock', 'page-unreachable', 'no-window', 'no-access', 'failed'])(
  'says something about %s',
  (kind) => {
    const one = vendor(null, { last: { at: NOW, outcome: { kind } } });
    expect(lastText(one, NOW)).toMatch(/^Today at 09:00: [A-Z].+\. Last stored/);
  },
);

test('before the first approval, the button that reads the page again is the one that shows it', () => {
  expect(lastText(vendor({ kind: 'signed-out' }, { isApproved: false }), NOW)).toContain('then click "Show what will be sent"');
});

test('a text that names a command for a chat names the one for a terminal too', () => {
  const outcomes: Outcome[] = [{ kind: 'fewer-meters', missing: 1 }, { kind: 'key-revoked' }, { kind: 'other-source' }];
  const problems = (['bad-key', 'bad-source', 'bad-page', 'bad-time'] as const).map(pairingProblemText);
  for (const text of [CONNECT_HOW, ...problems, ...outcomes.map((one) => lastText(vendor(one), NOW))])
    expect(text).toMatch(/\/usage (\w+).*npx creditwatch \1/);
});

test('says when the page is captured next, and that this is an attempt again after a failure', () => {
  expect(nextText(vendor(null, { dueAt: at(30, 20), every: '12h' }), NOW)).toBe(
    'Next: today at 20:00. Runs every 12 hours from 08:00 (Europe/Berlin), while the browser is open.',
  );
  expect(nextText(vendor(null, { dueAt: at(31, 8), failures: 2 }), NOW)).toBe(
    'Next attempt: 1 Dec at 08:00. Runs every day at 08:00 (Europe/Berlin), while the browser is open.',
  );
  expect(nextText(vendor(null), NOW)).toBe('');
});

test('names how often a page is sent before the click that starts it', () => {
  expect(approveLabel(vendor(null))).toBe('Send now, then every day at 08:00 (Europe/Berlin)');
});

test('says how many of the lines that could not be used are shown', () => {
  const stored = { kind: 'stored', meters: 1, rejected: 0, isOlder: false } as const;
  expect(linesTitle({ ...stored, unread: 1, lines: ['a'] })).toBe('Show it');
  expect(linesTitle({ ...stored, unread: 2, lines: ['a', 'b'] })).toBe('Show them');
  expect(linesTitle({ ...stored, unread: 12, lines: ['a', 'b'] })).toBe('Show the first 2 of 12 lines');
});
