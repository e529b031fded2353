import { expect, test } from 'vitest';
import { headsToFetch, mailsToFetch, type HeadedMail, type ListedMail } from '../../../src/sources/mail/listed-mails.ts';

const fresh = (...uids: readonly number[]): readonly HeadedMail[] =>
  uids.map((uid) => ({ uid, digest: String(uid), readAt: null, head: String(uid) }));
const waiting = (...uids: readonly number[]): readonly HeadedMail[] =>
  uids.map((uid, at) => ({ uid, digest: String(uid), readAt: new Date(at), head: String(uid) }));
const uidsOf = (mails: readonly ListedMail[]) => mails.map(({ uid }) => uid);

test.each<[string, { most: number; mostWaiting: number }, readonly number[]]>([
  ['all fit', { most: 20, mostWaiting: 2 }, [6, 11, 1, 12, 5, 13, 2, 4, 3]],
  ['some fit', { most: 5, mostWaiting: 2 }, [6, 11, 1, 12, 5]],
  ['one fits', { most: 1, mostWaiting: 0 }, [6]],
])('if %s, heads are fetched from both ends of the new mails, and in turn with those that wait', (_name, places, expected) => {
  const heads = headsToFetch({ fresh: fresh(1, 2, 3, 4, 5, 6), waiting: waiting(11, 12, 13) }, places);
  expect(uidsOf(heads)).toEqual(expected);
});

test('whole mails are fetched oldest first, and behind them those that wait, of which each has its turn', () => {
  const mails = [...fresh(6, 2, 4), ...waiting(13, 11, 12)];
  expect(uidsOf(mailsToFetch(mails, { most: 4, mostWaiting: 2 }))).toEqual([2, 4, 13, 11]);
  expect(uidsOf(mailsToFetch(mails, { most: 5, mostWaiting: 1 }))).toEqual([2, 4, 6, 13, 11]);
  expect(uidsOf(mailsToFetch(mails.toReversed(), { most: 20, mostWaiting: 1 }))).toEqual([2, 4, 6, 13, 11, 12]);
});

test('copies of a mail are fetched behind all others of their kind', () => {
  const copied = (mails: readonly HeadedMail[]) => mails.map((one) => (one.uid % 2 === 0 ? { ...one, head: 'same' } : one));
  const mails = [...copied(fresh(1, 2, 3, 4, 6, 7)), ...copied(waiting(12, 14, 15))];
  expect(uidsOf(mailsToFetch(mails, { most: 20, mostWaiting: 3 }))).toEqual([1, 2, 3, 7, 4, 6, 12, 15, 14]);
});
