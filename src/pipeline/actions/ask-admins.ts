import { AHEAD_MS, holdsUntil } from '../../core/time/clock-skew.ts';
import { DAY_MS } from '../../core/time/local-time.ts';
import { isTerminal, type DestinationAddress } from '../../core/notifications/route.ts';
import { encodePerson, isSamePerson, type Person } from '../../core/text/person.ts';
import type { SubscriptionStore } from '../../ports/stores/action-store.ts';
import type { Actions } from '../../ports/inbound/actions.ts';
import type { Clock } from '../../ports/clock.ts';
import { newestMessagesOf, post, saveNotifications } from '../notify/save-notifications.ts';
import { threadIdOf } from '../notify/thread-id.ts';

/** After this, an unanswered request may be repeated. */
const AGAIN_AFTER_MS = 7 * DAY_MS;

type Parts = {
  readonly store: SubscriptionStore;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly wake: (destinationId: string) => void;
};

/** The most requests per day: of one person, and of all people in the account. */
const MOST_OF_ONE = 5;
const MOST_OF_ALL = 30;

/**
 * Sends a permission request to the admins of creditwatch.yml. It uses the refused command as stored, never data from the button. The
 * same request of one person is one thread, so that it is sent once.
 */
export function askAdmins({ store, clock, newId, wake }: Parts): Pick<Actions, 'keepRefused' | 'askAdmins'> {
  return {
    async keepRefused({ account, by, command, place }) {
      const id = threadIdOf([account, 'permission-request', encodePerson(by), command.toLowerCase(), place?.kind, place?.address]);
      await store.withRoutes(account, clock.now(), (transaction) => transaction.keepRefused({ id, by, command, place }));
      return id;
    },
    async askAdmins({ account, by, invokedAs, request }) {
      const now = clock.now();
      const { asked, woken } = await store.withRoutes(account, now, async (transaction) => {
        const refused = IS_ID.test(request) ? await transaction.refusedRequest(request) : null;
        if (refused === null || !isSamePerson(refused.by, by)) return { asked: { done: 'gone' as const }, woken: [] };
        const { id: threadId, command, place } = refused;
        const reached = (await transaction.destinations()).filter(
          (one) => one.fallback && !one.isDisabled && !isTerminal(one.kind) && !isSamePerson(personAt(one), by),
        );
        // Admins on the same platform can run the command there.
        const near = reached.filter(({ kind }) => kind === by.platform);
        const admins = near.length > 0 ? near : reached;
        if (admins.length === 0) return { asked: { done: 'nobody' as const }, woken: [] };
        const whom = admins.map(personAt).sort((one, other) => (one.id < other.id ? -1 : 1));
        const said = (await newestMessagesOf(transaction, threadId)).length === 0 ? null : await transaction.lastSnapshot(threadId);
        if (
          said?.kind === 'permission-request' &&
          now < holdsUntil(new Date(said.at.getTime() + AGAIN_AFTER_MS), now, AGAIN_AFTER_MS + AHEAD_MS)
        )
          return { asked: { done: 'already' as const, whom, at: said.at }, woken: [] };
        const since = new Date(now.getTime() - DAY_MS);
        if ((await transaction.askedSince(since, by)) >= MOST_OF_ONE || (await transaction.askedSince(since, null)) >= MOST_OF_ALL)
          return { asked: { done: 'too-often' as const }, woken: [] };
        await transaction.markAsked(threadId);
        // The arguments of the command may name people.
        const [word = ''] = command.split(' ');
        await transaction.record({ action: 'ask-admins', actor: by, about: { command: word }, place, people: whom });
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

/** The fallback destinations on platforms are the direct messages of the admins. */
function personAt({ kind, address }: DestinationAddress): Person {
  return { platform: kind, id: address };
}

const IS_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
