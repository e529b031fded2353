import { z } from 'zod';
import { decodeSnapshot, encodeSnapshot, type PresumedResetSnapshot } from '../../../core/notifications/notification.ts';
import { forOperations } from '../../../core/notifications/route.ts';
import type { TimerKind } from '../../../core/notifications/timer.ts';
import { grouped } from '../../../core/grouped.ts';
import type { AccountTransaction, RouteToDestination } from '../../../ports/stores/account-transaction.ts';
import { Prisma } from '../../generated/client.ts';
import { recordAudit } from '../audit-store.ts';
import { ensureDestination, hastenFailover } from './destinations.ts';
import { readDigestMeters, readMetersWithAlerts, readPostedAlerts } from './digest.ts';
import type { Queries } from './queries.ts';
import { destinationFromRow, destinationRows, DESTINATION_COLUMNS, routeFromRow, ruleFromRow, ruleRows } from './rows.ts';
import { encodePerson, uniquePeople, type Person } from '../../../core/text/person.ts';

/**
 * Reads what a transaction has to know of its account.
 *
 * @throws Error if the account does not exist
 */
export async function readAccount(queries: Queries, id: string): Promise<AccountTransaction['account']> {
  const [row] = accountRows.parse(await queries.rows`SELECT time_zone AS "timeZone" FROM account WHERE id = ${id}`);
  if (row === undefined) throw new Error(`account not found: ${id}`);
  return { id, timeZone: row.timeZone };
}

const accountRows = z.array(z.object({ timeZone: z.string() }));

/**
 * The part of a transaction that ingests, timers and people's actions share: the account's rules, routes and destinations, and
 * saving notifications.
 */
export function createAccountTransaction(queries: Queries, account: AccountTransaction['account'], now: Date): AccountTransaction {
  const accountId = account.id;
  return {
    account,
    now,
    record: (entry) => recordAudit(queries, accountId, entry, now),
    async rules() {
      const rows = await queries.rows`SELECT id, kind, version, meters, params FROM rule WHERE account_id = ${accountId} AND NOT retired`;
      return ruleRows.parse(rows).map(ruleFromRow);
    },
    routes: async () => (await readRoutes(Prisma.empty)).map(({ route }) => route),

    async routing(meters) {
      const names = [...new Set(meters.flatMap(({ source, key }) => [key, `${source}/${key}`]))];
      const routes = await readRoutes(Prisma.sql`
        AND (settings -> 'meters' = '"all"' OR EXISTS (
          SELECT FROM jsonb_array_elements_text(CASE jsonb_typeof(settings -> 'meters') WHEN 'array' THEN settings -> 'meters' ELSE '[]' END) AS name
          WHERE name = ANY(${names}::text[])))`);
      const fallback = await queries.rows`SELECT ${DESTINATION_COLUMNS} FROM destination WHERE account_id = ${accountId} AND fallback`;
      return { routes, fallback: destinationRows.parse(fallback).map(destinationFromRow) };
    },

    async operations() {
      const rows = operationsRows.parse(
        await queries.rows`
          SELECT ${DESTINATION_COLUMNS}, id IN (
            SELECT destination_id FROM route WHERE account_id = ${accountId} AND settings -> 'operations' = 'true'
          ) AS "isOfOperations"
          FROM destination WHERE account_id = ${accountId} AND disabled_reason IS NULL ORDER BY id`,
      );
      return forOperations(rows.map((row) => ({ ...row, direct: row.isDirect }))).map(destinationFromRow);
    },

    async destinations() {
      const rows = await queries.rows`SELECT ${DESTINATION_COLUMNS} FROM destination WHERE account_id = ${accountId}`;
      return destinationRows.parse(rows).map(destinationFromRow);
    },
    destination: (address) => ensureDestination(queries, accountId, address),

    meters: () => readDigestMeters(queries, accountId),
    metersWithAlerts: () => readMetersWithAlerts(queries, accountId),
    postedAlerts: (meterIds, since) => readPostedAlerts(queries, meterIds, since),

    async messagesOf(threadIds) {
      if (threadIds.length === 0) return new Map();
      const rows = await queries.rows`
        SELECT thread_id AS "threadId", delivery.id AS "deliveryId", destination_id AS "destinationId"
        FROM notification JOIN delivery ON delivery.notification_id = notification.id
        WHERE thread_id = ANY(${[...threadIds]}::uuid[]) AND action = 'post' AND delivery.status IN ('pending', 'sent', 'unknown')
        ORDER BY delivery.seq DESC`;
      return grouped(messageRows.parse(rows), ({ threadId }) => threadId);
    },

    async saveNotifications(notifications, quietUntil) {
      if (notifications.length === 0) return;
      const rows = notifications.map(({ id, alertId, threadId, snapshot }) => ({
        id,
        alert_id: alertId,
        thread_id: threadId,
        kind: snapshot.kind,
        snapshot: encodeSnapshot(snapshot),
      }));
      await queries.run`
        INSERT INTO notification (id, account_id, alert_id, thread_id, kind, snapshot, created_at)
        SELECT id, ${accountId}, alert_id, thread_id, kind, snapshot, ${now}
        FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS new(id uuid, alert_id uuid, thread_id uuid, kind text, snapshot jsonb)`;
      const deliveries = notifications.flatMap((notification) => {
        const quiet = quietUntil(notification);
        return notification.deliveries.map(({ id, destinationId, action, targetId, mentions }) => ({
          id,
          notification_id: notification.id,
          destination_id: destinationId,
          action,
          target_id: targetId,
          mentions: mentions.map(encodePerson),
          quiet_until: action === 'post' ? quiet : null,
        }));
      });
      // A destination that was deleted meanwhile violates a foreign key, so that nothing is lost in silence. In the given order, which is that of their sequence numbers. Each is a group of its own until it is sent together with others.
      await queries.run`
        INSERT INTO delivery (id, group_id, notification_id, destination_id, action, target_id, mentions, status, due_at, held_until, created_at)
        SELECT new.id, new.id, notification_id, destination_id, action, target_id, mentions, 'pending', ${now}, CASE WHEN is_direct THEN quiet_until END, ${now}
        FROM ROWS FROM (jsonb_to_recordset(${JSON.stringify(deliveries)}::jsonb)
          AS (id uuid, notification_id uuid, destination_id uuid, action text, target_id uuid, mentions text[], quiet_until timestamptz))
          WITH ORDINALITY AS new(id, notification_id, destination_id, action, target_id, mentions, quiet_until, place)
          LEFT JOIN destination ON destination.id = destination_id
        ORDER BY place`;
      const isEdited = notifications.some(({ deliveries }) => deliveries.some(({ targetId }) => targetId !== null));
      if (isEdited)
        await queries.run`
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
      const rows = saidRows.parse(
        await queries.rows`
          SELECT alert_id AS "alertId", thread_id AS "threadId", snapshot FROM notification WHERE alert_id = ANY(${[...alertIds]}::uuid[]) AND kind = 'alert' ORDER BY created_at`,
      );
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
      const [latest] = saidRows.parse(
        await queries.rows`
          SELECT alert_id AS "alertId", thread_id AS "threadId", snapshot FROM notification JOIN delivery ON delivery.notification_id = notification.id
          WHERE thread_id = ${threadId}::uuid AND action IN ('post', 'edit') AND (kind <> 'alert' OR snapshot ->> 'change' IS DISTINCT FROM 'superseded')
          ORDER BY delivery.seq DESC LIMIT 1`,
      );
      return latest === undefined ? null : decodeSnapshot(latest.snapshot);
    },

    async presumedResets(source, since) {
      const rows = saidRows.parse(
        await queries.rows`
          SELECT alert_id AS "alertId", thread_id AS "threadId", snapshot FROM notification
          WHERE account_id = ${accountId} AND kind = 'presumed-reset' AND created_at >= ${since} ORDER BY created_at`,
      );
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
      await queries.run`
        INSERT INTO timer (account_id, kind, subject, due_at, set_at) VALUES (${accountId}, ${kind}, ${subject}, ${dueAt}, ${now})
        ON CONFLICT (account_id, kind, subject) DO UPDATE SET due_at = excluded.due_at, set_at = excluded.set_at WHERE timer.due_at > excluded.due_at`;
    },

    setTimers,

    async setTimer(kind, subject, dueAt) {
      if (dueAt !== null) return setTimers(kind, [subject], dueAt);
      await queries.run`DELETE FROM timer WHERE account_id = ${accountId} AND kind = ${kind} AND subject = ${subject}`;
    },
  };

  /** Reads routes with the destinations that they lead to, by id. */
  async function readRoutes(which: Prisma.Sql): Promise<readonly RouteToDestination[]> {
    const rows = routeRows.parse(
      await queries.rows`
        SELECT route.id, settings, origin, created_by AS "createdBy", kind, address, is_direct AS "isDirect",
          destination.id AS "destinationId", fallback, disabled_reason AS "disabledReason"
        FROM route JOIN destination ON destination.id = destination_id WHERE route.account_id = ${accountId} ${which} ORDER BY route.id`,
    );
    return rows.map(({ id, settings, origin, createdBy, destinationId, ...destination }) => ({
      route: routeFromRow({ id, settings, origin, createdBy, destination }),
      destination: destinationFromRow({ id: destinationId, ...destination }),
    }));
  }

  async function setTimers(kind: TimerKind, subjects: readonly string[], dueAt: Date): Promise<void> {
    if (subjects.length === 0) return;
    await queries.run`
      INSERT INTO timer (account_id, kind, subject, due_at, set_at)
      SELECT ${accountId}, ${kind}, subject, ${dueAt}, ${now} FROM unnest(${[...new Set(subjects)]}::text[]) AS subject
      ON CONFLICT (account_id, kind, subject) DO UPDATE SET due_at = excluded.due_at, set_at = excluded.set_at`;
  }
}

const routeRows = z.array(
  destinationRows.element.extend({
    settings: z.unknown(),
    origin: z.string(),
    createdBy: z.string().nullable(),
    destinationId: z.string(),
  }),
);
const operationsRows = z.array(destinationRows.element.extend({ isOfOperations: z.boolean() }));
const saidRows = z.array(z.object({ alertId: z.string().nullable(), threadId: z.string(), snapshot: z.unknown() }));

const messageRows = z.array(z.object({ threadId: z.string(), deliveryId: z.string(), destinationId: z.string() }));
