import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { MeterDetails } from '../../../src/core/meters/meter.ts';
import { readGeneralNotice } from '../../../src/sources/mail/general-notice.ts';

const NOTICES = fileURLToPath(new URL('../../fixtures/notices.txt', import.meta.url));
const CREDITS = { credits: { label: 'Credits', unit: 'credits' } };

/** What is read of a mail, in short: `at least 80% used`, `1200 left of 10000`, or `nothing`. */
function read(text: string, meters: Readonly<Record<string, MeterDetails>> = CREDITS, subject = 'Usage'): string {
  const notice = readGeneralNotice({ subject, text }, meters, ['acme']);
  if (!notice.ok) return notice.error === 'not-understood' ? 'nothing' : notice.error;
  const { share, used, left, total, isAtLeast, meter } = notice.value;
  const amounts = [...(used === undefined ? [] : [`${used} used`]), ...(left === undefined ? [] : [`${left} left`])].join(' and ');
  const bound = !isAtLeast ? '' : used === undefined && left !== undefined ? 'at most ' : 'at least ';
  const about = Object.keys(meters).length === 1 ? '' : `${meter}: `;
  return `${about}${bound}${share === undefined ? amounts : `${share}% used`}${total === undefined ? '' : ` of ${total}`}`;
}

describe('a notice in usual words gives what it says, or nothing', () => {
  const rows = readFileSync(NOTICES, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(' | '))
    .map(([expected = '', ...text]) => [text.join(' | '), expected.trim()]);

  test.each(rows)('%s', (text = '', expected = '') => {
    expect(read(text.replaceAll('\\n', '\n'))).toBe(expected);
  });
});

describe('a mail of several meters', () => {
  const two = { contacts: { label: 'Contacts', unit: 'credits' }, tokens: { label: 'AI tokens', unit: 'tokens' } };

  test.each([
    ['You have used 80% of your contacts.', 'contacts: at least 80% used'],
    ['Contacts: 80% used\nAI tokens: 50% used', 'unclear-meter'],
    ['You have used 80% of your plan.', 'unclear-meter'],
    // The other sentence may be about the other meter.
    ['Contacts: 80% used\nYou have 1,200 credits left.', 'contacts: at least 80% used'],
    ['Contacts: 80% used\nContacts: 90% used', 'nothing'],
  ])('%s', (text, expected) => {
    expect(read(text, two)).toBe(expected);
  });
});

test('words about other things count where a meter has them in its name or unit', () => {
  expect(read('You have used 5 of 10 seats.', { seats: { label: 'Seats' } })).toBe('5 used of 10');
  expect(read('Your storage is 80% used.', { gb: { label: 'Storage' } })).toBe('at least 80% used');
  expect(read('You have used 80% of your monthly tracked users.', { mtu: { label: 'Monthly tracked users' } })).toBe('at least 80% used');
  expect(read('You have used 80% of your storage.')).toBe('nothing');
});

test('an amount of money is no amount of credits', () => {
  expect(read('You have $12.50 left of your balance.', { usd: { label: 'Balance', unit: 'USD' } })).toBe('12.50 left');
  expect(read('You have $12.50 left of your balance.', { credits: { label: 'Balance', unit: 'credits' } })).toBe('nothing');
});

test('the language of the mail tells what a mark in a number means', () => {
  expect(read('Sie haben wenig Guthaben.\nÜbersicht: 1.200 Credits übrig')).toBe('1200 left');
  expect(read('Sie haben nicht viel Guthaben.\nRest: 1,200 Credits')).toBe('nothing');
  expect(read('You have 1.200 credits left.')).toBe('nothing');
});
