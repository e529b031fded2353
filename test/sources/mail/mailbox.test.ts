import { expect, onTestFinished, test, vi } from 'vitest';
import type { KnownMails } from '../../../src/ports/stores/mail-store.ts';
import { err, ok } from '../../../src/core/result.ts';
import { readMailbox, type CheckHead } from '../../../src/sources/mail/mailbox.ts';
import { mailboxOf, startImap, type ImapServer } from '../../support/imap.ts';
import { plainMail } from '../../support/mail.ts';

const DAY_MS = 86_400_000;
const FIRST = Date.parse('2026-11-20T00:00:00Z');

/** A mailbox with so many mails, each with its number as its text, oldest first. */
async function filled(count: number, text: (nth: number) => string = String) {
  const imap = await startImap();
  for (let nth = 0; nth < count; nth += 1)
    imap.deliver({ bytes: Buffer.from(plainMail({ text: text(nth) })), receivedAt: new Date(FIRST + nth * 1000) });
  return imap;
}

async function readBoth(imap: ImapServer, known: (digests: readonly string[]) => KnownMails, checkHead: CheckHead) {
  const result = await readMailbox(mailboxOf(imap), {
    from: ['billing@acme.example'],
    since: new Date(FIRST - DAY_MS),
    signal: new AbortController().signal,
    known: async (digests) => known(digests),
    checkHead,
  });
  if (!result.ok) return result.error.kind;
  return {
    refused: result.value.flatMap((one) => ('refused' in one ? [one.refused] : [])),
    mails: result.value.flatMap((one) => ('bytes' in one ? [Number(Buffer.from(one.bytes).toString().split('\r\n\r\n')[1])] : [])),
  };
}

async function read(imap: ImapServer, known: (digests: readonly string[]) => KnownMails = () => new Map()) {
  const both = await readBoth(imap, known, async (head) => ok(Buffer.from(head).toString()));
  return typeof both === 'string' ? both : both.mails;
}

/** Numbers the digests of a mailbox, which come oldest first. */
function numbered(knownOf: (nth: number) => { readonly isWaiting: boolean; readonly readAt: Date } | null) {
  const nths = new Map<string, number>();
  return (digests: readonly string[]): KnownMails =>
    new Map(
      digests.flatMap((digest) => {
        const nth = nths.get(digest) ?? nths.size;
        nths.set(digest, nth);
        const one = knownOf(nth);
        return one === null ? [] : [[digest, one] as const];
      }),
    );
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => from + at);

test('mails that wait keep no new ones out, and each of them has its turn', async () => {
  const imap = await filled(160);
  const lastRead = new Map(range(0, 60).map((nth) => [nth, FIRST]));
  const known = numbered((nth) => (nth < 60 ? { isWaiting: true, readAt: new Date(lastRead.get(nth) ?? 0) } : null));
  const turns: number[] = [];
  for (let poll = 1; poll <= 6; poll += 1) {
    const mails = await read(imap, known);
    if (typeof mails === 'string') throw new Error(mails);
    // As if the new ones were still not known: they always have 40 places.
    expect(mails.slice(10)).toEqual(range(60, 100));
    for (const nth of mails.slice(0, 10)) lastRead.set(nth, FIRST + poll);
    turns.push(...mails.slice(0, 10));
  }
  expect(turns.toSorted((a, b) => a - b)).toEqual(range(0, 60));
});

test('while there are few new mails, those that wait have the other places', async () => {
  const known = numbered((nth) => (nth < 60 ? { isWaiting: true, readAt: new Date(FIRST) } : null));
  expect(await read(await filled(65), known)).toEqual([...range(0, 45), ...range(60, 65)]);
});

test('a server that is too slow for all mails sends the new ones first, and the ones of both kinds are returned by age', async () => {
  const imap = await filled(8);
  const known = numbered((nth) => (nth < 5 ? { isWaiting: true, readAt: new Date(FIRST) } : null));
  const begun = imap.dripAfter(4);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const result = read(imap, known);
  await begun;
  vi.advanceTimersByTime(25_000);
  expect(await result).toEqual([0, 5, 6, 7]);
});

test('the oldest of thousands of mails is found, and a page at a time is looked up', async () => {
  const pages: number[] = [];
  const known = numbered((nth) => (nth === 0 || nth === 4_400 ? null : { isWaiting: false, readAt: new Date(FIRST) }));
  const counted = (digests: readonly string[]) => {
    pages.push(digests.length);
    return known(digests);
  };
  expect(await read(await filled(4_500), counted)).toEqual([0, 4_400]);
  expect(pages).toEqual([2_000, 2_000, 500]);
});

test('large mails are read some at a time', async () => {
  const imap = await filled(20, (nth) => `${String(nth)} ${' '.repeat(1_000_000)}`);
  expect(await read(imap)).toEqual(range(0, 17));
});

test.each([
  [0, 'timeout'],
  [2, [0, 1]],
])(
  'a server that never ends its answer after %d mails does not hold up a poll, and what it sent before counts',
  async (count, expected) => {
    const imap = await filled(5);
    const begun = imap.dripAfter(count);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const result = read(imap);
    await begun;
    vi.advanceTimersByTime(25_000);
    expect(await result).toEqual(expected);
  },
);

const isDivisible = (by: number) => async (head: Uint8Array) =>
  Number(/Subject: (\d+)/.exec(Buffer.from(head).toString())?.[1]) % by === 0 ? ok(Buffer.from(head).toString()) : err('unsigned' as const);

test('mails that cannot count take no place: only their heads are fetched, and all of them are reported', async () => {
  const imap = await startImap();
  for (let nth = 0; nth < 700; nth += 1) {
    const mail = plainMail({ subject: String(nth), text: String(nth) });
    imap.deliver({ bytes: Buffer.from(mail), receivedAt: new Date(FIRST + nth * 1000) });
  }
  const found = await readBoth(imap, () => new Map(), isDivisible(350));
  expect(found).toEqual({ refused: Array.from({ length: 698 }, () => 'unsigned'), mails: [0, 350] });
  expect(imap.commands.filter((one) => one.includes('BODY.PEEK[]'))).toHaveLength(2);
});

test('a head that comes in time is enough: one whose check takes too long waits, and the others count', async () => {
  const imap = await filled(3);
  let checked = 0;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const result = readBoth(
    imap,
    () => new Map(),
    async () => {
      checked += 1;
      if (checked < 3) return ok(String(checked));
      vi.advanceTimersByTime(10_000);
      return new Promise(() => undefined);
    },
  );
  expect(await result).toEqual({ refused: ['away'], mails: [0, 2] });
});

test('copies of one mail delay no other mail', async () => {
  const imap = await filled(60);
  imap.deliver({ bytes: Buffer.from(plainMail({ subject: 'Other', text: '60' })), receivedAt: new Date(FIRST + 60_000) });
  expect(await read(imap)).toEqual([...range(0, 49), 60]);
});

test('a mailbox that sends no heads alone is read as before', async () => {
  const imap = await filled(60);
  imap.be('headless');
  const found = await readBoth(
    imap,
    () => new Map(),
    async () => err('unsigned'),
  );
  expect(found).toEqual({ refused: [], mails: range(0, 50) });
});
