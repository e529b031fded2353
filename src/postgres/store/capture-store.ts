import { z } from 'zod';
import { decodePerson, encodePerson } from '../../core/text/person.ts';
import type { CaptureKey, CaptureStore } from '../../ports/stores/capture-store.ts';
import { recordAudit } from './audit-store.ts';
import type { Database } from './sql/database.ts';

const revokedRows = z.array(z.object({ sources: z.array(z.string()) })).max(1);

/** Stores the keys that capture pages. */
export function createCaptureStore(database: Database): CaptureStore {
  return {
    async list(account) {
      const rows = await database.models((models) =>
        models.captureKey.findMany({
          ...(account !== null && { where: { accountId: account } }),
          orderBy: [{ accountId: 'asc' }, { madeAt: 'asc' }, { name: 'asc' }],
        }),
      );
      return rows.map(keyFromRow);
    },

    async find(keyHash) {
      const row = await database.models((models) => models.captureKey.findUnique({ where: { keyHash } }));
      return row && keyFromRow(row);
    },

    async sources(accountId) {
      const rows = await database.models((models) => models.source.findMany({ where: { accountId }, select: { id: true } }));
      return rows.map(({ id }) => id);
    },

    add: ({ account, name, sources, by, madeAt }, hash) =>
      database.transaction(async (queries) => {
        const added = await queries.run`
          INSERT INTO capture_key (account_id, name, key_hash, sources, made_by, made_at)
          SELECT id, ${name}, ${hash}, ${[...sources]}::text[], ${encodePerson(by)}, ${madeAt} FROM account WHERE id = ${account}`;
        if (added === 0) return false;
        await recordAudit(queries, account, { action: 'capture-key-made', actor: by, about: { source: sources.join(', ') } }, madeAt);
        return true;
      }),

    revoke: (account, name, { actor, now }) =>
      database.transaction(async (queries) => {
        const [revoked] = revokedRows.parse(
          await queries.rows`DELETE FROM capture_key WHERE account_id = ${account} AND name = ${name} RETURNING sources`,
        );
        if (revoked === undefined) return false;
        const about = { source: revoked.sources.join(', ') };
        await recordAudit(queries, account, { action: 'capture-key-revoked', actor, about }, now);
        return true;
      }),
  };
}

type Row = {
  readonly accountId: string;
  readonly name: string;
  readonly sources: readonly string[];
  readonly madeBy: string | null;
  readonly madeAt: Date;
};

function keyFromRow({ accountId, name, sources, madeBy, madeAt }: Row): CaptureKey {
  return { account: accountId, name, sources, by: madeBy === null ? null : decodePerson(madeBy), madeAt };
}
