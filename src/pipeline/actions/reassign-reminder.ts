import { isTerminal, readerOf, type DestinationAddress } from '../../core/notifications/route.ts';
import { isSamePerson, type Person } from '../../core/text/person.ts';
import type { Actions } from '../../ports/inbound/actions.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ActionStore, LastReminder } from '../../ports/stores/action-store.ts';
import { post, saveNotifications } from '../notify/save-notifications.ts';

type Parts = {
  readonly store: ActionStore;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly wake: (destinationId: string) => void;
};

/** Creates the actions of a reminder to paste figures: reassign it, or stop it. */
export function reminderActions({ store, clock, newId, wake }: Parts): Pick<Actions, 'remindOthers' | 'stopReminding'> {
  return {
    async remindOthers({ account, source, by, place, isAdmin }) {
      const outcome = await store.withSource(account, source, clock.now(), async (transaction) => {
        const reminder = await transaction.lastReminder();
        if (reminder === null) return { reassigned: { done: 'nothing' as const }, woken: [] };
        const may = mayReassign(reminder, { by, place, isAdmin });
        if (may !== 'yes') return { reassigned: { done: may }, woken: [] };
        const destinations = await transaction.destinations();
        const asked = reminder.asked.flat();
        const isOther = (one: DestinationAddress) => !isReader(one, by) && !asked.some((place) => isSamePlace(place, one));
        const admins = destinations.filter((one) => one.fallback && !one.isDisabled && !isTerminal(one.kind) && isOther(one));
        const others = admins.length > 0 ? admins : (await transaction.operations()).filter((one) => !isTerminal(one.kind) && isOther(one));
        if (others.length === 0) return { reassigned: { done: 'nobody' as const }, woken: [] };
        const people = others.flatMap((one) => readerOf(one) ?? []);
        await transaction.record({ action: 'reminder-reassigned', actor: by, about: { source }, people });
        const id = newId();
        const woken = await saveNotifications(transaction, [
          { id, alertId: null, threadId: id, snapshot: reminder.snapshot, deliveries: others.map((one) => post(newId(), one.id)) },
        ]);
        return {
          reassigned: {
            done: 'asked' as const,
            whom: others.map(({ kind, address, direct }) => ({ kind, address, ...(direct && { direct }) })),
          },
          woken,
        };
      });
      for (const destinationId of outcome?.woken ?? []) wake(destinationId);
      return outcome?.reassigned ?? { done: 'nothing' };
    },

    async stopReminding({ account, source, by, of }) {
      const stopped = await store.withSource(account, source, clock.now(), async (transaction) => {
        if (of === 'requester' && (transaction.ingestedBy === null || !isReader(transaction.ingestedBy, by)))
          return { done: 'not-asked' as const };
        await transaction.saveReminderStopped(by);
        await transaction.record({ action: 'reminders-stopped', actor: by, about: { source } });
        return { done: 'stopped' as const };
      });
      return stopped ?? { done: 'nothing' };
    },
  };
}

type Reassigning = { readonly by: Person; readonly place: DestinationAddress | null; readonly isAdmin: boolean };

/**
 * Whether a person may reassign a reminder, once for each time it was sent. A person who did not get it learns nothing, not even
 * whether the source exists.
 */
function mayReassign({ asked }: LastReminder, { by, place, isAdmin }: Reassigning): 'yes' | 'already' | 'nothing' {
  const cameTo = (places: readonly DestinationAddress[]) =>
    places.some((one) => isReader(one, by) || (place !== null && isSamePlace(one, place)));
  if (cameTo(asked.at(-1) ?? []) || (isAdmin && asked.length === 1)) return 'yes';
  return isAdmin || cameTo(asked.flat()) ? 'already' : 'nothing';
}

function isReader(place: DestinationAddress, person: Person): boolean {
  const reader = readerOf(place);
  return reader !== null && isSamePerson(reader, person);
}

function isSamePlace(one: DestinationAddress, other: DestinationAddress): boolean {
  return one.kind === other.kind && one.address === other.address;
}
