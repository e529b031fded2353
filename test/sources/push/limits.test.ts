import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { brotliCompressSync, createGzip, deflateSync, gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createBodies, type Decoders } from '../../../src/http/request-bodies.ts';
import { StoreUnavailable } from '../../../src/ports/stores/store-errors.ts';
import { acceptAll, listening, pushRoutes } from '../../http/listening.ts';
import { BEARER } from '../../http/running-service.ts';
import { recordedLog } from '../../support/slack/recorded-log.ts';

const MIB = 1024 * 1024;
const BODY = '{"readings":[{"meter":"m","used":1}]}';
const TOO_LARGE = { error: 'the body is larger than 1 MiB' };

/** A body of exactly this many bytes. */
function bodyOf(bytes: number): string {
  return BODY + ' '.repeat(bytes - BODY.length);
}

function push(url: string, body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${url}/v1/usage`, { method: 'POST', headers: { ...BEARER, ...headers }, body });
}

describe('the size of a body', () => {
  test('may be exactly 1 MiB, and one byte more gets 413', async () => {
    const { url } = await listening(pushRoutes(acceptAll));
    expect((await push(url, bodyOf(MIB))).status).toBe(202);
    const larger = await push(url, bodyOf(MIB + 1));
    expect([larger.status, await larger.json()]).toEqual([413, TOO_LARGE]);
  });

  test('of 2 MiB gets 413', async () => {
    const { url } = await listening(pushRoutes(acceptAll));
    const answer = await push(url, bodyOf(2 * MIB));
    expect([answer.status, await answer.json()]).toEqual([413, TOO_LARGE]);
  });

  test.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ])('is counted after inflating %s', async (encoding, compress) => {
    const { url } = await listening(pushRoutes(acceptAll));
    expect((await push(url, new Uint8Array(compress(bodyOf(MIB))), { 'content-encoding': encoding })).status).toBe(202);
    const larger = await push(url, new Uint8Array(compress(bodyOf(MIB + 1))), { 'content-encoding': encoding });
    expect([larger.status, await larger.json()]).toEqual([413, TOO_LARGE]);
  });

  test('of 1 GB in a gzip of 1 MB gets 413 at once, ten times, with flat memory', async () => {
    const { url } = await listening(pushRoutes(acceptAll));
    const bomb = new Uint8Array(Buffer.concat(Array<Buffer>(1000).fill(gzipSync(Buffer.alloc(MIB)))));
    const before = process.memoryUsage().rss;
    const answers = await Promise.all(Array.from({ length: 10 }, () => push(url, bomb, { 'content-encoding': 'gzip' })));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(413));
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * MIB);
  });

  test('of 100 MB without a content length gets 413, with flat memory', async () => {
    const { url } = await listening(pushRoutes(acceptAll));
    const [chunk, before] = [Buffer.alloc(MIB), process.memoryUsage().rss];
    const outgoing = request(`${url}/v1/usage`, { method: 'POST', headers: BEARER });
    const answered = once(outgoing, 'response');
    // The connection is closed after the answer, even in the middle of the body.
    void pipeline(function* () {
      for (let sent = 0; sent < 100; sent += 1) yield chunk;
    }, outgoing).catch(() => undefined);
    expect((await answered)[0]).toMatchObject({ statusCode: 413 });
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * MIB);
  });

  test('of 100 MB with a content length gets 413 before any byte is read', async () => {
    const { url } = await listening(pushRoutes(acceptAll));
    const outgoing = request(`${url}/v1/usage`, { method: 'POST', headers: { ...BEARER, 'content-length': 100 * MIB } });
    const answered = once(outgoing, 'response');
    outgoing.write('{');
    expect((await answered)[0]).toMatchObject({ statusCode: 413 });
    outgoing.destroy();
  });

  test('is not read for an unknown sender', async () => {
    const { url } = await listening(pushRoutes(acceptAll));
    const answer = await fetch(`${url}/v1/usage`, { method: 'POST', body: bodyOf(MIB + 1) });
    expect(answer.status).toBe(401);
  });
});

describe('the encoding of a body', () => {
  test.each(['zstd', 'x-unknown', 'gzip, br'])('%s gets 415', async (encoding) => {
    const { url } = await listening(pushRoutes(acceptAll));
    const answer = await push(url, BODY, { 'content-encoding': encoding });
    expect([answer.status, await answer.json()]).toEqual([
      415,
      { error: 'this content encoding is not understood: send gzip, deflate, br or none' },
    ]);
  });

  test.each(['gzip', 'deflate', 'br'])('%s that the body does not have gets 400', async (encoding) => {
    const { url } = await listening(pushRoutes(acceptAll));
    const answer = await push(url, BODY, { 'content-encoding': encoding });
    expect([answer.status, await answer.json()]).toEqual([400, { error: 'the body is not compressed as content-encoding says' }]);
  });

  test('gzip that is cut off gets 400', async () => {
    const { url } = await listening(pushRoutes(acceptAll));
    const answer = await push(url, new Uint8Array(gzipSync(bodyOf(MIB)).subarray(0, 40)), { 'content-encoding': 'gzip' });
    expect(answer.status).toBe(400);
  });

  test('is independent of the content type', async () => {
    const { url } = await listening(pushRoutes(acceptAll));
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=utf-16', '']) {
      expect((await push(url, BODY, { 'content-type': type })).status).toBe(202);
    }
  });

  test('may be a chunked stream', async () => {
    const { url } = await listening(pushRoutes(acceptAll));
    const outgoing = request(`${url}/v1/usage`, { method: 'POST', headers: { ...BEARER, 'content-encoding': 'gzip' } });
    const answered = once(outgoing, 'response');
    await pipeline(Readable.from([BODY.slice(0, 10), BODY.slice(10)]), createGzip(), outgoing);
    expect((await answered)[0]).toMatchObject({ statusCode: 202 });
  });
});

describe('concurrent requests', () => {
  test('256 are processed, the 257th gets 429 with Retry-After, and the next one is accepted after one has finished', async () => {
    let working = 0;
    const waiting: (() => void)[] = [];
    const { url } = await listening(
      pushRoutes(async (submission) => {
        working += 1;
        await new Promise<void>((resolve) => waiting.push(resolve));
        return acceptAll(submission);
      }),
    );
    onTestFinished(() => waiting.forEach((finish) => finish()));
    const taken = Array.from({ length: 256 }, () => push(url, BODY));
    await vi.waitUntil(() => working === 256, { timeout: 10_000 });

    const tooMany = await push(url, BODY);
    expect([tooMany.status, tooMany.headers.get('retry-after'), await tooMany.json()]).toEqual([
      429,
      '1',
      { error: 'too many requests at once; try again in a second' },
    ]);
    expect((await fetch(`${url}/v1/usage`, { headers: BEARER })).status).toBe(429);

    waiting.shift()?.();
    expect((await Promise.race(taken)).status).toBe(202);
    await vi.waitUntil(async () => (await fetch(`${url}/v1/usage`, { headers: BEARER })).status === 200, { timeout: 5_000 });
    waiting.forEach((finish) => finish());
    expect((await Promise.all(taken)).map(({ status }) => status)).toEqual(Array(256).fill(202));
  });

  test('that are pipelined on one connection free their places when the client hangs up', async () => {
    const waiting: (() => void)[] = [];
    const { url } = await listening(
      pushRoutes(async (submission) => {
        await new Promise<void>((resolve) => waiting.push(resolve));
        return acceptAll(submission);
      }),
    );
    await hangUpAfter(url, raw(BODY).toString('latin1').repeat(256), () => vi.waitUntil(() => waiting.length === 256, { timeout: 10_000 }));
    waiting.splice(0).forEach((finish) => finish());

    const healthy = Array.from({ length: 256 }, () => push(url, BODY));
    await vi.waitUntil(() => waiting.length === 256, { timeout: 10_000 });
    waiting.forEach((finish) => finish());
    expect((await Promise.all(healthy)).map(({ status }) => status)).toEqual(Array(256).fill(202));
  });

  test('free their places when the client hangs up while they are inflated', async () => {
    const inflating = heldGunzip();
    const bodies = createBodies(64 * MIB, inflating.decoders);
    const waiting: (() => void)[] = [];
    let [taken, closed] = [0, 0];
    const { direct } = pushRoutes(
      async (submission) => {
        taken += 1;
        if (taken > 256) await new Promise<void>((resolve) => waiting.push(resolve));
        return acceptAll(submission);
      },
      { verified: bodies },
    );
    const handle: typeof direct.handle = (message, response, fail) => {
      message.socket.once('close', () => (closed += 1));
      direct.handle(message, response, fail);
    };
    const { url } = await listening({ direct: { ...direct, handle } });
    const zipped = raw(gzipSync(BODY), 'content-encoding: gzip\r\n');
    const allInflating = () => vi.waitUntil(() => inflating.waiting.length === 256, { timeout: 10_000 });
    await Promise.all(Array.from({ length: 256 }, () => hangUpAfter(url, zipped, allInflating)));
    // The service knows that all of them are gone, and all are still being inflated.
    await vi.waitUntil(() => closed === 256, { timeout: 10_000 });
    expect(taken).toBe(0);
    inflating.waiting.forEach((finish) => finish());
    await vi.waitUntil(() => taken === 256 && bodies.held() === 0, { timeout: 10_000 });

    const healthy = Array.from({ length: 256 }, () => push(url, BODY));
    await vi.waitUntil(() => waiting.length === 256, { timeout: 10_000 });
    waiting.forEach((finish) => finish());
    expect((await Promise.all(healthy)).map(({ status }) => status)).toEqual(Array(256).fill(202));
  });
});

/** Reads a gzip body completely, and inflates it when the test says so. */
function heldGunzip(): { readonly decoders: Decoders; readonly waiting: readonly (() => void)[] } {
  const waiting: (() => void)[] = [];
  const decode = () => {
    const chunks: Buffer[] = [];
    return new Transform({
      transform(chunk: Buffer, _encoding, taken) {
        chunks.push(chunk);
        taken();
      },
      flush(done) {
        waiting.push(() => done(null, gunzipSync(Buffer.concat(chunks))));
      },
    });
  };
  const decoders: Decoders = new Map([
    ['gzip', decode],
    ['identity', null],
  ]);
  return { decoders, waiting };
}

/** A push as sent over the wire. */
function raw(body: string | Buffer, headers = ''): Buffer {
  const head = `POST /v1/usage HTTP/1.1\r\nhost: here\r\nauthorization: ${BEARER.authorization}\r\n${headers}content-length: ${Buffer.byteLength(body)}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), Buffer.from(body)]);
}

/** Sends all data, and resets the connection without reading the answer. */
async function hangUpAfter(url: string, sent: string | Buffer, meanwhile: () => Promise<unknown> = () => Promise.resolve()): Promise<void> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => {});
  await new Promise<void>((resolve) => socket.write(sent, () => resolve()));
  await meanwhile();
  const closed = once(socket, 'close');
  socket.resetAndDestroy();
  await closed;
}

describe('an internal failure', () => {
  test.each([
    [null, 'the database is not available'],
    ['no-space', 'the database has no space left on its disk'],
  ] as const)('because the database is down gets 503 with Retry-After and the reason: %s', async (problem, why) => {
    const { url } = await listening(pushRoutes(() => Promise.reject(new StoreUnavailable(problem))));
    const answer = await push(url, BODY);
    expect([answer.status, answer.headers.get('retry-after'), await answer.json()]).toEqual([
      503,
      '5',
      { error: `${why}; nothing was stored, send it again` },
    ]);
  });

  test('after part of a large push was stored gets 503, and the sender reads that all of it must be sent again', async () => {
    const { url } = await listening(pushRoutes(() => Promise.reject(new StoreUnavailable(null, { isStoredInPart: true }))));
    const answer = await push(url, BODY);
    expect([answer.status, answer.headers.get('retry-after'), await answer.json()]).toEqual([
      503,
      '5',
      { error: 'the database is not available; part of it was stored, send all of it again' },
    ]);
  });

  test('because of a bug gets 500 without the reason, which is logged', async () => {
    const log = recordedLog();
    const { url } = await listening(
      pushRoutes(() => Promise.reject(new Error('relation "reading" does not exist'))),
      log,
    );
    const answer = await push(url, BODY);
    expect([answer.status, await answer.json()]).toEqual([500, { error: 'this failed on our side; it is in the log' }]);
    expect(log.text()).toContain('relation "reading" does not exist');
  });
});
