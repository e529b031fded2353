import { z } from 'zod';
import { refusedChange } from '../../messages/replies/may-change.ts';
import { FOR_MEMBERS, WHO_UNKNOWN } from '../../messages/replies/errors.ts';
import type { Message } from '../../core/text/message.ts';
import type { WorkspaceLookup } from '../api/workspace.ts';
import type { RolesOf } from '../api/user-roles.ts';
import { mayChange } from './requester.ts';

/** Who did something, and in which workspace. Buttons and forms send it in this form. For commands it is built. */
export const originSchema = z.object({
  user: z.object({ id: z.string(), team_id: z.string().optional() }),
  /** Null if the app is installed for a whole organization. */
  team: z.object({ id: z.string() }).nullish(),
  enterprise: z.object({ id: z.string() }).nullish(),
});
export type Origin = z.infer<typeof originSchema>;

/** Returns the workspace of an interaction. */
export function teamOf({ user, team, enterprise }: Origin): string {
  return team?.id ?? enterprise?.id ?? user.team_id ?? '';
}

/** `account` is the account of the request. The person must belong to one of its workspaces. */
type Request = { readonly origin: Origin; readonly account: string };

/** Returns null if the person may do it, else the reply that says why not. Never throws. */
export type Access = (request: Request, wants: { readonly change: boolean }) => Promise<Message | null>;

export type AccessParts = {
  readonly home: Pick<WorkspaceLookup, 'whose'>;
  readonly rolesOf: RolesOf;
  readonly accountOf: (teamId: string) => string | null;
  /** Whether creditwatch.yml names the workspace. Of the workspaces that it does not name, only the bot token's own is served. */
  readonly isNamed: (teamId: string) => boolean;
};

/**
 * Creates the access check. A channel may be shared with another company (Slack Connect), whose people see the buttons too, and may contain
 * guests. People of other companies may do nothing, and guests may only read. Slack says who is a guest only if `users:read` was granted.
 * If Slack does not answer and has not answered before, access is refused.
 */
export function createAccess({ home, rolesOf, accountOf, isNamed }: AccessParts): Access {
  return async ({ origin, account }, { change }) => {
    const membership = await membershipOf(origin, account);
    if (membership !== 'member') return membership === 'stranger' ? FOR_MEMBERS : WHO_UNKNOWN;
    return change ? refusedChange(await mayChange(origin.user.id, rolesOf)) : null;
  };

  async function membershipOf(origin: Origin, account: string): Promise<'member' | 'stranger' | 'unknown'> {
    const theirs = origin.user.team_id ?? teamOf(origin);
    if (isNamed(theirs)) return accountOf(theirs) === account ? 'member' : 'stranger';
    const ours = await home.whose();
    if (ours.kind !== 'known') return 'unknown';
    const isOurs = theirs === ours.team || theirs === ours.enterprise;
    return isOurs && accountOf(ours.team) === account ? 'member' : 'stranger';
  }
}
