import { presentable } from '../core/meters/meter.ts';
import type { Message } from '../core/text/message.ts';
import { lookRefusedWords, operatorOnlyWords } from '../messages/replies/permissions.ts';
import { WHO_UNKNOWN } from '../messages/replies/errors.ts';
import { refusedWords, type WishFor } from '../messages/notices/permission-request.ts';
import type { CommandContext } from './command.ts';

/**
 * Who may do what, of those whom the platform counts as members: SECURITY.md has the table, docs/decisions/0024 the reasons.
 * Strangers and guests are stopped before, in the rooms and by `changes` of a command.
 */

/** Whether the asker may look at figures, exports and contacts: by creditwatch.yml, or as an administrator of the platform. */
export async function mayLook({ asker, store }: CommandContext): Promise<boolean> {
  return (await store.mayLook(asker.account, asker.user)) || (await asker.isPlatformAdmin());
}

/** Whether the asker is an admin, of creditwatch.yml or of the platform. */
export async function isAdmin({ asker, store }: CommandContext): Promise<boolean> {
  return (await store.admins(asker.account)).includes(asker.user) || (await asker.isPlatformAdmin());
}

/** What to say to somebody who may not look; null for who may. */
export async function refusedLook(context: CommandContext): Promise<Message | null> {
  if (await mayLook(context)) return null;
  const { asker, store } = context;
  // While the platform does not say who they are, they may be an administrator.
  if ((await asker.mayChange()) === 'unknown') return WHO_UNKNOWN;
  return lookRefusedWords({ user: asker.user, admins: await store.admins(asker.account) });
}

/**
 * Whether the asker may change something. What comes to oneself is one's own affair; what comes to a channel is its members', unless
 * creditwatch.yml names admins; what concerns everybody takes an admin of creditwatch.yml or of the platform.
 *
 * @param wish the command, without its name: what the admins can be asked for
 * @param forWhom `place`: what is changed is what comes where it was asked; `everybody`: it concerns all
 * @returns what to say to somebody who may not; null for who may
 */
export async function refusal(context: CommandContext, wish: string, forWhom: WishFor = 'place'): Promise<Message | null> {
  const { asker, store, actions } = context;
  if (asker.direct && forWhom === 'place') return null;
  const admins = await store.admins(asker.account);
  if (admins.length === 0 && forWhom === 'place') return null;
  if (await isAdmin(context)) return null;
  if (admins.length === 0) return operatorOnlyWords(asker);
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

/**
 * Whether a change for everybody is beyond what can be asked for in chat: creditwatch.yml names no admins, and the asker is none of the
 * platform. Then no form need be filled in for it.
 *
 * @returns what to say to them; null where they may, or may ask the admins
 */
export async function operatorOnly({ asker, store }: CommandContext): Promise<Message | null> {
  const admins = await store.admins(asker.account);
  return admins.length > 0 || (await asker.isPlatformAdmin()) ? null : operatorOnlyWords(asker);
}
