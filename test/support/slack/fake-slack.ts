import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { z } from 'zod';
import { parseSlackBody } from './body.ts';
import { Arrivals } from './arrivals.ts';
import { Installs } from './installs.ts';
import { meet, type Answer } from './meet.ts';
import { Script, type Behaviour } from './behaviour.ts';
import { ResponseUrls, type Told } from './response-urls.ts';
import { SocketMode } from './socket-mode.ts';
import { Workspace, type OpenedView, type Person, type Posted } from './workspace.ts';

/** One call of the Web API as it arrived, whatever became of it. */
type Call = {
  readonly method: string;
  readonly token: string;
  readonly channel: string | null;
  readonly args: Readonly<Record<string, unknown>>;
  readonly at: number;
};

export type FakeSlack = {
  /** For SLACK_API_URL. */
  readonly apiUrl: string;
  readonly now: () => Date;
  readonly calls: Arrivals<Call>;
  readonly posts: Arrivals<Posted>;
  /** What was said through response URLs. */
  readonly told: Arrivals<Told>;
  /** The modals that were opened. */
  readonly views: Arrivals<OpenedView>;
  /** What one person alone was shown in a channel, by the web API. */
  readonly whispers: Workspace['whispers'];
  readonly socket: SocketMode;
  readonly installs: Installs;
  /** What Slack, or a reader of it, would have objected to. `close` throws when there is anything. */
  readonly complaints: readonly string[];
  /** The messages that stand in a channel, oldest first; all of them when none is named. */
  readonly messages: (channel?: string) => readonly Posted[];
  /** The next message to a channel (or to anywhere) that nobody has waited for yet. */
  readonly arrival: (channel?: string, withinMs?: number) => Promise<Posted>;
  /** A new response URL; Slack lets each be used five times. */
  readonly responseUrl: () => string;
  /** How the next calls of a method, on one channel or on any, are met, one behaviour each. `response` are the response URLs, `link` is the socket. */
  readonly script: (method: string, behaviours: readonly Behaviour[], channel?: string) => void;
  /** How all calls are met from now on; null ends it. */
  readonly always: (method: string, behaviour: Behaviour | null, channel?: string) => void;
  readonly close: () => Promise<void>;
};

/** All that the bot asks for in its manifest, the optional ones among it. */
const SCOPES = ['commands', 'chat:write', 'chat:write.public', 'channels:history', 'groups:history', 'users:read'];

const addressSchema = z.object({ port: z.number() });

export type FakeSlackOptions = {
  /** What the token may do; without `channels:history` nobody can look a message up. */
  readonly scopes?: readonly string[];
  /** What Slack's clock shows. */
  readonly now?: () => Date;
  /** Who is more, or less, than an ordinary member. */
  readonly people?: Readonly<Record<string, Person>>;
};

/**
 * A Slack on loopback that can misbehave: the Web API as far as the bot uses it, response URLs and Socket Mode. It keeps
 * what arrives, and says what is wrong with it.
 */
export async function startFakeSlack({ scopes = SCOPES, people = {}, now = () => new Date() }: FakeSlackOptions = {}): Promise<FakeSlack> {
  const script = new Script();
  const installs = new Installs();
  const calls = new Arrivals<Call>('call', ({ method, channel }) => `${method} ${channel ?? ''}`);
  const complaints: string[] = [];
  const workspace = new Workspace({ scopes, people, now, complaints });
  const server = createServer((request, response) => void handle(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${String(addressSchema.parse(server.address()).port)}`;
  const socket = new SocketMode(`ws://${host}`, script);
  const responses = new ResponseUrls(`http://${host}`, now, complaints);
  server.on('upgrade', (request, stream) => socket.accept(request, stream));

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', 'http://fake').pathname;
    const body = await buffer(request).catch(() => null);
    if (body === null) return;
    const args = parseSlackBody(request.headers['content-type'], body);
    if (path.startsWith('/response/')) return meet(response, script.next('response', null), () => responses.take(path, args));
    if (!path.startsWith('/api/')) return void response.writeHead(404).end();
    const method = path.slice('/api/'.length);
    const channel = typeof args['channel'] === 'string' ? args['channel'] : null;
    const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? z.string().catch('').parse(args['token']);
    calls.push({ method, token, channel, args, at: Date.now() });
    meet(response, script.next(method, channel), () => answer(method, token, args));
  }

  function answer(method: string, token: string, args: Readonly<Record<string, unknown>>): Answer {
    if (method === 'oauth.v2.access') return { json: installs.exchange(args) };
    if (token === '') return { json: { ok: false, error: 'not_authed' } };
    if (method === 'apps.connections.open')
      return { json: token.startsWith('xapp-') ? { ok: true, url: socket.newAddress() } : { ok: false, error: 'not_allowed_token_type' } };
    if (!token.startsWith('xoxb-')) return { json: { ok: false, error: 'invalid_auth' } };
    const refusal = installs.refusal(token);
    if (refusal !== null) return { json: { ok: false, error: refusal } };
    if (method === 'auth.test')
      return {
        json: { ...workspace.call(method, args), team_id: installs.teamOf(token) },
        headers: { 'x-oauth-scopes': scopes.join(',') },
      };
    return { json: workspace.call(method, args), headers: { 'x-oauth-scopes': scopes.join(',') } };
  }

  return {
    apiUrl: `http://${host}/api/`,
    now,
    calls,
    posts: workspace.posts,
    told: responses.told,
    views: workspace.views,
    whispers: workspace.whispers,
    socket,
    installs,
    complaints,
    messages: (channel) =>
      workspace.posts.all.filter((message) => channel === undefined || message.channel === channel || message.address === channel),
    arrival: (channel, withinMs) =>
      workspace.posts.next((message) => channel === undefined || message.channel === channel || message.address === channel, withinMs),
    responseUrl: () => responses.newAddress(),
    script: (method, behaviours, channel) => script.once(method, channel ?? null, behaviours),
    always: (method, behaviour, channel) => script.always(method, channel ?? null, behaviour),
    close: async () => {
      if (!server.listening) return;
      socket.close();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
      if (complaints.length > 0) throw new Error(`Slack would have objected:\n${complaints.join('\n')}`);
    },
  };
}
