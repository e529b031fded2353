import { refusedWords } from '../core/words/subscribed.ts';
import type { Message } from '../core/words/message.ts';
import type { CommandContext } from './command.ts';

/**
 * Whether the asker may change something: what comes to oneself is one's own affair, else it takes an admin of
 * creditwatch.yml or of the platform. Where nobody is declared anybody may.
 *
 * @param forWhom `place`: what is changed is what comes where it was asked; `everybody`: it concerns all
 * @returns what to say to somebody who may not; null for who may
 */
export async function refusal({ asker, store }: CommandContext, forWhom: 'place' | 'everybody' = 'place'): Promise<Message | null> {
  if (asker.direct && forWhom === 'place') return null;
  const admins = await store.admins(asker.account);
  if (admins.length === 0 || admins.includes(asker.user) || (await asker.isPlatformAdmin())) return null;
  return refusedWords(admins);
}
