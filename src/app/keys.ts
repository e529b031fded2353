import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { AccountConfig, Config } from '../config/config.ts';
import { errorName } from '../core/error-name.ts';
import { err, ok, type Result } from '../core/result.ts';
import { putKeyBack } from '../datadir/encryption-key.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { StoredSecret } from '../ports/stores/setup-store.ts';
import type { Store } from '../ports/stores/store.ts';
import type { IngestKey, IngestKeys } from '../sources/push/authorize.ts';

/** The name under which an account's ingest key is stored. */
export const STORED_KEY = 'ingest-key';

/** So soon a process knows of a key that another one made or ended. */
const LOOK_EVERY_MS = 3_000;
/** Requests with unknown keys make a process look at most this often. */
const LOOK_AGAIN_AFTER_MS = 250;
/** Whoever sent an unknown key waits this long for the database. */
const LOOK_WITHIN_MS = 2_000;

type KeyStore = Pick<Store, 'secret' | 'secrets'>;

export type KeyRing = IngestKeys & {
  /** Those that were made when the ring was opened. */
  readonly made: readonly IngestKey[];
  /** Reads the stored keys anew. When the database does not answer, what was known still holds, and false is returned. */
  refresh(): Promise<boolean>;
  /** Reads them anew every few seconds, until it is told to stop. */
  watch(signal: AbortSignal, everyMs?: number): Promise<void>;
};

/** A key of 192 random bits. */
export function makeIngestKey(): string {
  return `cw_${randomBytes(24).toString('base64url')}`;
}

/** A name for a key that was replaced, of which there may be several. */
export function nameOfEarlierKey(): string {
  return `${STORED_KEY}/${randomUUID()}`;
}

/**
 * The keys of every account: those of the configuration, and the stored ones, which are read anew while the service runs. An account
 * without a key gets one.
 *
 * @returns the error is for the operator: a stored key cannot be read
 */
export async function openKeyRing(config: Config, store: KeyStore, clock: Clock, log: Log): Promise<Result<KeyRing, string>> {
  const declared = config.accounts.flatMap((account) => declaredKeys(config, account));
  const ofStore = config.accounts.filter((account) => keyOrigin(config, account) === 'store').map(({ id }) => id);
  const made: IngestKey[] = [];
  for (const account of ofStore) {
    const secret = await store.secret(account, STORED_KEY, makeIngestKey, clock.now());
    if (!secret.ok) return err(unreadableKey(secret.error, config));
    if (secret.value.made) made.push({ account, source: null, key: secret.value.value, until: null });
  }
  let stored: readonly IngestKey[] = made;
  let all: readonly IngestKey[] = [...declared, ...made];
  let unreadable: string | null = null;
  let looking: Promise<boolean> | null = null;
  let lookedAt = Number.NEGATIVE_INFINITY;
  for (const { key } of declared) log.conceal(key);

  async function read(): Promise<boolean> {
    try {
      const rows = await store.secrets(STORED_KEY, clock.now());
      stored = ofStore.flatMap((account) => keysOf(account, rows));
      all = [...declared, ...stored];
      for (const { key } of stored) log.conceal(key);
      return true;
    } catch (error) {
      log.debug({ error: errorName(error) }, 'the stored ingest keys could not be read anew');
      return false;
    }
  }

  /** One that cannot be read leaves what was known of its account: the key for secrets is being changed, and not here yet. */
  function keysOf(account: string, rows: readonly StoredSecret[]): readonly IngestKey[] {
    const own = rows.filter((row) => row.account === account);
    const failed = own.flatMap(({ value }) => (value.ok ? [] : [value.error]))[0];
    if (failed !== undefined && failed !== unreadable)
      log.error({ account, remedy: unreadableKey(failed, config) }, 'a stored ingest key cannot be read');
    unreadable = failed ?? unreadable;
    if (failed !== undefined) return stored.filter((one) => one.account === account);
    return own.flatMap(({ value, until }) => (value.ok ? [{ account, source: null, key: value.value, until }] : []));
  }

  /** One read at a time, which all share who ask meanwhile. */
  function refresh(): Promise<boolean> {
    looking ??= read().finally(() => {
      looking = null;
      lookedAt = performance.now();
    });
    return looking;
  }

  const ring: KeyRing = {
    made,
    all: () => all,
    refresh,
    async lookAgain() {
      if (ofStore.length === 0) return true;
      const tooSoonMs = lookedAt + LOOK_AGAIN_AFTER_MS - performance.now();
      if (looking === null && tooSoonMs > 0) await wait(tooSoonMs);
      return Promise.race([refresh(), wait(LOOK_WITHIN_MS, false, { ref: false })]);
    },
    async watch(signal, everyMs = LOOK_EVERY_MS) {
      while (ofStore.length > 0 && !signal.aborted) {
        await clock.sleep(everyMs, signal);
        if (!signal.aborted) await refresh();
      }
    },
  };
  await refresh();
  return ok(ring);
}

/** Whether every account has its key, or the next start makes one; the error is for the operator, of a stored one that cannot be read. */
export async function lookAtKeys(config: Config, store: Pick<Store, 'storedSecret'>): Promise<Result<'complete' | 'to-make', string>> {
  let isComplete = true;
  for (const account of config.accounts) {
    if (keyOrigin(config, account) !== 'store') continue;
    const secret = await store.storedSecret(account.id, STORED_KEY);
    if (!secret.ok) return err(unreadableKey(secret.error, config));
    isComplete &&= secret.value !== null;
  }
  return ok(isComplete ? 'complete' : 'to-make');
}

/** The keys that creditwatch.yml and INGEST_KEY give an account. */
export function declaredKeys(config: Config, account: AccountConfig): readonly IngestKey[] {
  const from = keyOrigin(config, account);
  return [
    ...account.ingestKeys.map((one) => ({ ...one, account: account.id, until: null })),
    ...(typeof from === 'object' ? [{ account: account.id, source: null, key: from.environment, until: null }] : []),
  ];
}

/** Where an account's key for all sources comes from. INGEST_KEY is that of the one account of a simple deployment. */
export function keyOrigin({ ingestKey, accounts }: Config, account: AccountConfig): 'file' | 'store' | { readonly environment: string } {
  if (account.ingestKeys.some(({ source }) => source === null)) return 'file';
  return ingestKey !== null && accounts.length === 1 ? { environment: ingestKey } : 'store';
}

/** What the operator reads of a stored key that cannot be read, with what to do. */
export function unreadableKey(reason: string, config: Config): string {
  return `The stored ingest key cannot be read: ${reason}. ${putKeyBack(config)}`;
}
