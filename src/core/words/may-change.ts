import type { Message } from './message.ts';
import { NOT_FOR_GUESTS, WHO_UNKNOWN } from './sorry.ts';

/** Whether somebody may change anything at all. `guest`: may only look. `unknown`: the platform does not say now who they are. */
export type MayChange = 'yes' | 'guest' | 'unknown';

/** What to say to somebody who would change something; null to who may. */
export function refusedChange(may: MayChange): Message | null {
  if (may === 'yes') return null;
  return may === 'guest' ? NOT_FOR_GUESTS : WHO_UNKNOWN;
}
