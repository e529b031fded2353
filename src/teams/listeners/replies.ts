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

/** Where a private answer stands now. */
type Reached = 'there' | 'in their chat' | 'unconfirmed' | 'nowhere';

/** How people are answered: one attempt each; what fails is logged, for whoever asked can ask again. None throws. */
export type Replies = {
  /** Where it was asked, for all who read there; in the same thread. */
  openly(to: Inbound, message: Message): Promise<void>;
  /** So that nobody else reads it: there, visible to the asker alone, and where Teams cannot do that, in the chat with the asker. */
  privately(to: Inbound, what: Message | Form, filledIn?: FilledIn): Promise<Reached>;
  /** The same, to somebody who asked openly: whose answer is not there is told so there, without a word of it. */
  asideFrom(open: Inbound, what: Message | Form, filledIn?: FilledIn): Promise<void>;
  /** Tells somebody who may see nothing here why. That is no secret: where Teams has no message for them alone, all may read it. */
  refuse(to: Inbound, message: Message): Promise<void>;
  /** Changes the message whose button was pressed. */
  inPlace(of: Inbound, message: Message): Promise<void>;
  /** What a card needs to know to be shown to somebody. */
  context(account: string, message: Message): Promise<CardContext>;
};

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
    if (!posted.ok) failed(posted.error, 'an answer could not be handed to Teams');
  }

  async function privately(to: Inbound, what: Message | Form, filledIn?: FilledIn): Promise<Reached> {
    const reached = await there(to, await activityOf(to.account, what, filledIn));
    if (reached !== 'refused') return reached;
    // Nobody else reads that chat, so there is no channel to share with.
    return toChatWith(to, await activityOf(to.account, 'fields' in what ? what : withoutShare(what), filledIn));
  }

  /** For the sender alone, where it was asked. `refused`: that cannot be done there. */
  async function there(to: Inbound, answer: OutgoingActivity): Promise<Reached | 'refused'> {
    if (scopeOf(to.activity) === 'personal') {
      const posted = await connector.post(place(to), answer);
      return posted.ok ? 'there' : failed(posted.error, 'an answer could not be handed to Teams');
    }
    const { id, name } = to.activity.from;
    const whispered = await connector.whisper(place(to), { ...answer, recipient: { id, ...(name && { name }), isTargeted: true } });
    if (whispered.ok) return 'there';
    const outcome = classifyFailure(whispered.error);
    // It may stand there already, and twice is worse than once late.
    if (outcome.outcome === 'unknown') return failed(whispered.error, 'a private answer was not confirmed');
    log.info({ reason: outcome.reason }, 'Teams takes no message for one reader there');
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
    return posted.ok ? 'in their chat' : failed(posted.error, 'a private answer could not be handed to Teams');
  }

  function failed(failure: CallFailure, message: string): Reached {
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
      if (reached === 'in their chat') await openly(open, ANSWERED_IN_PRIVATE);
      if (reached === 'nowhere') await openly(open, NOT_REACHED_IN_PRIVATE);
    },
    async refuse(to, message) {
      const reached = await there(to, await activityOf(to.account, message));
      // Whoever asked so that only the bot could read it is not to be seen asking.
      if (reached === 'refused' && to.activity.recipient.isTargeted !== true) await openly(to, message);
    },
    async inPlace(of, message) {
      const { replyToId } = of.activity;
      if (!replyToId) return;
      const changed = await connector.edit({ ...place(of), activity: replyToId }, await activityOf(of.account, message));
      if (!changed.ok) failed(changed.error, 'a message could not be changed');
    },
  };
}

/** What everybody reads need not be shared with them. */
function withoutShare(message: Message): Message {
  return message.buttons === undefined ? message : { ...message, buttons: message.buttons.filter(({ action }) => action !== 'share') };
}
