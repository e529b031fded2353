import type { Config } from '../config/config.ts';
import type { Actor } from '../core/audit/audit.ts';
import type { DatabaseFailure } from '../core/database-failure.ts';
import { err, ok, type Result } from '../core/result.ts';
import { becomeOwner } from '../datadir/become-owner.ts';
import { environmentEncryption, folderEncryption } from '../datadir/encryption-key.ts';
import { dataFolderText } from '../messages/failures/data-folder.ts';
import { databaseFailureText } from '../messages/failures/database.ts';
import { embeddedFailureText } from '../messages/failures/embedded-database.ts';
import { migrationFailureText } from '../messages/failures/migration.ts';
import type { Encryption, EncryptionKeys } from '../ports/stores/encryption-store.ts';
import type { Store } from '../ports/stores/store.ts';
import { adoptEmbedded, startEmbedded, type EmbeddedServer } from '../postgres/embedded/server.ts';
import { migrate, MIGRATIONS } from '../postgres/migrate.ts';
import { showPresence, type Presence } from '../postgres/presence.ts';
import { describeDatabase, reachDatabase } from '../postgres/reach.ts';
import { openStore } from '../postgres/store/store.ts';
import { secretsOfUrl } from '../app/redact.ts';
import { systemClock } from '../app/system-clock.ts';
import { conceal } from './secrets.ts';

export type OpenDatabase = {
  /** The URL for work that needs a session of its own: migrations and the queue. */
  readonly url: string;
  /** The schema of the queue's tables. Undefined for the default schema. */
  readonly queueSchema?: string;
  readonly store: Store;
  readonly encryption: Encryption;
  /** Closes our connections, and stops the embedded server unless another process uses it. */
  close(): Promise<void>;
};

/**
 * How long to wait for the database. A service waits until it is stopped, because the two may start in any order. A command waits only
 * briefly.
 */
const PATIENCE_MS = { service: Infinity, command: 3_000 } as const;

export type OpenStore = (url: string, encryption: () => EncryptionKeys) => Store;

/** How to open a database. */
type Opening = {
  /** Without it, the store opens connections of its own. */
  readonly openStore?: OpenStore | undefined;
  /** Called with the reason before each further attempt. */
  readonly onWaiting?: (why: DatabaseFailure) => void;
  readonly signal?: AbortSignal;
};

/**
 * Opens the database of this configuration: the server of DATABASE_URL, or the embedded one in DATA_DIR, which is started if necessary. The
 * error is a text for the operator.
 */
export async function openDatabase(
  config: Config,
  by: keyof typeof PATIENCE_MS,
  opening: Opening = {},
): Promise<Result<OpenDatabase, string>> {
  const usable = becomeOwner(config.dataDir);
  if (!usable.ok) return err(dataFolderText(usable.error));
  const encryption = encryptionOf(config);
  if (!encryption.ok) return encryption;
  const { databaseUrl, directDatabaseUrl } = config;
  if (databaseUrl !== null)
    return openServer({ databaseUrl, directDatabaseUrl }, encryption.value, {
      patienceMs: PATIENCE_MS[by],
      ...opening,
    });
  const embedded = await startEmbedded({ dataDir: config.dataDir });
  return embedded.ok ? ok(openEmbedded(embedded.value, encryption.value)) : err(embeddedFailureText(embedded.error));
}

/** Opens the database without starting or creating anything. Null if the embedded server is not running. */
export async function lookAtDatabase(config: Config, opening: Opening = {}): Promise<Result<OpenDatabase | null, string>> {
  if (config.databaseUrl !== null) return openDatabase(config, 'command', opening);
  const usable = becomeOwner(config.dataDir);
  if (!usable.ok) return err(dataFolderText(usable.error));
  const embedded = await adoptEmbedded({ dataDir: config.dataDir });
  if (!embedded.ok) return err(embeddedFailureText(embedded.error));
  if (embedded.value === null) return ok(null);
  const encryption = encryptionOf(config);
  return encryption.ok ? ok(openEmbedded(embedded.value, encryption.value)) : encryption;
}

async function openServer(
  { databaseUrl, directDatabaseUrl }: { readonly databaseUrl: string; readonly directDatabaseUrl: string | null },
  encryption: Encryption,
  { openStore: open = openStore, ...waiting }: Opening & { readonly patienceMs: number },
): Promise<Result<OpenDatabase, string>> {
  const reached = await reachDatabase(databaseUrl, { directUrl: directDatabaseUrl, ...waiting });
  if (!reached.ok) return err(databaseFailureText(reached.error));
  const { url, sessionUrl, queueSchema } = reached.value;
  const store = open(url, () => encryption.keys());
  return ok({ url: sessionUrl, queueSchema, store, encryption, close: () => store.close() });
}

function encryptionOf({ encryptionKey, encryptionKeyPrevious, dataDir }: Config): Result<Encryption, string> {
  if (encryptionKey === null) {
    const found = folderEncryption(dataDir, concealKey);
    return found.ok ? found : err(dataFolderText(found.error));
  }
  for (const key of [encryptionKey, encryptionKeyPrevious]) if (key !== null) concealKey(key);
  return ok(environmentEncryption({ current: encryptionKey, previous: encryptionKeyPrevious }));
}

function concealKey(key: Buffer): void {
  for (const encoding of ['base64', 'base64url', 'hex'] as const) conceal(key.toString(encoding));
}

function openEmbedded(server: EmbeddedServer, encryption: Encryption): OpenDatabase {
  for (const secret of secretsOfUrl(server.url)) conceal(secret);
  const store = openStore(server.url, () => encryption.keys());
  return {
    url: server.url,
    store,
    encryption,
    async close() {
      await store.close();
      await server.stop();
    },
  };
}

/**
 * Applies new migrations and records who did it. Waits for the migrations of another process that is starting. The error is a text for the
 * operator.
 */
export async function bringUpToDate(url: string, actor: Actor): Promise<Result<readonly string[], string>> {
  try {
    const result = await migrate({ url, migrationsDir: MIGRATIONS, by: { actor, now: systemClock.now() } });
    return result.ok ? ok(result.value.applied) : err(migrationFailureText(result.error));
  } catch (error) {
    return err(databaseFailureText(describeDatabase(error)));
  }
}

/** Shows other processes that this one uses the database, until it is closed. If that fails, closes the database. */
export async function showPresenceIn(
  database: OpenDatabase,
  onRestored?: () => void,
): Promise<Result<{ readonly presence: Presence; readonly database: OpenDatabase }, string>> {
  try {
    const presence = await showPresence(database.url, onRestored);
    const close = async (): Promise<void> => {
      await presence.leave();
      await database.close();
    };
    return ok({ presence, database: { ...database, close } });
  } catch (error) {
    await database.close();
    return err(databaseFailureText(describeDatabase(error)));
  }
}
