import type { Snapshot } from '../../core/notifications/notification.ts';
import { quietHoursEnd } from '../../core/notifications/quiet-hours.ts';
import { severityOf } from '../../messages/notices/notification.ts';
import type { AccountTransaction, NewDelivery, NewNotification } from '../../ports/stores/account-transaction.ts';
import type { Person } from '../../core/text/person.ts';

/** The latest delivery of a thread to a destination. */
export type PostedDelivery = { readonly destinationId: string; readonly deliveryId: string };

/** Returns the newest message of each destination. `messages`: newest first. */
export function newestOf(messages: readonly PostedDelivery[]): readonly PostedDelivery[] {
  return messages.filter(({ destinationId }, index) => messages.findIndex((one) => one.destinationId === destinationId) === index);
}

/** Reads the newest message of a thread at each destination where it is posted or pending. */
export async function newestMessagesOf(transaction: AccountTransaction, threadId: string): Promise<readonly PostedDelivery[]> {
  return newestOf((await transaction.messagesOf([threadId])).get(threadId) ?? []);
}

/**
 * Stores notifications with their deliveries, which are held during the quiet hours of a person.
 *
 * @returns the destinations to wake after the commit
 */
export async function saveNotifications(
  transaction: AccountTransaction,
  notifications: readonly NewNotification[],
): Promise<readonly string[]> {
  await transaction.saveNotifications(notifications, ({ snapshot }) => quietUntil(snapshot, transaction));
  return [...new Set(notifications.flatMap((notification) => notification.deliveries.map((delivery) => delivery.destinationId)))];
}

function quietUntil(snapshot: Snapshot, { now, account }: AccountTransaction): Date | null {
  // A person who has just subscribed is at the keyboard.
  const isAnswer = snapshot.kind === 'alert' && snapshot.change === 'present';
  return isAnswer ? null : quietHoursEnd(severityOf(snapshot), now, account.timeZone);
}

export function post(id: string, destinationId: string, mentions: readonly Person[] = []): NewDelivery {
  return { id, destinationId, mentions, action: 'post', targetId: null };
}

/** Creates an edit of the message of an earlier delivery. */
export function edit(id: string, posted: PostedDelivery): NewDelivery {
  return { id, destinationId: posted.destinationId, mentions: [], action: 'edit', targetId: posted.deliveryId };
}

/** Creates a reply under the message of an earlier delivery. */
export function reply(id: string, posted: PostedDelivery, mentions: readonly Person[] = []): NewDelivery {
  return { id, destinationId: posted.destinationId, mentions, action: 'reply', targetId: posted.deliveryId };
}
