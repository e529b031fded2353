import { z } from 'zod';
import { auditPlace, boundedAbout, storable, type AuditEntry } from '../../core/audit/audit.ts';
import type { AuditStore } from '../../ports/stores/audit-store.ts';
import type { Prisma } from '../generated/client.ts';
import type { Database } from './sql/database.ts';
import { toJson } from './sql/json.ts';
import { decodePerson, encodePerson } from '../../core/text/person.ts';

/**
 * Adds a row to the audit record, in the transaction of the recorded change. A database trigger refuses to change or delete rows:
 * see the migration.
 *
 * @param accountId null for a change to the whole deployment. If the account is not stored yet, the row belongs to the deployment
 * and names the account.
 */
export async function recordAudit(
  queries: Pick<Prisma.TransactionClient, 'audit' | '$queryRaw'>,
  accountId: string | null,
  { action, actor, about = {}, place = null, people = [] }: AuditEntry,
  now: Date,
): Promise<void> {
  const at = auditPlace(place);
  const isStored = accountId !== null && (await holdAccount(queries, accountId));
  await queries.audit.create({
    data: {
      accountId: isStored ? accountId : null,
      recordedAt: now,
      platform: actor.platform,
      actor: actor.id === null ? null : storable(actor.id),
      action,
      about: toJson(boundedAbout({ ...about, ...at.about, ...(accountId !== null && !isStored && { account: accountId }) })),
      place: at.place === null ? null : storable(at.place),
      person: [...new Set(people.map((person) => storable(encodePerson(person))))],
    },
  });
}

/** Returns whether the account exists, and keeps it from being deleted until the transaction ends. */
async function holdAccount(queries: Pick<Prisma.TransactionClient, '$queryRaw'>, id: string): Promise<boolean> {
  return accountRows.parse(await queries.$queryRaw`SELECT id FROM account WHERE id = ${id} FOR KEY SHARE`).length > 0;
}

const accountRows = z.array(z.object({ id: z.string() }));

export function createAuditStore(database: Database): AuditStore {
  return {
    record: (account, entry, now) => database.transaction((queries) => recordAudit(queries, account, entry, now)),

    async rows({ account, since, by, after, most }) {
      const rows = await database.query((queries) =>
        queries.audit.findMany({
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
      await database.query((queries) => queries.$executeRaw`DELETE FROM audit WHERE at < ${before} AND at <= now() - interval '366 days'`);
    },
  };
}

/** Another version may have written other fields. */
const storedAbout = z.record(z.string(), z.unknown());
