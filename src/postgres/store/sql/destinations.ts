import { randomUUID } from 'node:crypto';
import type { DestinationAddress } from '../../../core/notifications/route.ts';
import { decodeSnapshot } from '../../../core/notifications/notification.ts';
import type { Disabling } from '../../../ports/stores/delivery-store.ts';
import type { TimerTransaction, DisabledDestination } from '../../../ports/stores/timer-store.ts';
import type { Prisma } from '../../generated/client.ts';
import { schedulePurge } from './purge.ts';
import { addressFromRow, destinationFromRow } from './rows.ts';

type Queries = Prisma.TransactionClient;

/**
 * Creates the destination if it is new, and sets `is_direct` where given.
 *
 * @returns the id of the destination
 */
export async function ensureDestination(
  queries: Queries,
  accountId: string,
  { kind, address, direct = false }: DestinationAddress,
): Promise<string> {
  const { id } = await queries.destination.upsert({
    where: { accountId_kind_address: { accountId, kind, address } },
    create: { id: randomUUID(), accountId, kind, address, isDirect: direct },
    update: direct ? { isDirect: true } : {},
  });
  return id;
}

/** Serialises transactions that turn several destinations on or off, because they would deadlock on each other's rows. */
export async function holdSwitches(queries: Queries): Promise<void> {
  await queries.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('creditwatch switches'))`;
}

/**
 * Disables a destination and schedules the failover of its pending deliveries. Locks destinations in the same order as drains that
 * share a statement.
 */
export async function turnOff(queries: Queries, id: string, { scope, code, reason, removed }: Disabling, now: Date): Promise<void> {
  await queries.$executeRaw`
    WITH locked AS (
      SELECT destination.id FROM destination JOIN destination AS one ON one.id = ${id}::uuid
      WHERE destination.disabled_reason IS NULL
        AND (destination.id = one.id OR (${scope} = 'installation' AND destination.account_id = one.account_id AND destination.kind = one.kind))
      ORDER BY destination.id FOR NO KEY UPDATE OF destination
    ), switched AS (
      UPDATE destination SET disabled_code = ${code}, disabled_reason = ${reason}, disabled_scope = ${scope}, disabled_since = ${now} FROM locked WHERE destination.id = locked.id
      RETURNING destination.*
    )
    INSERT INTO timer (account_id, kind, subject, due_at) SELECT account_id, 'failover', id, ${now} FROM switched
    ON CONFLICT (account_id, kind, subject) DO UPDATE SET due_at = excluded.due_at`;
  if (!removed) return;
  const row = await queries.destination.findUniqueOrThrow({ where: { id } });
  await schedulePurge(queries, row.accountId, addressFromRow(row).kind, now);
}

/**
 * Turns disabled destinations on: one (and, if its installation was disabled, all of its platform), or all of an account. Schedules
 * the open alerts for their routes.
 */
export async function turnOn(queries: Queries, which: { readonly id: string } | { readonly accountId: string }, now: Date): Promise<void> {
  await holdSwitches(queries);
  const one = 'id' in which ? await queries.destination.findUniqueOrThrow({ where: which }) : null;
  const where =
    one?.disabledScope === 'installation' ? { accountId: one.accountId, kind: one.kind, disabledScope: one.disabledScope } : which;
  const on = await queries.destination.updateManyAndReturn({
    where: { ...where, disabledReason: { not: null } },
    data: { disabledCode: null, disabledReason: null, disabledScope: null, disabledSince: null },
  });
  const [first] = on;
  if (first === undefined) return;
  const routes = await queries.route.findMany({ where: { destinationId: { in: on.map(({ id }) => id) } } });
  await scheduleOpenAlerts(queries, first.accountId, { routes: routes.map(({ id }) => id), now });
}

/** Schedules for each route the announcement of the alerts that are open now. */
export async function scheduleOpenAlerts(
  queries: Queries,
  accountId: string,
  { routes, now }: { readonly routes: readonly string[]; readonly now: Date },
): Promise<void> {
  if (routes.length === 0) return;
  await queries.$executeRaw`
    INSERT INTO timer (account_id, kind, subject, due_at)
    SELECT ${accountId}, 'announce-open-alerts', route, ${now} FROM unnest(${[...routes]}::text[]) AS route
    ON CONFLICT (account_id, kind, subject) DO UPDATE SET due_at = excluded.due_at`;
}

export async function readDisabledDestination(queries: Queries, id: string): Promise<DisabledDestination | null> {
  const row = await queries.destination.findUnique({ where: { id }, include: { account: true } });
  if (row === null || row.disabledReason === null) return null;
  return {
    ...destinationFromRow(row),
    reason: row.disabledReason,
    scope: row.disabledScope === 'installation' ? 'installation' : 'destination',
    since: row.disabledSince,
    notified: row.disabledNotifiedReason === row.disabledReason,
    command: row.account.slackCommand ?? '/usage',
    busyUntil: row.leaseUntil,
  };
}

export async function setNotifiedReason(
  queries: Queries,
  accountId: string,
  { id, kind, reason, scope }: DisabledDestination,
): Promise<void> {
  await queries.destination.updateMany({
    where: { accountId, ...(scope === 'installation' ? { kind, disabledScope: scope } : { id }) },
    data: { disabledNotifiedReason: reason },
  });
}

/**
 * Moves pending deliveries of a disabled destination to other destinations, except where another delivery has already put the same
 * notification there.
 */
export async function divert(queries: Queries, from: string, to: readonly string[], now: Date): Promise<void> {
  await queries.$executeRaw`
    WITH waiting AS (
      UPDATE delivery SET status = 'dropped', settled_at = ${now}, settled_reason = 'destination disabled, delivered elsewhere'
      FROM notification WHERE notification.id = delivery.notification_id AND notification.kind NOT IN ('test', 'digest')
        AND delivery.destination_id = ${from}::uuid AND delivery.status = 'pending' AND delivery.action = 'post'
      RETURNING delivery.*
    )
    INSERT INTO delivery (id, notification_id, destination_id, action, mentions, status, due_at, created_at, original_destination_id)
    SELECT gen_random_uuid(), notification_id, elsewhere, 'post', mentions, 'pending', ${now}, ${now}, coalesce(original_destination_id, destination_id)
    FROM waiting CROSS JOIN unnest(${[...to]}::uuid[]) AS elsewhere ORDER BY seq
    ON CONFLICT DO NOTHING`;
}

/** Makes the failover of disabled destinations due at once, after new deliveries were stored for them. */
export async function hastenFailover(queries: Queries, destinationIds: readonly string[], now: Date): Promise<void> {
  await queries.$executeRaw`
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
  const destination = await queries.destination.findUnique({ where: { id } });
  const rows = await queries.notification.findMany({
    where: { accountId, kind: 'destination-disabled' },
    orderBy: { createdAt: 'desc' },
    take: LATEST_SAID,
  });
  const said = rows.map(({ threadId, snapshot }) => ({ threadId, snapshot: decodeSnapshot(snapshot) }));
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

/** More destinations than this are never disabled at once. */
const LATEST_SAID = 200;
