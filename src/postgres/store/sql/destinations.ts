import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { DestinationAddress } from '../../../core/notifications/route.ts';
import { decodeSnapshot } from '../../../core/notifications/notification.ts';
import type { Disabling } from '../../../ports/stores/delivery-store.ts';
import type { TimerTransaction, DisabledDestination } from '../../../ports/stores/timer-store.ts';
import { Prisma } from '../../generated/client.ts';
import type { DestinationRow } from '../../../ports/stores/account-transaction.ts';
import { schedulePurge } from './purge.ts';
import type { Queries } from './queries.ts';
import { destinationFromRow, destinationRows, DESTINATION_COLUMNS } from './rows.ts';

/** Returns the destination of an address. Creates it if it is new, and sets `is_direct` where given. */
export async function ensureDestination(
  queries: Queries,
  accountId: string,
  { kind, address, direct = false }: DestinationAddress,
): Promise<DestinationRow> {
  const [known] = destinationRows.parse(
    await queries.rows`SELECT ${DESTINATION_COLUMNS} FROM destination WHERE account_id = ${accountId} AND kind = ${kind} AND address = ${address}`,
  );
  if (known && (known.isDirect || !direct)) return destinationFromRow(known);
  const [row] = destinationRows.parse(
    await queries.rows`
      INSERT INTO destination (id, account_id, kind, address, is_direct) VALUES (${randomUUID()}::uuid, ${accountId}, ${kind}, ${address}, ${direct})
      ON CONFLICT (account_id, kind, address) DO UPDATE SET is_direct = destination.is_direct OR excluded.is_direct
      RETURNING ${DESTINATION_COLUMNS}`,
  );
  if (row === undefined) throw new Error('a destination was neither found nor made');
  return destinationFromRow(row);
}

/** Serialises transactions that turn several destinations on or off, because they would deadlock on each other's rows. */
export async function holdSwitches(queries: Queries): Promise<void> {
  await queries.run`SELECT pg_advisory_xact_lock(hashtext('creditwatch switches'))`;
}

/**
 * Disables a destination and schedules the failover of its pending deliveries. Locks destinations in the same order as drains that
 * share a statement.
 */
export async function turnOff(queries: Queries, id: string, { scope, code, reason, removed }: Disabling, now: Date): Promise<void> {
  await queries.run`
    WITH locked AS (
      SELECT destination.id FROM destination JOIN destination AS one ON one.id = ${id}::uuid
      WHERE destination.disabled_reason IS NULL
        AND (destination.id = one.id OR (${scope} = 'installation' AND destination.account_id = one.account_id AND destination.kind = one.kind))
      ORDER BY destination.id FOR NO KEY UPDATE OF destination
    ), switched AS (
      UPDATE destination SET disabled_code = ${code}, disabled_reason = ${reason}, disabled_scope = ${scope}, disabled_since = ${now} FROM locked WHERE destination.id = locked.id
      RETURNING destination.account_id, destination.id
    )
    INSERT INTO timer (account_id, kind, subject, due_at) SELECT account_id, 'failover', id, ${now} FROM switched
    ON CONFLICT (account_id, kind, subject) DO UPDATE SET due_at = excluded.due_at`;
  if (!removed) return;
  for (const { accountId, kind } of ownerRows.parse(
    await queries.rows`SELECT account_id AS "accountId", kind FROM destination WHERE id = ${id}::uuid`,
  ))
    await schedulePurge(queries, accountId, kind, now);
}

const ownerRows = z.array(z.object({ accountId: z.string(), kind: z.string() }));

/**
 * Turns disabled destinations on: one (and, if its installation was disabled, all of its platform), or all of an account. Schedules
 * the open alerts for their routes.
 */
export async function turnOn(queries: Queries, which: { readonly id: string } | { readonly accountId: string }, now: Date): Promise<void> {
  await holdSwitches(queries);
  const these =
    'id' in which
      ? Prisma.sql`(destination.id = ${which.id}::uuid OR EXISTS (
          SELECT FROM destination AS one WHERE one.id = ${which.id}::uuid AND one.disabled_scope = 'installation'
            AND destination.account_id = one.account_id AND destination.kind = one.kind AND destination.disabled_scope = 'installation'))`
      : Prisma.sql`destination.account_id = ${which.accountId}`;
  const routes = routeRows.parse(
    await queries.rows`
      WITH working AS (
        UPDATE destination SET disabled_code = NULL, disabled_reason = NULL, disabled_scope = NULL, disabled_since = NULL
        WHERE disabled_reason IS NOT NULL AND ${these} RETURNING id
      )
      SELECT route.id, route.account_id AS "accountId" FROM route JOIN working ON working.id = route.destination_id`,
  );
  const [first] = routes;
  if (first === undefined) return;
  await scheduleOpenAlerts(queries, first.accountId, { routes: routes.map(({ id }) => id), now });
}

const routeRows = z.array(z.object({ id: z.string(), accountId: z.string() }));

/** Schedules for each route the announcement of the alerts that are open now. */
export async function scheduleOpenAlerts(
  queries: Queries,
  accountId: string,
  { routes, now }: { readonly routes: readonly string[]; readonly now: Date },
): Promise<void> {
  if (routes.length === 0) return;
  await queries.run`
    INSERT INTO timer (account_id, kind, subject, due_at)
    SELECT ${accountId}, 'announce-open-alerts', route, ${now} FROM unnest(${[...routes]}::text[]) AS route
    ON CONFLICT (account_id, kind, subject) DO UPDATE SET due_at = excluded.due_at`;
}

export async function readDisabledDestination(queries: Queries, id: string): Promise<DisabledDestination | null> {
  const [row] = disabledRows.parse(
    await queries.rows`
      SELECT destination.id, kind, address, is_direct AS "isDirect", fallback, disabled_reason AS "disabledReason", disabled_scope AS "disabledScope",
        disabled_since AS since, coalesce(disabled_notified_reason = disabled_reason, false) AS notified, coalesce(slack_command, '/usage') AS command,
        coalesce(lease_until > clock_timestamp(), false) AS "isBusy"
      FROM destination JOIN account ON account.id = destination.account_id WHERE destination.id = ${id}::uuid AND disabled_reason IS NOT NULL`,
  );
  if (row === undefined) return null;
  const { disabledReason: reason, disabledScope: scope, since, notified, command, isBusy } = row;
  return {
    ...destinationFromRow(row),
    reason,
    scope: scope === 'installation' ? 'installation' : 'destination',
    since,
    notified,
    command,
    isBusy,
  };
}

const disabledRows = z.array(
  destinationRows.element.extend({
    disabledReason: z.string(),
    disabledScope: z.string().nullable(),
    since: z.date().nullable(),
    notified: z.boolean(),
    command: z.string(),
    isBusy: z.boolean(),
  }),
);

export async function setNotifiedReason(
  queries: Queries,
  accountId: string,
  { id, kind, reason, scope }: DisabledDestination,
): Promise<void> {
  const these = scope === 'installation' ? Prisma.sql`kind = ${kind} AND disabled_scope = ${scope}` : Prisma.sql`id = ${id}::uuid`;
  await queries.run`UPDATE destination SET disabled_notified_reason = ${reason} WHERE account_id = ${accountId} AND ${these}`;
}

/**
 * Moves pending deliveries of a disabled destination to other destinations, except where another delivery has already put the same
 * notification there.
 *
 * @param move.reason why they are not delivered where they were meant for
 */
export async function divert(
  queries: Queries,
  { from, to, reason, now }: { readonly from: string; readonly to: readonly string[]; readonly reason: string; readonly now: Date },
): Promise<void> {
  await queries.run`
    WITH waiting AS (
      UPDATE delivery SET status = 'dropped', settled_at = ${now}, settled_reason = ${reason}
      FROM notification WHERE notification.id = delivery.notification_id AND notification.kind NOT IN ('test', 'digest')
        AND delivery.destination_id = ${from}::uuid AND delivery.status = 'pending' AND delivery.action = 'post'
      RETURNING delivery.notification_id, delivery.mentions, delivery.original_destination_id, delivery.destination_id, delivery.seq
    )
    INSERT INTO delivery (id, notification_id, destination_id, action, mentions, status, due_at, created_at, original_destination_id)
    SELECT gen_random_uuid(), notification_id, elsewhere, 'post', mentions, 'pending', ${now}, ${now}, coalesce(original_destination_id, destination_id)
    FROM waiting CROSS JOIN unnest(${[...to]}::uuid[]) AS elsewhere ORDER BY seq
    ON CONFLICT DO NOTHING`;
}

/** Makes the failover of disabled destinations due at once, after new deliveries were stored for them. */
export async function hastenFailover(queries: Queries, destinationIds: readonly string[], now: Date): Promise<void> {
  await queries.run`
    INSERT INTO timer (account_id, kind, subject, due_at)
    SELECT account_id, 'failover', id, ${now} FROM destination WHERE id = ANY(${[...new Set(destinationIds)]}::uuid[]) AND disabled_reason IS NOT NULL
    ON CONFLICT (account_id, kind, subject) DO UPDATE SET due_at = least(timer.due_at, excluded.due_at)`;
}

/** Reads the latest notice that a destination is disabled; null if it has recovered since. */
export async function readLastDisabledNotice(
  queries: Queries,
  accountId: string,
  id: string,
): ReturnType<TimerTransaction['lastDisabledNotice']> {
  const [destination] = placeRows.parse(await queries.rows`SELECT kind, address FROM destination WHERE id = ${id}::uuid`);
  const rows = await queries.rows`
    SELECT thread_id AS "threadId", snapshot FROM notification WHERE account_id = ${accountId} AND kind = 'destination-disabled'
    ORDER BY created_at DESC LIMIT ${LATEST_SAID}::int`;
  const said = noticeRows.parse(rows).map(({ threadId, snapshot }) => ({ threadId, snapshot: decodeSnapshot(snapshot) }));
  // A notice and its recovery may have the same timestamp.
  const over = new Set(
    said.flatMap(({ threadId, snapshot }) => (snapshot.kind === 'destination-disabled' && snapshot.change === 'back' ? [threadId] : [])),
  );
  for (const { threadId, snapshot } of said) {
    if (snapshot.kind !== 'destination-disabled' || snapshot.place.kind !== destination?.kind) continue;
    if (snapshot.scope === 'destination' && snapshot.place.address !== destination.address) continue;
    return over.has(threadId) ? null : { threadId, snapshot };
  }
  return null;
}

const placeRows = z.array(z.object({ kind: z.string(), address: z.string() }));
const noticeRows = z.array(z.object({ threadId: z.string(), snapshot: z.unknown() }));

/** More destinations than this are never disabled at once. */
const LATEST_SAID = 200;
