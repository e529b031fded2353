import type { AlertSnapshot } from '../../core/notifications/notification.ts';
import type { NewDelivery, NewNotification } from '../../ports/stores/account-transaction.ts';
import { edit, reply, type PostedDelivery } from './save-notifications.ts';
import type { Person } from '../../core/text/person.ts';

/**
 * Edits every message of an ended alert, including older ones that pointed to a newer message, so that none keeps the color or the
 * buttons of an open alert.
 *
 * @param messages all messages of the alert, newest first
 * @param answered where the newest message also gets a reply in its thread, and whom the reply mentions; null for no reply
 */
export function endOfAlert(
  {
    alertId,
    snapshot,
    messages,
  }: { readonly alertId: string; readonly snapshot: AlertSnapshot; readonly messages: readonly PostedDelivery[] },
  answered: { readonly isAt: (destinationId: string) => boolean; readonly mentions: readonly Person[] } | null,
  newId: () => string,
): readonly NewNotification[] {
  const [newest = [], ...older] = newestFirst(messages);
  const notify = (said: AlertSnapshot, deliveries: readonly NewDelivery[]): NewNotification => ({
    id: newId(),
    alertId,
    threadId: alertId,
    snapshot: said,
    deliveries,
  });
  return [
    notify(
      snapshot,
      newest.flatMap((one) => [edit(newId(), one), ...(answered?.isAt(one.destinationId) ? [reply(newId(), one, answered.mentions)] : [])]),
    ),
    // On platforms without edits, closing an older message is not news and posts nothing.
    ...older.map((messagesOfOne) =>
      notify(
        { ...snapshot, change: 'closed' },
        messagesOfOne.map((one) => edit(newId(), one)),
      ),
    ),
  ];
}

/**
 * Groups messages into rounds: the newest of each destination, then the second newest, and so on, because a notification edits one
 * message per destination.
 */
function newestFirst(messages: readonly PostedDelivery[]): readonly (readonly PostedDelivery[])[] {
  const rounds: PostedDelivery[][] = [];
  const seen = new Map<string, number>();
  for (const one of messages) {
    const round = seen.get(one.destinationId) ?? 0;
    seen.set(one.destinationId, round + 1);
    (rounds[round] ??= []).push(one);
  }
  return rounds;
}
