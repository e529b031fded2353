import { z } from 'zod';
import type { EncryptionStore } from '../../ports/stores/encryption-store.ts';
import { Prisma } from '../generated/client.ts';
import { recordAudit } from './audit-store.ts';
import type { Database } from './sql/database.ts';
import type { Queries } from './sql/queries.ts';
import type { Place, Vault } from './sql/vault.ts';

/** Each table with a column `ciphertext`, and the column that identifies the row within its account. */
const ENCRYPTED = [
  { table: 'secret', row: 'name' },
  { table: 'slack_installation', row: 'team_id' },
] as const;

const COLUMN = 'ciphertext';
const sealedRows = z.array(z.object({ account: z.string(), row: z.string(), sealed: z.string() }));

/** Counts and re-encrypts everything that is stored encrypted. */
export function createEncryptionStore(database: Database, vault: Vault): EncryptionStore {
  return {
    async count() {
      const counts = { current: 0, previous: 0, unreadable: 0 };
      for (const { place, sealed } of await database.query((queries) => all(queries))) counts[keyOf(sealed, place)] += 1;
      return counts;
    },

    encryptAnew: ({ actor, now }) =>
      database.transaction(async (queries) => {
        let done = 0;
        for (const { place, sealed, row } of await all(queries, Prisma.sql`FOR UPDATE`)) {
          const opened = keyOf(sealed, place) === 'previous' ? vault.open(sealed, place) : null;
          if (opened === null || !opened.ok) continue;
          await queries.run`
            UPDATE ${Prisma.raw(place.table)} SET ciphertext = ${vault.seal(opened.value, place)}
            WHERE account_id = ${place.account} AND ${Prisma.raw(row)} = ${place.row}`;
          done += 1;
        }
        await recordAudit(queries, null, { action: 'encryption-rotated', actor, about: { count: done } }, now);
        return done;
      }),
  };

  function keyOf(sealed: string, place: Place): 'current' | 'previous' | 'unreadable' {
    if (!vault.open(sealed, place).ok) return 'unreadable';
    return vault.isCurrent(sealed) ? 'current' : 'previous';
  }
}

async function all(queries: Queries, lock: Prisma.Sql = Prisma.empty) {
  const found = [];
  for (const { table, row } of ENCRYPTED) {
    const rows = sealedRows.parse(
      await queries.rows`
        SELECT account_id AS account, ${Prisma.raw(row)} AS row, ciphertext AS sealed FROM ${Prisma.raw(table)}
        WHERE ciphertext IS NOT NULL ORDER BY 1, 2 ${lock}`,
    );
    for (const one of rows) found.push({ row, sealed: one.sealed, place: { table, column: COLUMN, row: one.row, account: one.account } });
  }
  return found;
}
