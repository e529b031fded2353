import { z } from 'zod';
import { SYSTEM } from '../../core/audit/audit.ts';
import { ok, type Result } from '../../core/result.ts';
import type { SetupStore, UnreadableSecret } from '../../ports/stores/setup-store.ts';
import type { Database } from './sql/database.ts';
import type { Queries } from './sql/queries.ts';
import { recordAudit } from './audit-store.ts';
import type { Vault } from './sql/vault.ts';

type SecretStore = Pick<SetupStore, 'secret' | 'storedSecret' | 'secrets' | 'replaceSecret' | 'endEarlierSecrets'>;

const secretRows = z.array(z.object({ accountId: z.string(), name: z.string(), ciphertext: z.string(), expiresAt: z.date().nullable() }));
const ciphertextRows = z.array(z.object({ ciphertext: z.string() })).max(1);

/** Stores the secrets of accounts, encrypted. A replaced secret gets its own row, named `<name>/…`, with the time at which it expires. */
export function createSecretStore(database: Database, vault: Vault): SecretStore {
  return {
    secret: (account, name, make, now) =>
      database.transaction(async (queries) => {
        const value = make();
        const sealed = vault.seal(value, placeOf(account, name));
        const made = await queries.run`
          INSERT INTO secret (account_id, name, ciphertext, created_at) VALUES (${account}, ${name}, ${sealed}, ${now}) ON CONFLICT DO NOTHING`;
        if (made === 1) {
          await recordAudit(queries, account, { action: 'key-made', actor: SYSTEM }, now);
          return ok({ value, made: true });
        }
        const ciphertext = await readCiphertext(queries, account, name);
        if (ciphertext === null) throw new Error('a secret was neither found nor made');
        const opened = open(ciphertext, account, name);
        return opened.ok ? ok({ value: opened.value, made: false }) : opened;
      }),

    async storedSecret(account, name) {
      const ciphertext = await database.query((queries) => readCiphertext(queries, account, name));
      return ciphertext === null ? ok(null) : open(ciphertext, account, name);
    },

    async secrets(name, now) {
      const rows = secretRows.parse(
        await database.query(
          (queries) => queries.rows`
            SELECT account_id AS "accountId", name, ciphertext, expires_at AS "expiresAt" FROM secret
            WHERE name = ${name} OR starts_with(name, ${`${name}/`}) ORDER BY account_id, created_at DESC`,
        ),
      );
      const ended = rows.filter(({ expiresAt }) => expiresAt !== null && expiresAt <= now);
      if (ended.length > 0)
        await database.query((queries) => queries.run`DELETE FROM secret WHERE starts_with(name, ${`${name}/`}) AND expires_at <= ${now}`);
      return rows
        .filter((row) => !ended.includes(row))
        .map((row) => ({ account: row.accountId, value: open(row.ciphertext, row.accountId, row.name), until: row.expiresAt }));
    },

    replaceSecret: (account, name, value, { keep, actor, now }) =>
      database.modelTransaction(async (models, queries) => {
        // Locks the row: of two concurrent rotations, the second replaces the result of the first.
        await queries.run`SELECT 1 FROM secret WHERE account_id = ${account} AND name = ${name} FOR UPDATE`;
        const where = { accountId_name: { accountId: account, name } };
        const row = await models.secret.findUnique({ where });
        if (row === null) return ok('none');
        if (keep === null) await models.secret.deleteMany({ where: { accountId: account, ...earlierThan(name) } });
        else {
          const before = open(row.ciphertext, account, name);
          if (!before.ok) return before;
          // The encryption binds the name of the row, so the value is encrypted again under the new name.
          const ciphertext = vault.seal(before.value, placeOf(account, keep.name));
          await models.secret.create({
            data: { accountId: account, name: keep.name, ciphertext, createdAt: row.createdAt, expiresAt: keep.until },
          });
        }
        await models.secret.update({ where, data: { ciphertext: vault.seal(value, placeOf(account, name)), createdAt: now } });
        await recordAudit(queries, account, { action: 'key-rotated', actor, about: { atOnce: keep === null } }, now);
        return ok('replaced');
      }),

    async endEarlierSecrets(account, name, { actor, now }) {
      return database.modelTransaction(async (models, queries) => {
        const found = await models.secret.findMany({ where: { accountId: account, ...earlierThan(name) } });
        await models.secret.deleteMany({ where: { accountId: account, ...earlierThan(name) } });
        const count = found.filter(({ expiresAt }) => expiresAt !== null && expiresAt > now).length;
        await recordAudit(queries, account, { action: 'keys-retired', actor, about: { count } }, now);
        return count;
      });
    },
  };

  function open(ciphertext: string, account: string, name: string): Result<string, UnreadableSecret> {
    return vault.open(ciphertext, placeOf(account, name));
  }
}

async function readCiphertext(queries: Queries, account: string, name: string): Promise<string | null> {
  const [row] = ciphertextRows.parse(await queries.rows`SELECT ciphertext FROM secret WHERE account_id = ${account} AND name = ${name}`);
  return row?.ciphertext ?? null;
}

function earlierThan(name: string) {
  return { name: { startsWith: `${name}/` } };
}

function placeOf(account: string, name: string) {
  return { table: 'secret', column: 'ciphertext', row: name, account };
}
