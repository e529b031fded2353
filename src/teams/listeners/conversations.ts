import { welcomeMessage } from '../../messages/replies/welcome.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { TEAMS } from '../traits.ts';
import type { DisabledBecause } from '../../ports/stores/delivery-store.ts';
import type { StillDisabled, TeamsConversation, TeamsPlace, TeamsStore } from '../../ports/stores/teams-store.ts';
import { personOf, rootOf, scopeOf, type Activity } from './activity.ts';
import type { Replies } from './replies.ts';
import { invokedAs } from './requester.ts';
import type { Inbound } from './endpoint.ts';
import { isButtonClick } from './card-actions.ts';
import { TEAMS_REMOVALS } from '../../messages/platforms/teams-errors.ts';

/** The reasons for which a conversation is disabled here, as their codes are stored. */
type Removal = keyof typeof TEAMS_REMOVALS;

/** Reasons that concern one channel. If the app is added to its team, they still hold. */
const OF_ONE_CHANNEL: readonly Removal[] = ['removed-from-channel', 'channel-deleted', 'unshared'];

/**
 * Creates the listener that stores the conversations of the bot: those that it was added to, removed from or that were renamed, and those
 * in which a person wrote or clicked
 * (learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/subscribe-to-conversation-events). After other events, the bot may
 * no longer be a member. Logs one line for each event except messages and clicks.
 */
export function conversationListener({
  store,
  answers,
  clock,
  log,
}: {
  readonly store: TeamsStore;
  readonly answers: Replies;
  readonly clock: Clock;
  readonly log: Log;
}): (inbound: Inbound) => Promise<void> {
  return async (inbound) => {
    const { account, activity } = inbound;
    const place = conversationOf(inbound);
    const fields = { conversation: place.id, team: place.team, event: activity.channelData?.eventType ?? activity.action ?? null };
    switch (arrival(activity)) {
      case 'removed':
        log.info(fields, 'removed from a Teams conversation');
        return store.remove(wholePlace(inbound), removal('removed'), clock.now(), personOf(activity.from));
      case 'removed-from-channel':
        log.info(fields, 'removed from a Teams channel');
        return store.remove({ account, conversation: place.id }, removal('removed-from-channel'), clock.now(), personOf(activity.from));
      case 'added': {
        log.info(fields, 'added to a Teams conversation');
        await store.keep(place, true, clock.now(), personOf(activity.from));
        const off = place.team === null ? [] : await store.restore({ account, team: place.team }, { unless: OF_ONE_CHANNEL }, clock.now());
        return welcome(inbound, off);
      }
      case 'added-to-channel':
        log.info(fields, 'added to a Teams channel');
        await store.keep(place, true, clock.now(), personOf(activity.from));
        return welcome(inbound, []);
      case 'talk':
        return store.keep(place, false, clock.now());
      case 'change':
        log.info(fields, (await change(inbound)) ? 'Teams conversation changed' : 'ignored Teams activity');
        return;
      case 'nothing':
        // The endpoint logs unknown invokes.
        if (activity.type !== 'invoke') log.info({ ...fields, type: activity.type }, 'ignored Teams activity');
    }
  };

  /** Sends one welcome for an installation, even if several activities report it. */
  async function welcome(inbound: Inbound, stillOff: readonly StillDisabled[]): Promise<void> {
    const { id, scope } = conversationOf(inbound);
    if (!(await store.claimWelcome(id, clock.now()))) return;
    const at = { ...inbound, activity: { ...inbound.activity, conversation: { ...inbound.activity.conversation, id } } };
    await answers.openly(
      at,
      welcomeMessage({
        invokedAs: invokedAs(inbound.activity),
        direct: scope === 'personal',
        stillOff: stillOff.map(({ conversation, reason }) => ({ place: { kind: TEAMS.id, address: conversation }, reason })),
      }),
    );
  }

  /** Returns false for an event that is ignored. */
  async function change({ account, activity }: Inbound): Promise<boolean> {
    const { channel, team, eventType, unsharedFromTeams } = activity.channelData ?? {};
    const now = clock.now();
    const inChannel: TeamsPlace | null = channel ? { account, conversation: channel.id } : null;
    const inTeam: TeamsPlace | null = team ? { account, team: team.id } : null;
    switch (eventType) {
      case 'channelRenamed':
        return done(channel?.name && inChannel && store.rename(inChannel, channel.name));
      case 'teamRenamed':
        return done(team?.name && store.rename({ account, conversation: team.id }, team.name));
      case 'channelDeleted':
        return done(inChannel && store.remove(inChannel, removal('channel-deleted'), now));
      case 'channelRestored':
        return done(inChannel && store.restore(inChannel, because('channel-deleted'), now));
      case 'channelUnshared':
        return done(channel && inChannel && (await isLost(channel.id)) && store.remove(inChannel, removal('unshared'), now));
      case 'channelShared':
        return done(inChannel && store.restore(inChannel, because('unshared'), now));
      case 'teamDeleted':
      case 'teamHardDeleted':
        return done(inTeam && store.remove(inTeam, removal('team-deleted'), now));
      case 'teamRestored':
        return done(inTeam && store.restore(inTeam, because('team-deleted'), now));
      default: {
        // Chats have no event of their own for a new name. The activity contains the name.
        const name = activity.topicName ?? activity.conversation.name;
        return done(!channel && !team && name && store.rename({ account, conversation: rootOf(activity.conversation.id) }, name));
      }
    }

    /** Whether a channel is gone. If it is only unshared from other teams, it stays in the team of the bot. */
    async function isLost(channelId: string): Promise<boolean> {
      if (!unsharedFromTeams || unsharedFromTeams.length === 0) return true;
      const known = (await store.conversation(channelId))?.team ?? null;
      return unsharedFromTeams.some(({ id }) => id === known || id === team?.id);
    }
  }
}

function removal(code: Removal): DisabledBecause {
  return { code, reason: TEAMS_REMOVALS[code] };
}

function because(...codes: readonly Removal[]): { readonly because: readonly Removal[] } {
  return { because: codes };
}

async function done(work: Promise<unknown> | '' | false | null | undefined): Promise<boolean> {
  if (!work) return false;
  await work;
  return true;
}

type Arrival = 'added' | 'added-to-channel' | 'removed' | 'removed-from-channel' | 'talk' | 'change' | 'nothing';

function arrival(activity: Activity): Arrival {
  const { type, action, membersAdded, membersRemoved, recipient, channelData } = activity;
  const isBot = ({ id }: { readonly id: string }) => id === recipient.id;
  switch (type) {
    case 'message':
      return 'talk';
    case 'invoke':
      return isButtonClick(activity) ? 'talk' : 'nothing';
    case 'installationUpdate':
      // An upgrade is not a new installation: disabled destinations stay disabled, unless the bot was removed before.
      if (action === 'add-upgrade') return 'talk';
      return action === 'add' ? 'added' : action?.startsWith('remove') ? 'removed' : 'nothing';
    case 'conversationUpdate': {
      // Private and shared channels have their own members.
      const ofChannel = channelData?.eventType?.startsWith('channelMember') === true;
      if (membersRemoved?.some(isBot)) return ofChannel ? 'removed-from-channel' : 'removed';
      if (membersAdded?.some(isBot)) return ofChannel ? 'added-to-channel' : 'added';
      return 'change';
    }
    default:
      return 'nothing';
  }
}

/** Returns the conversation of an activity. For an installation in a team, it is the channel that was selected. */
function conversationOf({ account, tenant, activity }: Inbound): TeamsConversation {
  const { channelData, conversation, from, serviceUrl, locale } = activity;
  const scope = scopeOf(activity);
  const channel = channelData?.settings?.selectedChannel ?? channelData?.channel;
  return {
    id: scope === 'channel' && channel ? channel.id : rootOf(conversation.id),
    account,
    tenant,
    scope,
    serviceUrl,
    team: channelData?.team?.id ?? null,
    person: scope === 'personal' ? personOf(from) : null,
    name: nameOf(activity, channel) ?? conversation.name ?? null,
    locale: locale ?? null,
  };
}

/** Returns the name of a channel. The General channel has the ID of its team and no name, so it gets the name of the team. */
function nameOf({ channelData }: Activity, channel: Named | null | undefined): string | null {
  const { team } = channelData ?? {};
  return (channel?.id === team?.id ? team?.name : null) ?? channel?.name ?? null;
}

type Named = { readonly id: string; readonly name?: string | null | undefined };

/** Returns the conversations that a removal concerns. A removal from a team concerns all its channels. */
function wholePlace(inbound: Inbound): TeamsPlace {
  const { id, account, team } = conversationOf(inbound);
  return team === null ? { account, conversation: id } : { account, team };
}
