import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { dataFolder, startApp } from '../../support/app.ts';
import { createDatabase, runSql } from '../../support/database.ts';
import { readingNow } from '../../support/readings.ts';
import { Arrivals } from '../../support/slack/arrivals.ts';

const SIGNATURE = 'signature-that-nobody-may-read';

test('an alert goes out through a flow, whose URL stands neither in the log nor in the database', async () => {
  const bodies = new Arrivals<string>('message', (body) => body.slice(0, 80));
  const server = createServer(async (request, response) => {
    bodies.push(await text(request));
    response.writeHead(202).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${String(z.object({ port: z.number() }).parse(server.address()).port)}/workflows/1?sig=${SIGNATURE}`;
  const database = await createDatabase();
  const app = await startApp({
    dataDir: dataFolder(),
    databaseUrl: database.url,
    file: 'routes: [{ workflow: "${FLOW}", meters: all }]',
    env: { FLOW: url, LOG_LEVEL: 'debug' },
  });
  await app.push({ readings: [readingNow('leads', 850)] });
  expect(await bodies.next((body) => body.includes('is already at 85%'), 10_000)).toContain('"version":"1.4"');
  const [destination] = await runSql(database.url, "SELECT kind, address FROM destination WHERE kind = 'workflow'");
  expect(destination).toEqual({ kind: 'workflow', address: expect.stringMatching(/^[0-9a-f]{12}$/) });
  await app.stop();
  expect(app.output()).not.toContain(SIGNATURE);
});
