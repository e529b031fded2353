import type { MayChange } from '../../core/notifications/person.ts';
import { directTo } from '../../core/notifications/route.ts';
import type { Requester } from '../../ports/inbound/chat.ts';
import type { RolesOf } from '../api/user-roles.ts';
import { SLACK } from '../traits.ts';

type Who = {
  readonly account: string;
  readonly user: string;
  readonly channel: string;
  readonly invokedAs: string;
  readonly isGroupMessage: boolean;
  /** What Slack calls the channel, where it says so. */
  readonly channelName?: string | undefined;
};

/**
 * Of a direct message the person is the place: its channel is of no use to anybody else. Slack does not say whether it is the one with
 * the app or one between two people, but what is posted to the person stands in the former.
 */
export function requesterOf({ account, user, channel, invokedAs, isGroupMessage, channelName }: Who, rolesOf: RolesOf): Requester {
  const direct = channel.startsWith('D');
  return {
    account,
    platform: SLACK.id,
    user,
    invokedAs,
    place: direct ? directTo(SLACK.id, user) : { kind: SLACK.id, address: channel },
    direct,
    knowsAdmins: true,
    ...(channelName !== undefined && !direct && { placeName: channelName }),
    ...(isGroupMessage && { inGroupMessage: true }),
    standsHere: (messageRef) => messageRef.startsWith(`${channel}:`),
    async isPlatformAdmin() {
      const role = await rolesOf(user);
      return typeof role === 'object' && role.admin;
    },
    mayChange: () => mayChange(user, rolesOf),
  };
}

/** Where Slack was not allowed to say who is a guest, nobody is taken for one. */
export async function mayChange(user: string, rolesOf: RolesOf): Promise<MayChange> {
  const role = await rolesOf(user);
  if (role === 'unknown') return 'unknown';
  return typeof role === 'object' && role.guest ? 'guest' : 'yes';
}

/** The name that Slack gives a group message, of several people without a channel: `mpdm-anna--tom--olga-1`. */
export function isGroupMessage(channelName: string | undefined): boolean {
  return channelName?.startsWith('mpdm-') ?? false;
}
