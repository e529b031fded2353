import { createHash, randomBytes } from 'node:crypto';
import { err, ok, type Result } from '../../core/result.ts';
import { captureTime, pairingLink } from '../../core/notifications/pairing-link.ts';
import type { Person } from '../../core/text/person.ts';
import { nearestWord } from '../../core/text/nearest-word.ts';
import { namedVendors } from '../../core/vendors/recognise.ts';
import { isPresetName, usagePageOf } from '../../core/vendors/registry.ts';
import type { CaptureKeyProblem, MadeCaptureKey } from '../../ports/inbound/actions.ts';
import type { Clock } from '../../ports/clock.ts';
import type { CaptureStore } from '../../ports/stores/capture-store.ts';
import type { ReadStore } from '../../ports/stores/read-store.ts';

/** Distinguishes capture keys from ingest keys. */
const PREFIX = 'cwp_';

/**
 * Makes a capture key of 192 random bits. The key is returned once and cannot be read again. A key for a mistyped source
 * would create a second source of the same vendor, so a name that resembles another needs `mayBeNew`.
 *
 * @param parts.address the URL of the service, without a slash at the end
 */
export async function makeCaptureKey(
  parts: {
    readonly store: Pick<ReadStore, 'routes' | 'timeZone'> & { readonly captures: CaptureStore };
    readonly clock: Clock;
    readonly address: () => string;
  },
  {
    account,
    by,
    sources: asked,
    mayBeNew,
  }: { readonly account: string; readonly by: Person; readonly sources: readonly string[]; readonly mayBeNew: boolean },
): Promise<Result<MadeCaptureKey, CaptureKeyProblem>> {
  const { store, clock, address } = parts;
  const sources = [...new Set(asked)];
  const stored = await store.captures.sources(account);
  const known = new Set([...stored, ...namedVendors.map(({ source }) => source)]);
  const newSources = sources.filter((source) => !known.has(source) && !isPresetName(source));
  for (const source of mayBeNew ? [] : newSources) {
    const nearest = nearestWord(source, [...known]);
    if (nearest !== null) return err({ kind: 'mistyped', source, nearest });
  }
  const key = `${PREFIX}${randomBytes(24).toString('base64url')}`;
  const hash = createHash('sha256').update(key).digest('hex');
  const name = `capture-${randomBytes(4).toString('hex')}`;
  const added = await store.captures.add({ account, name, sources, by, madeAt: clock.now() }, hash);
  if (!added) return err({ kind: 'not-started' });
  const time = captureTime(await store.routes(account), await store.timeZone(account));
  return ok({
    key,
    name,
    newSources,
    link: pairingLink(address(), { key, pages: sources.map((source) => ({ source, page: usagePageOf(source) })), time }),
  });
}
