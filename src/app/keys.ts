import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { AccountConfig, Config } from '../config/config.ts';
import { errorName } from '../core/error-name.ts';
import { err, ok, type Result } from '../core/result.ts';
import { putKeyBackText } from '../messages/failures/data-folder.ts';
import { unreadableKeyText } from '../messages/replies/keys.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { StoredSecret, UnreadableSecret } from '../ports/stores/setup-store.ts';
import type { Store } from '../ports/stores/store.ts';
import type { IngestKey, IngestKeys } from '../sources/push/authorize.ts';

/** The name under which the ingest key of an account is stored. */
export const STORED_KEY = 'ingest-key';

/** How soon a process sees a key that another process created or ended. */
const LOOK_EVERY_MS = 3_000;
/** Requests with unknown keys trigger at most one read in this time. */
const LOOK_AGAIN_AFTER_MS = 250;
/** How long a request with an unknown key waits for the database. */
const LOOK_WITHIN_MS = 2_000;

type KeyStore = Pick<Store, 'secret' | 'secrets'>;

export type KeyRing = IngestKeys & {
  /** The keys that were created when the ring was opened. */
  readonly made: readonly IngestKey[];
  /**
   * Reads the stored keys as they are when it is called, or later. If the database does not answer, keeps the known keys and returns
   * false.
   */
  refresh(): Promise<boolean>;
  /** Reads the stored keys every few seconds until the signal. */
  watch(signal: AbortSignal, everyMs?: number): Promise<void>;
};

/** Returns a new key of 192 random bits. */
export function makeIngestKey(): string {
  return `cw_${randomBytes(24).toString('base64url')}`;
}

/** Returns a name for a replaced key. There may be several. */
export function nameOfEarlierKey(): string {
  return `${STORED_KEY}/${randomUUID()}`;
}

/**
 * Opens the keys of all accounts: those of the configuration, and the stored ones, which are read again while the service runs.
 * Creates a key for an account without one.
 *
 * @returns the keys, or an error for the operator if a stored key cannot be read
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
  let unreadable: UnreadableSecret | null = null;
  let looking: Promise<boolean> | null = null;
  let next: Promise<boolean> | null = null;
  let again: Promise<boolean> | null = null;
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
      log.debug({ error: errorName(error) }, 'ingest keys refresh failed');
      return false;
    }
  }

  /** If a key cannot be read, keeps the known keys of its account: the encryption key is being changed and is not known here yet. */
  function keysOf(account: string, rows: readonly StoredSecret[]): readonly IngestKey[] {
    const own = rows.filter((row) => row.account === account);
    const failed = own.flatMap(({ value }) => (value.ok ? [] : [value.error]))[0];
    if (failed !== undefined && failed !== unreadable)
      log.error({ account, remedy: unreadableKey(failed, config) }, 'stored ingest key unreadable');
    unreadable = failed ?? unreadable;
    if (failed !== undefined) return stored.filter((one) => one.account === account);
    return own.flatMap(({ value, until }) => (value.ok ? [{ account, source: null, key: value.value, until }] : []));
  }

  /**
   * One read at a time. One that is under way may not have seen what its caller has just changed, so a second one follows it, shared by
   * all who call meanwhile.
   */
  function refresh(): Promise<boolean> {
    if (looking === null) return start();
    next ??= looking.then(() => {
      next = null;
      return start();
    });
    return next;
  }

  function start(): Promise<boolean> {
    looking = read().finally(() => {
      looking = null;
      lookedAt = performance.now();
    });
    return looking;
  }

  /** Shared by all requests that call before its read begins. */
  async function refreshInTime(): Promise<boolean> {
    await looking;
    const tooSoonMs = lookedAt + LOOK_AGAIN_AFTER_MS - performance.now();
    if (tooSoonMs > 0) await wait(tooSoonMs);
    again = null;
    return refresh();
  }

  const ring: KeyRing = {
    made,
    all: () => all,
    refresh,
    async lookAgain() {
      if (ofStore.length === 0) return true;
      again ??= refreshInTime();
      return Promise.race([again, wait(LOOK_WITHIN_MS, false, { ref: false })]);
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

/** Whether every account has its key, or the next start creates one. The error, for the operator, says that a stored key cannot be read. */
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

/** Returns the keys that creditwatch.yml and INGEST_KEY give an account. */
export function declaredKeys(config: Config, account: AccountConfig): readonly IngestKey[] {
  const from = keyOrigin(config, account);
  return [
    ...account.ingestKeys.map((one) => ({ ...one, account: account.id, until: null })),
    ...(typeof from === 'object' ? [{ account: account.id, source: null, key: from.environment, until: null }] : []),
  ];
}

/** Returns where the account-wide key comes from. INGEST_KEY is the key of the only account of a simple deployment. */
export function keyOrigin({ ingestKey, accounts }: Config, account: AccountConfig): 'file' | 'store' | { readonly environment: string } {
  if (account.ingestKeys.some(({ source }) => source === null)) return 'file';
  return ingestKey !== null && accounts.length === 1 ? { environment: ingestKey } : 'store';
}

/** Returns the error, with the remedy, for a stored key that cannot be read. */
export function unreadableKey(why: UnreadableSecret, config: Config): string {
  return unreadableKeyText(why, putKeyBackText(config));
}
