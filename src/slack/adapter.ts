import { randomUUID } from 'node:crypto';
import { webApi, type ViewSubmitAction } from '@slack/bolt';
import type { Express } from 'express';
import type { Bodies } from '../http/request-bodies.ts';
import { err } from '../core/result.ts';
import type { Chat } from '../ports/inbound/chat.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Messenger } from '../ports/outbound/messenger.ts';
import type { BotToken } from './api/bot-token.ts';
import { createCommandNames, type CommandNames } from './api/command-names.ts';
import { createChartSupport } from './api/chart-support.ts';
import { checkAppToken, checkCredentials, type CredentialsCheck } from './api/credentials.ts';
import { createWorkspaceLookup, type Workspace, type IdentityMemory } from './api/workspace.ts';
import { AcknowledgingApp } from './receivers/acknowledging-app.ts';
import { createHttpReceiver } from './receivers/http-receiver.ts';
import { boltLogger } from './api/bolt-logger.ts';
import { installedMessenger } from './installed-messenger.ts';
import { createAccess } from './listeners/access.ts';
import type { ListenerParts, Once } from './listeners/context.ts';
import { createDeferredReplies } from '../chat/deferred-reply.ts';
import { botEvents, uninstalledListener, type OnUninstalled } from './listeners/uninstalled.ts';
import { buttonListener } from './listeners/button.ts';
import { formListener } from './listeners/form.ts';
import { commandListener } from './listeners/command.ts';
import { createReplyChannel } from './listeners/reply-channel.ts';
import { createSlackMessenger } from './messenger.ts';
import { createUserRoles } from './api/user-roles.ts';
import { ReplayGuard } from './receivers/replay-guard.ts';
import { createRespond } from './api/respond.ts';
import { createSocketReceiver } from './receivers/socket-receiver.ts';
import type { SlackRequests } from './receivers/transport.ts';
import { createWebClients, webClientOptions } from './api/web-client.ts';

/** How long a stop waits for answers that are under way; the service as a whole has 10 s. */
const STOP_MS = 8000;

/** The manifest decides what the command is called, so any is answered. */
const ANY_COMMAND = /^\//;
const ANYTHING = /(?:)/;
/** Longer than Slack, or whoever stands between, tries again; and than a signature is good for, five minutes before its time and after. */
const SEEN_FOR_MS = 11 * 60_000;

export type SlackAdapterOptions = {
  readonly token: BotToken;
  readonly transport: { readonly kind: 'http'; readonly signingSecret: string } | { readonly kind: 'socket'; readonly appToken: string };
  /** Another base of the Web API than Slack's, with or without a slash at its end. */
  readonly apiUrl: string | null;
  /** Reads what Slack sends over HTTP until its signature is checked; without it with a budget of its own. */
  readonly unverified?: Bodies;
  readonly clock: Clock;
  readonly log: Log;
  readonly chat: Chat;
  /** Whose credits a workspace may see; null for a workspace that nobody has declared. */
  readonly accountOf: (teamId: string) => string | null;
  /** Whether creditwatch.yml names the workspace; without it none is, and the bot token's own is served alone. */
  readonly isNamed?: (teamId: string) => boolean;
  /** What Slack said of bot tokens before; without it, only what it says now is known. */
  readonly identity?: IdentityMemory;
  /** Takes what Slack hands over for this process; false when another one has taken it. Without it, this process is the only one. */
  readonly claim?: (id: string, claimant: string, expiresAt: Date) => Promise<boolean>;
  /** The app was removed from an account's workspace. */
  readonly onRemoved?: OnUninstalled;
  /** What each account's command is called; without it, only as long as the room is there. */
  readonly commandNames?: CommandNames;
  /** Answers this command alone instead of any, with its slash: `/usage`. */
  readonly command?: string;
};

export type SlackAdapter = {
  readonly messenger: Messenger;
  /** Over HTTP: takes `POST /slack/events` of this app, and reads the body itself, so nothing may have read it before. */
  mount(app: Express): void;
  /** Over a socket: connects and stays connected. A Slack that is away is logged and tried again, never an error. */
  start(): Promise<void>;
  /** Takes nothing more and waits for the answers that are under way, at most 8 s. */
  stop(): Promise<void>;
  /** The workspace that the bot token belongs to; null while Slack does not say. */
  home(): Promise<Workspace | null>;
  /** What Slack has sent over HTTP since the start; null over a socket. */
  requests(): SlackRequests | null;
  /** Whether Slack accepts the bot token, and over a socket the app token, for the operator. */
  checkCredentials(): Promise<CredentialsCheck>;
};

/**
 * Everything that has to do with Slack. Nothing here speaks to Slack before `start` or a call, and no token is checked on
 * the way of a command: what arrives is answered even while Slack's own API is away.
 */
export function createSlackAdapter(options: SlackAdapterOptions): SlackAdapter {
  const { token, transport, apiUrl, clock, log } = options;
  const clients = createWebClients(token, apiUrl, log);
  const { client } = clients;
  const charts = createChartSupport(log);
  const receiver =
    transport.kind === 'http'
      ? createHttpReceiver({ signingSecret: transport.signingSecret, bodies: options.unverified, clock, log })
      : createSocketReceiver({ appToken: transport.appToken, apiUrl, clock, log });

  const bolt = new AcknowledgingApp(
    {
      receiver,
      // Not `token`, with which Bolt would ask Slack who it is, and take no event while it gets no answer. What answers has a client of its own.
      authorize: () => Promise.resolve({}),
      clientOptions: webClientOptions(apiUrl, log),
      logger: boltLogger(log),
      convoStore: false,
      ignoreSelf: false,
    },
    log,
  );
  bolt.error((error) => Promise.resolve(log.error({ error }, 'a listener for Slack failed')));

  const running = new Set<Promise<void>>();
  const stopping = new AbortController();
  /** What a stop waits for. */
  const tracked =
    <Args>(listener: (args: Args) => Promise<void>) =>
    (args: Args): Promise<void> => {
      const answering = listener(args).finally(() => running.delete(answering));
      running.add(answering);
      return answering;
    };
  const seen = new ReplayGuard();
  const once: Once = (id) => {
    const expiresAt = new Date(clock.now().getTime() + SEEN_FOR_MS);
    if (!seen.admit(id, expiresAt, clock.now())) return null;
    const claimant = randomUUID();
    return async () => options.claim?.(id, claimant, expiresAt) ?? true;
  };
  const home = createWorkspaceLookup({ client, token, memory: options.identity, clock, log });
  const rolesOf = createUserRoles({ client, scopes: () => home.known()?.scopes ?? null, clock, log });
  const isNamed = options.isNamed ?? (() => false);
  const parts: ListenerParts = {
    chat: options.chat,
    accountOf: (teamId) => (token.serves(teamId) ? options.accountOf(teamId) : null),
    ways: createReplyChannel({ client, respond: createRespond(charts), log }),
    patience: createDeferredReplies({ clock, log, stopping: stopping.signal }),
    gate: createAccess({ home, rolesOf, accountOf: options.accountOf, isNamed }),
    rolesOf,
    commandNames: options.commandNames ?? createCommandNames({ log }),
    once,
    log,
  };
  bolt.command(options.command ?? ANY_COMMAND, tracked(commandListener(parts)));
  bolt.action(ANYTHING, tracked(buttonListener(parts)));
  bolt.view<ViewSubmitAction>({ type: 'view_submission', callback_id: ANYTHING }, tracked(formListener(parts)));

  const removed = tracked(
    uninstalledListener({
      accountOf: options.accountOf,
      remedy: token.remedy,
      isNamed,
      home,
      onRemoved: options.onRemoved ?? (() => Promise.resolve()),
      once,
      clock,
      log,
      stopping: stopping.signal,
    }),
  );
  for (const event of botEvents) bolt.event(event, removed);

  /** Commands still come in until the receiver has stopped. */
  async function finish(): Promise<void> {
    await receiver.stop();
    await Promise.all(running);
  }

  return {
    messenger: installedMessenger(createSlackMessenger({ ...clients, charts, log }), token),
    mount: (app) => receiver.mount(app),
    start: async () => {
      await receiver.start();
    },
    stop: async () => {
      stopping.abort();
      const done = new AbortController();
      await Promise.race([finish(), clock.sleep(STOP_MS, done.signal)]);
      done.abort();
    },
    home: () => home.find(),
    requests: () => receiver.requests(),
    checkCredentials: async () => {
      const checked = await checkCredentials(client);
      if (!checked.ok || transport.kind === 'http') return checked;
      const refusal = await checkAppToken(new webApi.WebClient(transport.appToken, webClientOptions(apiUrl, log)));
      return refusal === null ? checked : err(refusal);
    },
  };
}
