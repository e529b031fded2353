import { AHEAD_MS, holdsUntil } from '../../core/time/clock-skew.ts';
import { DAY_MS } from '../../core/time/local-time.ts';
import type { SubscriptionStore } from '../../ports/stores/action-store.ts';
import type { Actions } from '../../ports/inbound/actions.ts';
import type { Clock } from '../../ports/clock.ts';
import { post, saveNotifications } from '../notify/save-notifications.ts';
import { threadIdOf } from '../notify/thread-id.ts';

/** Whoever heard nothing for so long may ask once more. */
const AGAIN_AFTER_MS = 7 * DAY_MS;

type Parts = {
  readonly store: SubscriptionStore;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly wake: (destinationId: string) => void;
};

/** In a day: more than this of one person, or of all, the admins do not hear. */
const MOST_OF_ONE = 5;
const MOST_OF_ALL = 30;

/**
 * Writes to the admins of creditwatch.yml what somebody wishes who may not do it: only what was refused to that person, as it was kept
 * then, whatever a press brings along. One wish of one person is one thread, so that it is told once.
 */
export function askAdmins({ store, clock, newId, wake }: Parts): Pick<Actions, 'keepRefused' | 'askAdmins'> {
  return {
    async keepRefused({ account, by, platform, command, place }) {
      const id = threadIdOf([account, 'permission-request', by, command.toLowerCase(), place?.kind, place?.address]);
      await store.withRoutes(account, clock.now(), (transaction) => transaction.keepRefused({ id, by, platform, command, place }));
      return id;
    },
    async askAdmins({ account, by, platform, invokedAs, request }) {
      const now = clock.now();
      const { asked, woken } = await store.withRoutes(account, now, async (transaction) => {
        const refused = IS_ID.test(request) ? await transaction.refusedRequest(request) : null;
        if (refused === null || refused.by !== by) return { asked: { done: 'gone' as const }, woken: [] };
        const { id: threadId, command, place } = refused;
        const reached = (await transaction.destinations()).filter(
          (one) => one.fallback && !one.off && one.kind !== 'terminal' && one.address !== by,
        );
        // Who is on the same platform can do it there.
        const near = reached.filter(({ kind }) => kind === platform);
        const admins = near.length > 0 ? near : reached;
        if (admins.length === 0) return { asked: { done: 'nobody' as const }, woken: [] };
        const whom = admins.map(({ address }) => address).sort();
        const said = (await transaction.postedDeliveriesOf(threadId)).length === 0 ? null : await transaction.lastSnapshot(threadId);
        if (
          said?.kind === 'permission-request' &&
          now < holdsUntil(new Date(said.at.getTime() + AGAIN_AFTER_MS), now, AGAIN_AFTER_MS + AHEAD_MS)
        )
          return { asked: { done: 'already' as const, whom, at: said.at }, woken: [] };
        const since = new Date(now.getTime() - DAY_MS);
        if ((await transaction.askedSince(since, by)) >= MOST_OF_ONE || (await transaction.askedSince(since, null)) >= MOST_OF_ALL)
          return { asked: { done: 'too-often' as const }, woken: [] };
        await transaction.markAsked(threadId);
        // What was typed behind the command may name anybody.
        const [word = ''] = command.split(' ');
        await transaction.record({ action: 'ask-admins', actor: { platform, id: by }, about: { command: word }, place, people: whom });
        const snapshot = { kind: 'permission-request' as const, by, invokedAs, command, place: place && { ...place }, at: now };
        const deliveries = admins.map((one) => post(newId(), one.id));
        return {
          asked: { done: 'asked' as const, whom },
          woken: await saveNotifications(transaction, [{ id: newId(), alertId: null, threadId, snapshot, deliveries }]),
        };
      });
      for (const destinationId of woken) wake(destinationId);
      return asked;
    },
  };
}

const IS_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
