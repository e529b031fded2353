import type { Express } from 'express';
import type { Bodies } from '../http/request-bodies.ts';
import { createDeferredReplies } from '../chat/deferred-reply.ts';
import { errorName } from '../core/error-name.ts';
import type { Chat } from '../ports/inbound/chat.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Messenger } from '../ports/outbound/messenger.ts';
import type { CurrentMessage } from '../ports/outbound/current-message.ts';
import type { TeamsStore } from '../ports/stores/teams-store.ts';
import { createReplies } from './listeners/replies.ts';
import { anonymousTokens, type MicrosoftTokens } from './auth/verify-request.ts';
import { createConnector } from './api/connector.ts';
import { createEndpoint, type Inbound } from './listeners/endpoint.ts';
import { botId, type Registered, type TeamsIdentity } from './auth/identity.ts';
import { cardActionListener } from './listeners/card-actions.ts';
import { conversationListener } from './listeners/conversations.ts';
import { messageListener, type Arriving } from './listeners/messages.ts';
import { createMembership } from './listeners/membership.ts';
import { createTeamsMessenger } from './messenger.ts';
import { rememberPeople } from './listeners/people.ts';
import { Deduplicator } from './listeners/dedupe.ts';

/** How long `stop` waits for replies in progress. The whole service has 10 s to stop. */
const STOP_MS = 8000;

export type TeamsAdapterOptions = {
  readonly identity: TeamsIdentity;
  readonly chat: Chat;
  readonly store: TeamsStore;
  readonly currentMessage: CurrentMessage;
  /** Returns the account whose credits an organization may see, or null if no account declares the organization. */
  readonly accountOf: (tenant: string | null) => string | null;
  readonly timeZoneOf: (account: string) => string;
  /** Reads the bodies of requests. Without it, the adapter has a budget of its own. */
  readonly unverified?: Bodies;
  readonly clock: Clock;
  readonly log: Log;
};

export type TeamsAdapter = {
  readonly messenger: Messenger;
  /** Mounts `POST /api/messages`. The adapter reads the body itself, so no middleware before it may read it. */
  mount(app: Express): void;
  /** Accepts no more requests and waits for replies in progress, at most 8 s. */
  stop(): Promise<void>;
};

/**
 * Creates the Teams adapter: messenger, endpoint and listeners. It does not call Microsoft before a request arrives or a method is called.
 */
export async function createTeamsAdapter(options: TeamsAdapterOptions): Promise<TeamsAdapter> {
  const { identity, chat, store, currentMessage, accountOf, timeZoneOf, clock, log } = options;
  const authority = identity.kind === 'anonymous' ? anonymousTokens : await microsoft(identity, clock);
  const connector = createConnector(authority, botId(identity));
  const answers = createReplies({ connector, store, timeZoneOf, clock, log });
  const keepConversation = conversationListener({ store, answers, clock, log });
  const home = identity.kind === 'anonymous' ? null : { account: accountOf(identity.tenantId) ?? '', tenant: identity.tenantId };

  const remember = rememberPeople(store, clock);
  const seen = new Deduplicator();
  const running = new Set<Promise<unknown>>();
  const stopping = new AbortController();
  function track<T>(work: Promise<T>): Promise<T> {
    running.add(work);
    return work.finally(() => running.delete(work));
  }

  const isAnonymous = identity.kind === 'anonymous';
  const membership = createMembership({
    connector,
    // An emulator may name any organization and is served for the account. Then only the organization that it named counts.
    isOurs: (tenant, inbound) =>
      tenant.toLowerCase() === inbound.tenant?.toLowerCase() || (!isAnonymous && accountOf(tenant) === inbound.account),
    clock,
    log,
  });
  const listening = { chat, membership, answers, patience: createDeferredReplies({ clock, log, stopping: stopping.signal }) };
  const answerMessage = messageListener(listening);
  const answerPress = cardActionListener({ ...listening, currentMessage, clock, log, meanwhile: (work) => void track(guarded(work)) });

  async function guarded(work: Promise<void>): Promise<void> {
    await work.catch((error: unknown) => log.error({ error }, 'Teams listener failed'));
  }

  async function handle(inbound: Inbound): Promise<void> {
    const { id, conversation, type } = inbound.activity;
    if (id && !seen.admit(`${conversation.id} ${id} ${type}`)) return log.debug({ type }, 'ignored repeated Teams activity');
    if (type !== 'message') return kept(inbound, [keepConversation]);
    const arriving = whoArrives(inbound);
    await answerMessage(inbound, arriving);
    await arriving.kept;
  }

  /**
   * Starts what a reply needs to know: access and the stored data. For a person without any access, nothing is stored, and no destination
   * is enabled again.
   */
  function whoArrives(inbound: Inbound): Arriving {
    const refused = membership.refused(inbound);
    const keeping = refused.then((refusal) => (refusal === null ? kept(inbound, [remember, keepConversation]) : undefined));
    return { refused, kept: keeping };
  }

  /** If the database cannot be reached, the person still gets the reply that says so. */
  async function kept(inbound: Inbound, keeping: readonly ((one: Inbound) => Promise<void>)[]): Promise<void> {
    for (const keep of keeping)
      await keep(inbound).catch((error: unknown) =>
        log.warn({ error: errorName(error) }, 'failed to store data about a Teams conversation'),
      );
  }

  const endpoint = createEndpoint({
    authority,
    bodies: options.unverified,
    accountOf,
    log,
    anonymous: isAnonymous,
    isStopping: () => stopping.signal.aborted,
    take: (inbound) => void track(guarded(handle(inbound))),
    invoke: (inbound) => track(answerPress(inbound, () => whoArrives(inbound))),
  });

  return {
    messenger: createTeamsMessenger({ connector, store, timeZoneOf, home, clock, log }),
    mount: (app) => endpoint.mount(app),
    async stop() {
      stopping.abort();
      const done = new AbortController();
      await Promise.race([Promise.all(running), clock.sleep(STOP_MS, done.signal)]);
      done.abort();
    },
  };
}

/** Imported only here, because Microsoft's libraries take 50 MB, which an emulator does not need. */
async function microsoft(identity: Registered, clock: Clock): Promise<MicrosoftTokens> {
  const [{ createTokenCheck }, { createAccessToken }] = await Promise.all([
    import('./auth/bot-framework.ts'),
    import('./auth/access-token.ts'),
  ]);
  return { check: createTokenCheck(identity.appId), token: createAccessToken(identity, { clock }) };
}
