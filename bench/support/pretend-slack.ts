import { fork } from 'node:child_process';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { z } from 'zod';
import { addressOf } from './address.ts';
import { serveUntilStopped } from './listening.ts';

/** Slack's limit for one channel, https://docs.slack.dev/apis/web-api/rate-limits. */
const PACE_MS = 1_000;

const postsSchema = z.object({
  /** When the first message arrived in each channel, in milliseconds since 1970. */
  firstAt: z.record(z.string(), z.number()),
  /** Messages after the first one in a channel. */
  more: z.number(),
  /** Messages that were refused with 429. */
  tooFast: z.number(),
  /** Messages by poster: the first part of the path, so that each process can have an address of its own. */
  posters: z.record(z.string(), z.number()),
});
type Posts = z.infer<typeof postsSchema>;

const arrivalSchema = z.object({
  poster: z.string(),
  channel: z.string(),
  /** The id of the delivery that Creditwatch sends with a message; empty for other programs. */
  deliveryId: z.string(),
  /** In milliseconds since 1970. */
  at: z.number(),
});
type Arrival = z.infer<typeof arrivalSchema>;
const arrivalsSchema = z.object({ posted: z.array(arrivalSchema), held: z.array(arrivalSchema) });

/**
 * How calls are answered: `well`, `away` (503 to all), or `hold` (a message is neither posted nor answered, and everything else is
 * answered well).
 */
type Behaviour = 'well' | 'away' | 'hold';

export type PretendSlack = {
  readonly url: string;
  /** All messages since the last `forget`, in order; `held`: the ones that were neither posted nor answered. */
  arrivals(): Promise<{ readonly posted: readonly Arrival[]; readonly held: readonly Arrival[] }>;
  /** `history`: whether the bot may read the history of channels. It may not until told. */
  behave(behaviour: Behaviour, options?: { readonly history: boolean }): Promise<void>;
  /** Returns in how many channels a message has arrived since the last `forget`. */
  channels(): Promise<number>;
  posts(): Promise<Posts>;
  forget(): Promise<void>;
  stop(): Promise<void>;
};

/**
 * Starts the pretend Slack in its own process: the running benchmark, with the arguments `slack` and the port. The benchmark then calls
 * `servePretendSlack` with that port.
 *
 * @param port 0 for a free one
 */
export async function startPretendSlack(benchmark: string, port = 0): Promise<PretendSlack> {
  const server = fork(benchmark, ['slack', String(port)], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  const url = await addressOf(server);
  const ask = async (path: string): Promise<unknown> => (await fetch(`${url}${path}`)).json();
  return {
    url,
    channels: async () => z.object({ channels: z.number() }).parse(await ask('/count')).channels,
    posts: async () => postsSchema.parse(await ask('/posts')),
    arrivals: async () => arrivalsSchema.parse(await ask('/arrivals')),
    behave: async (behaviour, { history } = { history: false }) => void (await ask(`/behave/${behaviour}/${history ? 'history' : ''}`)),
    forget: async () => void (await ask('/forget')),
    async stop() {
      const ended = once(server, 'exit');
      server.kill('SIGTERM');
      await ended;
    },
  };
}

/**
 * Serves `<poster>/api/<method>` as Slack's Web API does, and `<poster>/hook` as an incoming webhook, until SIGTERM. Both accept one
 * message per second and channel. All other methods of the Web API are answered with `ok`.
 */
export async function servePretendSlack(port = 0): Promise<void> {
  let posts: Posts = { firstAt: {}, more: 0, tooFast: 0, posters: {} };
  let arrivals: { posted: Arrival[]; held: Arrival[] } = { posted: [], held: [] };
  let behaviour = 'well';
  let mayReadHistory = false;
  let channels = 0;
  const lastAt = new Map<string, number>();

  function accept({ poster, channel, at }: Arrival): boolean {
    if (at - (lastAt.get(channel) ?? 0) < PACE_MS) {
      posts.tooFast += 1;
      return false;
    }
    lastAt.set(channel, at);
    posts.posters[poster] = (posts.posters[poster] ?? 0) + 1;
    if (posts.firstAt[channel] === undefined) {
      posts.firstAt[channel] = at;
      channels += 1;
    } else posts.more += 1;
    return true;
  }

  /** The messages of a channel with their metadata, as `conversations.history` shows them. */
  function historyOf(channel: string): unknown {
    if (!mayReadHistory) return { ok: false, error: 'missing_scope' };
    const messages = arrivals.posted
      .filter((one) => one.channel === channel)
      .map(({ deliveryId, at }) => ({
        ts: String(at / 1000),
        metadata: { event_type: 'creditwatch_delivery', event_payload: { delivery_id: deliveryId } },
      }));
    return { ok: true, messages };
  }

  await serveUntilStopped((request, response) => {
    const at = Date.now();
    const answer = (body: unknown, status = 200, headers = {}) =>
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
    const path = request.url ?? '';
    void buffer(request).then((body) => {
      if (path === '/count') return answer({ channels });
      if (path === '/posts') return answer(posts);
      if (path === '/arrivals') return answer(arrivals);
      if (path === '/forget') {
        posts = { firstAt: {}, more: 0, tooFast: 0, posters: {} };
        arrivals = { posted: [], held: [] };
        channels = 0;
        return answer({});
      }
      const [, wanted, history] = /^\/behave\/(\w+)\/(\w*)$/.exec(path) ?? [];
      if (wanted !== undefined) {
        behaviour = wanted;
        mayReadHistory = history === 'history';
        return answer({});
      }
      const [, poster = '', method = ''] = /^\/([^/]+)\/(?:api\/)?(.+)$/.exec(path) ?? [];
      if (behaviour === 'away') return answer({}, 503);
      if (method === 'auth.test') return answer({ ok: true, team_id: 'T0BENCH', team: 'Bench', user_id: 'U0BOT', bot_id: 'B0BOT' });
      const said = body.toString();
      if (method === 'conversations.history') return answer(historyOf(new URLSearchParams(said).get('channel') ?? ''));
      if (method !== 'hook' && method !== 'chat.postMessage') return answer({ ok: true });
      const arrival = { poster, ...messageIn(request.headers['content-type'] ?? '', said), at };
      if (behaviour === 'hold') return arrivals.held.push(arrival);
      if (!accept(arrival)) return answer({ ok: false, error: 'ratelimited' }, 429, { 'retry-after': '1' });
      arrivals.posted.push(arrival);
      if (method === 'hook') return response.end('ok');
      return answer({ ok: true, channel: arrival.channel, ts: String(at / 1000) });
    });
  }, port);
}

const metadataSchema = z.object({ event_payload: z.object({ delivery_id: z.string() }) });

function messageIn(contentType: string, body: string): { readonly channel: string; readonly deliveryId: string } {
  if (contentType.startsWith('application/json')) return { ...z.object({ channel: z.string() }).parse(JSON.parse(body)), deliveryId: '' };
  const form = new URLSearchParams(body);
  const metadata = form.get('metadata');
  const deliveryId = metadata === null ? '' : metadataSchema.parse(JSON.parse(metadata)).event_payload.delivery_id;
  return { channel: form.get('channel') ?? '', deliveryId };
}
