import type { Config } from '../config/config.ts';
import { err } from '../core/result.ts';
import { dataFolderText } from '../messages/failures/data-folder.ts';
import { keptKeyText, shownKeyText, writtenKeyText, type KeyOrigin } from '../messages/replies/keys.ts';
import { writeKeyFile } from '../datadir/key-file.ts';
import { keyOrigin } from '../app/keys.ts';
import type { IngestKey } from '../sources/push/authorize.ts';
import { signingSecret } from '../sources/push/signature.ts';

/** Returns where the ingest keys come from. */
export function keyOrigins(config: Config): KeyOrigin {
  const places = config.accounts.map((account) => keyOrigin(config, account));
  if (places.every((place) => place === 'file')) return 'file';
  return places.includes('store') ? 'store' : 'environment';
}

/**
 * Returns the lines about ingest keys that a start prints. A new key is shown on a terminal. If standard output is not a terminal, it may
 * be a journal or a container's log that others can read, so the key is written to a file and the line names the file.
 */
export function keyLines(
  { config, newKeys }: { readonly config: Config; readonly newKeys: readonly IngestKey[] },
  { isTerminal }: { readonly isTerminal: boolean },
): string {
  if (newKeys.length === 0) return keptKeyText(keyOrigins(config));
  const isOnly = config.accounts.length === 1;
  return newKeys
    .map(({ account, key }) => {
      const of = isOnly ? null : account;
      if (isTerminal) return shownKeyText(of, { key, secret: signingSecret(key) });
      const written = writeKeyFile({ dataDir: config.dataDir, account, isOnly }, key);
      return writtenKeyText(of, written.ok ? written : err(dataFolderText(written.error)));
    })
    .join('\n');
}
