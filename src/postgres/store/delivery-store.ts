import { z } from 'zod';
import type { AttemptEnd, AttemptEnded, AttemptStart, DeliveryStore, Lease, PendingDelivery } from '../../ports/stores/delivery-store.ts';
import { Prisma } from '../generated/client.ts';
import type { Database } from './sql/database.ts';
import { holdSwitches, turnOff } from './sql/destinations.ts';
import { idRows, INTERRUPTED, readPending } from './sql/pending-deliveries.ts';
import type { Queries } from './sql/queries.ts';
import { addressFromRow } from './sql/rows.ts';

const waitingRows = z.array(z.object({ id: z.string(), ready_at: z.date(), abandoned: z.boolean() }));
const claimedRows = z.array(z.object({ id: z.string(), kind: z.string(), address: z.string(), fence: z.bigint() }));

/**
 * Stores deliveries. Each write of a drain checks its fence in the same statement, so a process that was suspended and resumes late
 * writes nothing. The drains of many destinations share statements. These lock destinations in one order, so that they queue and
 * never deadlock, and with NO KEY locks, so that they do not block an ingest that refers to a destination.
 */
export function createDeliveryStore(database: Database): DeliveryStore {
  return {
    async claim(destinationIds, owner, now, leaseMs) {
      const rows = claimedRows.parse(
        await database.query(
          (queries) => queries.rows`
            WITH free AS (
              SELECT id FROM destination WHERE id = ANY(${[...destinationIds]}::uuid[]) AND disabled_reason IS NULL AND (lease_until IS NULL OR lease_until <= clock_timestamp())
                AND EXISTS (SELECT 1 FROM delivery WHERE destination_id = destination.id AND status = 'pending' AND (held_until IS NULL OR held_until <= ${now}))
              ORDER BY id FOR NO KEY UPDATE
            )
            UPDATE destination SET lease_owner = ${owner}, lease_until = ${inMs(leaseMs)}, fence = fence + 1
            FROM free WHERE destination.id = free.id RETURNING destination.id, kind, address, fence`,
        ),
      );
      const leases = new Map(
        rows.map((row): [string, Lease] => [row.id, { destinationId: row.id, fence: row.fence, ...addressFromRow(row) }]),
      );
      return destinationIds.map((id) => {
        const lease = leases.get(id) ?? null;
        // An id that was requested twice gets one lease.
        leases.delete(id);
        return lease;
      });
    },

    async pending(leases, most, now) {
      const waiting = new Map<string, PendingDelivery[]>(leases.map(({ destinationId }) => [destinationId, []]));
      for (const { destinationId, delivery } of await readPending(
        database,
        leases.map(({ destinationId }) => destinationId),
        most,
        now,
      ))
        waiting.get(destinationId)?.push(delivery);
      return leases.map(({ destinationId }) => waiting.get(destinationId) ?? []);
    },

    async drop({ destinationId, fence }, deliveryIds, reason, now) {
      const dropped = await database.query(
        (queries) => queries.run`
          WITH held AS (
            SELECT id FROM destination WHERE id = ${destinationId}::uuid AND fence = ${fence} FOR NO KEY UPDATE
          )
          UPDATE delivery SET status = 'dropped', settled_at = ${now}, settled_reason = ${reason} FROM held
          WHERE delivery.destination_id = held.id AND delivery.id = ANY(${[...deliveryIds]}::uuid[])`,
      );
      return dropped > 0;
    },

    async startAttempts(starts, now, leaseMs) {
      const members = starts.flatMap(({ lease, deliveryIds }) => deliveryIds.map((id) => ({ id, first: deliveryIds[0], ...lease })));
      const started = idRows.parse(
        await database.query(
          (queries) => queries.rows`
            WITH start AS (
              SELECT * FROM unnest(${placesOf(starts)}::uuid[], ${fencesOf(starts)}::bigint[], ${firstsOf(starts)}::uuid[], ${starts.map(({ number }) => number)}::int[], ${starts.map(({ kind }) => kind)}::text[]) AS start(destination_id, fence, first_id, number, kind)
            ), locked AS (
              SELECT destination.id FROM destination JOIN start ON start.destination_id = destination.id AND start.fence = destination.fence ORDER BY destination.id FOR NO KEY UPDATE OF destination
            ), held AS (
              UPDATE destination SET lease_until = ${inMs(leaseMs)} FROM locked WHERE destination.id = locked.id RETURNING destination.id, destination.fence
            ), allowed AS (
              SELECT start.* FROM start JOIN held ON held.id = start.destination_id AND held.fence = start.fence
            ), interrupted AS (
              UPDATE attempt SET outcome = CASE WHEN attempt.kind = 'lookup' THEN 'no-answer' ELSE 'unknown' END, reason = ${INTERRUPTED}, finished_at = ${now} FROM allowed WHERE delivery_id = allowed.first_id AND outcome IS NULL
            ), grouped AS (
              UPDATE delivery SET group_id = member.first_id
              FROM unnest(${members.map(({ id }) => id)}::uuid[], ${members.map(({ first }) => first)}::uuid[], ${members.map(({ destinationId }) => destinationId)}::uuid[], ${members.map(({ fence }) => fence)}::bigint[]) AS member(id, first_id, destination_id, fence)
              JOIN held ON held.id = member.destination_id AND held.fence = member.fence
              WHERE delivery.id = member.id AND delivery.group_id IS DISTINCT FROM member.first_id
            )
            INSERT INTO attempt (delivery_id, number, kind, started_at) SELECT first_id, number, kind, ${now}::timestamptz FROM allowed RETURNING delivery_id AS id`,
        ),
      );
      const ids = new Set(started.map(({ id }) => id));
      return starts.map(({ deliveryIds: [first = ''] }) => ids.has(first));
    },

    async renew(leases, leaseMs) {
      const renewed = idRows.parse(
        await database.query(
          (queries) => queries.rows`
            WITH locked AS (
              SELECT destination.id FROM destination
              JOIN unnest(${leases.map(({ destinationId }) => destinationId)}::uuid[], ${leases.map(({ fence }) => fence)}::bigint[]) AS mine(id, fence) ON mine.id = destination.id AND mine.fence = destination.fence
              WHERE destination.lease_until IS NOT NULL ORDER BY destination.id FOR NO KEY UPDATE OF destination
            )
            UPDATE destination SET lease_until = ${inMs(leaseMs)} FROM locked WHERE destination.id = locked.id RETURNING destination.id`,
        ),
      );
      const ids = new Set(renewed.map(({ id }) => id));
      return leases.map(({ destinationId }) => ids.has(destinationId));
    },

    async finishAttempts(ends, now) {
      const staying = ends.filter(({ disabling }) => disabling === null);
      const written =
        staying.length === 0 ? new Map<string, AttemptResult>() : await database.query((queries) => writeEnds(queries, staying, now));
      for (const end of ends) {
        const {
          disabling,
          lease,
          deliveryIds: [first = ''],
        } = end;
        if (disabling === null) continue;
        const result = await database.transaction(async (queries) => {
          await holdSwitches(queries);
          const one = (await writeEnds(queries, [end], now)).get(first);
          if (one !== undefined) await turnOff(queries, lease.destinationId, disabling, now);
          return one;
        });
        if (result !== undefined) written.set(first, result);
      }
      return ends.map(({ deliveryIds: [first = ''] }) => written.get(first) ?? 'fenced');
    },

    async mayStandWithEarlier(deliveryId) {
      const rows = await database.query(
        (queries) => queries.rows`
          SELECT 1 FROM delivery AS one JOIN attempt AS doubt ON doubt.delivery_id = one.id AND doubt.kind = 'restored'
          JOIN delivery AS earlier ON earlier.destination_id = one.destination_id AND earlier.action = 'post' AND earlier.seq < one.seq
          JOIN attempt AS other ON other.delivery_id = earlier.id AND other.kind = 'restored' AND other.started_at = doubt.started_at
          WHERE one.id = ${deliveryId}::uuid AND one.action = 'post'
            AND NOT EXISTS (SELECT 1 FROM attempt WHERE delivery_id = earlier.id AND outcome = 'not-found' AND number > other.number) LIMIT 1`,
      );
      return rows.length > 0;
    },

    async release(leases) {
      await database.query(
        (queries) => queries.run`
          WITH locked AS (
            SELECT destination.id FROM destination
            JOIN unnest(${leases.map(({ destinationId }) => destinationId)}::uuid[], ${leases.map(({ fence }) => fence)}::bigint[]) AS mine(id, fence) ON mine.id = destination.id AND mine.fence = destination.fence
            ORDER BY destination.id FOR NO KEY UPDATE OF destination
          )
          UPDATE destination SET lease_owner = NULL, lease_until = NULL FROM locked WHERE destination.id = locked.id`,
      );
    },

    async waiting(now) {
      const rows = waitingRows.parse(
        await database.query(
          (queries) => queries.rows`
            SELECT destination.id, greatest(coalesce(head.due_at, held.until), destination.next_allowed_at, destination.paused_until, ${now}::timestamptz + (destination.lease_until - clock_timestamp())) AS ready_at,
              coalesce(destination.lease_until <= clock_timestamp(), false) AS abandoned
            FROM (SELECT DISTINCT destination_id AS id FROM delivery WHERE status = 'pending') AS place JOIN destination ON destination.id = place.id LEFT JOIN LATERAL (
              SELECT due_at FROM delivery WHERE destination_id = destination.id AND status = 'pending' AND (held_until IS NULL OR held_until <= ${now}) ORDER BY seq LIMIT 1
            ) AS head ON true LEFT JOIN LATERAL (
              SELECT min(held_until) AS until FROM delivery WHERE head.due_at IS NULL AND destination_id = destination.id AND status = 'pending'
            ) AS held ON true
            WHERE destination.disabled_reason IS NULL AND coalesce(head.due_at, held.until) IS NOT NULL`,
        ),
      );
      return rows.map((row) => ({ destinationId: row.id, readyAt: row.ready_at, isAbandoned: row.abandoned }));
    },
  };
}

/** Deliveries that one outage ends do so within seconds, at many destinations. Operations get one report for all of them. */
const COLLECT_UNDELIVERED_MS = 5_000;

type AttemptResult = Exclude<AttemptEnded, 'fenced'>;
const endedRows = z.array(z.object({ id: z.string(), held: z.boolean() }));

/**
 * Stores the results of attempts in one statement, each only if its fence is still current, and releases the lease of a destination
 * with nothing left to deliver. A message that arrived after its destination was disabled was sent before that, so it does not
 * count as a recovery.
 *
 * @returns the result by the id of the first delivery, without the attempts whose fence was outdated
 */
async function writeEnds(queries: Queries, ends: readonly AttemptEnd[], now: Date): Promise<Map<string, AttemptResult>> {
  const column = <T>(pick: (end: AttemptEnd) => T): T[] => ends.map(pick);
  const members = ends.flatMap(({ deliveryIds }) => deliveryIds.map((id) => ({ id, first: deliveryIds[0] })));
  const written = endedRows.parse(
    await queries.rows`
      WITH ending AS (
        SELECT * FROM unnest(${placesOf(ends)}::uuid[], ${fencesOf(ends)}::bigint[], ${firstsOf(ends)}::uuid[], ${column(({ number }) => number)}::int[], ${column(({ outcome }) => outcome)}::text[], ${column(({ reason }) => reason)}::text[],
          ${column(({ settlement }) => settlement.status)}::text[], ${column(({ settlement }) => settlement.dueAt ?? null)}::timestamptz[], ${column(({ settlement }) => settlement.messageRef ?? null)}::text[], ${column(({ nextAllowedAt }) => nextAllowedAt)}::timestamptz[], ${column(({ pausedUntil }) => pausedUntil)}::timestamptz[],
          ${column(({ deliveryIds }) => `{${deliveryIds.join(',')}}`)}::text[])
          AS ending(destination_id, fence, first_id, number, outcome, reason, status, due_at, message_ref, next_allowed_at, paused_until, member_ids)
      ), member AS (
        SELECT * FROM unnest(${members.map(({ id }) => id)}::uuid[], ${members.map(({ first }) => first)}::uuid[]) AS member(id, first_id)
      ), done AS (
        SELECT ending.*, status = 'pending' OR EXISTS (
          SELECT 1 FROM delivery WHERE delivery.destination_id = ending.destination_id AND delivery.status = 'pending' AND (held_until IS NULL OR held_until <= ${now})
            AND delivery.id <> ALL(ending.member_ids::uuid[])
        ) AS waits FROM ending
      ), locked AS (
        SELECT destination.id FROM destination JOIN done ON done.destination_id = destination.id AND done.fence = destination.fence ORDER BY destination.id FOR NO KEY UPDATE OF destination
      ), held AS (
        UPDATE destination SET next_allowed_at = done.next_allowed_at, paused_until = done.paused_until, disabled_notified_reason = CASE WHEN done.status = 'sent' AND disabled_reason IS NULL THEN NULL ELSE disabled_notified_reason END,
          unknown_since = CASE WHEN done.status = 'sent' THEN NULL ELSE unknown_since END, lease_owner = CASE WHEN done.waits THEN lease_owner END, lease_until = CASE WHEN done.waits THEN lease_until END
        FROM locked JOIN done ON done.destination_id = locked.id WHERE destination.id = locked.id AND destination.fence = done.fence RETURNING destination.id, destination.fence
      ), allowed AS (
        SELECT done.* FROM done JOIN held ON held.id = done.destination_id AND held.fence = done.fence
      ), mended AS (
        INSERT INTO timer (account_id, kind, subject, due_at)
        SELECT destination.account_id, 'destination-recovered', destination.id, ${now} FROM destination JOIN allowed ON allowed.destination_id = destination.id
        WHERE allowed.status = 'sent' AND destination.disabled_notified_reason IS NOT NULL AND destination.disabled_reason IS NULL ON CONFLICT DO NOTHING
      ), unsaid AS (
        INSERT INTO timer (account_id, kind, subject, due_at)
        SELECT DISTINCT destination.account_id, 'undelivered', destination.kind, ${later(now, COLLECT_UNDELIVERED_MS)}::timestamptz
        FROM allowed JOIN destination ON destination.id = allowed.destination_id JOIN delivery ON delivery.id = allowed.first_id JOIN notification ON notification.id = delivery.notification_id
        WHERE allowed.status IN ('unknown', 'expired', 'rejected') AND delivery.action <> 'edit' AND notification.kind NOT IN ('undelivered', 'test')
        ON CONFLICT (account_id, kind, subject) DO UPDATE SET due_at = least(timer.due_at, excluded.due_at)
      ), made AS (
        UPDATE attempt SET outcome = allowed.outcome, reason = allowed.reason, finished_at = ${now} FROM allowed WHERE delivery_id = allowed.first_id AND attempt.number = allowed.number
      )
      UPDATE delivery SET status = allowed.status, due_at = coalesce(allowed.due_at, delivery.due_at), message_ref = coalesce(allowed.message_ref, delivery.message_ref),
        settled_at = CASE WHEN allowed.status = 'pending' THEN NULL ELSE ${now}::timestamptz END, settled_reason = CASE WHEN allowed.status = 'pending' THEN NULL ELSE allowed.reason END
      FROM member JOIN allowed ON allowed.first_id = member.first_id WHERE delivery.id = member.id RETURNING allowed.first_id AS id, allowed.waits AS held`,
  );
  return new Map(written.map(({ id, held }) => [id, held ? 'held' : 'given-back']));
}

const placesOf = (attempts: readonly AttemptStart[]) => attempts.map(({ lease }) => lease.destinationId);
const fencesOf = (attempts: readonly AttemptStart[]) => attempts.map(({ lease }) => lease.fence);
const firstsOf = (attempts: readonly AttemptStart[]) => attempts.map(({ deliveryIds }) => deliveryIds[0]);

/** A time from now by the clock of the database. */
function inMs(ms: number): Prisma.Sql {
  return Prisma.sql`clock_timestamp() + ${ms}::float8 * interval '1 millisecond'`;
}

function later(now: Date, ms: number): Date {
  return new Date(now.getTime() + ms);
}
