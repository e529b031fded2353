import type { KnownMails } from '../../ports/stores/mail-store.ts';

/** A mail of a folder that may be read. `readAt`: of one that waits, when it was last read; null for a new one. */
export type ListedMail = { readonly uid: number; readonly digest: string; readonly readAt: Date | null };
/** One whose head was checked. `head` is the same for each copy. */
export type HeadedMail = ListedMail & { readonly head: string };
/** The mails to read, the new ones oldest first, and those that wait by when they were last read. */
export type Listed<M extends ListedMail = ListedMail> = { readonly fresh: readonly M[]; readonly waiting: readonly M[] };

/** Mails that are looked up in the database at once. */
const PAGE = 2_000;

/** Leaves out mails that were read before and do not wait. */
export async function listUnread(
  mails: readonly { readonly uid: number; readonly digest: string }[],
  known: (digests: readonly string[]) => Promise<KnownMails>,
): Promise<Listed> {
  const unread: ListedMail[] = [];
  for (let at = 0; at < mails.length; at += PAGE) {
    const page = mails.slice(at, at + PAGE);
    const read = await known(page.map(({ digest }) => digest));
    for (const one of page) {
      const before = read.get(one.digest);
      if (before === undefined) unread.push({ ...one, readAt: null });
      else if (before.isWaiting) unread.push({ ...one, readAt: before.readAt });
    }
  }
  return inOrder(unread);
}

function inOrder<M extends ListedMail>(mails: readonly M[]): Listed<M> {
  return {
    fresh: mails.filter(({ readAt }) => readAt === null).toSorted((a, b) => a.uid - b.uid),
    waiting: mails.filter(({ readAt }) => readAt !== null).toSorted((a, b) => (a.readAt?.getTime() ?? 0) - (b.readAt?.getTime() ?? 0)),
  };
}

/** Of a poll: so many mails in all, and so many places for those that wait if there are more new ones than fit. */
type Places = { readonly most: number; readonly mostWaiting: number };

function withPlace({ fresh, waiting }: Listed, { most, mostWaiting }: Places): Listed {
  const again = waiting.slice(0, Math.max(mostWaiting, most - fresh.length));
  return { fresh: fresh.slice(0, most - again.length), waiting: again };
}

/**
 * Chooses the mails whose heads are fetched. New ones are taken from both ends, newest first, and those that wait in turn with them: a
 * flood of mails delays neither the mails before nor those after it, nor the look-ups for their keys.
 */
export function headsToFetch({ fresh, waiting }: Listed, places: Places): readonly ListedMail[] {
  const ends = alternating(fresh.toReversed(), fresh).slice(0, fresh.length);
  const chosen = withPlace({ fresh: ends, waiting }, places);
  return alternating(chosen.fresh, chosen.waiting);
}

/**
 * Chooses the mails that are fetched as a whole: the oldest new ones, then of those that wait the ones that were not read for the longest time.
 * Copies come behind the others: whoever has a genuine mail can send it again hundreds of times.
 */
export function mailsToFetch(mails: readonly HeadedMail[], places: Places): readonly ListedMail[] {
  const all = inOrder(mails);
  const { fresh, waiting } = withPlace({ fresh: copiesLast(all.fresh), waiting: copiesLast(all.waiting) }, places);
  return [...fresh, ...waiting];
}

function copiesLast(mails: readonly HeadedMail[]): readonly HeadedMail[] {
  const first = new Map(mails.toReversed().map((one) => [one.head, one]));
  const isFirst = (one: HeadedMail) => first.get(one.head) === one;
  return [...mails.filter(isFirst), ...mails.filter((one) => !isFirst(one))];
}

function alternating<T>(first: readonly T[], second: readonly T[]): readonly T[] {
  const longer = first.length > second.length ? first : second;
  return longer.flatMap((_, at) => [...first.slice(at, at + 1), ...second.slice(at, at + 1)]);
}
