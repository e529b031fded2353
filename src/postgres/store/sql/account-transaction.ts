import { z } from 'zod';
import { decodeSnapshot, encodeSnapshot, type PresumedResetSnapshot } from '../../../core/notifications/notification.ts';
import type { TimerKind } from '../../../core/notifications/timer.ts';
import type { AccountTransaction } from '../../../ports/stores/account-transaction.ts';
import type { Prisma } from '../../generated/client.ts';
import { recordAudit } from '../audit-store.ts';
import { ensureDestination, hastenFailover } from './destinations.ts';
import { readDigestMeters, readPostedAlerts } from './digest.ts';
import { destinationFromRow, routeFromRow, ruleFromRow } from './rows.ts';
import { encodePerson, uniquePeople, type Person } from '../../../core/text/person.ts';

/**
 * The part of a transaction that ingests, timers and people's actions share: the account's rules, routes and destinations, and
 * saving notifications.
 */
export function createAccountTransaction(
  queries: Prisma.TransactionClient,
  account: AccountTransaction['account'],
  now: Date,
): AccountTransaction {
  const accountId = account.id;
  return {
    account,
    now,
    record: (entry) => recordAudit(queries, accountId, entry, now),
    async rules() {
      const rows = await queries.rule.findMany({ where: { accountId, retired: false } });
      return rows.map(ruleFromRow);
    },
    async routes() {
      const rows = await queries.$queryRaw`
        SELECT route.id, settings, origin, created_by AS "createdBy", kind, address, is_direct AS "isDirect"
        FROM route JOIN destination ON destination.id = destination_id WHERE route.account_id = ${accountId} ORDER BY route.id`;
      return routeRows
        .parse(rows)
        .map(({ kind, address, isDirect, ...row }) => routeFromRow({ ...row, destination: { kind, address, isDirect } }));
    },

    async destinations() {
      const rows = await queries.$queryRaw`
        SELECT id, kind, address, is_direct AS "isDirect", fallback, disabled_reason AS "disabledReason" FROM destination WHERE account_id = ${accountId}`;
      return destinationRows.parse(rows).map(destinationFromRow);
    },
    async destination(address) {
      const id = await ensureDestination(queries, accountId, address);
      return destinationFromRow(await queries.destination.findUniqueOrThrow({ where: { id } }));
    },

    meters: () => readDigestMeters(queries, accountId),
    postedAlerts: (meterId, since) => readPostedAlerts(queries, meterId, since),

    async messagesOf(threadIds) {
      if (threadIds.length === 0) return new Map();
      const rows = await queries.$queryRaw`
        SELECT thread_id AS "threadId", delivery.id AS "deliveryId", destination_id AS "destinationId"
        FROM notification JOIN delivery ON delivery.notification_id = notification.id
        WHERE thread_id = ANY(${[...threadIds]}::uuid[]) AND action = 'post' AND delivery.status IN ('pending', 'sent', 'unknown')
        ORDER BY delivery.seq DESC`;
      return grouped(messageRows.parse(rows), ({ threadId }) => threadId);
    },

    async saveNotifications(notifications, heldUntil) {
      if (notifications.length === 0) return;
      const rows = notifications.map(({ id, alertId, threadId, snapshot }) => ({
        id,
        alert_id: alertId,
        thread_id: threadId,
        kind: snapshot.kind,
        snapshot: encodeSnapshot(snapshot),
      }));
      await queries.$executeRaw`
        INSERT INTO notification (id, account_id, alert_id, thread_id, kind, snapshot, created_at)
        SELECT id, ${accountId}, alert_id, thread_id, kind, snapshot, ${now}
        FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS new(id uuid, alert_id uuid, thread_id uuid, kind text, snapshot jsonb)`;
      const deliveries = notifications.flatMap((notification) =>
        notification.deliveries.map((delivery) => ({
          id: delivery.id,
          notification_id: notification.id,
          destination_id: delivery.destinationId,
          action: delivery.action,
          target_id: delivery.targetId,
          mentions: delivery.mentions.map(encodePerson),
          held_until: delivery.action === 'post' ? heldUntil(notification, delivery) : null,
        })),
      );
      // In the given order, which is that of their sequence numbers.
      await queries.$executeRaw`
        INSERT INTO delivery (id, notification_id, destination_id, action, target_id, mentions, status, due_at, held_until, created_at)
        SELECT id, notification_id, destination_id, action, target_id, mentions, 'pending', ${now}, held_until, ${now}
        FROM ROWS FROM (jsonb_to_recordset(${JSON.stringify(deliveries)}::jsonb)
          AS (id uuid, notification_id uuid, destination_id uuid, action text, target_id uuid, mentions text[], held_until timestamptz))
          WITH ORDINALITY AS new(id, notification_id, destination_id, action, target_id, mentions, held_until, place)
        ORDER BY place`;
      const isEdited = notifications.some(({ deliveries }) => deliveries.some(({ targetId }) => targetId !== null));
      if (isEdited)
        await queries.$executeRaw`
        UPDATE delivery SET held_until = target.held_until FROM delivery AS target
        WHERE delivery.notification_id = ANY(${notifications.map(({ id }) => id)}::uuid[]) AND target.id = delivery.target_id
          AND target.status = 'pending' AND target.held_until > ${now}`;
      await hastenFailover(
        queries,
        notifications.flatMap(({ deliveries }) => deliveries.map((one) => one.destinationId)),
        now,
      );
    },

    async lookedAfter(alertIds) {
      if (alertIds.length === 0) return new Map();
      const rows = await queries.notification.findMany({
        where: { alertId: { in: [...alertIds] }, kind: 'alert' },
        orderBy: { createdAt: 'asc' },
      });
      // Snapshots name everyone who acted on the alert; the row of the alert names only the last person.
      const said = rows.flatMap(({ alertId, snapshot: stored }) => {
        const snapshot = decodeSnapshot(stored);
        return snapshot.kind === 'alert' && alertId !== null ? [{ alertId, snapshot }] : [];
      });
      const people = new Map<string, readonly Person[]>();
      for (const [alertId, all] of grouped(said, (one) => one.alertId)) {
        const deeds = [...all.map(({ snapshot }) => snapshot.acknowledged), ...all.map(({ snapshot }) => snapshot.requested)];
        people.set(alertId, uniquePeople(deeds.flatMap((deed) => (deed ? [deed.by] : []))));
      }
      return people;
    },

    async lastSnapshot(threadId) {
      const latest = await queries.delivery.findFirst({
        where: {
          action: { in: ['post', 'edit'] },
          notification: { threadId, OR: [{ kind: { not: 'alert' } }, { NOT: { snapshot: { path: ['change'], equals: 'superseded' } } }] },
        },
        orderBy: { seq: 'desc' },
        include: { notification: true },
      });
      return latest && decodeSnapshot(latest.notification.snapshot);
    },

    async presumedResets(source, since) {
      const rows = await queries.notification.findMany({
        where: { accountId, kind: 'presumed-reset', createdAt: { gte: since } },
        orderBy: { createdAt: 'asc' },
      });
      const said = new Map<string, PresumedResetSnapshot>();
      for (const { threadId, snapshot: stored } of rows) {
        const snapshot = decodeSnapshot(stored);
        // A question is answered once. The answer may have the same timestamp as the question.
        if (snapshot.kind === 'presumed-reset' && snapshot.meter.source === source && !said.get(threadId)?.answer)
          said.set(threadId, snapshot);
      }
      return [...said].map(([threadId, snapshot]) => ({ threadId, snapshot }));
    },

    async hastenTimer(kind, subject, dueAt) {
      await queries.$executeRaw`
        INSERT INTO timer (account_id, kind, subject, due_at, set_at) VALUES (${accountId}, ${kind}, ${subject}, ${dueAt}, ${now})
        ON CONFLICT (account_id, kind, subject) DO UPDATE SET due_at = excluded.due_at, set_at = excluded.set_at WHERE timer.due_at > excluded.due_at`;
    },

    setTimers,

    async setTimer(kind, subject, dueAt) {
      if (dueAt !== null) return setTimers(kind, [subject], dueAt);
      await queries.$executeRaw`DELETE FROM timer WHERE account_id = ${accountId} AND kind = ${kind} AND subject = ${subject}`;
    },
  };

  async function setTimers(kind: TimerKind, subjects: readonly string[], dueAt: Date): Promise<void> {
    if (subjects.length === 0) return;
    await queries.$executeRaw`
      INSERT INTO timer (account_id, kind, subject, due_at, set_at)
      SELECT ${accountId}, ${kind}, subject, ${dueAt}, ${now} FROM unnest(${[...new Set(subjects)]}::text[]) AS subject
      ON CONFLICT (account_id, kind, subject) DO UPDATE SET due_at = excluded.due_at, set_at = excluded.set_at`;
  }
}

const placeColumns = { kind: z.string(), address: z.string(), isDirect: z.boolean() };
const routeRows = z.array(
  z.object({ id: z.string(), settings: z.unknown(), origin: z.string(), createdBy: z.string().nullable(), ...placeColumns }),
);
const destinationRows = z.array(
  z.object({ id: z.string(), fallback: z.boolean(), disabledReason: z.string().nullable(), ...placeColumns }),
);

const messageRows = z.array(z.object({ threadId: z.string(), deliveryId: z.string(), destinationId: z.string() }));

function grouped<One>(all: readonly One[], keyOf: (one: One) => string): ReadonlyMap<string, readonly One[]> {
  const groups = new Map<string, One[]>();
  for (const one of all) {
    const group = groups.get(keyOf(one));
    if (group) group.push(one);
    else groups.set(keyOf(one), [one]);
  }
  return groups;
}
