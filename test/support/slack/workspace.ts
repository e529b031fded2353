import { z } from 'zod';
import { Arrivals } from './arrivals.ts';
import { lintMessage, lintModal } from './block-limits.ts';

/** A message as it stands in Slack; an update changes it. */
export type Posted = {
  /** What the caller named: a channel or a user. */
  readonly address: string;
  /** Where it stands: a direct message has a channel of its own. */
  readonly channel: string;
  readonly ts: string;
  text: string;
  blocks: readonly unknown[];
  readonly deliveryId: string | null;
  readonly args: Readonly<Record<string, unknown>>;
  /** When it arrived. */
  readonly at: number;
};

type Args = Readonly<Record<string, unknown>>;
type Answer = Readonly<Record<string, unknown>>;

const PAGE = 100;

const postSchema = z.object({ channel: z.string().min(1), text: z.string().default(''), blocks: z.array(z.unknown()).default([]) });
const deliverySchema = z.object({ metadata: z.object({ event_payload: z.object({ delivery_id: z.string() }) }) });
const historySchema = z.object({
  channel: z.string(),
  ts: z.string().optional(),
  oldest: z.coerce.number().default(0),
  limit: z.coerce.number().max(999).default(PAGE),
  cursor: z.coerce.number().default(0),
  include_all_metadata: z.union([z.literal('true'), z.literal(true)]).optional(),
});

/** Somebody as `users.info` tells of them; whoever is not listed is an ordinary member. */
export type Person = {
  readonly is_admin?: boolean;
  readonly is_owner?: boolean;
  readonly is_restricted?: boolean;
  readonly is_ultra_restricted?: boolean;
};

/** A modal that the bot opened. */
export type OpenedView = { readonly triggerId: string; readonly view: Readonly<Record<string, unknown>>; readonly at: number };

/** Something that one person alone sees in a channel. */
type Whisper = {
  readonly channel: string;
  readonly user: string;
  readonly text: string;
  readonly blocks: readonly unknown[];
  readonly at: number;
};

const viewSchema = z.object({ trigger_id: z.string().min(1), view: z.record(z.string(), z.unknown()) });
const whisperSchema = z.object({
  channel: z.string().regex(/^[CG]/),
  user: z.string().regex(/^[UW]/),
  text: z.string().default(''),
  blocks: z.array(z.unknown()).default([]),
});

/** What the bot's methods do in a workspace where every channel exists (docs.slack.dev/reference/methods). */
export class Workspace {
  readonly posts = new Arrivals<Posted>('message', ({ address, text }) => `${address}: ${text}`);
  readonly views = new Arrivals<OpenedView>('modal', ({ view }) => JSON.stringify(view['title']));
  readonly whispers = new Arrivals<Whisper>('whisper', ({ channel, user, text }) => `${channel} to ${user}: ${text}`);
  readonly #scopes: readonly string[];
  readonly #people: Readonly<Record<string, Person>>;
  readonly #now: () => Date;
  readonly #complaints: string[];
  #lastTs = 0;

  constructor({
    scopes,
    people,
    now,
    complaints,
  }: {
    scopes: readonly string[];
    people: Readonly<Record<string, Person>>;
    now: () => Date;
    complaints: string[];
  }) {
    this.#scopes = scopes;
    this.#people = people;
    this.#now = now;
    this.#complaints = complaints;
  }

  call(method: string, args: Args): Answer {
    switch (method) {
      case 'auth.test':
        return {
          ok: true,
          url: 'https://fake.slack.com/',
          team: 'Fake',
          user: 'creditwatch',
          team_id: 'T0FAKE',
          user_id: 'U0BOT',
          bot_id: 'B0BOT',
        };
      case 'chat.postMessage':
        return this.#lacks('chat:write') ?? this.#post(args);
      case 'chat.update':
        return this.#lacks('chat:write') ?? this.#update(args);
      case 'conversations.history':
      case 'conversations.replies':
        return this.#lacks('channels:history') ?? this.#history(args);
      case 'chat.postEphemeral':
        return this.#lacks('chat:write') ?? this.#whisper(args);
      case 'views.open':
        return this.#open(args);
      case 'users.info':
        return this.#lacks('users:read') ?? { ok: true, user: { id: args['user'], ...this.#people[String(args['user'])] } };
      default:
        return { ok: false, error: 'unknown_method' };
    }
  }

  #lacks(scope: string): Answer | null {
    return this.#scopes.includes(scope) ? null : { ok: false, error: 'missing_scope', needed: scope, provided: this.#scopes.join(',') };
  }

  #post(args: Args): Answer {
    const complaints = this.#objections('chat.postMessage', args);
    if (complaints.length > 0) return { ok: false, error: 'invalid_blocks', response_metadata: { messages: complaints } };
    const { channel: address, text, blocks } = postSchema.parse(args);
    const channel = /^[UW]/.test(address) ? `D${address.slice(1)}` : address;
    const ts = this.#nextTs();
    const message: Posted = {
      address,
      channel,
      ts,
      text,
      blocks,
      deliveryId: deliverySchema.safeParse(args).data?.metadata.event_payload.delivery_id ?? null,
      args,
      at: this.#now().getTime(),
    };
    this.posts.push(message);
    return { ok: true, channel, ts, message: { type: 'message', text, blocks, ts, bot_id: 'B0BOT' } };
  }

  #update(args: Args): Answer {
    const complaints = this.#objections('chat.update', args);
    if (complaints.length > 0) return { ok: false, error: 'invalid_blocks', response_metadata: { messages: complaints } };
    const message = this.posts.all.find(({ channel, ts }) => channel === args['channel'] && ts === args['ts']);
    if (message === undefined) return { ok: false, error: 'message_not_found' };
    const { text, blocks } = postSchema.parse(args);
    message.text = text;
    message.blocks = blocks;
    return { ok: true, channel: message.channel, ts: message.ts, text };
  }

  #whisper(args: Args): Answer {
    const complaints = this.#objections('chat.postEphemeral', args);
    if (complaints.length > 0) return { ok: false, error: 'invalid_blocks', response_metadata: { messages: complaints } };
    this.whispers.push({ ...whisperSchema.parse(args), at: this.#now().getTime() });
    return { ok: true, message_ts: this.#nextTs() };
  }

  #open(args: Args): Answer {
    const { trigger_id: triggerId, view } = viewSchema.parse(args);
    const complaints = lintModal(view).map((complaint) => `views.open: ${complaint}`);
    this.#complaints.push(...complaints);
    if (complaints.length > 0) return { ok: false, error: 'invalid_arguments', response_metadata: { messages: complaints } };
    if (this.views.all.some((one) => one.triggerId === triggerId)) return { ok: false, error: 'exchanged_trigger_id' };
    this.views.push({ triggerId, view, at: this.#now().getTime() });
    return { ok: true, view: { id: `V${String(this.views.all.length)}`, ...view } };
  }

  /** A channel's messages, or those of a thread when there is a `ts`. */
  #history(args: Args): Answer {
    const { channel, ts: thread, oldest, limit, cursor, include_all_metadata: withMetadata } = historySchema.parse(args);
    // A person is no conversation: Slack wants the id of the direct message here.
    if (!/^[CGD]/.test(channel)) return { ok: false, error: 'channel_not_found' };
    const newestFirst = this.posts.all
      .filter(
        (message) =>
          message.channel === channel &&
          Number(message.ts) > oldest &&
          (thread === undefined ? message.args['thread_ts'] === undefined : [message.ts, message.args['thread_ts']].includes(thread)),
      )
      .toReversed();
    const page = newestFirst.slice(cursor, cursor + limit);
    const hasMore = newestFirst.length > cursor + limit;
    return {
      ok: true,
      messages: page.map(({ ts, text, args: said }) => ({
        type: 'message',
        bot_id: 'B0BOT',
        ts,
        text,
        ...(withMetadata && said['metadata'] !== undefined ? { metadata: said['metadata'] } : {}),
      })),
      has_more: hasMore,
      response_metadata: { next_cursor: hasMore ? String(cursor + limit) : '' },
    };
  }

  #objections(method: string, args: Args): string[] {
    const complaints = lintMessage(args).map((complaint) => `${method}: ${complaint}`);
    this.#complaints.push(...complaints);
    return complaints;
  }

  /** Slack names a message by the time it came, and no two of a channel alike. */
  #nextTs(): string {
    this.#lastTs = Math.max(this.#lastTs + 1, this.#now().getTime() * 1000);
    return `${String(Math.floor(this.#lastTs / 1_000_000))}.${String(this.#lastTs % 1_000_000).padStart(6, '0')}`;
  }
}
