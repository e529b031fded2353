import { presentable } from '../core/meters/meter.ts';
import { isTerminal } from '../core/notifications/route.ts';
import type { Message } from '../core/text/message.ts';
import { viewersOnlyMessage, operatorOnlyMessage } from '../messages/replies/permissions.ts';
import { WHO_UNKNOWN } from '../messages/replies/errors.ts';
import { permissionRefusedMessage, type PermissionRequestFor } from '../messages/notices/permission-request.ts';
import type { CommandContext } from './command.ts';
import { isSamePerson } from '../core/text/person.ts';

/**
 * Permissions of the members of a platform: SECURITY.md has the table, docs/decisions/0024 the reasons. Strangers and guests are
 * stopped earlier, in the adapters and by `changes` of a command.
 */

/** Whether the requester may see figures, exports and contacts: by creditwatch.yml, or as an administrator of the platform. */
export async function mayLook({ requester, queries }: CommandContext): Promise<boolean> {
  return (await queries.mayLook(requester.account, requester.person)) || (await requester.isPlatformAdmin());
}

/** Whether the requester is an admin, of creditwatch.yml or of the platform. */
export async function isAdmin({ requester, queries }: CommandContext): Promise<boolean> {
  return (
    (await queries.admins(requester.account)).some((admin) => isSamePerson(admin, requester.person)) || (await requester.isPlatformAdmin())
  );
}

/** Returns the refusal for a person who may not see the figures; null if they may. */
export async function refusedLook(context: CommandContext): Promise<Message | null> {
  if (await mayLook(context)) return null;
  const { requester, queries } = context;
  // The person may be an administrator, but the platform does not answer.
  if ((await requester.mayChange()) === 'unknown') return WHO_UNKNOWN;
  return viewersOnlyMessage({ person: requester.person, admins: await queries.admins(requester.account) });
}

/**
 * Whether the requester may change something. People may always change what they get themselves. What a channel gets, its members may
 * change, unless creditwatch.yml names admins. What concerns everyone needs an admin of creditwatch.yml or of the platform.
 *
 * @param command the command without its name, to ask the admins for
 * @param forWhom `place`: it changes what the place gets; `everybody`: it concerns everyone
 * @returns the refusal; null if they may
 */
export async function refusal(context: CommandContext, command: string, forWhom: PermissionRequestFor = 'place'): Promise<Message | null> {
  const { requester, queries, actions } = context;
  if (requester.direct && forWhom === 'place') return null;
  const admins = await queries.admins(requester.account);
  if (admins.length === 0 && forWhom === 'place') return null;
  if (await isAdmin(context)) return null;
  if (admins.length === 0) return operatorOnlyMessage(requester);
  const canAsk = (await queries.destinations([requester.account])).some(
    ({ fallback, kind, disabledReason }) => fallback && !isTerminal(kind) && disabledReason === null,
  );
  const request = canAsk
    ? await actions.keepRefused({
        account: requester.account,
        by: requester.person,
        command: presentable(command, 480).trim(),
        place: forWhom === 'place' ? requester.place : null,
      })
    : null;
  return permissionRefusedMessage({ admins, request, knowsAdmins: requester.knowsAdmins });
}

/**
 * Whether a change for everyone is only possible for the operator: creditwatch.yml names no admins, and the requester is not an
 * administrator of the platform. Then no form needs to be filled in.
 *
 * @returns the refusal; null if they may, or may ask the admins
 */
export async function operatorOnly({ requester, queries }: CommandContext): Promise<Message | null> {
  const admins = await queries.admins(requester.account);
  return admins.length > 0 || (await requester.isPlatformAdmin()) ? null : operatorOnlyMessage(requester);
}
