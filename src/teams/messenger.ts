import type { FindOutcome, SendOutcome } from '../core/notifications/delivery.ts';
import { errorName } from '../core/error-name.ts';
import { ok, type Result } from '../core/result.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { FindRequest, Messenger, SendRequest } from '../ports/outbound/messenger.ts';
import type { TeamsConversation, TeamsStore } from '../ports/stores/teams-store.ts';
import type { Connector, Posted } from './api/connector.ts';
import { classifyFailure, type CallFailure } from './api/errors.ts';
import { createRate } from './api/rate-limit.ts';
import { USUAL_SERVICE_URL } from './auth/service-url.ts';
import { messageActivity } from './views/activity.ts';
import { CARD_BYTES } from './views/card.ts';
import { namedIn } from './views/text-blocks.ts';
import { TEAMS } from './traits.ts';
import { isTeamsUser } from './views/people.ts';
import { TEAMS_REASONS, TEAMS_NO_ADDRESS } from '../messages/platforms/teams-errors.ts';

/** How long to wait before a conversation that Teams does not know is tried once more. A new channel is not known everywhere at once. */
const SECOND_STRIKE_AFTER_MS = 30_000;

const CANNOT_TELL: FindOutcome = { found: 'unavailable', reason: TEAMS_REASONS.cannotLookUp };

type Where = Pick<TeamsConversation, 'serviceUrl' | 'tenant' | 'account' | 'scope'> & {
  /** Null for a person without a chat so far. */
  readonly conversation: string | null;
};

export type MessengerOptions = {
  readonly connector: Connector;
  readonly store: Pick<TeamsStore, 'conversation' | 'chatWith' | 'lastServiceUrl' | 'names' | 'markUnknown' | 'takeTurns'>;
  /** Returns the zone in which times are shown. */
  readonly timeZoneOf: (account: string) => string;
  /**
   * The account and organization of conversations that have not sent us anything. Null for a local emulator, whose address is known only
   * from its messages.
   */
  readonly home: { readonly account: string; readonly tenant: string } | null;
  readonly clock: Clock;
  readonly log: Log;
};

/**
 * Creates the messenger for channels, group chats and people of Teams. `address` is the ID of the conversation or of the person. In a
 * channel, each message starts a thread. The reference of a message is `<conversation>;<activity>`. The conversation of a thread contains a
 * semicolon too.
 */
export function createTeamsMessenger(options: MessengerOptions): Messenger {
  const { connector, store, timeZoneOf, home, clock, log } = options;
  const rate = createRate(store, clock);

  async function send(request: SendRequest): Promise<SendOutcome> {
    const { address, deliveryId } = request;
    const where = await find(address);
    if (where === null) return { outcome: 'retry', reason: TEAMS_REASONS.conversationNotRead };
    if ('outcome' in where) return where;
    const held = await rate(where.tenant ?? '');
    if (held !== null) return held;
    let sent = await attempt(request, where, CARD_BYTES);
    // The card is larger than it should be, which is a bug. A third of the size always fits.
    if (!sent.ok && sent.error.kind === 'status' && sent.error.status === 413) sent = await attempt(request, where, CARD_BYTES / 3);
    if (sent.ok) return { outcome: 'sent', messageRef: `${sent.value.conversation};${sent.value.activity}` };
    const outcome = await outcomeOfFailure(address, sent.error);
    if (outcome.outcome === 'rejected' && outcome.scope === 'message')
      log.error({ deliveryId, address, reason: outcome.reason }, 'Teams message rejected as faulty');
    return outcome;
  }

  /** Returns where to post. An outcome if nothing can be sent there, or null if the database cannot be reached. */
  async function find(address: string): Promise<Where | SendOutcome | null> {
    try {
      // Looked up instead of judged by its form, because the IDs of an emulator's conversations look like those of people, and the IDs of
      // its people look like neither.
      const known = (await store.conversation(address)) ?? (await store.chatWith(address));
      if (known?.removed) return noAddress('removed');
      if (known) return { ...known, conversation: known.id };
      if (home === null) return noAddress('never-heard');
      const serviceUrl = (await store.lastServiceUrl()) ?? USUAL_SERVICE_URL;
      return {
        ...home,
        serviceUrl,
        scope: /@thread\.(?:tacv2|skype)$/.test(address) ? 'channel' : 'personal',
        conversation: isTeamsUser(address) ? null : address,
      };
    } catch (error) {
      log.warn({ error: errorName(error) }, 'failed to read a Teams conversation');
      return null;
    }
  }

  async function attempt(
    { address, place, message, severity, possibleDuplicate, mayWrite }: SendRequest,
    where: Where,
    room: number,
  ): Promise<Result<Posted, CallFailure>> {
    const { serviceUrl, tenant, scope } = where;
    const names = await namesOf(where.account, namedIn([message.title, ...message.lines, message.footer ?? [], message.summary]));
    const activity = messageActivity(message, {
      timeZone: timeZoneOf(where.account),
      now: clock.now(),
      names,
      severity,
      possibleDuplicate: possibleDuplicate && place.kind !== 'edit',
      room,
    });
    if (place.kind === 'edit') return connector.edit({ serviceUrl, ...placeOf(place.messageRef) }, activity, mayWrite);
    if (place.kind === 'reply')
      return connector.post({ serviceUrl, conversation: placeOf(place.messageRef).conversation }, activity, mayWrite);
    if (scope === 'channel') return connector.begin({ serviceUrl, channel: address, tenant }, activity, mayWrite);
    const chat = where.conversation === null ? await connector.chatWith({ serviceUrl, user: address, tenant }) : ok(where.conversation);
    return chat.ok ? connector.post({ serviceUrl, conversation: chat.value }, activity, mayWrite) : chat;
  }

  /** Returns the names of people. If the database is slow or fails, the message goes without them. */
  async function namesOf(account: string, people: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return store.names(account, people).catch(() => new Map<string, string>());
  }

  /**
   * Returns the outcome of a failed call. The first time that Teams does not know a conversation, it may be too new; the second time, it is
   * gone.
   */
  async function outcomeOfFailure(address: string, failure: CallFailure): Promise<Exclude<SendOutcome, { outcome: 'sent' }>> {
    const outcome = classifyFailure(failure);
    const unknownThere =
      failure.kind === 'status' && failure.status === 404 && outcome.outcome === 'rejected' && outcome.scope === 'destination';
    // If the database cannot be reached, this failure is not counted. The next one is.
    if (!unknownThere || (await store.markUnknown(address, clock.now()).catch(() => false))) return outcome;
    return { outcome: 'retry', reason: outcome.reason, afterMs: SECOND_STRIKE_AFTER_MS };
  }

  /**
   * Bots cannot look up what they posted. This only checks that Teams answers again, with a call that posts nothing. Any answer counts
   * except one of a server with problems.
   */
  async function lookUp({ address }: FindRequest): Promise<FindOutcome> {
    const where = await find(address);
    if (where === null) return { found: 'no-answer', reason: TEAMS_REASONS.conversationNotRead };
    if ('outcome' in where) return CANNOT_TELL;
    const answer = await connector.lookAt({ serviceUrl: where.serviceUrl, conversation: where.conversation ?? address });
    if (answer.ok) return CANNOT_TELL;
    const failed = classifyFailure(answer.error);
    if (failed.outcome === 'rejected') return CANNOT_TELL;
    return { found: 'no-answer', reason: failed.reason, ...('afterMs' in failed && { afterMs: failed.afterMs }) };
  }

  return { kind: TEAMS.id, paceMs: TEAMS.paceMs, can: TEAMS.can, send, find: lookUp };
}

function noAddress(code: keyof typeof TEAMS_NO_ADDRESS): SendOutcome {
  return { outcome: 'rejected', scope: 'destination', code, ...TEAMS_NO_ADDRESS[code] };
}

function placeOf(ref: string): Posted {
  const end = ref.lastIndexOf(';');
  return { conversation: ref.slice(0, end), activity: ref.slice(end + 1) };
}
