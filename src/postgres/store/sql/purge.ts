import { z } from 'zod';
import { SYSTEM } from '../../../core/audit/audit.ts';
import { anonymize } from '../../../core/notifications/anonymize.ts';
import { decodeSnapshot, encodeSnapshot } from '../../../core/notifications/notification.ts';
import { TERMINAL } from '../../../core/notifications/route.ts';
import { PURGE_AFTER_MS } from '../../../core/notifications/timer.ts';
import { Prisma } from '../../generated/client.ts';
import { recordAudit } from '../audit-store.ts';
import { platformTables } from './platform-tables.ts';
import type { Queries } from './queries.ts';
import { encodePerson, type PlatformId, type Person } from '../../../core/text/person.ts';

/**
 * Schedules the deletion of a platform's data some time after the app was removed. A second report of the removal does not postpone
 * it. A removal that was followed by a new installation is ignored.
 */
export async function schedulePurge(queries: Queries, accountId: string, kind: PlatformId, removedAt: Date): Promise<void> {
  const [known] = timerRows.parse(
    await queries.rows`SELECT due_at AS "dueAt" FROM timer WHERE account_id = ${accountId} AND kind = 'purge' AND subject = ${kind}`,
  );
  const since = known && new Date(known.dueAt.getTime() - PURGE_AFTER_MS);
  if (since && !(await hasDeliveredTo(queries, accountId, kind, { since, now: removedAt }))) return;
  const dueAt = new Date(removedAt.getTime() + PURGE_AFTER_MS);
  await queries.run`
    INSERT INTO timer (account_id, kind, subject, due_at, set_at) VALUES (${accountId}, 'purge', ${kind}, ${dueAt}, ${removedAt})
    ON CONFLICT (account_id, kind, subject) DO UPDATE SET due_at = excluded.due_at, set_at = excluded.set_at`;
}

const timerRows = z.array(z.object({ dueAt: z.date() }));

/**
 * Whether the platform accepted a message that was posted after an instant. A message that was already under way at that time
 * proves nothing, nor does one whose timestamp is in the future because the clock was set back since.
 */
export async function hasDeliveredTo(
  queries: Queries,
  accountId: string,
  kind: PlatformId,
  { since, now }: { readonly since: Date; readonly now: Date },
): Promise<boolean> {
  const rows = await queries.rows`
    SELECT 1 FROM attempt JOIN delivery ON delivery.id = delivery_id JOIN destination ON destination.id = destination_id
    WHERE destination.account_id = ${accountId} AND destination.kind = ${kind} AND outcome = 'sent' AND started_at > ${since} AND started_at <= ${now} LIMIT 1`;
  return rows.length > 0;
}

/**
 * Deletes the data of a platform: chat subscriptions, channels and people with the deliveries to them, and the names of people who
 * acted. Figures, alerts and messages to other platforms belong to the account and stay, without names. The next start declares the
 * destinations of creditwatch.yml again.
 */
export async function purge(queries: Queries, accountId: string, kind: PlatformId, now: Date): Promise<void> {
  await recordAudit(queries, accountId, { action: 'platform-purged', actor: SYSTEM, about: { platform: kind } }, now);
  await queries.run`
    WITH said AS (
      SELECT delivery.notification_id AS id, bool_and(destination.kind = ${kind}) AS only_there
      FROM delivery JOIN destination ON destination.id = delivery.destination_id WHERE destination.account_id = ${accountId} GROUP BY 1
    )
    DELETE FROM notification USING said WHERE notification.id = said.id AND said.only_there`;
  await queries.run`DELETE FROM destination WHERE account_id = ${accountId} AND kind = ${kind}`;
  await queries.run`DELETE FROM refused_request WHERE account_id = ${accountId} AND platform = ${kind}`;
  await platformTables[kind]?.purge(queries, accountId);
  await queries.run`UPDATE source SET ingested_by = NULL WHERE account_id = ${accountId} AND ingested_by ->> 'kind' = ${kind}`;
  await queries.run`UPDATE meter SET pasted = jsonb_set(pasted, '{by}', 'null') WHERE account_id = ${accountId} AND pasted ->> 'platform' = ${kind}`;
  await queries.run`UPDATE audit SET actor = NULL WHERE ${isOf(accountId, kind)} AND platform = ${kind} AND actor IS NOT NULL`;
  await queries.run`UPDATE audit SET place = NULL WHERE ${isOf(accountId, kind)} AND place LIKE ${`${kind}:%`}`;
  await forgetPeople(queries, accountId, kind);
  // The admins are deleted too, so notifications without a route need a fallback destination. This comes last, because deliveries
  // to the terminal wait for this row.
  await queries.run`
    UPDATE destination SET fallback = true WHERE account_id = ${accountId} AND kind = ${TERMINAL.kind}
    AND NOT EXISTS (SELECT FROM destination AS other WHERE other.account_id = ${accountId} AND other.fallback)`;
}

/** The audit rows of the account. If no other account has destinations on the platform, the rows of the whole deployment are included. */
function isOf(accountId: string, kind: PlatformId): Prisma.Sql {
  return Prisma.sql`(account_id = ${accountId} OR (account_id IS NULL AND NOT EXISTS (SELECT FROM destination WHERE kind = ${kind})))`;
}

async function forgetPeople(queries: Queries, accountId: string, kind: PlatformId): Promise<void> {
  const theirs = encodePerson({ platform: kind, id: '' });
  await queries.run`UPDATE capture_key SET made_by = NULL WHERE account_id = ${accountId} AND starts_with(made_by, ${theirs})`;
  await queries.run`UPDATE source SET period_by = '' WHERE account_id = ${accountId} AND starts_with(period_by, ${theirs})`;
  await queries.run`UPDATE source SET reminder_stopped_by = '' WHERE account_id = ${accountId} AND starts_with(reminder_stopped_by, ${theirs})`;
  await queries.run`
    UPDATE audit SET person = ARRAY(SELECT one FROM unnest(person) AS one WHERE NOT starts_with(one, ${theirs}))
    WHERE ${isOf(accountId, kind)} AND EXISTS (SELECT FROM unnest(person) AS one WHERE starts_with(one, ${theirs}))`;
  await queries.run`UPDATE meter SET snoozed = NULL WHERE account_id = ${accountId} AND starts_with(snoozed ->> 'by', ${theirs})`;
  await queries.run`
    UPDATE alert SET acknowledged_by = NULL, acknowledged_at = NULL, status = CASE WHEN status = 'acknowledged' THEN 'firing' ELSE status END
    WHERE account_id = ${accountId} AND starts_with(acknowledged_by, ${theirs})`;
  await queries.run`UPDATE alert SET requested_by = NULL, requested_at = NULL WHERE account_id = ${accountId} AND starts_with(requested_by, ${theirs})`;
  await queries.run`
    UPDATE delivery SET mentions = ARRAY(SELECT one FROM unnest(mentions) AS one WHERE NOT starts_with(one, ${theirs}))
    FROM notification WHERE notification.id = delivery.notification_id AND account_id = ${accountId} AND EXISTS (SELECT FROM unnest(mentions) AS one WHERE starts_with(one, ${theirs}))`;
  await forgetNames(queries, accountId, ({ platform }) => platform === kind);
}

const MOST_AT_ONCE = 500;
const saidRows = z.array(z.object({ id: z.string(), snapshot: z.unknown() }));

/** Removes names from messages to other platforms, too. */
async function forgetNames(queries: Queries, accountId: string, isTheirs: (person: Person) => boolean): Promise<void> {
  for (let after = NO_ID, rows = null; rows === null || rows.length === MOST_AT_ONCE; after = rows.at(-1)?.id ?? after) {
    rows = saidRows.parse(
      await queries.rows`SELECT id, snapshot FROM notification WHERE account_id = ${accountId} AND id > ${after}::uuid AND (kind IN ('destination-disabled', 'undelivered') OR snapshot::text ~ '"(by|acknowledgedBy)": "') ORDER BY id LIMIT ${MOST_AT_ONCE}::int`,
    );
    for (const { id, snapshot } of rows) {
      const said = decodeSnapshot(snapshot);
      const kept = anonymize(said, isTheirs);
      if (kept !== said)
        await queries.run`UPDATE notification SET snapshot = ${JSON.stringify(encodeSnapshot(kept))}::jsonb WHERE id = ${id}::uuid`;
    }
  }
}

const NO_ID = '00000000-0000-0000-0000-000000000000';
