import { z } from 'zod';
import { encodeSnapshot } from '../../core/notifications/notification.ts';
import { deliveryStatuses } from '../../core/notifications/delivery.ts';
import { readerOf } from '../../core/notifications/route.ts';
import type { TestStore } from '../../ports/stores/read-store.ts';
import type { Database } from './sql/database.ts';
import { recordAudit } from './audit-store.ts';
import { toJson } from './sql/json.ts';
import { destinationFromRow } from './sql/rows.ts';
import { turnOn } from './sql/destinations.ts';

const statusSchema = z.enum(deliveryStatuses);

/** Stores test messages as ordinary notifications, so that a test takes the same path as an alert. */
export function createTestStore(database: Database): TestStore {
  return {
    addTest: (destinationId, route, ids, { actor, now }) =>
      database.modelTransaction(async (models, queries) => {
        await turnOn(queries, { id: destinationId }, now);
        const row = await models.destination.findUniqueOrThrow({ where: { id: destinationId } });
        const { accountId } = row;
        const place = destinationFromRow(row);
        const reader = readerOf(place);
        const snapshot = toJson(encodeSnapshot({ kind: 'test', route }));
        await models.notification.create({
          data: { id: ids.notification, accountId, threadId: ids.notification, kind: 'test', snapshot, createdAt: now },
        });
        await recordAudit(queries, accountId, { action: 'test-sent', actor, ...(reader ? { people: [reader] } : { place }) }, now);
        await models.delivery.create({
          data: {
            id: ids.delivery,
            notificationId: ids.notification,
            destinationId,
            mentions: [],
            status: 'pending',
            dueAt: now,
            createdAt: now,
          },
        });
      }),

    async deliveryResult(deliveryId) {
      const row = await database.models((models) =>
        models.delivery.findUnique({
          where: { id: deliveryId },
          include: { destination: true, attempts: { orderBy: { number: 'desc' }, take: 1 } },
        }),
      );
      return (
        row && {
          status: statusSchema.parse(row.status),
          reason: row.attempts[0]?.reason ?? null,
          disabledReason: row.destination.disabledReason,
        }
      );
    },
  };
}
