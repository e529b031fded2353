import { setTimeout as wait } from 'node:timers/promises';
import type { Config } from '../config/config.ts';
import { err, ok, type Result } from '../core/result.ts';
import { ensureEncryptionKey } from '../datadir/encryption-key.ts';
import type { Store } from '../ports/store.ts';
import { adoptEmbedded, startEmbedded } from '../postgres/embedded/server.ts';
import { migrate } from '../postgres/migrate.ts';
import { openStore } from '../postgres/store/store.ts';

const MIGRATIONS = new URL('../../prisma/migrations/', import.meta.url);

export type OpenDatabase = {
  readonly url: string;
  readonly store: Store;
  /** Closes our connections, and the embedded server unless somebody else uses it. */
  close(): Promise<void>;
};

// A database server that is starting with us (compose, systemd) is given this long.
const SERVER_PATIENCE_MS = 30_000;

/**
 * The database of this configuration: the server that DATABASE_URL names, else the embedded one in DATA_DIR.
 *
 * @param mode `start` starts the embedded server when it is not running; `adopt` only uses one that is.
 * @returns null in mode `adopt` when the embedded server is not running.
 */
export async function openDatabase(config: Config, mode: 'start' | 'adopt'): Promise<Result<OpenDatabase | null, string>> {
  const key = config.encryptionKey === null ? ensureEncryptionKey(config.dataDir) : ok(config.encryptionKey);
  if (!key.ok) return key;
  if (config.databaseUrl !== null) {
    const url = config.databaseUrl;
    const store = openStore(url, key.value);
    const reached = await reach(store);
    if (reached !== null) {
      await store.close();
      return err(`The database of DATABASE_URL does not answer (${reached}). Check that it runs, and the host, name and password in DATABASE_URL.`);
    }
    return ok({ url, store, close: () => store.close() });
  }
  const embedded = await (mode === 'start' ? startEmbedded({ dataDir: config.dataDir }) : adoptEmbedded({ dataDir: config.dataDir }));
  if (!embedded.ok) return err(embedded.error.message);
  if (embedded.value === null) return ok(null);
  const server = embedded.value;
  const store = openStore(server.url, key.value);
  return ok({
    url: server.url,
    store,
    async close() {
      await store.close();
      await server.stop();
    },
  });
}

/** Applies what is new. Migrations of another process that starts now are waited for. */
export async function bringUpToDate(url: string): Promise<Result<readonly string[], string>> {
  const result = await migrate({ url, migrationsDir: MIGRATIONS });
  return result.ok ? ok(result.value.applied) : err(result.error.message);
}

async function reach(store: Store): Promise<string | null> {
  const deadline = Date.now() + SERVER_PATIENCE_MS;
  for (;;) {
    try {
      await store.ping();
      return null;
    } catch (error) {
      if (Date.now() > deadline) return rootMessage(error);
      await wait(500);
    }
  }
}

function rootMessage(error: unknown): string {
  let deepest = error;
  while (deepest instanceof Error && deepest.cause instanceof Error) deepest = deepest.cause;
  return deepest instanceof Error ? deepest.message.split('\n').at(-1) ?? deepest.name : String(deepest);
}
