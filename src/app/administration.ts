import { findTypedPerson } from '../chat/platform.ts';
import { chooseAccounts } from '../commands/accounts.ts';
import type { AccountConfig, Config } from '../config/config.ts';
import { err, ok, type Result } from '../core/result.ts';
import { localDayOf, startOfLocalDay } from '../core/time/local-time.ts';
import { typedSpan } from '../core/time/parse-span.ts';
import { namesPerson } from '../core/notifications/names-person.ts';
import { dataFolderText } from '../messages/failures/data-folder.ts';
import { keyChangedElsewhereText, nameAccountText, noKeyToRotateText, NOT_NOW, replaceUnreadableText } from '../messages/replies/keys.ts';
import { removeKeyFile, renewKeyFile } from '../datadir/key-file.ts';
import type { Administration, ShownKey } from '../ports/inbound/administration.ts';
import type { Encryption } from '../ports/stores/encryption-store.ts';
import type { Clock } from '../ports/clock.ts';
import { StoreUnavailable } from '../ports/stores/store-errors.ts';
import type { Log } from '../ports/log.ts';
import type { AccountContents } from '../ports/stores/setup-store.ts';
import type { Store } from '../ports/stores/store.ts';
import { makeCaptureKey } from '../pipeline/actions/capture-keys.ts';
import { noCaptureKeyText, mistypedSourceText, notStartedYetText } from '../messages/replies/capture.ts';
import { declarationOf } from './accounts.ts';
import { declaredKeys, keyOrigin, makeIngestKey, nameOfEarlierKey, STORED_KEY, unreadableKey } from './keys.ts';
import type { Person } from '../core/text/person.ts';
import { sinceNotUnderstood, unknownAccount } from '../messages/replies/operations.ts';
import { PAST_SPANS } from '../messages/text/span-examples.ts';

/** How long a replaced key stays valid. */
const EARLIER_KEY_LASTS_MS = 7 * 24 * 60 * 60 * 1000;

type Parts = {
  readonly config: Config;
  readonly store: Store;
  readonly encryption: Encryption;
  readonly clock: Clock;
  readonly log: Log;
  /** Returns the URL of the service, without a slash at the end. */
  readonly address: () => string;
  /** Called after keys have changed, and awaited. This process then uses the new keys. */
  readonly onKeys?: () => Promise<unknown>;
};

/**
 * Handles the commands of the command line for keys and stored data. A user with a shell on this machine has the rights of the
 * operator.
 */
export function createAdministration({ config, store, encryption, clock, log, address, onKeys = async () => {} }: Parts): Administration {
  return {
    keys: ({ account, actor }) =>
      said(async () => {
        const chosen = chooseAccounts(config.accounts, account);
        if (!chosen.ok) return chosen;
        const stored = await store.secrets(STORED_KEY, clock.now());
        const shown: ShownKey[] = [];
        for (const one of chosen.value) {
          for (const { source, key, until } of declaredKeys(config, one))
            shown.push({
              account: one.id,
              source,
              from: typeof keyOrigin(config, one) === 'object' && source === null ? 'INGEST_KEY' : 'creditwatch.yml',
              key,
              until,
            });
          if (keyOrigin(config, one) !== 'store') continue;
          for (const { value, until } of stored.filter((row) => row.account === one.id)) {
            if (!value.ok) return err(unreadableKey(value.error, config));
            log.conceal(value.value);
            shown.push({ account: one.id, source: null, from: 'database', key: value.value, until });
          }
        }
        for (const { id } of chosen.value) await store.audit.record(id, { action: 'keys-shown', actor }, clock.now());
        return ok(shown);
      }),

    rotateKey: ({ account, atOnce, actor }) =>
      ofStored(account, async ({ id }) => {
        const key = makeIngestKey();
        log.conceal(key);
        const now = clock.now();
        const until = atOnce ? null : new Date(now.getTime() + EARLIER_KEY_LASTS_MS);
        const keep = until && { name: nameOfEarlierKey(), until };
        const replaced = await store.replaceSecret(id, STORED_KEY, key, { keep, actor, now });
        if (!replaced.ok) return err(replaceUnreadableText(unreadableKey(replaced.error, config)));
        if (replaced.value === 'none') return err(noKeyToRotateText(id));
        await onKeys();
        const renewed = renewKeyFile({ dataDir: config.dataDir, account: id, isOnly: config.accounts.length === 1 }, key);
        if (!renewed.ok) log.warn({ error: renewed.error }, 'ingest key file not updated');
        return ok({ account: id, key, earlierUntil: until });
      }),

    makeCaptureKey: ({ account, sources, mayBeNew, actor }) =>
      ofOne(account, async ({ id }) => {
        const made = await makeCaptureKey({ store, clock, address }, { account: id, by: actor, sources, mayBeNew });
        if (!made.ok) return err(made.error.kind === 'not-started' ? notStartedYetText(id) : mistypedSourceText(made.error));
        log.conceal(made.value.key);
        log.conceal(made.value.link);
        return ok({ account: id, ...made.value });
      }),

    captureKeys: ({ account }) =>
      said(async () => {
        const chosen = chooseAccounts(config.accounts, account);
        return chosen.ok ? ok(await store.captures.list(account)) : chosen;
      }),

    revokeCaptureKey: ({ account, name, actor }) =>
      ofOne(account, async ({ id }) => {
        const revoked = await store.captures.revoke(id, name, { actor, now: clock.now() });
        return revoked ? ok(null) : err(noCaptureKeyText(name));
      }),

    accountContents: ({ account }) => said(() => contentsOf(account)),

    deleteAccount: ({ account, actor }) =>
      said(async () => {
        const deleted = await contentsOf(account);
        if (!deleted.ok) return deleted;
        const declared = config.accounts.find(({ id }) => id === account);
        await store.deleteAccount(account, declared ? declarationOf(declared, config) : null, { actor, now: clock.now() });
        removeKeyFile({ dataDir: config.dataDir, account, isOnly: config.accounts.length === 1 });
        await onKeys();
        return ok({ deleted: deleted.value, isDeclared: declared !== undefined });
      }),

    exportPerson: ({ person, actor }) => said(async () => ok(await store.person.stored(personOf(person), { actor, now: clock.now() }))),

    forgetPerson: ({ person, actor }) =>
      said(async () => {
        const found = await store.person.forget(personOf(person), { actor, now: clock.now() });
        return ok({ found, declared: config.accounts.some((account) => namesPerson(account, { ...personOf(person), places: [] })) });
      }),

    rotateEncryption: ({ actor }) =>
      said(async () => {
        const hasPrevious = encryption.keys().previous !== null;
        const renewed = encryption.renew();
        if (!renewed.ok) return err(dataFolderText(renewed.error));
        const done = await store.encryption.encryptAnew({ actor, now: clock.now() });
        const now = await store.encryption.count();
        // Dropped only now, when no value in the database needs the previous key.
        const dropped = now.previous === 0 ? encryption.dropPrevious() : ok(null);
        if (!dropped.ok) return err(dataFolderText(dropped.error));
        return ok({ from: encryption.from, made: renewed.value === 'made', hasPrevious, done, now });
      }),

    retireKeys: ({ account, actor }) =>
      ofStored(account, async ({ id }) => {
        const ended = await store.endEarlierSecrets(id, STORED_KEY, { actor, now: clock.now() });
        await onKeys();
        return ok(ended);
      }),

    audit: ({ actor, since: typed, by, ...asked }) =>
      said(async () => {
        if (asked.account !== null) {
          const known = await contentsOf(asked.account);
          if (!known.ok) return known;
        }
        const timeZone = asked.account === null ? 'UTC' : await store.timeZone(asked.account);
        const span = typed === null ? null : typedSpan(typed, localDayOf(clock.now(), timeZone));
        if (typed !== null && (span === null || 'period' in span)) return err(sinceNotUnderstood(typed, PAST_SPANS));
        const since = span === null || 'period' in span ? null : startOfLocalDay(span.first, timeZone);
        const rows = await store.audit.rows({ ...asked, by: by === null ? null : personOf(by), since });
        const zones = new Map<string, string>();
        for (const account of await store.accounts()) zones.set(account, await store.timeZone(account));
        if (asked.after === null || asked.after === 0n)
          await store.audit.record(asked.account, { action: 'audit-read', actor }, clock.now());
        return ok({ rows, zones: Object.fromEntries(zones) });
      }),
  };

  function personOf(typed: string): Person {
    return findTypedPerson(config.platforms, typed);
  }

  async function contentsOf(account: string): Promise<Result<AccountContents, string>> {
    const contents = await store.accountContents(account);
    if (contents !== null) return ok(contents);
    return err(unknownAccount(account, await store.accounts()));
  }

  /** Works on one account. If there are several accounts, `named` is required. */
  function ofOne<T>(named: string | null, work: (account: AccountConfig) => Promise<Result<T, string>>): Promise<Result<T, string>> {
    return said(async () => {
      const chosen = chooseAccounts(config.accounts, named);
      if (!chosen.ok) return chosen;
      const [account, another] = chosen.value;
      if (account === undefined || another !== undefined) return err(nameAccountText(config.accounts.map(({ id }) => id)));
      return work(account);
    });
  }

  /** Works on the stored key of one account. */
  function ofStored<T>(named: string | null, work: (account: AccountConfig) => Promise<Result<T, string>>): Promise<Result<T, string>> {
    return ofOne(named, async (account) => {
      const from = keyOrigin(config, account);
      if (from === 'store') return work(account);
      return err(keyChangedElsewhereText(account.id, from === 'file' ? 'file' : 'environment'));
    });
  }
}

async function said<T>(work: () => Promise<Result<T, string>>): Promise<Result<T, string>> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StoreUnavailable) return err(NOT_NOW);
    throw error;
  }
}
