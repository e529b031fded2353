import { expect, test } from 'vitest';
import { headsToFetch, mailsToFetch, type ListedMail } from '../../../src/sources/mail/listed-mails.ts';

const fresh = (...uids: readonly number[]): readonly ListedMail[] => uids.map((uid) => ({ uid, digest: String(uid), readAt: null }));
const waiting = (...uids: readonly number[]): readonly ListedMail[] =>
  uids.map((uid, at) => ({ uid, digest: String(uid), readAt: new Date(at) }));
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
