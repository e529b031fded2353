/**
 * A local Slack with the real service, for use by hand: `npm run slack:local`, with `-- --socket` over Socket Mode. Nothing leaves
 * this machine.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { json } from 'node:stream/consumers';
import { z } from 'zod';
import { systemClock } from '../../src/app/system-clock.ts';
import { pageHtml } from './page.ts';
import { createPlay } from './play.ts';
import { modalHtml, timelineHtml } from './timeline.ts';
import { startWorkspace } from './workspace.ts';

const transport = process.argv.includes('--socket') ? 'socket' : 'http';
const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const workspace = await startWorkspace({ transport, clock: systemClock, logLevel: 'warn' });
const play = createPlay(workspace);

const doneSchema = z.object({
  user: z.string(),
  channel: z.string(),
  text: z.string().default(''),
  entry: z.string().default(''),
  button: z.number().default(0),
  values: z.record(z.string(), z.string()).default({}),
  meter: z.string().default(''),
  used: z.string().default(''),
  total: z.string().default(''),
});

async function act(path: string, request: IncomingMessage): Promise<void> {
  const done = doneSchema.parse(await json(request));
  if (path === '/type') return play.type(done.user, done.channel, done.text);
  if (path === '/press') return play.press(done.user, done.channel, done.entry, done.button);
  if (path === '/submit') return play.submit(done.user, done.values);
  if (path === '/cancel') return play.cancel(done.user);
  if (path === '/push') return workspace.push([{ meter: done.meter, used: done.used, total: done.total }]);
  throw new Error(`nothing at ${path}`);
}

/** Answers with what a person sees. What cannot be drawn is told in the page, and stops nothing. */
function show(response: ServerResponse, user: string, channel: string): void {
  try {
    const state = { timeline: timelineHtml(play, user, channel, { now: systemClock.now(), timeZone }), modal: modalHtml(play, user) };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(state));
  } catch (error) {
    response.writeHead(500).end(`cannot be drawn: ${String(error)}`);
  }
}

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://local');
  if (request.method === 'POST') {
    act(url.pathname, request).then(
      () => response.end(),
      (error: unknown) => response.writeHead(400).end(String(error)),
    );
  } else if (url.pathname === '/state') show(response, url.searchParams.get('user') ?? '', url.searchParams.get('channel') ?? '');
  else response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(pageHtml());
});
server.listen(Number(process.env['PORT'] ?? 3333), '127.0.0.1');
await once(server, 'listening');
const { port } = z.object({ port: z.number() }).parse(server.address());
console.log(`Local Slack over ${transport === 'http' ? 'HTTP' : 'Socket Mode'}: http://127.0.0.1:${String(port)}  (Ctrl-C stops it)`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    server.closeAllConnections();
    server.close();
    void workspace.stop().finally(() => process.exit());
  });
}
