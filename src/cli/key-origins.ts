import type { Config } from '../config/config.ts';
import { keyText } from '../messages/replies/keys.ts';
import { writeKeyFile } from '../datadir/key-file.ts';
import { keyOrigin } from '../app/keys.ts';
import type { IngestKey } from '../sources/push/authorize.ts';
import { signingSecret } from '../sources/push/signature.ts';

/** Returns where the ingest keys come from, as the text after "Ingest key: ". */
export function keyOrigins(config: Config): string {
  const places = config.accounts.map((account) => keyOrigin(config, account));
  if (places.every((place) => place === 'file')) return 'from creditwatch.yml';
  return places.includes('store') ? 'unchanged, shown only at the first start' : 'from INGEST_KEY';
}

/**
 * Returns the lines about ingest keys that a start prints. A new key is shown on a terminal. If standard output is not a terminal, it may
 * be a journal or a container's log that others can read, so the key is written to a file and the line names the file.
 */
export function keyLines(
  { config, newKeys }: { readonly config: Config; readonly newKeys: readonly IngestKey[] },
  { isTerminal }: { readonly isTerminal: boolean },
): string {
  if (newKeys.length === 0) return `Ingest key: ${keyOrigins(config)}. To see it: npx creditwatch key`;
  const isOnly = config.accounts.length === 1;
  return newKeys
    .map(({ account, key }) => {
      const title = `Ingest key${isOnly ? '' : ` of ${account}`}`;
      const shownAgain = `npx creditwatch key${isOnly ? '' : ` --account ${account}`}`;
      if (isTerminal) return `${keyText(title, key, signingSecret(key))}\n  to see it again: ${shownAgain}`;
      const written = writeKeyFile({ dataDir: config.dataDir, account, isOnly }, key);
      if (!written.ok) return `${title}: made, and not written into a file (${written.error}) To see it: ${shownAgain}`;
      return `${title}: in ${written.value}, for its owner alone. To see it: ${shownAgain}`;
    })
    .join('\n');
}
