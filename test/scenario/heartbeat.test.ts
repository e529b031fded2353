import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, onTestFinished, test, vi } from 'vitest';
import { z } from 'zod';
import { dataFolder, startApp } from '../support/app.ts';
import { createDatabase } from '../support/database.ts';

test('whoever delivers calls HEARTBEAT_URL soon after its start, and its path is in no output; who only listens does not', async () => {
  const agents: string[] = [];
  const server = createServer((request, response) => {
    agents.push(String(request.url));
    response.end('OK');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = z.object({ port: z.number() }).parse(server.address());
  const { url: databaseUrl } = await createDatabase();
  const start = (role: string, path: string) =>
    startApp({ dataDir: dataFolder(), databaseUrl, env: { ROLE: role, HEARTBEAT_URL: `http://127.0.0.1:${String(port)}/${path}` } });
  const web = await start('web', 'of-the-web');
  const worker = await start('worker', 'of-the-worker');
  await vi.waitUntil(() => agents.length > 0, { timeout: 20_000 });
  expect(agents).toEqual(['/of-the-worker']);
  await worker.stop();
  await web.stop();
  expect(worker.output()).not.toContain('of-the-worker');
}, 60_000);
