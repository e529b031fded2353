type From = 'environment' | 'folder';
/** How to replace secrets that cannot be decrypted. */
export const NEW_SECRETS =
  'for an ingest key, npx creditwatch key rotate --now; for the token of a chat platform, install the app there again.';

type Count = { readonly current: number; readonly previous: number; readonly unreadable: number };

const NAMES: Readonly<Record<From, { readonly current: string; readonly previous: string }>> = {
  environment: { current: 'ENCRYPTION_KEY', previous: 'ENCRYPTION_KEY_PREVIOUS' },
  folder: { current: 'encryption.key', previous: 'encryption.key.previous' },
};

function secrets(count: number): string {
  return count === 1 ? '1 stored secret' : `${String(count)} stored secrets`;
}

function unreadableText(count: number, from: From): string {
  const { current, previous } = NAMES[from];
  return `${secrets(count)} cannot be decrypted with ${current}${from === 'environment' ? ` or ${previous}` : ''}. Put back the key that the database was used with, or replace the secret: ${NEW_SECRETS}`;
}

/** The line of `doctor` about the encryption keys: whether the previous one is still needed. */
export function encryptionState(
  { current, previous, unreadable }: Count,
  { from, hasPrevious }: { readonly from: From; readonly hasPrevious: boolean },
): { readonly state: 'ok' | 'off' | 'bad'; readonly says: string } {
  const names = NAMES[from];
  if (unreadable > 0) return { state: 'bad', says: unreadableText(unreadable, from) };
  if (previous > 0) {
    const says = `${secrets(previous)} ${previous === 1 ? 'is' : 'are'} still encrypted with ${names.previous}. Keep it, and run: npx creditwatch encryption rotate`;
    return { state: 'off', says };
  }
  const all = current === 0 ? 'there are no stored secrets' : `${secrets(current)}, encrypted with ${names.current}`;
  if (!hasPrevious) return { state: 'ok', says: all };
  const next =
    from === 'environment'
      ? `${names.previous} can be removed once every process runs with this ${names.current}`
      : `npx creditwatch encryption rotate finishes the change and removes ${names.previous}`;
  return { state: 'ok', says: `${all}; ${next}` };
}

/** The lines after `encryption rotate`. `failed`: an error if some secrets cannot be decrypted. */
export function rotatedEncryptionText({
  from,
  made,
  hasPrevious,
  done,
  now,
}: {
  readonly from: From;
  readonly made: boolean;
  readonly hasPrevious: boolean;
  readonly done: number;
  readonly now: Count;
}): { readonly lines: readonly string[]; readonly failed: string | null } {
  const names = NAMES[from];
  const failed = now.unreadable > 0 ? unreadableText(now.unreadable, from) : null;
  if (from === 'folder')
    return {
      lines: [
        `${made ? 'Made a new' : 'Finished the change to the new'} ${names.current}: ${secrets(done)} encrypted with it. The previous key is deleted.`,
        `Back up the new ${names.current}. Earlier backups of the database still need the previous key.`,
      ],
      failed,
    };
  if (!hasPrevious)
    return {
      lines: [
        `${names.previous} is not set, so nothing was changed: ${secrets(now.current)} encrypted with ${names.current}.`,
        `To change the key: set ${names.previous} to the current key and ${names.current} to a new one (openssl rand -base64 32), restart every process, then run this again.`,
      ],
      failed,
    };
  return {
    lines: [
      `${secrets(done)} re-encrypted with ${names.current}; ${String(now.current)} in total.`,
      `${names.previous} can be removed once every process runs with this ${names.current}. Earlier backups of the database still need it.`,
    ],
    failed,
  };
}
