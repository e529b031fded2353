import { directTo } from '../../core/notifications/route.ts';
import type { Requester } from '../../ports/inbound/chat.ts';
import { TEAMS } from '../traits.ts';
import { personOf, rootOf, scopeOf, type Activity } from './activity.ts';
import type { Inbound } from './endpoint.ts';
import type { Membership } from './membership.ts';

/**
 * Of a personal chat the chat is the place: nobody else reads there. Teams tells who is a guest, where it answers; who owns a
 * team or administers the organisation it tells no bot.
 */
export function requesterOf(inbound: Inbound, membership: Pick<Membership, 'mayChange'>): Requester {
  const { account, activity } = inbound;
  const direct = scopeOf(activity) === 'personal';
  const address = rootOf(activity.conversation.id);
  return {
    account,
    platform: TEAMS.id,
    user: personOf(activity.from),
    invokedAs: invokedAs(activity),
    place: direct ? directTo(TEAMS.id, address) : { kind: TEAMS.id, address },
    direct,
    isPlatformAdmin: async () => false,
    mayChange: () => membership.mayChange(inbound),
  };
}

/** How the help tells people to type it: in a channel only what names the bot reaches it, or `/usage`. */
export function invokedAs(activity: Activity): string {
  if (activity.recipient.isTargeted) return '/usage';
  return scopeOf(activity) === 'personal' ? 'usage' : `@${activity.recipient.name ?? 'Creditwatch'} usage`;
}
