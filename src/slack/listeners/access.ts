import { z } from 'zod';
import { refusedChange } from '../../messages/replies/may-change.ts';
import { FOR_MEMBERS, WHO_UNKNOWN } from '../../messages/replies/errors.ts';
import type { Message } from '../../core/text/message.ts';
import type { WorkspaceLookup } from '../api/workspace.ts';
import type { RolesOf } from '../api/user-roles.ts';
import { mayChange } from './requester.ts';

/** Who did something, and in which workspace: the same in what is pressed and what is filled in, and made of what is typed. */
export const originSchema = z.object({
  user: z.object({ id: z.string(), team_id: z.string().optional() }),
  /** Null where the app is installed for a whole organisation. */
  team: z.object({ id: z.string() }).nullish(),
  enterprise: z.object({ id: z.string() }).nullish(),
});
export type Origin = z.infer<typeof originSchema>;

/** The workspace that something happened in. */
export function teamOf({ user, team, enterprise }: Origin): string {
  return team?.id ?? enterprise?.id ?? user.team_id ?? '';
}

/** `account` is the one that the request is for: whoever made it has to belong to a workspace of that one. */
type Request = { readonly origin: Origin; readonly account: string };

/** Null for whoever may, else what to tell them. */
export type Access = (request: Request, wants: { readonly change: boolean }) => Promise<Message | null>;

export type AccessParts = {
  readonly home: Pick<WorkspaceLookup, 'whose'>;
  readonly rolesOf: RolesOf;
  readonly accountOf: (teamId: string) => string | null;
  /** creditwatch.yml names the workspace. Of those that it does not name, the bot token's own is served alone. */
  readonly isNamed: (teamId: string) => boolean;
};

/**
 * A channel may be shared with another company (Slack Connect), whose people see the buttons too, and guests may be in it.
 * Strangers may do nothing; guests may look. Which of them is a guest Slack says only to whom `users:read` was granted. What Slack
 * does not say now, and has not said before, is a no.
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
