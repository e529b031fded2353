import { decodeSnapshot } from '../../core/notifications/notification.ts';
import type { CurrentMessageStore } from '../../ports/stores/read-store.ts';
import type { Database } from './sql/database.ts';
import { decodePerson } from '../../core/text/person.ts';

export function createCurrentMessageStore(database: Database): CurrentMessageStore {
  return {
    async currentMessageAt(accountId, kind, messageRef) {
      const posted = await database.models((models) =>
        models.delivery.findMany({
          where: { messageRef, action: { not: 'edit' }, destination: { accountId, kind } },
          orderBy: { seq: 'asc' },
          include: {
            notification: true,
            destination: { include: { account: true } },
            about: {
              where: { action: 'edit', status: { in: ['pending', 'sent'] } },
              orderBy: { seq: 'desc' },
              take: 1,
              include: { notification: true },
            },
          },
        }),
      );
      return posted.map(({ notification, about: [edit], mentions, destination }) => {
        // Only a message of one notification is edited; a summary of several is shown as posted.
        const newest = posted.length === 1 && edit !== undefined ? edit : { notification, mentions };
        return {
          snapshot: decodeSnapshot(newest.notification.snapshot),
          mentions: newest.mentions.map(decodePerson),
          timeZone: destination.account.timeZone,
        };
      });
    },
  };
}
