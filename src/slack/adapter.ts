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
import type { ListenerParts, Once } from './listeners/listener-parts.ts';
import { createDeferredReplies } from '../chat/deferred-reply.ts';
import { botEvents, uninstalledListener, type OnUninstalled } from './listeners/uninstalled.ts';
import { buttonListener } from './listeners/button.ts';
import { formListener } from './listeners/form.ts';
import { requestContext } from './listeners/context.ts';
import { commandListener } from './listeners/command.ts';
import { createReplyChannel } from './listeners/reply-channel.ts';
import { createSlackMessenger } from './messenger.ts';
import { createUserRoles } from './api/user-roles.ts';
import { ReplayGuard } from './receivers/replay-guard.ts';
import { createRespond } from './api/respond.ts';
import { createSocketReceiver } from './receivers/socket-receiver.ts';
import type { SlackRequests } from './receivers/transport.ts';
import { createCalls, webClientOptions } from './api/web-client.ts';

/** How long `stop` waits for replies in progress. The whole service has 10 s to stop. */
const STOP_MS = 8000;

/** The manifest sets the name of the command, so any name is answered. */
const ANY_COMMAND = /^\//;
const ANYTHING = /(?:)/;
/**
 * Longer than Slack or a proxy in front of us repeats a request, and longer than a signature is valid (5 minutes before and after its
 * timestamp).
 */
const SEEN_FOR_MS = 11 * 60_000;

export type SlackAdapterOptions = {
  readonly token: BotToken;
  readonly transport: { readonly kind: 'http'; readonly signingSecret: string } | { readonly kind: 'socket'; readonly appToken: string };
  /** The base URL of the Web API if it is not Slack's, with or without a slash at the end. */
  readonly apiUrl: string | null;
  /** Reads HTTP bodies until their signature is checked. Without it, the adapter has a budget of its own. */
  readonly unverified?: Bodies;
  readonly clock: Clock;
  readonly log: Log;
  readonly chat: Chat;
  /** Returns the account whose credits a workspace may see, or null if no account declares the workspace. */
  readonly accountOf: (teamId: string) => string | null;
  /** Whether creditwatch.yml names the workspace. Without it, no workspace is named, and only the workspace of the bot token is served. */
  readonly isNamed?: (teamId: string) => boolean;
  /** Slack's earlier answers about bot tokens. Without it, only the answers to this process are known. */
  readonly identity?: IdentityMemory;
  /** Claims a request for this process. Resolves to false if another process has claimed it. Without it, this process is the only one. */
  readonly claim?: (id: string, claimant: string, expiresAt: Date) => Promise<boolean>;
  /** Called when the app was removed from an account's workspace. */
  readonly onRemoved?: OnUninstalled;
  /** The name of the command, by account. Without it, names are kept only as long as the adapter lives. */
  readonly commandNames?: CommandNames;
  /** Answers only this command, written with its slash: `/usage`. Without it, any command is answered. */
  readonly command?: string;
};

export type SlackAdapter = {
  readonly messenger: Messenger;
  /** Over HTTP: mounts `POST /slack/events`. The adapter reads the body itself, so no middleware before it may read it. */
  mount(app: Express): void;
  /** Over a socket: connects and stays connected. If Slack cannot be reached, this is logged and retried, and never thrown. */
  start(): Promise<void>;
  /** Accepts no more requests and waits for replies in progress, at most 8 s. */
  stop(): Promise<void>;
  /** The workspace of the bot token. Null as long as Slack has not answered. */
  home(): Promise<Workspace | null>;
  /** The requests that Slack has sent over HTTP since the start. Null over a socket. */
  requests(): SlackRequests | null;
  /** Checks for the operator whether Slack accepts the bot token and, over a socket, the app token. */
  checkCredentials(): Promise<CredentialsCheck>;
};

/**
 * Creates the Slack adapter: messenger, receiver and listeners. It does not call Slack before `start` or another method is called. No token
 * is checked while a command is answered, so commands are answered even if Slack's API cannot be reached.
 */
export function createSlackAdapter(options: SlackAdapterOptions): SlackAdapter {
  const { token, transport, apiUrl, clock, log } = options;
  const clients = createCalls(token, apiUrl, log);
  const { client } = clients;
  const charts = createChartSupport(log);
  const receiver =
    transport.kind === 'http'
      ? createHttpReceiver({ signingSecret: transport.signingSecret, bodies: options.unverified, clock, log })
      : createSocketReceiver({ appToken: transport.appToken, apiUrl, clock, log });

  const bolt = new AcknowledgingApp(
    {
      receiver,
      // With `token`, Bolt would call auth.test and handle no event until Slack answers. Our replies use a client of their own.
      authorize: () => Promise.resolve({}),
      clientOptions: webClientOptions(apiUrl, log),
      logger: boltLogger(log),
      convoStore: false,
      ignoreSelf: false,
    },
    log,
  );
  bolt.error((error) => Promise.resolve(log.error({ error }, 'Slack listener failed')));

  const running = new Set<Promise<void>>();
  const stopping = new AbortController();
  /** Wraps a listener, or the middleware before it, so that `stop` waits for it. */
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
    replyChannel: createReplyChannel({ client, respond: createRespond(charts), log }),
    deferredReplies: createDeferredReplies({ clock, log, stopping: stopping.signal }),
    access: createAccess({ home, rolesOf, accountOf: options.accountOf, isNamed }),
    rolesOf,
    commandNames: options.commandNames ?? createCommandNames({ log }),
    once,
    log,
  };
  bolt.command(options.command ?? ANY_COMMAND, tracked(requestContext('command', parts)), commandListener(parts));
  bolt.action(ANYTHING, tracked(requestContext('click', parts)), buttonListener(parts));
  bolt.view<ViewSubmitAction>(
    { type: 'view_submission', callback_id: ANYTHING },
    tracked(requestContext('form', parts)),
    formListener(parts),
  );

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

  /** Stops the receiver first, because commands still arrive until it has stopped. */
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
