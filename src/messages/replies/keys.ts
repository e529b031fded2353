import type { Result } from '../../core/result.ts';

/** The database does not answer, so keys and stored data can be neither read nor changed. */
export const NOT_NOW = 'The database is temporarily unavailable. Nothing was changed. Try again in a minute.';

/** `2026-12-06 23:40 UTC`. In UTC, because the operator's machine may be in another zone than the account. */
export function instantText(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** A key and the secret that signs webhooks, each on a line. */
export function keyText(title: string, key: string, webhookSecret: string): string {
  return `${title}: ${key}\n  as a webhook secret: ${webhookSecret}`;
}

/**
 * The title of a key that is shown.
 *
 * @param from where it is set: `database`, `INGEST_KEY` or `creditwatch.yml`
 * @param until when a replaced key ends; null for a current one
 * @param several whether keys of several accounts are shown
 */
export function keyTitle(
  {
    account,
    source,
    from,
    until,
  }: { readonly account: string; readonly source: string | null; readonly from: string; readonly until: Date | null },
  several: boolean,
): string {
  const whose = `${several ? ` of ${account}` : ''}${source === null ? '' : ` for the source ${source}`}`;
  const which = until !== null ? `, replaced, works until ${instantText(until)}` : from === 'database' ? '' : `, from ${from}`;
  return `${until === null ? 'Ingest key' : 'Earlier key'}${whose}${which}`;
}

/** The title of a key that was just made. */
export const NEW_KEY = 'New ingest key';

/** `key` before the first start. */
export const NO_KEY_YET = 'There is no ingest key yet. The next start makes one.';

/** `key rotate` before the first start. */
export function noKeyToRotateText(account: string): string {
  return `${account} has no key yet. The next start makes one.`;
}

/** `--now` with another action than `rotate`. */
export const NOW_NEEDS_ROTATE = '--now works only with rotate: npx creditwatch key rotate --now';

/** An action on the key of one account does not say which. */
export function nameAccountText(accounts: readonly string[]): string {
  return `Name the account with --account: ${accounts.join(', ')}.`;
}

/** The key is not stored, so it cannot be changed here. */
export function keyChangedElsewhereText(account: string, from: Exclude<KeyOrigin, 'store'>): string {
  return `The ingest key of ${account} comes ${ORIGINS[from]}, and is changed there. To change it without a gap, list the new key and the old one under ingestKeys in creditwatch.yml and restart. Remove the old one once every sender has the new one.`;
}

/** A stored key cannot be decrypted. `remedy`: a sentence. */
export function unreadableKeyText(why: 'wrong-key' | 'altered', remedy: string): string {
  const reason = why === 'wrong-key' ? 'it was encrypted with another key' : 'it was altered';
  return `The stored ingest key cannot be read: ${reason}. ${remedy}`;
}

/** `key rotate` of a key that cannot be decrypted. `unreadable`: see `unreadableKeyText`. */
export function replaceUnreadableText(unreadable: string): string {
  return `${unreadable} To make a new key anyway: npx creditwatch key rotate --now`;
}

/** Says until when the previous key works. */
export function earlierKeyText(until: Date | null): string {
  return until === null
    ? 'Earlier keys no longer work.'
    : `The previous key works until ${instantText(until)}. Once every sender has the new key, you can end it sooner: npx creditwatch key retire`;
}

/** After `key retire`. */
export function retiredText(ended: number): string {
  if (ended === 0) return 'There is no earlier key. Only the current key works.';
  return `${String(ended)} earlier ${ended === 1 ? 'key no longer works' : 'keys no longer work'}. The current key is unchanged.`;
}

/** Where the ingest keys come from: creditwatch.yml, INGEST_KEY, or the database. */
export type KeyOrigin = 'file' | 'environment' | 'store';

const ORIGINS: Readonly<Record<KeyOrigin, string>> = {
  file: 'from creditwatch.yml',
  environment: 'from INGEST_KEY',
  store: 'unchanged, shown only at the first start',
};

/** Where the ingest keys come from, as the text after "Ingest key: ". */
export function keyOriginText(origin: KeyOrigin): string {
  return ORIGINS[origin];
}

/** A start that made no key. */
export function keptKeyText(origin: KeyOrigin): string {
  return `Ingest key: ${ORIGINS[origin]}. To see it: npx creditwatch key`;
}

/** A new key, on a terminal. `account`: null if there is only one. */
export function shownKeyText(account: string | null, { key, secret }: { readonly key: string; readonly secret: string }): string {
  return `${keyText(titleOf(account), key, secret)}\n  to see it again: ${commandOf(account)}`;
}

/** A new key that was written to a file, or why it was not. */
export function writtenKeyText(account: string | null, written: Result<string, string>): string {
  return written.ok
    ? `${titleOf(account)}: saved in ${written.value} (mode 0600). To see it: ${commandOf(account)}`
    : `${titleOf(account)}: created, but not written to a file (${written.error}) To see it: ${commandOf(account)}`;
}

function titleOf(account: string | null): string {
  return account === null ? 'Ingest key' : `Ingest key of ${account}`;
}

function commandOf(account: string | null): string {
  return `npx creditwatch key${account === null ? '' : ` --account ${account}`}`;
}
