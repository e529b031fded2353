import { createHash, randomBytes } from 'node:crypto';
import type { Person } from '../../core/text/person.ts';
import type { Clock } from '../../ports/clock.ts';
import type { CaptureStore } from '../../ports/stores/capture-store.ts';

/** Distinguishes capture keys from ingest keys. */
const PREFIX = 'cwp_';

/**
 * Makes a capture key of 192 random bits. The key is returned once and cannot be read again.
 *
 * @returns null if the account is not stored yet, before the first start
 */
export async function makeCaptureKey(
  { store, clock }: { readonly store: { readonly captures: CaptureStore }; readonly clock: Clock },
  { account, by, sources }: { readonly account: string; readonly by: Person; readonly sources: readonly string[] },
): Promise<{ readonly key: string; readonly name: string } | null> {
  const key = `${PREFIX}${randomBytes(24).toString('base64url')}`;
  const hash = createHash('sha256').update(key).digest('hex');
  const name = `capture-${randomBytes(4).toString('hex')}`;
  const added = await store.captures.add({ account, name, sources: [...new Set(sources)], by, madeAt: clock.now() }, hash);
  return added ? { key, name } : null;
}
