import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import type { Behaviour } from '../slack/behaviour.ts';
import { meet } from '../slack/meet.ts';

const pageSchema = z.object({ id: z.string(), text: z.string() });
const addressSchema = z.object({ port: z.number() });

/** The pager service, which goes away with the test. */
export async function startFakePager() {
  const pages: { desk: string; id: string; text: string }[] = [];
  let calls = 0;
  let next: Behaviour = { kind: 'ok' };
  let isAway = false;
  const server = createServer(async (request, response) => {
    const body = await text(request).catch(() => null);
    const [, , desk = '', id = ''] = decodeURIComponent(request.url ?? '').split('/');
    if (body === null || isAway) return void response.destroy();
    if (request.method === 'GET') {
      const known = pages.some((one) => one.desk === desk && one.id === id);
      return void response.writeHead(known ? 200 : 404).end(JSON.stringify(known ? { page: id } : {}));
    }
    calls += 1;
    meet(response, next, () => {
      const page = { desk, ...pageSchema.parse(JSON.parse(body)) };
      pages.push(page);
      return { json: { page: page.id } };
    });
    next = { kind: 'ok' };
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${String(addressSchema.parse(server.address()).port)}`;
  const close = async (): Promise<void> => {
    if (!server.listening) return;
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  onTestFinished(close);
  return {
    url,
    /** What a desk was paged, oldest first. */
    pagesAt: (desk: string) => pages.filter((one) => one.desk === desk).map((one) => one.text),
    calls: () => calls,
    meetNext: (behaviour: Behaviour) => void (next = behaviour),
    setAway: (away: boolean) => void (isAway = away),
    close,
  };
}
