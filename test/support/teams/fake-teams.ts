import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { Arrivals } from '../slack/arrivals.ts';
import { Script, type Behaviour } from '../slack/behaviour.ts';
import { meet, type Answer } from '../slack/meet.ts';
import { cardProblems, shownOn } from './card-rules.ts';

/** How a call is met, as the fake Slack does it, and refusals with Teams' own codes. */
export type TeamsBehaviour =
  | Behaviour
  | { readonly kind: 'refused'; readonly status: number; readonly code: string; readonly message?: string; readonly retryAfterS?: number };

/** `begin` a thread, `chat` with a person, `post` into a conversation, `whisper` to one person there, `edit`, ask who a `member` is. */
type Method = 'begin' | 'chat' | 'post' | 'whisper' | 'edit' | 'member';
type Call = {
  readonly method: Method;
  readonly conversation: string;
  readonly authorization: string | null;
  readonly body: Readonly<Record<string, unknown>>;
  readonly at: number;
};

/** A message that stands in a conversation; edits change it. */
export type TeamsMessage = {
  /** With the thread: `19:c@thread.tacv2;messageid=1`. */
  readonly conversation: string;
  readonly id: string;
  /** Who alone sees it; null for everybody. */
  readonly onlyFor: string | null;
  summary: string;
  card: Readonly<Record<string, unknown>>;
  /** What people read on it. */
  text: string;
  edits: number;
};

export type FakeTeams = {
  readonly serviceUrl: string;
  readonly calls: Arrivals<Call>;
  readonly posts: Arrivals<TeamsMessage>;
  /** What Teams, or a reader of it, would have objected to. `close` throws when there is anything. */
  readonly complaints: readonly string[];
  /** Who is a guest there, by Teams' own ids. */
  readonly guests: Set<string>;
  /** What Teams knows of people beside their ids, as its roster has it; of others that they are users. */
  readonly members: Map<string, Readonly<Record<string, string>>>;
  /** The messages that stand in a conversation or below a channel, oldest first. */
  messages(conversation?: string): readonly TeamsMessage[];
  /** The next message there that nobody has waited for yet. */
  arrival(conversation?: string, withinMs?: number): Promise<TeamsMessage>;
  /** How the next calls of a kind are met, one behaviour each. */
  script(method: Method, behaviours: readonly TeamsBehaviour[], conversation?: string): void;
  always(method: Method, behaviour: TeamsBehaviour | null, conversation?: string): void;
  readonly close: () => Promise<void>;
};

const addressSchema = z.object({ port: z.number() });
const messageSchema = z.looseObject({
  type: z.literal('message'),
  summary: z.string().min(1),
  attachments: z
    .array(z.object({ contentType: z.literal('application/vnd.microsoft.card.adaptive'), content: z.record(z.string(), z.unknown()) }))
    .length(1),
});
const beginSchema = z.looseObject({
  isGroup: z.literal(true),
  channelData: z.object({ channel: z.object({ id: z.string() }) }),
  activity: messageSchema,
  bot: z.object({ id: z.string() }),
});
const chatSchema = z.looseObject({
  isGroup: z.literal(false),
  members: z.array(z.object({ id: z.string() })).length(1),
  bot: z.object({ id: z.string() }),
});
const targetedSchema = z.looseObject({ recipient: z.object({ id: z.string(), isTargeted: z.literal(true) }) });

const MOST_BYTES = 28_000;

/** The Connector of Teams on loopback, which can misbehave: it keeps what arrives and says what is wrong with it. */
export async function startFakeTeams(): Promise<FakeTeams> {
  const script = new Script();
  const refusals = new Map<Behaviour, Answer>();
  const calls = new Arrivals<Call>('call', ({ method, conversation }) => `${method} ${conversation}`);
  const posts = new Arrivals<TeamsMessage>('message', ({ conversation, text: said }) => `${conversation}: ${said.split('\n')[0] ?? ''}`);
  const complaints: string[] = [];
  const guests = new Set<string>();
  const members = new Map<string, Readonly<Record<string, string>>>();
  let lastId = 1_700_000_000_000;
  const server = createServer((request, response) => void handle(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const serviceUrl = `http://127.0.0.1:${String(addressSchema.parse(server.address()).port)}/teams/`;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const raw = await text(request).catch(() => null);
    if (raw === null) return;
    const url = new URL(request.url ?? '/', serviceUrl);
    const body = z.record(z.string(), z.unknown()).parse(raw === '' ? {} : JSON.parse(raw));
    const [, conversation = '', id = ''] = (
      /\/v3\/conversations\/([^/]+)\/(?:activities|members)(?:\/([^/]+))?$/.exec(url.pathname) ?? []
    ).map(decodeURIComponent);
    const method: Method =
      request.method === 'GET'
        ? 'member'
        : request.method === 'PUT'
          ? 'edit'
          : conversation === ''
            ? body['isGroup'] === true
              ? 'begin'
              : 'chat'
            : url.searchParams.has('isTargetedActivity')
              ? 'whisper'
              : 'post';
    if (Buffer.byteLength(raw) > MOST_BYTES) complaints.push(`${method}: a message of ${String(Buffer.byteLength(raw))} bytes`);
    const begun = beginSchema.safeParse(body);
    const at = method === 'begin' && begun.success ? begun.data.channelData.channel.id : conversation;
    calls.push({ method, conversation: at, authorization: request.headers.authorization ?? null, body, at: Date.now() });
    const behaviour = script.next(method, at);
    const refusal = refusals.get(behaviour);
    meet(response, refusal ? { kind: 'ok' } : behaviour, () => refusal ?? act(method, conversation, id, body));
  }

  function act(method: Method, conversation: string, id: string, body: unknown): Answer {
    switch (method) {
      case 'begin': {
        const { channelData, activity } = beginSchema.parse(body);
        const activityId = newId();
        const thread = `${channelData.channel.id};messageid=${activityId}`;
        keep({ conversation: thread, id: activityId, onlyFor: null }, activity);
        return { status: 201, json: { id: thread, activityId } };
      }
      case 'chat':
        return { status: 201, json: { id: `a:chat-with-${chatSchema.parse(body).members[0]?.id ?? ''}` } };
      case 'post': {
        const activityId = newId();
        keep({ conversation, id: activityId, onlyFor: null }, messageSchema.parse(body));
        return { status: 201, json: { id: activityId } };
      }
      case 'whisper': {
        const activityId = newId();
        keep({ conversation, id: activityId, onlyFor: targetedSchema.parse(body).recipient.id }, messageSchema.parse(body));
        return { status: 201, json: { id: activityId } };
      }
      case 'member':
        return { json: { id, ...(members.get(id) ?? { userRole: guests.has(id) ? 'guest' : 'user' }) } };
      case 'edit': {
        const present = posts.all.find((one) => one.conversation === conversation && one.id === id);
        if (!present) return { status: 404, json: { error: { code: 'ActivityNotFoundInConversation', message: 'no such activity' } } };
        Object.assign(present, contentOf(messageSchema.parse(body)), { edits: present.edits + 1 });
        return { json: { id } };
      }
    }
  }

  function newId(): string {
    lastId += 1;
    return String(lastId);
  }

  function keep(place: Pick<TeamsMessage, 'conversation' | 'id' | 'onlyFor'>, message: z.infer<typeof messageSchema>): void {
    posts.push({ ...place, ...contentOf(message), edits: 0 });
  }

  function contentOf({ summary, attachments }: z.infer<typeof messageSchema>): Pick<TeamsMessage, 'summary' | 'card' | 'text'> {
    const card = attachments[0]?.content ?? {};
    complaints.push(...cardProblems(card).map((problem) => `a card: ${problem}`));
    return { summary, card, text: shownOn(card) };
  }

  /** The fake Slack's orders, with refusals turned into answers. */
  function ordered(behaviour: TeamsBehaviour): Behaviour {
    if (behaviour.kind !== 'refused') return behaviour;
    const { status, code, message = code, retryAfterS } = behaviour;
    const order: Behaviour = { kind: 'ok' };
    refusals.set(order, {
      status,
      json: { error: { code, message } },
      ...(retryAfterS !== undefined && { headers: { 'retry-after': String(retryAfterS) } }),
    });
    return order;
  }

  const isAt = (conversation: string | undefined) => (message: TeamsMessage) =>
    conversation === undefined || message.conversation === conversation || message.conversation.startsWith(`${conversation};`);

  return {
    serviceUrl,
    calls,
    posts,
    complaints,
    guests,
    members,
    messages: (conversation) => posts.all.filter(isAt(conversation)),
    arrival: (conversation, withinMs) => posts.next(isAt(conversation), withinMs),
    script: (method, behaviours, conversation) => script.once(method, conversation ?? null, behaviours.map(ordered)),
    always: (method, behaviour, conversation) => script.always(method, conversation ?? null, behaviour && ordered(behaviour)),
    async close() {
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
      if (complaints.length > 0) throw new Error(`Teams would have objected:\n${complaints.join('\n')}`);
    },
  };
}
