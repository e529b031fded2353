import { createHash, randomBytes } from 'node:crypto';
import { captureTime, pairingLink } from '../../core/notifications/pairing-link.ts';
import type { Person } from '../../core/text/person.ts';
import { usagePageOf } from '../../core/vendors/registry.ts';
import type { MadeCaptureKey } from '../../ports/inbound/actions.ts';
import type { Clock } from '../../ports/clock.ts';
import type { CaptureStore } from '../../ports/stores/capture-store.ts';
import type { ReadStore } from '../../ports/stores/read-store.ts';

/** Distinguishes capture keys from ingest keys. */
const PREFIX = 'cwp_';

/**
 * Makes a capture key of 192 random bits. The key is returned once and cannot be read again.
 *
 * @param parts.address the URL of the service, without a slash at the end
 * @returns null if the account is not stored yet, before the first start
 */
export async function makeCaptureKey(
  parts: {
    readonly store: Pick<ReadStore, 'routes' | 'timeZone'> & { readonly captures: CaptureStore };
    readonly clock: Clock;
    readonly address: () => string;
  },
  { account, by, sources: asked }: { readonly account: string; readonly by: Person; readonly sources: readonly string[] },
): Promise<MadeCaptureKey | null> {
  const { store, clock, address } = parts;
  const sources = [...new Set(asked)];
  const key = `${PREFIX}${randomBytes(24).toString('base64url')}`;
  const hash = createHash('sha256').update(key).digest('hex');
  const name = `capture-${randomBytes(4).toString('hex')}`;
  const added = await store.captures.add({ account, name, sources, by, madeAt: clock.now() }, hash);
  if (!added) return null;
  const time = captureTime(await store.routes(account), await store.timeZone(account));
  return {
    key,
    name,
    link: pairingLink(address(), { key, pages: sources.map((source) => ({ source, page: usagePageOf(source) })), time }),
  };
}
