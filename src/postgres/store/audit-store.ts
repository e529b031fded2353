import { z } from 'zod';
import { auditPlace, boundedAbout, storable, type AuditEntry } from '../../core/audit/audit.ts';
import type { AuditStore } from '../../ports/stores/audit-store.ts';
import type { Database } from './sql/database.ts';
import type { Queries } from './sql/queries.ts';
import { decodePerson, encodePerson } from '../../core/text/person.ts';

/**
 * Adds a row to the audit record, in the transaction of the recorded change. A database trigger refuses to change or delete rows:
 * see the migration.
 *
 * @param accountId null for a change to the whole deployment. If the account is not stored yet, the row belongs to the deployment
 * and names the account.
 */
export async function recordAudit(
  queries: Queries,
  accountId: string | null,
  { action, actor, about = {}, place = null, people = [] }: AuditEntry,
  now: Date,
): Promise<void> {
  const at = auditPlace(place);
  const isStored = accountId !== null && (await holdAccount(queries, accountId));
  const bounded = boundedAbout({ ...about, ...at.about, ...(accountId !== null && !isStored && { account: accountId }) });
  await queries.run`
    INSERT INTO audit (account_id, at, platform, actor, action, about, place, person)
    VALUES (${isStored ? accountId : null}, ${now}, ${actor.platform}, ${actor.id && storable(actor.id)}, ${action}, ${JSON.stringify(bounded)}::jsonb,
      ${at.place && storable(at.place)}, ${[...new Set(people.map((person) => storable(encodePerson(person))))]})`;
}

/** Returns whether the account exists, and keeps it from being deleted until the transaction ends. */
async function holdAccount(queries: Queries, id: string): Promise<boolean> {
  return accountRows.parse(await queries.rows`SELECT id FROM account WHERE id = ${id} FOR KEY SHARE`).length > 0;
}

const accountRows = z.array(z.object({ id: z.string() }));

export function createAuditStore(database: Database): AuditStore {
  return {
    record: (account, entry, now) => database.transaction((queries) => recordAudit(queries, account, entry, now)),

    async rows({ account, since, by, after, most }) {
      const rows = await database.models((models) =>
        models.audit.findMany({
          where: {
            ...(account !== null && { accountId: account }),
            ...(since !== null && { recordedAt: { gte: since } }),
            ...(by !== null && { platform: by.platform, actor: by.id }),
            ...(after !== null && { seq: { gt: after } }),
          },
          orderBy: { seq: after === null ? 'desc' : 'asc' },
          take: most,
        }),
      );
      return (after === null ? rows.toReversed() : rows).map(
        ({ seq, accountId, recordedAt, platform, actor, action, about, place, person }) => ({
          seq,
          account: accountId,
          at: recordedAt,
          actor: { platform, id: actor },
          action,
          about: storedAbout.parse(about),
          place,
          people: person.map(decodePerson),
        }),
      );
    },

    async forget(before) {
      await database.query((queries) => queries.run`DELETE FROM audit WHERE at < ${before} AND at <= now() - interval '366 days'`);
    },
  };
}

/** Another version may have written other fields. */
const storedAbout = z.record(z.string(), z.unknown());
