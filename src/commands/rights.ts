import { refusedWords } from '../core/words/subscribed.ts';
import type { Message } from '../core/words/message.ts';
import type { CommandContext } from './command.ts';

/**
 * Whether the asker may change what this place gets: what comes to oneself is one's own affair, else it takes an admin of
 * creditwatch.yml or of the platform. Where nobody is declared anybody may.
 *
 * @returns what to say to somebody who may not; null for who may
 */
export async function refusal({ asker, store }: CommandContext): Promise<Message | null> {
  if (asker.direct) return null;
  const admins = await store.admins(asker.account);
  if (admins.length === 0 || admins.includes(asker.user) || (await asker.isPlatformAdmin())) return null;
  return refusedWords(admins);
}
