import { z } from 'zod';
import type { TokenStore } from '../../ports/stores/token-store.ts';
import type { Database } from './sql/database.ts';
import type { Vault } from './sql/vault.ts';

const rowsSchema = z.array(z.object({ ciphertext: z.string(), expiresAt: z.date() })).max(1);
const keptSchema = z.object({ token: z.string(), request: z.string() });

/** The name of a source's row. Other secrets have no colon in their names. */
const PREFIX = 'token:';

/** Keeps the tokens of sources beside the other secrets, so that a change of the encryption key covers them. */
export function createTokenStore(database: Database, vault: Vault): TokenStore {
  const placeOf = (account: string, source: string) => ({ table: 'secret', column: 'ciphertext', row: `${PREFIX}${source}`, account });
  return {
    async keptToken(account, source, now) {
      const place = placeOf(account, source);
      const [row] = rowsSchema.parse(
        await database.query(
          (queries) => queries.rows`
            SELECT ciphertext, expires_at AS "expiresAt" FROM secret
            WHERE account_id = ${account} AND name = ${place.row} AND expires_at > ${now}`,
        ),
      );
      const opened = row && vault.open(row.ciphertext, place);
      return opened?.ok ? { ...keptSchema.parse(JSON.parse(opened.value)), until: row?.expiresAt ?? now } : null;
    },

    async keepToken(account, source, { token, request, until }, now) {
      const place = placeOf(account, source);
      const sealed = vault.seal(JSON.stringify({ token, request }), place);
      await database.query(async (queries) => {
        await queries.run`
          INSERT INTO secret (account_id, name, ciphertext, created_at, expires_at) VALUES (${account}, ${place.row}, ${sealed}, ${now}, ${until})
          ON CONFLICT (account_id, name) DO UPDATE SET ciphertext = excluded.ciphertext, created_at = excluded.created_at, expires_at = excluded.expires_at`;
        await queries.run`DELETE FROM secret WHERE starts_with(name, ${PREFIX}) AND expires_at <= ${now}`;
      });
    },
  };
}
