import { welcomeWords } from '../../core/words/welcome.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { TeamsConversation, TeamsPlace, TeamsStore } from '../../ports/teams-store.ts';
import { personOf, rootOf, scopeOf, type Activity } from '../activity.ts';
import type { Answers } from '../answers.ts';
import { invokedAs } from '../asker.ts';
import type { Inbound } from '../endpoint.ts';

const REMOVED = 'Creditwatch was removed from that conversation. Add it there again, or route elsewhere.';
const DELETED = 'The channel was deleted. Restore it in Teams, or route elsewhere.';

/**
 * Keeps where the bot is: conversations that wrote, were renamed, or that it was added to or taken out of
 * (learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/subscribe-to-conversation-events).
 */
export function conversationListener({
  store,
  answers,
  clock,
  log,
}: {
  readonly store: TeamsStore;
  readonly answers: Answers;
  readonly clock: Clock;
  readonly log: Log;
}): (inbound: Inbound) => Promise<void> {
  return async (inbound) => {
    const { activity } = inbound;
    switch (arrival(activity)) {
      case 'removed':
        log.info(
          { conversation: conversationOf(inbound).id, team: teamOf(activity) },
          'Creditwatch was removed from a conversation in Teams',
        );
        return store.remove(wholePlace(inbound), REMOVED, clock.now());
      case 'added':
        await store.keep(conversationOf(inbound), true, clock.now());
        return welcome(inbound);
      case 'talk':
        return store.keep(conversationOf(inbound), false, clock.now());
      case 'change':
        return change(inbound);
    }
  };

  /** Once, however many activities tell of the same installation. */
  async function welcome(inbound: Inbound): Promise<void> {
    const { id, scope } = conversationOf(inbound);
    if (!(await store.claimWelcome(id, clock.now()))) return;
    const at = { ...inbound, activity: { ...inbound.activity, conversation: { ...inbound.activity.conversation, id } } };
    await answers.openly(at, welcomeWords({ invokedAs: invokedAs(inbound.activity), direct: scope === 'personal' }));
  }

  async function change({ account, activity }: Inbound): Promise<void> {
    const { channel, team, eventType } = activity.channelData ?? {};
    const inChannel: TeamsPlace | null = channel ? { account, conversation: channel.id } : null;
    const inTeam: TeamsPlace | null = team ? { account, team: team.id } : null;
    switch (eventType) {
      case 'channelRenamed':
        return channel?.name && inChannel ? store.rename(inChannel, channel.name) : undefined;
      case 'teamRenamed':
        return team?.name ? store.rename({ account, conversation: team.id }, team.name) : undefined;
      case 'channelDeleted':
        return inChannel ? store.remove(inChannel, DELETED, clock.now()) : undefined;
      case 'channelRestored':
        return inChannel ? store.restore(inChannel, clock.now()) : undefined;
      case 'teamDeleted':
      case 'teamHardDeleted':
        return inTeam ? store.remove(inTeam, REMOVED, clock.now()) : undefined;
      case 'teamRestored':
        return inTeam ? store.restore(inTeam, clock.now()) : undefined;
      default:
        // Chats are renamed without a word for it: the activity brings the new name.
        return activity.type === 'conversationUpdate' && !channel && !team
          ? store.keep(conversationOf({ account, activity, tenant: null }), false, clock.now())
          : undefined;
    }
  }
}

type Arrival = 'added' | 'removed' | 'talk' | 'change';

function arrival({ type, action, membersAdded, membersRemoved, recipient }: Activity): Arrival {
  const isBot = ({ id }: { readonly id: string }) => id === recipient.id;
  if (type === 'installationUpdate') return action?.startsWith('remove') ? 'removed' : 'added';
  if (type !== 'conversationUpdate') return 'talk';
  if (membersRemoved?.some(isBot)) return 'removed';
  return membersAdded?.some(isBot) ? 'added' : 'change';
}

/** Where it came from; of an installation in a team, the channel that was chosen for it. */
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

/** The General channel has the id of its team and no name of its own: it is called as the team is. */
function nameOf({ channelData }: Activity, channel: Named | null | undefined): string | null {
  const { team } = channelData ?? {};
  return (channel?.id === team?.id ? team?.name : null) ?? channel?.name ?? null;
}

type Named = { readonly id: string; readonly name?: string | null | undefined };

function teamOf({ channelData }: Activity): string | null {
  return channelData?.team?.id ?? null;
}

/** Whoever takes the bot out of a team takes it out of all its channels. */
function wholePlace(inbound: Inbound): TeamsPlace {
  const team = teamOf(inbound.activity);
  return team === null ? { account: inbound.account, conversation: conversationOf(inbound).id } : { account: inbound.account, team };
}
