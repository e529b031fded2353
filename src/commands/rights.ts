import { presentable } from '../core/meter.ts';
import type { Message } from '../core/words/message.ts';
import { refusedWords, type WishFor } from '../core/words/wish.ts';
import type { CommandContext } from './command.ts';

/**
 * Whether the asker may change something: what comes to oneself is one's own affair, else it takes an admin of
 * creditwatch.yml or of the platform. Where nobody is declared anybody may.
 *
 * @param wish the command, without its name: what the admins can be asked for
 * @param forWhom `place`: what is changed is what comes where it was asked; `everybody`: it concerns all
 * @returns what to say to somebody who may not; null for who may
 */
export async function refusal(
  { asker, store, actions }: CommandContext,
  wish: string,
  forWhom: WishFor = 'place',
): Promise<Message | null> {
  if (asker.direct && forWhom === 'place') return null;
  const admins = await store.admins(asker.account);
  if (admins.length === 0 || admins.includes(asker.user) || (await asker.isPlatformAdmin())) return null;
  const canAsk = (await store.destinations()).some(
    ({ account, fallback, kind, offReason }) => account === asker.account && fallback && kind !== 'terminal' && offReason === null,
  );
  const request = canAsk
    ? await actions.keepRefused({
        account: asker.account,
        by: asker.user,
        platform: asker.platform,
        wish: presentable(wish, 480).trim(),
        place: forWhom === 'place' ? asker.place : null,
      })
    : null;
  return refusedWords({ admins, request, platform: asker.platform });
}
