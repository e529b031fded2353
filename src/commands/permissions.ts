import { presentable } from '../core/meters/meter.ts';
import type { Message } from '../core/text/message.ts';
import { viewersOnlyMessage, operatorOnlyMessage } from '../messages/replies/permissions.ts';
import { WHO_UNKNOWN } from '../messages/replies/errors.ts';
import { permissionRefusedMessage, type PermissionRequestFor } from '../messages/notices/permission-request.ts';
import type { CommandContext } from './command.ts';

/**
 * Who may do what, of those whom the platform counts as members: SECURITY.md has the table, docs/decisions/0024 the reasons.
 * Strangers and guests are stopped before, in the rooms and by `changes` of a command.
 */

/** Whether the asker may look at figures, exports and contacts: by creditwatch.yml, or as an administrator of the platform. */
export async function mayLook({ requester, queries }: CommandContext): Promise<boolean> {
  return (await queries.mayLook(requester.account, requester.user)) || (await requester.isPlatformAdmin());
}

/** Whether the asker is an admin, of creditwatch.yml or of the platform. */
export async function isAdmin({ requester, queries }: CommandContext): Promise<boolean> {
  return (await queries.admins(requester.account)).includes(requester.user) || (await requester.isPlatformAdmin());
}

/** What to say to somebody who may not look; null for who may. */
export async function refusedLook(context: CommandContext): Promise<Message | null> {
  if (await mayLook(context)) return null;
  const { requester, queries } = context;
  // While the platform does not say who they are, they may be an administrator.
  if ((await requester.mayChange()) === 'unknown') return WHO_UNKNOWN;
  return viewersOnlyMessage({ user: requester.user, admins: await queries.admins(requester.account) });
}

/**
 * Whether the asker may change something. What comes to oneself is one's own affair; what comes to a channel is its members', unless
 * creditwatch.yml names admins; what concerns everybody takes an admin of creditwatch.yml or of the platform.
 *
 * @param command the command, without its name: what the admins can be asked for
 * @param forWhom `place`: what is changed is what comes where it was asked; `everybody`: it concerns all
 * @returns what to say to somebody who may not; null for who may
 */
export async function refusal(context: CommandContext, command: string, forWhom: PermissionRequestFor = 'place'): Promise<Message | null> {
  const { requester, queries, actions } = context;
  if (requester.direct && forWhom === 'place') return null;
  const admins = await queries.admins(requester.account);
  if (admins.length === 0 && forWhom === 'place') return null;
  if (await isAdmin(context)) return null;
  if (admins.length === 0) return operatorOnlyMessage(requester);
  const canAsk = (await queries.destinations(requester.account)).some(
    ({ fallback, kind, disabledReason }) => fallback && kind !== 'terminal' && disabledReason === null,
  );
  const request = canAsk
    ? await actions.keepRefused({
        account: requester.account,
        by: requester.user,
        platform: requester.platform,
        command: presentable(command, 480).trim(),
        place: forWhom === 'place' ? requester.place : null,
      })
    : null;
  return permissionRefusedMessage({ admins, request, platform: requester.platform });
}

/**
 * Whether a change for everybody is beyond what can be asked for in chat: creditwatch.yml names no admins, and the asker is none of the
 * platform. Then no form need be filled in for it.
 *
 * @returns what to say to them; null where they may, or may ask the admins
 */
export async function operatorOnly({ requester, queries }: CommandContext): Promise<Message | null> {
  const admins = await queries.admins(requester.account);
  return admins.length > 0 || (await requester.isPlatformAdmin()) ? null : operatorOnlyMessage(requester);
}
