import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { connect, createServer, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { z } from 'zod';
import { createHttpServer } from '../../src/http/server.ts';
import { recordedLog } from '../support/slack/recorded-log.ts';
import { acceptAll, listening, pushRoutes } from './listening.ts';
import { BEARER } from './running-service.ts';

/** Opens a raw connection and writes only this. `closed` resolves with how long it lasted, in milliseconds. */
async function connection(port: number, written: string): Promise<{ socket: Socket; received: () => string; closed: Promise<number> }> {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  let received = '';
  socket.on('data', (chunk: Buffer) => (received += chunk.toString()));
  socket.on('error', () => {});
  await once(socket, 'connect');
  const openedAt = Date.now();
  const closed = once(socket, 'close').then(() => Date.now() - openedAt);
  socket.write(written);
  return { socket, received: () => received, closed };
}

describe('a port', () => {
  async function portInUse() {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = z.object({ port: z.number() }).parse(other.address());
    const free = async () => {
      other.close();
      await once(other, 'close');
    };
    return { port, free };
  }

  test('that stays in use is reported after waiting', async () => {
    const { port, free } = await portInUse();
    onTestFinished(free);
    const server = createHttpServer({ log: recordedLog(), mounts: [], portPatienceMs: 300 });
    const startedAt = Date.now();
    expect(await server.listen({ host: '127.0.0.1', port })).toEqual({
      ok: false,
      error: { kind: 'port-in-use', host: '127.0.0.1', port, setting: 'PORT', code: 'EADDRINUSE' },
    });
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(300);
  });

  test('that a previous process releases meanwhile is used', async () => {
    const { port, free } = await portInUse();
    const server = createHttpServer({ log: recordedLog(), mounts: [] });
    const listens = server.listen({ host: '127.0.0.1', port });
    onTestFinished(() => server.close());
    await free();
    expect(await listens).toEqual({ ok: true, value: { url: `http://127.0.0.1:${String(port)}` } });
  });

  test('of an address of another machine is reported at once', async () => {
    const server = createHttpServer({ log: recordedLog(), mounts: [] });
    expect(await server.listen({ host: '203.0.113.1', port: 0 })).toEqual({
      ok: false,
      error: { kind: 'bad-host', host: '203.0.113.1', port: 0, setting: 'PORT', code: 'EADDRNOTAVAIL' },
    });
  });

  test('on IPv6 gives a URL with brackets', async () => {
    const server = createHttpServer({ log: recordedLog(), mounts: [] });
    const listens = await server.listen({ host: '::1', port: 0 });
    onTestFinished(() => server.close());
    expect(listens.ok ? listens.value.url : listens.error.kind).toMatch(/^http:\/\/\[::1\]:\d+$|^bad-host$/);
  });
});

describe('the path for pushes', () => {
  test.each(['/v1/usage', '/v1/usage/', '/V1/Usage?a=b', '/v1/usage/?a=b', 'http://credits.example.com/v1/usage'])(
    'accepts %s',
    async (path) => {
      const { port } = await listening(pushRoutes(acceptAll));
      const status = await new Promise((resolve, reject) => {
        get({ port, host: '127.0.0.1', path, headers: BEARER }, (answer) => resolve(answer.resume().statusCode)).on('error', reject);
      });
      expect(status).toBe(200);
    },
  );
});

describe('an unknown path', () => {
  test.each([
    ['GET', '/', 'there is nothing at GET /'],
    ['GET', '/v1', 'there is nothing at GET /v1'],
    ['GET', '/v1/usage/apollo?key=secret', 'there is nothing at GET /v1/usage/apollo'],
    ['POST', '/v1/users', 'there is nothing at POST /v1/users'],
    ['DELETE', '/healthz', 'there is nothing at DELETE /healthz'],
    ['GET', '/%E0%A4%A', 'there is nothing at GET /%E0%A4%A'],
    ['GET', '/../../etc/passwd', 'there is nothing at GET /etc/passwd'],
  ])('%s %s answers 404 in JSON', async (method, path, error) => {
    const { url } = await listening(pushRoutes(acceptAll));
    const answer = await fetch(url + path, { method });
    expect([answer.status, answer.headers.get('content-type'), await answer.json()]).toEqual([
      404,
      'application/json; charset=utf-8',
      { error },
    ]);
  });

  test('ends the connection if the body is still arriving, so that no 408 follows', async () => {
    const { port } = await listening(pushRoutes(acceptAll));
    const { received } = await connection(port, 'POST /v1/usages HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\n{"source"');
    await expect.poll(received).toMatch(/^HTTP\/1\.1 404 [^]*\r\nconnection: close\r\n/i);
  });

  test('does not reveal the server software', async () => {
    const { url } = await listening({});
    const { headers } = await fetch(url);
    expect([...headers.keys()].toSorted()).toEqual(['connection', 'content-length', 'content-type', 'date', 'keep-alive']);
  });
});

describe('slow senders', () => {
  const SLOWEST_MS = 2_000;
  // What ends earlier than this does not end by the limit.
  const NEVER_MS = 60_000;

  test('1,000 connections that send nothing, half a header or half a body are closed after the time that a request may take, and other requests are answered meanwhile', async () => {
    const { url, port } = await listening({ ...pushRoutes(acceptAll), slowestRequestMs: SLOWEST_MS });
    const halfBody = `POST /v1/usage HTTP/1.1\r\nHost: x\r\nAuthorization: ${BEARER.authorization}\r\nContent-Length: 100\r\n\r\n{"readings"`;
    const beginnings = ['', 'POST /v1/usage HTTP/1.1\r\nHost: x\r\nX-', halfBody, halfBody];
    const slow = await Promise.all(
      Array.from({ length: 1000 }, (_, index) => connection(port, beginnings[index % beginnings.length] ?? '')),
    );
    const dripping = setInterval(
      () => slow.forEach(({ socket }, index) => void (index % 4 === 1 && socket.writable && socket.write('a'))),
      500,
    );
    onTestFinished(() => clearInterval(dripping));

    const healthy = () => fetch(`${url}/v1/usage`, { method: 'POST', headers: BEARER, body: '{"readings":[{"meter":"m","used":1}]}' });
    for (let round = 0; round < 20; round += 1) {
      expect((await healthy()).status).toBe(202);
    }
    const lasted = await Promise.all(slow.map(({ closed }) => closed));
    expect(Math.min(...lasted)).toBeGreaterThan(SLOWEST_MS * 0.8);
    expect(new Set(slow.map(({ received }) => received().split('\r\n')[0]))).toEqual(new Set(['HTTP/1.1 408 Request Timeout']));
    expect((await healthy()).status).toBe(202);
  }, 30_000);

  const unfinished = (authorization: string, length: number) =>
    `POST /v1/usage HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\nContent-Length: ${length}\r\n\r\n{"readings"`;

  test.each([
    ['a stranger', unfinished('Bearer nobody', 100), 'HTTP/1.1 401 Unauthorized'],
    ['one who sends too much', unfinished(BEARER.authorization, 100_000_000), 'HTTP/1.1 413 Payload Too Large'],
  ])(
    '%s with half a body gets an answer at once with Connection: close, and the connection ends without a second answer',
    async (_, written, status) => {
      const { port } = await listening({ ...pushRoutes(acceptAll), slowestRequestMs: NEVER_MS });
      const { received, closed } = await connection(port, written);
      await expect.poll(received).toMatch(/\r\n\r\n\{"error":".*"\}$/);
      await closed;
      expect(received().split('\r\n')[0]).toBe(status);
      expect(received()).toMatch(/\r\nconnection: close\r\n/i);
      expect(received().match(/HTTP\/1\.1 /g)).toHaveLength(1);
    },
  );

  test('a client that reads only after sending everything still gets the answer, and the connection is closed', async () => {
    const { port } = await listening({ ...pushRoutes(acceptAll), slowestRequestMs: NEVER_MS });
    const rest = Buffer.alloc(32 * 1024 * 1024);
    const { socket, received, closed } = await connection(port, '');
    socket.pause();
    socket.write(unfinished(BEARER.authorization, rest.length + 11));
    await new Promise((sent) => socket.write(rest, sent));
    socket.resume();
    await closed;
    expect(received()).toMatch(/^HTTP\/1\.1 413 [^]*the body is larger than 1 MiB/);
  });

  test('a request that is not HTTP gets 400 and the connection is closed', async () => {
    const { port } = await listening({});
    const { received, closed } = await connection(port, '\x16\x03\x01 hello\r\n\r\n');
    await closed;
    expect(received()).toMatch(/^HTTP\/1\.1 400 Bad Request/);
  });

  test('a header of 64 kB gets 431', async () => {
    const { port } = await listening({});
    const { received, closed } = await connection(port, `GET / HTTP/1.1\r\nX-Large: ${'x'.repeat(65_536)}\r\n\r\n`);
    await closed;
    expect(received()).toMatch(/^HTTP\/1\.1 431/);
  });
});

describe('a connection', () => {
  const answerOf = (url: string, agent: Agent): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      get(url, { agent }, (incoming) => {
        incoming.resume().once('end', () => resolve(incoming));
      }).once('error', reject);
    });

  test('is kept open for the next request', async () => {
    const { url } = await listening({});
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => agent.destroy());
    const first = await answerOf(url, agent);
    const second = await answerOf(url, agent);
    expect(second.socket).toBe(first.socket);
  });

  test('that is kept open does not delay closing, and a running request is still answered', async () => {
    let finish = (): void => {};
    const finished = new Promise<void>((resolve) => (finish = resolve));
    const { url, close } = await listening({
      mounts: [
        (app) => void app.get('/idle', (_request, response) => void response.end()),
        (app) =>
          void app.get('/slow', async (_request, response) => {
            await finished;
            response.end('done');
          }),
      ],
    });
    await (await fetch(`${url}/idle`)).text();
    const slow = fetch(`${url}/slow`);
    await vi.waitUntil(async () => (await fetch(`${url}/idle`)).ok);
    const closing = close();
    await vi.waitUntil(() =>
      fetch(`${url}/idle`).then(
        () => false,
        () => true,
      ),
    );
    finish();
    expect(await (await slow).text()).toBe('done');
    await closing;
  });
});
