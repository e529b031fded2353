import type { Requester } from '../../ports/inbound/chat.ts';
import { TEAMS } from '../traits.ts';
import { personOf, rootOf, scopeOf, type Activity } from './activity.ts';
import type { Inbound } from './endpoint.ts';
import type { Membership } from './membership.ts';

/**
 * Builds the requester. The place of a personal chat is the chat itself, because only one person reads it. Teams tells bots who is a guest,
 * but not who owns a team or administers the organization.
 */
export function requesterOf(inbound: Inbound, membership: Pick<Membership, 'mayChange'>): Requester {
  const { account, activity } = inbound;
  const direct = scopeOf(activity) === 'personal';
  const address = rootOf(activity.conversation.id);
  return {
    account,
    person: { platform: TEAMS.id, id: personOf(activity.from) },
    invokedAs: invokedAs(activity),
    place: direct ? { kind: TEAMS.id, address, direct: true } : { kind: TEAMS.id, address },
    direct,
    isPlatformAdmin: async () => false,
    mayChange: () => membership.mayChange(inbound),
  };
}

/** Returns how the help writes a command: in a channel, a message reaches the bot only with its name or as `/usage`. */
export function invokedAs(activity: Activity): string {
  if (activity.recipient.isTargeted) return '/usage';
  return scopeOf(activity) === 'personal' ? 'usage' : `@${activity.recipient.name ?? 'Creditwatch'} usage`;
}
