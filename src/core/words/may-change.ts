import type { Message } from './message.ts';
import { FOR_MEMBERS, NOT_FOR_GUESTS, WHO_UNKNOWN } from './sorry.ts';

/**
 * Whether somebody may change anything at all. `guest`: may only look. `outsider`: of another organization, and may not even look.
 * `unknown`: the platform does not say now who they are.
 */
export type MayChange = 'yes' | 'guest' | 'outsider' | 'unknown';

const REFUSED = { guest: NOT_FOR_GUESTS, outsider: FOR_MEMBERS, unknown: WHO_UNKNOWN } as const;

/** What to say to somebody who would change something; null to who may. */
export function refusedChange(may: MayChange): Message | null {
  return may === 'yes' ? null : REFUSED[may];
}
