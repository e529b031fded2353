import type { MayChange } from '../../core/text/person.ts';
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
  /** The name of the channel, if Slack sent it. */
  readonly channelName?: string | undefined;
};

/**
 * Builds the requester. For a direct message, the place is the person, because the ID of that channel is of no use to others. Slack does
 * not say whether it is the chat with the app or one between two people. A message to the person appears in the chat with the app.
 */
export function requesterOf({ account, user, channel, invokedAs, isGroupMessage, channelName }: Who, rolesOf: RolesOf): Requester {
  const direct = channel.startsWith('D');
  const person = { platform: SLACK.id, id: user };
  return {
    account,
    person,
    invokedAs,
    place: direct ? directTo(person) : { kind: SLACK.id, address: channel },
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

/** Returns whether a person may change something. If the scope to see guests is missing, people count as members. */
export async function mayChange(user: string, rolesOf: RolesOf): Promise<MayChange> {
  const role = await rolesOf(user);
  if (role === 'unknown') return 'unknown';
  return typeof role === 'object' && role.guest ? 'guest' : 'yes';
}

/** Whether a channel name is that of a group message, several people without a channel: `mpdm-anna--tom--olga-1`. */
export function isGroupMessage(channelName: string | undefined): boolean {
  return channelName?.startsWith('mpdm-') ?? false;
}
