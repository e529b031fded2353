import { z } from 'zod';
import { namesPerson, withoutPerson, type PersonWithPlaces } from '../../core/notifications/names-person.ts';
import { TERMINAL } from '../../core/notifications/route.ts';
import { encodePerson, SOMEBODY, type Person } from '../../core/text/person.ts';
import type { PersonStore, StoredRows } from '../../ports/stores/person-store.ts';
import { Prisma } from '../generated/client.ts';
import { recordAudit } from './audit-store.ts';
import type { Database } from './sql/database.ts';
import { holdMeters } from './sql/hold-meters.ts';
import type { Queries } from './sql/queries.ts';

const tableRows = z.array(z.object({ name: z.string() }));
const foundRows = z.array(z.object({ row: z.record(z.string(), z.unknown()) }));
const placeRows = z.array(z.object({ id: z.string() }));
const jsonRows = z.array(z.object({ id: z.string(), account: z.string(), value: z.unknown() }));

/** Columns left out of an export: secrets, and the figures of a meter. */
const NOT_SHOWN = new Set(['ciphertext', 'key_hash', 'history', 'history_tip', 'held']);

/** Exports and deletes everything that is stored about one person, in all tables. */
export function createPersonStore(database: Database): PersonStore {
  return {
    stored: (person, { actor, now }) =>
      database.transaction(async (queries) => {
        const found = await find(queries, await withPlaces(queries, person));
        await recordAudit(queries, null, { action: 'person-exported', actor, people: [person] }, now);
        return found;
      }),
    forget: (asked, { actor, now }) =>
      database.transaction(async (queries) => {
        // Ingests and button clicks lock the meter. Locking all meters here keeps them from writing back what they read earlier.
        await holdMeters(queries, Prisma.sql`true`);
        const person = await withPlaces(queries, asked);
        const found = await find(queries, person);
        // The audit row does not name the person whose data is deleted. If people delete their own data, `forget` removes them from
        // this row too.
        await recordAudit(queries, null, { action: 'person-forgotten', actor }, now);
        await forget(queries, person);
        return Object.fromEntries(Object.entries(found).map(([table, rows]) => [table, rows.length]));
      }),
  };
}

async function withPlaces(queries: Queries, person: Person): Promise<PersonWithPlaces> {
  const places = placeRows.parse(await queries.rows`SELECT id FROM teams_conversation WHERE person_id = ${person.id}`);
  return { ...person, places: places.map((place) => place.id) };
}

/** Searches each table that may contain a name. The tables come from the database, so a new table is searched too. */
async function find(queries: Queries, person: PersonWithPlaces): Promise<StoredRows> {
  const tables = tableRows.parse(
    await queries.rows`
      SELECT DISTINCT columns.table_name::text AS name FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
      WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' AND data_type IN ('text', 'jsonb', 'ARRAY') AND table_name NOT LIKE '\\_%' ORDER BY 1`,
  );
  const found: Record<string, readonly Record<string, unknown>[]> = {};
  const needles = [person.id, ...person.places];
  for (const { name } of tables) {
    const table = Prisma.raw(`"${name.replaceAll('"', '""')}"`);
    const rows = foundRows
      .parse(
        await queries.rows`
          SELECT to_jsonb(one) AS row FROM ${table} AS one WHERE EXISTS (SELECT FROM unnest(${needles}::text[]) AS needle WHERE strpos(to_jsonb(one)::text, needle) > 0)`,
      )
      .map(({ row }) => row)
      .filter((row) => namesPerson(row, person));
    if (rows.length > 0) found[name] = rows.map(shown);
  }
  const sent = foundRows.parse(
    await queries.rows`
      SELECT to_jsonb(delivery) || jsonb_build_object('message', notification.snapshot) AS row
      FROM delivery JOIN destination ON destination.id = delivery.destination_id JOIN notification ON notification.id = delivery.notification_id
      WHERE destination.kind = ${person.platform} AND destination.address = ANY(${needles}) ORDER BY delivery.seq`,
  );
  if (sent.length > 0) found['sent_to_the_person'] = sent.map(({ row }) => shown(row));
  return found;
}

function shown(row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).filter(([column]) => !NOT_SHOWN.has(column)));
}

async function forget(queries: Queries, person: PersonWithPlaces): Promise<void> {
  const { platform, id } = person;
  // A row that an older version wrote has the id alone.
  const names = [encodePerson(person), id];
  const places = [id, ...person.places];
  const people = [...places, ...places.map((one) => encodePerson({ platform, id: one }))];
  await queries.run`
    WITH said AS (
      SELECT delivery.notification_id AS id, bool_and(destination.kind = ${platform} AND destination.address = ANY(${places})) AS only_there
      FROM delivery JOIN destination ON destination.id = delivery.destination_id GROUP BY 1
    )
    DELETE FROM notification USING said WHERE notification.id = said.id AND said.only_there`;
  await queries.run`DELETE FROM destination WHERE kind = ${platform} AND kind <> ${TERMINAL.kind} AND address = ANY(${places})`;
  await queries.run`DELETE FROM teams_conversation WHERE person_id = ${id}`;
  await queries.run`DELETE FROM teams_person WHERE id = ${id}`;
  await queries.run`DELETE FROM refused_request WHERE platform = ${platform} AND "by" = ${id} OR place ->> 'kind' = ${platform} AND place ->> 'address' = ANY(${places})`;
  await queries.run`UPDATE account SET admins = ARRAY(SELECT one FROM unnest(admins) AS one WHERE one <> ALL(${names}::text[])) WHERE admins && ${names}::text[]`;
  await queries.run`UPDATE account SET viewers = ARRAY(SELECT one FROM unnest(viewers) AS one WHERE one <> ALL(${names}::text[])) WHERE viewers && ${names}::text[]`;
  await queries.run`UPDATE source SET period_by = '' WHERE period_by = ANY(${names}::text[])`;
  await queries.run`UPDATE source SET reminder_stopped_by = '' WHERE reminder_stopped_by = ANY(${names}::text[])`;
  await queries.run`UPDATE source SET ingested_by = NULL WHERE ingested_by ->> 'kind' = ${platform} AND ingested_by ->> 'address' = ANY(${places})`;
  await queries.run`UPDATE source SET contacts = contacts - 'approver' WHERE contacts ->> 'approver' = ANY(${names}::text[])`;
  await queries.run`UPDATE meter SET owner = NULL WHERE owner = ANY(${names}::text[])`;
  await queries.run`UPDATE meter SET snoozed = jsonb_set(snoozed, '{by}', to_jsonb(${SOMEBODY.id}::text)) WHERE snoozed ->> 'by' = ANY(${names}::text[])`;
  await queries.run`UPDATE meter SET pasted = jsonb_set(pasted, '{by}', 'null') WHERE pasted ->> 'platform' = ${platform} AND pasted ->> 'by' = ${id}`;
  // The audit record keeps the action and loses the name. The database allows names to be removed from it, and no other change.
  await queries.run`UPDATE audit SET actor = NULL WHERE platform = ${platform} AND actor = ${id}`;
  await queries.run`
    UPDATE audit SET person = ARRAY(SELECT one FROM unnest(person) AS one WHERE one <> ALL(${people}::text[])) WHERE person && ${people}::text[]`;
  await queries.run`UPDATE alert SET acknowledged_by = ${SOMEBODY.id} WHERE acknowledged_by = ANY(${names}::text[])`;
  await queries.run`UPDATE alert SET requested_by = ${SOMEBODY.id} WHERE requested_by = ANY(${names}::text[])`;
  await queries.run`UPDATE capture_key SET made_by = NULL WHERE made_by = ANY(${names}::text[])`;
  await queries.run`UPDATE route SET created_by = NULL WHERE created_by = ANY(${names}::text[])`;
  await queries.run`UPDATE delivery SET mentions = ARRAY(SELECT one FROM unnest(mentions) AS one WHERE one <> ALL(${names}::text[])) WHERE mentions && ${names}::text[]`;
  const routes = jsonRows.parse(
    await queries.rows`SELECT id, account_id AS account, settings AS value FROM route WHERE strpos(settings::text, ${id}) > 0`,
  );
  for (const { id: route, account, value } of routes)
    await queries.run`UPDATE route SET settings = ${JSON.stringify(withoutPerson(value, person))}::jsonb WHERE account_id = ${account} AND id = ${route}`;
  const said = jsonRows.parse(
    await queries.rows`
      SELECT id::text AS id, account_id AS account, snapshot AS value FROM notification
      WHERE EXISTS (SELECT FROM unnest(${places}::text[]) AS needle WHERE strpos(snapshot::text, needle) > 0)`,
  );
  for (const { id: notification, value } of said)
    await queries.run`UPDATE notification SET snapshot = ${JSON.stringify(withoutPerson(value, person))}::jsonb WHERE id = ${notification}::uuid`;
  // Notifications without a route need at least one fallback destination.
  await queries.run`
    UPDATE destination SET fallback = true WHERE kind = ${TERMINAL.kind}
    AND NOT EXISTS (SELECT FROM destination AS other WHERE other.account_id = destination.account_id AND other.fallback)`;
}
