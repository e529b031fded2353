import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { z } from 'zod';
import { addressOf } from './address.ts';

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

export type PretendSlack = {
  readonly url: string;
  /** Returns in how many channels a message has arrived since the last `forget`. */
  channels(): Promise<number>;
  posts(): Promise<Posts>;
  forget(): Promise<void>;
  stop(): Promise<void>;
};

/** Starts the pretend Slack in its own process: the running benchmark, with the argument `slack`. The benchmark then calls `servePretendSlack`. */
export async function startPretendSlack(benchmark: string): Promise<PretendSlack> {
  const server = fork(benchmark, ['slack'], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  const url = await addressOf(server);
  const ask = async (path: string): Promise<unknown> => (await fetch(`${url}${path}`)).json();
  return {
    url,
    channels: async () => z.object({ channels: z.number() }).parse(await ask('/count')).channels,
    posts: async () => postsSchema.parse(await ask('/posts')),
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
export async function servePretendSlack(): Promise<void> {
  let posts: Posts = { firstAt: {}, more: 0, tooFast: 0, posters: {} };
  let channels = 0;
  const lastAt = new Map<string, number>();

  function accept(poster: string, channel: string): boolean {
    const now = Date.now();
    if (now - (lastAt.get(channel) ?? 0) < PACE_MS) {
      posts.tooFast += 1;
      return false;
    }
    lastAt.set(channel, now);
    posts.posters[poster] = (posts.posters[poster] ?? 0) + 1;
    if (posts.firstAt[channel] === undefined) {
      posts.firstAt[channel] = now;
      channels += 1;
    } else posts.more += 1;
    return true;
  }

  const server = createServer((request, response) => {
    const answer = (body: unknown, status = 200, headers = {}) =>
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
    const path = request.url ?? '';
    void buffer(request).then((body) => {
      if (path === '/count') return answer({ channels });
      if (path === '/posts') return answer(posts);
      if (path === '/forget') {
        posts = { firstAt: {}, more: 0, tooFast: 0, posters: {} };
        channels = 0;
        return answer({});
      }
      const [, poster = '', method = ''] = /^\/([^/]+)\/(?:api\/)?(.+)$/.exec(path) ?? [];
      if (method === 'auth.test') return answer({ ok: true, team_id: 'T0BENCH', team: 'Bench', user_id: 'U0BOT', bot_id: 'B0BOT' });
      if (method !== 'hook' && method !== 'chat.postMessage') return answer({ ok: true });
      const channel = channelOf(request.headers['content-type'] ?? '', body.toString());
      if (!accept(poster, channel)) return answer({ ok: false, error: 'ratelimited' }, 429, { 'retry-after': '1' });
      if (method === 'hook') return response.end('ok');
      return answer({ ok: true, channel, ts: `${Date.now() / 1000}` });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  console.log(`http://127.0.0.1:${String(z.object({ port: z.number() }).parse(server.address()).port)}`);
  await once(process, 'SIGTERM');
  server.close();
  server.closeAllConnections();
  process.disconnect();
}

function channelOf(contentType: string, body: string): string {
  if (!contentType.startsWith('application/json')) return new URLSearchParams(body).get('channel') ?? '';
  return z.object({ channel: z.string() }).parse(JSON.parse(body)).channel;
}
