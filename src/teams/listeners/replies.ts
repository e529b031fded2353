import type { Form } from '../../core/text/form.ts';
import type { Message } from '../../core/text/message.ts';
import { NOT_REACHED_IN_PRIVATE, ANSWERED_IN_PRIVATE } from '../../messages/replies/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { TeamsStore } from '../../ports/stores/teams-store.ts';
import { personOf, scopeOf } from './activity.ts';
import type { Connector } from '../api/connector.ts';
import type { Inbound } from './endpoint.ts';
import { classifyFailure, type CallFailure } from '../api/errors.ts';
import { cardActivity, messageActivity, type OutgoingActivity } from '../views/activity.ts';
import type { CardContext } from '../views/card.ts';
import { formCard, type FilledIn } from '../views/form.ts';
import { namedIn } from '../views/text-blocks.ts';

/** Where a private reply was posted. */
type Reached = 'there' | 'in-private' | 'unconfirmed' | 'nowhere';

/** The ways to reply. Each makes one attempt and logs a failure, because the person can ask again. None throws. */
export type Replies = {
  /** Replies in the same thread, visible to everyone there. */
  openly(to: Inbound, message: Message): Promise<void>;
  /** Replies so that only the requester can read it: in the conversation if Teams can, else in the chat with the requester. */
  privately(to: Inbound, what: Message | Form, filledIn?: FilledIn): Promise<Reached>;
  /** Replies privately to an open question. If the reply is not in the conversation, a line there says where it is, without its content. */
  asideFrom(open: Inbound, what: Message | Form, filledIn?: FilledIn): Promise<void>;
  /** Tells a person without access why. This is not secret: if Teams cannot show it to the person alone, everyone there can read it. */
  refuse(to: Inbound, message: Message): Promise<void>;
  /** Edits the message whose button was clicked. */
  inPlace(of: Inbound, message: Message): Promise<void>;
  /** Returns the context that a card of this message needs: zone, time and names. */
  context(account: string, message: Message): Promise<CardContext>;
};

/** Creates the ways to reply. */
export function createReplies({
  connector,
  store,
  timeZoneOf,
  clock,
  log,
}: {
  readonly connector: Connector;
  readonly store: Pick<TeamsStore, 'names' | 'chatWith'>;
  readonly timeZoneOf: (account: string) => string;
  readonly clock: Clock;
  readonly log: Log;
}): Replies {
  async function context(account: string, message: Message): Promise<CardContext> {
    const named = namedIn([message.title, ...message.lines, message.footer ?? [], message.summary]);
    const names = named.length === 0 ? new Map<string, string>() : await store.names(account, named).catch(() => new Map<string, string>());
    return { timeZone: timeZoneOf(account), now: clock.now(), names };
  }

  async function activityOf(account: string, what: Message | Form, filledIn?: FilledIn): Promise<OutgoingActivity> {
    if (!('fields' in what)) return messageActivity(what, await context(account, what));
    return cardActivity(what.title, formCard(what, { timeZone: timeZoneOf(account), now: clock.now(), names: new Map() }, filledIn));
  }

  const place = ({ activity: { serviceUrl, conversation } }: Inbound) => ({ serviceUrl, conversation: conversation.id });

  async function openly(to: Inbound, message: Message): Promise<void> {
    const posted = await connector.post(place(to), await activityOf(to.account, withoutShare(message)));
    if (!posted.ok) logFailure(posted.error, 'Teams reply failed');
  }

  async function privately(to: Inbound, what: Message | Form, filledIn?: FilledIn): Promise<Reached> {
    const reached = await there(to, await activityOf(to.account, what, filledIn));
    if (reached !== 'refused') return reached;
    // Only this person reads the chat, so there is no channel to share with.
    return toChatWith(to, await activityOf(to.account, 'fields' in what ? what : withoutShare(what), filledIn));
  }

  /** Replies to the sender alone, in the conversation. `refused`: Teams cannot do that there. */
  async function there(to: Inbound, answer: OutgoingActivity): Promise<Reached | 'refused'> {
    if (scopeOf(to.activity) === 'personal') {
      const posted = await connector.post(place(to), answer);
      return posted.ok ? 'there' : logFailure(posted.error, 'Teams reply failed');
    }
    const { id, name } = to.activity.from;
    const whispered = await connector.whisper(place(to), { ...answer, recipient: { id, ...(name && { name }), isTargeted: true } });
    if (whispered.ok) return 'there';
    const outcome = classifyFailure(whispered.error);
    // The reply may already be posted. A duplicate is worse than a missing one, because the person can ask again.
    if (outcome.outcome === 'unknown') return logFailure(whispered.error, 'Teams private reply not confirmed');
    log.info({ reason: outcome.reason }, 'Teams private message not possible in this conversation');
    return 'refused';
  }

  async function toChatWith({ activity, tenant }: Inbound, answer: OutgoingActivity): Promise<Reached> {
    const { serviceUrl, from } = activity;
    const known = await store.chatWith(personOf(from)).catch(() => null);
    const chat =
      known === null || known.removed
        ? await connector.chatWith({ serviceUrl, user: from.id, tenant })
        : { ok: true as const, value: known.id };
    const posted = chat.ok ? await connector.post({ serviceUrl, conversation: chat.value }, answer) : chat;
    return posted.ok ? 'in-private' : logFailure(posted.error, 'Teams private reply failed');
  }

  function logFailure(failure: CallFailure, message: string): Reached {
    const { outcome, reason } = classifyFailure(failure);
    log.warn({ reason }, message);
    return outcome === 'unknown' ? 'unconfirmed' : 'nowhere';
  }

  return {
    context,
    openly,
    privately,
    async asideFrom(open, what, filledIn) {
      const reached = await privately(open, what, filledIn);
      if (reached === 'in-private') await openly(open, ANSWERED_IN_PRIVATE);
      if (reached === 'nowhere') await openly(open, NOT_REACHED_IN_PRIVATE);
    },
    async refuse(to, message) {
      const reached = await there(to, await activityOf(to.account, message));
      // A question that only the bot could read must not become visible to others.
      if (reached === 'refused' && to.activity.recipient.isTargeted !== true) await openly(to, message);
    },
    async inPlace(of, message) {
      const { replyToId } = of.activity;
      if (!replyToId) return;
      const changed = await connector.edit({ ...place(of), activity: replyToId }, await activityOf(of.account, message));
      if (!changed.ok) logFailure(changed.error, 'Teams message edit failed');
    },
  };
}

/** Removes the Share button: a reply that everyone reads does not need it. */
function withoutShare(message: Message): Message {
  return message.buttons === undefined ? message : { ...message, buttons: message.buttons.filter(({ action }) => action !== 'share') };
}
