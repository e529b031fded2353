import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createBodies, type Bodies } from '../../src/http/request-bodies.ts';
import { ok } from '../../src/core/result.ts';
import { createHttpServer } from '../../src/http/server.ts';
import { createHttpReceiver } from '../../src/slack/receivers/http-receiver.ts';
import { createPushSource } from '../../src/sources/push/routes.ts';
import { createQueries } from '../../src/queries/queries.ts';
import { readStoreOf } from '../support/read-store.ts';
import { systemClock } from '../../src/app/system-clock.ts';
import { createEndpoint } from '../../src/teams/listeners/endpoint.ts';
import { signedSlackRequest } from '../support/signed-slack-request.ts';
import { signedWebhook } from '../support/signed-webhook.ts';
import { recordedLog } from '../support/slack/recorded-log.ts';
import { acceptAll, listening } from './listening.ts';
import { INGEST_KEY } from './running-service.ts';

const KIB = 1024;
const BUDGET = 32 * KIB * KIB;
const SECRET = 'signing-secret-of-the-tests';

/** All endpoints that read a body before they know the sender, with one budget as in the service. */
async function endpoints(bodies: Bodies, slowestRequestMs = 5_000) {
  const log = recordedLog();
  const slack = createHttpReceiver({ signingSecret: SECRET, bodies, clock: systemClock, log });
  const teams = createEndpoint({
    authority: { check: async () => ok(undefined), token: async () => ok(null) },
    bodies,
    anonymous: true,
    accountOf: () => 'default',
    log,
    isStopping: () => false,
    take: () => undefined,
    invoke: async () => null,
  });
  const direct = createPushSource({
    ingest: acceptAll,
    queries: createQueries({ store: readStoreOf([]), clock: systemClock }),
    keys: { all: () => KEYS, lookAgain: async () => true },
    clock: systemClock,
    metrics: { ingested: () => {}, attempted: () => {}, sweepLag: () => {}, polled: () => {} },
    unverified: bodies,
  });
  return listening({ mounts: [(app) => slack.mount(app), (app) => teams.mount(app)], direct, slowestRequestMs }, log);
}

const KEYS = [{ source: null, account: 'default', key: INGEST_KEY, until: null }];

const nowS = () => String(Math.floor(Date.now() / 1000));

/** The head of a request that looks valid and is not. */
const FORGED: Readonly<Record<string, () => string>> = {
  '/slack/events': () => `x-slack-request-timestamp: ${nowS()}\r\nx-slack-signature: v0=${'0'.repeat(64)}\r\n`,
  '/api/messages': () => '',
  '/v1/usage': () => `webhook-id: 1\r\nwebhook-timestamp: ${nowS()}\r\nwebhook-signature: v1,${'A'.repeat(43)}=\r\n`,
};

type Half = { readonly socket: Socket; readonly said: () => string };

/** Sends the head and a part of the body, and then nothing. */
async function halfBody(port: number, path: string, { says, sends }: { readonly says: number; readonly sends: number }): Promise<Half> {
  const socket = connect(port, '127.0.0.1');
  let said = '';
  socket.on('error', () => {});
  socket.on('data', (chunk) => (said += chunk.toString('latin1')));
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  socket.write(`POST ${path} HTTP/1.1\r\nhost: here\r\n${FORGED[path]?.() ?? ''}content-length: ${says}\r\n\r\n`);
  socket.write(Buffer.alloc(sends, 'x'));
  return { socket, said: () => said };
}

async function isAnsweredByAll(url: string): Promise<void> {
  // The same body twice in a second would count as a replay.
  const challenge = randomUUID();
  const body = JSON.stringify({ type: 'url_verification', challenge });
  const slack = await fetch(`${url}/slack/events`, signedSlackRequest(SECRET, body, { at: new Date(), contentType: 'application/json' }));
  expect([slack.status, await slack.json()]).toEqual([200, { challenge }]);
  const pushed = JSON.stringify({ readings: [{ meter: 'm', used: 1 }] });
  const webhook = await fetch(`${url}/v1/usage`, { method: 'POST', headers: signedWebhook(INGEST_KEY, 'evt', pushed), body: pushed });
  expect(webhook.status).toBe(202);
  const activity = JSON.stringify({ type: 'typing', serviceUrl: 'http://127.0.0.1:1/' });
  expect((await fetch(`${url}/api/messages`, { method: 'POST', body: activity })).status).toBe(200);
}

describe('bodies of unknown senders', () => {
  test.each([
    ['/slack/events', 500, 250],
    ['/slack/events', 60, 700],
    ['/api/messages', 240, 250],
    ['/v1/usage', 1000, 250],
  ])(
    'half sent to %s, %i KiB by %i connections, stay within the budget, and signed requests are answered',
    async (path, sentKib, count) => {
      const bodies = createBodies(BUDGET);
      const { url, port } = await endpoints(bodies, 2_000);
      let most = 0;
      const watching = setInterval(() => (most = Math.max(most, bodies.held())), 1);
      onTestFinished(() => clearInterval(watching));
      const halves = await Promise.all(
        Array.from({ length: count }, () => halfBody(port, path, { says: (sentKib + 1) * KIB, sends: sentKib * KIB })),
      );
      await isAnsweredByAll(url);
      // A body that gave way gets the last answer on its connection; a body that waits is told in time that it was too slow.
      const refused = (status: string) => halves.filter(({ said }) => said().startsWith(`HTTP/1.1 ${status}`));
      for (const { said } of refused('503'))
        expect(said()).toMatch(/^HTTP\/1\.1 503 [\s\S]*retry-after: 5\r\n[\s\S]*connection: close\r\n/i);
      if (sentKib <= 64) expect(refused('503').length).toBeGreaterThan(0);
      await vi.waitUntil(() => refused('503').length + refused('408').length === count, { timeout: 20_000 });
      expect(most).toBeGreaterThan(BUDGET / 2);
      expect(most).toBeLessThanOrEqual(BUDGET);
      await isAnsweredByAll(url);
    },
    60_000,
  );

  test('return their budget when the client hangs up, and after they were rejected or read', async () => {
    const bodies = createBodies(BUDGET);
    const { url, port } = await endpoints(bodies);
    const halves = await Promise.all(Object.keys(FORGED).map((path) => halfBody(port, path, { says: 100 * KIB, sends: 50 * KIB })));
    await vi.waitUntil(() => bodies.held() >= 150 * KIB, { timeout: 5_000 });
    for (const { socket } of halves) socket.resetAndDestroy();
    await vi.waitUntil(() => bodies.held() === 0, { timeout: 5_000 });
    await isAnsweredByAll(url);
    expect(bodies.held()).toBe(0);
  });

  test('that arrive byte by byte count with the memory they hold', async () => {
    const bodies = createBodies(BUDGET);
    const { port } = await endpoints(bodies);
    const { socket } = await halfBody(port, '/slack/events', { says: 100, sends: 1 });
    for (let sent = 0; sent < 20; sent += 1) await new Promise<void>((resolve) => socket.write('x', () => setImmediate(resolve)));
    await vi.waitUntil(() => bodies.held() > 0, { timeout: 5_000 });
    expect(bodies.held()).toBe(4 * KIB);
  });

  test.each([
    ['/slack/events', 512 * KIB],
    ['/api/messages', 256 * KIB],
    ['/v1/usage', 1024 * KIB],
  ])('that announce more than the limit for %s get 413 before any byte is read', async (path, limit) => {
    const { port } = await endpoints(createBodies(BUDGET));
    const { said } = await halfBody(port, path, { says: limit + 1, sends: 1 });
    await vi.waitUntil(() => said() !== '', { timeout: 5_000 });
    expect(said()).toMatch(/^HTTP\/1\.1 413 /);
  });

  test.each([
    ['no signature', '/slack/events', ''],
    ['a malformed signature', '/slack/events', `x-slack-request-timestamp: ${nowS()}\r\nx-slack-signature: v0=00\r\n`],
    ['a stale signature', '/slack/events', `x-slack-request-timestamp: 1700000000\r\nx-slack-signature: v0=${'0'.repeat(64)}\r\n`],
    ['a malformed signature', '/v1/usage', `webhook-id: 1\r\nwebhook-timestamp: ${nowS()}\r\nwebhook-signature: v1,x\r\n`],
    ['a stale signature', '/v1/usage', `webhook-id: 1\r\nwebhook-timestamp: 1700000000\r\nwebhook-signature: v1,${'A'.repeat(43)}=\r\n`],
  ])('with %s are not read: %s', async (_what, path, head) => {
    const bodies = createBodies(BUDGET);
    const { port } = await endpoints(bodies);
    const socket = connect(port, '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    socket.write(`POST ${path} HTTP/1.1\r\nhost: here\r\n${head}content-length: 100000\r\n\r\n${'x'.repeat(5000)}`);
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toMatch(/^HTTP\/1\.1 401 /);
    expect(bodies.held()).toBe(0);
  });
});

test('connections above the limit are closed as they come and logged once, and a closed one frees its place', async () => {
  const log = recordedLog();
  const server = createHttpServer({
    log,
    mounts: [(app) => void app.get('/', (_request, response) => void response.end('here'))],
    mostConnections: 5,
  });
  const address = await server.listen({ host: '127.0.0.1', port: 0 });
  if (!address.ok) throw new Error(address.error.kind);
  onTestFinished(() => server.close());
  const port = Number(new URL(address.value.url).port);
  const sockets = Array.from({ length: 8 }, () => connect(port, '127.0.0.1').on('error', () => {}));
  onTestFinished(() => sockets.forEach((socket) => socket.destroy()));
  await vi.waitUntil(() => sockets.filter((socket) => socket.resume().closed).length === 3, { timeout: 5_000 });
  expect(log.lines.map(({ message }) => message)).toEqual(['connections closed: too many at once']);
  sockets.forEach((socket) => socket.destroy());
  await vi.waitUntil(async () => (await fetch(address.value.url).catch(() => null))?.status === 200, { timeout: 5_000 });
});
