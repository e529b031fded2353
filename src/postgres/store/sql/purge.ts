import { z } from 'zod';
import { SYSTEM } from '../../../core/audit/audit.ts';
import { anonymize } from '../../../core/notifications/anonymize.ts';
import { decodeSnapshot, encodeSnapshot } from '../../../core/notifications/notification.ts';
import { TERMINAL } from '../../../core/notifications/route.ts';
import { PURGE_AFTER_MS } from '../../../core/notifications/timer.ts';
import { Prisma } from '../../generated/client.ts';
import { recordAudit } from '../audit-store.ts';
import { platformTables } from './platform-tables.ts';
import { toJson } from './json.ts';
import { encodePerson, type PlatformId, type Person } from '../../../core/text/person.ts';

type Queries = Prisma.TransactionClient;

/**
 * Schedules the deletion of a platform's data some time after the app was removed. A second report of the removal does not postpone
 * it. A removal that was followed by a new installation is ignored.
 */
export async function schedulePurge(queries: Queries, accountId: string, kind: PlatformId, removedAt: Date): Promise<void> {
  const where = { accountId_kind_subject: { accountId, kind: 'purge', subject: kind } };
  const known = await queries.timer.findUnique({ where });
  const since = known && new Date(known.dueAt.getTime() - PURGE_AFTER_MS);
  if (since && !(await hasDeliveredTo(queries, accountId, kind, { since, now: removedAt }))) return;
  const dueAt = new Date(removedAt.getTime() + PURGE_AFTER_MS);
  await queries.timer.upsert({
    where,
    create: { accountId, kind: 'purge', subject: kind, dueAt, setAt: removedAt },
    update: { dueAt, setAt: removedAt },
  });
}

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
  return (
    (await queries.attempt.count({
      where: { delivery: { destination: { accountId, kind } }, outcome: 'sent', startedAt: { gt: since, lte: now } },
    })) > 0
  );
}

/**
 * Deletes the data of a platform: chat subscriptions, channels and people with the deliveries to them, and the names of people who
 * acted. Figures, alerts and messages to other platforms belong to the account and stay, without names. The next start declares the
 * destinations of creditwatch.yml again.
 */
export async function purge(queries: Queries, accountId: string, kind: PlatformId, now: Date): Promise<void> {
  await recordAudit(queries, accountId, { action: 'platform-purged', actor: SYSTEM, about: { platform: kind } }, now);
  await queries.$executeRaw`
    WITH said AS (
      SELECT delivery.notification_id AS id, bool_and(destination.kind = ${kind}) AS only_there
      FROM delivery JOIN destination ON destination.id = delivery.destination_id WHERE destination.account_id = ${accountId} GROUP BY 1
    )
    DELETE FROM notification USING said WHERE notification.id = said.id AND said.only_there`;
  await queries.destination.deleteMany({ where: { accountId, kind } });
  await queries.refusedRequest.deleteMany({ where: { accountId, platform: kind } });
  await platformTables[kind]?.purge(queries, accountId);
  await queries.$executeRaw`UPDATE source SET ingested_by = NULL WHERE account_id = ${accountId} AND ingested_by ->> 'kind' = ${kind}`;
  await queries.$executeRaw`UPDATE meter SET pasted = jsonb_set(pasted, '{by}', 'null') WHERE account_id = ${accountId} AND pasted ->> 'platform' = ${kind}`;
  await queries.$executeRaw`UPDATE audit SET actor = NULL WHERE ${isOf(accountId, kind)} AND platform = ${kind} AND actor IS NOT NULL`;
  await queries.$executeRaw`UPDATE audit SET place = NULL WHERE ${isOf(accountId, kind)} AND place LIKE ${`${kind}:%`}`;
  await forgetPeople(queries, accountId, kind);
  // The admins are deleted too, so notifications without a route need a fallback destination. This comes last, because deliveries
  // to the terminal wait for this row.
  await queries.$executeRaw`
    UPDATE destination SET fallback = true WHERE account_id = ${accountId} AND kind = ${TERMINAL.kind}
    AND NOT EXISTS (SELECT FROM destination AS other WHERE other.account_id = ${accountId} AND other.fallback)`;
}

/** The audit rows of the account. If no other account has destinations on the platform, the rows of the whole deployment are included. */
function isOf(accountId: string, kind: PlatformId): Prisma.Sql {
  return Prisma.sql`(account_id = ${accountId} OR (account_id IS NULL AND NOT EXISTS (SELECT FROM destination WHERE kind = ${kind})))`;
}

async function forgetPeople(queries: Queries, accountId: string, kind: PlatformId): Promise<void> {
  const theirs = encodePerson({ platform: kind, id: '' });
  await queries.$executeRaw`UPDATE source SET period_by = '' WHERE account_id = ${accountId} AND starts_with(period_by, ${theirs})`;
  await queries.$executeRaw`UPDATE source SET reminder_stopped_by = '' WHERE account_id = ${accountId} AND starts_with(reminder_stopped_by, ${theirs})`;
  await queries.$executeRaw`
    UPDATE audit SET person = ARRAY(SELECT one FROM unnest(person) AS one WHERE NOT starts_with(one, ${theirs}))
    WHERE ${isOf(accountId, kind)} AND EXISTS (SELECT FROM unnest(person) AS one WHERE starts_with(one, ${theirs}))`;
  await queries.$executeRaw`UPDATE meter SET snoozed = NULL WHERE account_id = ${accountId} AND starts_with(snoozed ->> 'by', ${theirs})`;
  await queries.$executeRaw`
    UPDATE alert SET acknowledged_by = NULL, acknowledged_at = NULL, status = CASE WHEN status = 'acknowledged' THEN 'firing' ELSE status END
    WHERE account_id = ${accountId} AND starts_with(acknowledged_by, ${theirs})`;
  await queries.$executeRaw`UPDATE alert SET requested_by = NULL, requested_at = NULL WHERE account_id = ${accountId} AND starts_with(requested_by, ${theirs})`;
  await queries.$executeRaw`
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
      await queries.$queryRaw`SELECT id, snapshot FROM notification WHERE account_id = ${accountId} AND id > ${after}::uuid AND (kind IN ('destination-disabled', 'undelivered') OR snapshot::text ~ '"(by|acknowledgedBy)": "') ORDER BY id LIMIT ${MOST_AT_ONCE}::int`,
    );
    for (const { id, snapshot } of rows) {
      const said = decodeSnapshot(snapshot);
      const kept = anonymize(said, isTheirs);
      if (kept !== said) await queries.notification.update({ where: { id }, data: { snapshot: toJson(encodeSnapshot(kept)) } });
    }
  }
}

const NO_ID = '00000000-0000-0000-0000-000000000000';
