import { z } from 'zod';
import { attemptKinds, attemptOutcomes, deliveryActions, deliveryStatuses, inDoubt } from '../../../core/notifications/delivery.ts';
import { decodeSnapshot } from '../../../core/notifications/notification.ts';
import type { PendingDelivery } from '../../../ports/stores/delivery-store.ts';
import type { Database } from './database.ts';
import { addressFromRow } from './rows.ts';
import { decodePerson } from '../../../core/text/person.ts';

/** The reason of attempts whose process stopped before it wrote their outcome. */
export const INTERRUPTED = 'interrupted';

export const idRows = z.array(z.object({ id: z.string() }));

const pendingRows = z.array(
  z.object({
    id: z.string(),
    destination_id: z.string(),
    action: z.enum(deliveryActions),
    group_id: z.string().nullable(),
    was_held: z.boolean(),
    mentions: z.array(z.string()),
    ready_at: z.date(),
    time_zone: z.string(),
    snapshot: z.unknown(),
    alert_id: z.string().nullable(),
    alert_open: z.boolean(),
    target_id: z.string().nullable(),
    target_status: z.enum(deliveryStatuses).nullable(),
    target_ref: z.string().nullable(),
    target_group: z.string().nullable(),
    meant_kind: z.string().nullable(),
    meant_address: z.string().nullable(),
    attempts: z
      .array(
        z.object({
          number: z.int(),
          kind: z.enum(attemptKinds),
          startedAt: z.coerce.date(),
          outcome: z.enum(attemptOutcomes).nullable(),
          isInterrupted: z.boolean(),
        }),
      )
      .nullable(),
  }),
);

/**
 * Reads the pending deliveries of destinations that are not held, in their order, with all data needed to render them. One
 * statement serves all destinations, because a thousand drains may run at once.
 *
 * @param most the most deliveries per destination
 */
export async function readPending(
  database: Database,
  destinationIds: readonly string[],
  most: number,
  now: Date,
): Promise<readonly { readonly destinationId: string; readonly delivery: PendingDelivery }[]> {
  const rows = pendingRows.parse(
    await database.query(
      (queries) => queries.rows`
        SELECT waiting.id, waiting.destination_id, waiting.action, waiting.group_id, waiting.held_until IS NOT NULL AS was_held, waiting.mentions,
          greatest(waiting.due_at, destination.next_allowed_at, destination.paused_until) AS ready_at, account.time_zone, notification.snapshot, alert.id AS alert_id, alert.open_topic IS NOT NULL AS alert_open,
          target.id AS target_id, target.status AS target_status, target.message_ref AS target_ref, target.group_id AS target_group, meant.kind AS meant_kind, meant.address AS meant_address,
          (SELECT json_agg(json_build_object('number', number, 'kind', kind, 'startedAt', started_at, 'outcome', outcome, 'isInterrupted', outcome IS NULL OR reason IS NOT DISTINCT FROM ${INTERRUPTED}::text) ORDER BY number) FROM attempt WHERE delivery_id = waiting.id) AS attempts
        FROM unnest(${[...destinationIds]}::uuid[]) AS place(id) JOIN destination ON destination.id = place.id AND destination.disabled_reason IS NULL CROSS JOIN LATERAL (
          SELECT * FROM delivery WHERE destination_id = place.id AND status = 'pending' AND (held_until IS NULL OR held_until <= ${now}) ORDER BY seq LIMIT ${most}::int
        ) AS waiting
        JOIN account ON account.id = destination.account_id JOIN notification ON notification.id = waiting.notification_id
        LEFT JOIN alert ON alert.id = notification.alert_id LEFT JOIN delivery AS target ON target.id = waiting.target_id LEFT JOIN destination AS meant ON meant.id = waiting.original_destination_id
        ORDER BY waiting.seq`,
    ),
  );
  const overtaken = await readOvertaken(
    database,
    rows.filter((row) => row.was_held).map(({ id }) => id),
  );
  const messages = await readMessages(
    database,
    rows.flatMap((row) => row.target_group ?? []),
  );
  return rows.map((row) => {
    const attempts = row.attempts ?? [];
    const delivery: PendingDelivery = {
      id: row.id,
      action: row.action,
      snapshot: decodeSnapshot(row.snapshot),
      alert: row.alert_id === null ? null : { id: row.alert_id, open: row.alert_open },
      overtaken: overtaken.has(row.id),
      target:
        row.target_id === null || row.target_status === null
          ? null
          : {
              id: row.target_id,
              status: row.target_status,
              messageRef: row.target_ref,
              members: messages.get(row.target_group ?? '') ?? [],
            },
      groupId: row.group_id,
      originalDestination:
        row.meant_kind === null || row.meant_address === null ? null : addressFromRow({ kind: row.meant_kind, address: row.meant_address }),
      inDoubt: inDoubt(attempts).length > 0,
      timeZone: row.time_zone,
      mentions: row.mentions.map(decodePerson),
      readyAt: row.ready_at,
      attempts,
    };
    return { destinationId: row.destination_id, delivery };
  });
}

/** Returns the held deliveries for which a newer message of the same thread was posted at the destination. */
async function readOvertaken(database: Database, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = idRows.parse(
    await database.query(
      (queries) => queries.rows`
        SELECT held.id FROM delivery AS held JOIN notification ON notification.id = held.notification_id
        WHERE held.id = ANY(${[...ids]}::uuid[]) AND held.action = 'post' AND EXISTS (
          SELECT 1 FROM delivery AS later JOIN notification AS news ON news.id = later.notification_id
          WHERE news.thread_id = notification.thread_id AND later.destination_id = held.destination_id AND later.action = 'post' AND later.seq > held.seq AND later.status IN ('sent', 'unknown')
        )`,
    ),
  );
  return new Set(rows.map(({ id }) => id));
}

type Members = NonNullable<PendingDelivery['target']>['members'];

/** Reads the members of grouped messages by group id, each as posted or as last edited. */
async function readMessages(database: Database, groupIds: readonly string[]): Promise<ReadonlyMap<string, Members>> {
  if (groupIds.length === 0) return new Map();
  const rows = await database.models((models) =>
    models.delivery.findMany({
      where: { groupId: { in: [...new Set(groupIds)] }, action: 'post', status: 'sent' },
      orderBy: { seq: 'asc' },
      include: {
        notification: true,
        about: { where: { action: 'edit', status: 'sent' }, orderBy: { seq: 'desc' }, take: 1, include: { notification: true } },
      },
    }),
  );
  const messages = new Map<string, Members>();
  for (const { id, groupId, notification, about } of rows) {
    const member = { deliveryId: id, snapshot: decodeSnapshot((about[0]?.notification ?? notification).snapshot) };
    if (groupId !== null) messages.set(groupId, [...(messages.get(groupId) ?? []), member]);
  }
  return messages;
}
