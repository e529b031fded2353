import { z } from 'zod';

/** The most data of one account, so that the holder of one ingest key cannot fill the memory of the service. */
export type Limits = {
  readonly metersPerSource: number;
  readonly metersPerAccount: number;
  readonly sourcesPerAccount: number;
};
export type LimitName = keyof Limits;

export const USUAL_LIMITS: Limits = { metersPerSource: 20_000, metersPerAccount: 50_000, sourcesPerAccount: 1_000 };

const MOST = 1_000_000;
const count = z.int(`must be a whole number from 1 to ${MOST}`).min(1).max(MOST).optional();

/** The limits in creditwatch.yml; omitted ones have their defaults. */
export const limitsSchema = z.strictObject({ metersPerSource: count, metersPerAccount: count, sourcesPerAccount: count });

/** Merges limits; earlier arguments override the defaults, later ones override earlier ones. */
export function limitsOf(...written: readonly (z.infer<typeof limitsSchema> | null | undefined)[]): Limits {
  return written.reduce<Limits>(
    (limits, one) => ({
      metersPerSource: one?.metersPerSource ?? limits.metersPerSource,
      metersPerAccount: one?.metersPerAccount ?? limits.metersPerAccount,
      sourcesPerAccount: one?.sourcesPerAccount ?? limits.sourcesPerAccount,
    }),
    USUAL_LIMITS,
  );
}

/** Limits for imports in chat: half of the sources, so that keys and polls can always add one. */
export function limitsInChat(limits: Limits): Limits {
  return { ...limits, sourcesPerAccount: Math.ceil(limits.sourcesPerAccount / 2) };
}

/**
 * Returns how many meters can be added, and the limit that applies.
 *
 * @param held how many meters the source and the account have
 */
export function meterCapacity(
  { metersPerSource, metersPerAccount }: Limits,
  held: { readonly ofSource: number; readonly ofAccount: number },
): { readonly room: number; readonly limit: LimitName } {
  const [inSource, inAccount] = [metersPerSource - held.ofSource, metersPerAccount - held.ofAccount];
  return inSource <= inAccount
    ? { room: Math.max(0, inSource), limit: 'metersPerSource' }
    : { room: Math.max(0, inAccount), limit: 'metersPerAccount' };
}
