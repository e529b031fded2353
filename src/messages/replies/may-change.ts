import type { MayChange } from '../../core/text/person.ts';
import type { Message } from '../../core/text/message.ts';
import { FOR_MEMBERS, NOT_FOR_GUESTS, WHO_UNKNOWN } from './errors.ts';

const REFUSED = { guest: NOT_FOR_GUESTS, outsider: FOR_MEMBERS, unknown: WHO_UNKNOWN } as const;

/** The refusal for a person who may not make changes; null if the person may. */
export function refusedChange(may: MayChange): Message | null {
  return may === 'yes' ? null : REFUSED[may];
}
