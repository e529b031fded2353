import type { AlertSnapshot } from '../../core/notifications/notification.ts';
import type { NewDelivery, NewNotification } from '../../ports/stores/account-transaction.ts';
import { edit, reply, type PostedDelivery } from './save-notifications.ts';

/**
 * Makes every message of an alert that has ended say so, older ones that pointed to a newer message too: none of them keeps the color
 * or the buttons of an open alert.
 *
 * @param messages all of the alert, newest first
 * @param answered where the newest message also gets a reply in its thread, with whom it mentions; null: nowhere
 */
export function endOfAlert(
  {
    alertId,
    snapshot,
    messages,
  }: { readonly alertId: string; readonly snapshot: AlertSnapshot; readonly messages: readonly PostedDelivery[] },
  answered: { readonly isAt: (destinationId: string) => boolean; readonly mentions: readonly string[] } | null,
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
    // Said once is enough where messages cannot be edited: an older message that is closed is no news.
    ...older.map((messagesOfOne) =>
      notify(
        { ...snapshot, change: 'closed' },
        messagesOfOne.map((one) => edit(newId(), one)),
      ),
    ),
  ];
}

/** The newest message of each destination, then those before them, and so on: a notification edits one message of a destination. */
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
