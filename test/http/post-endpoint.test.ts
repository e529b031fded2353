import { request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { err, ok } from '../../src/core/result.ts';
import { answerJson } from '../../src/http/json-response.ts';
import { mountPost } from '../../src/http/post-endpoint.ts';
import { listening } from './listening.ts';

/** An endpoint that reads the whole body of any sender but `nobody`. */
async function endpoint(slowestRequestMs?: number) {
  const mount = mountPost<{ readonly id: string }, { readonly kind: 'unknown' }>('/take', {
    senderOf: async ({ headers }) => (headers.from === 'nobody' ? err({ kind: 'unknown' }) : ok({ id: String(headers.from) })),
    take: async (asked, response) => {
      const body = await buffer(asked).catch(() => null);
      if (body !== null) answerJson(response, 200, { taken: body.length });
    },
    refuse: (response, { kind }) => answerJson(response, kind === 'too-many-requests' ? 429 : 401, { kind }),
  });
  return listening({ mounts: [mount], ...(slowestRequestMs !== undefined && { slowestRequestMs }) });
}

type Begun = { readonly end: () => Promise<number | undefined>; readonly closed: Promise<unknown> };

/** Sends the head of a request, and resolves when the server has begun with it. */
async function begun(port: number, from: string): Promise<Begun> {
  const headers = { from, 'content-length': 2, expect: '100-continue' };
  const asked = request({ host: '127.0.0.1', port, path: '/take', method: 'POST', headers });
  onTestFinished(() => void asked.destroy());
  // An answer may come together with the word to go on.
  const status = new Promise<number | undefined>((resolve) => {
    asked.on('error', () => resolve(undefined)).on('response', (answer) => resolve(answer.resume().statusCode));
  });
  const closed = new Promise((resolve) => asked.on('close', resolve));
  const goesOn = new Promise((resolve) => asked.on('continue', resolve));
  asked.flushHeaders();
  await Promise.race([goesOn, closed]);
  return {
    end() {
      asked.end('ab');
      return status;
    },
    closed,
  };
}

async function several(count: number, port: number, from: (nth: number) => string): Promise<readonly Begun[]> {
  const all: Begun[] = [];
  for (let nth = 0; nth < count; nth += 1) all.push(await begun(port, from(nth)));
  return all;
}

const ask = async (port: number, from: string) => (await begun(port, from)).end();

test('unfinished bodies of one sender keep only that sender waiting, until they end', async () => {
  const { port } = await endpoint();
  const [first] = await several(8, port, () => 'slow');
  expect(await ask(port, 'slow')).toBe(429);
  expect(await ask(port, 'other')).toBe(200);
  expect(await ask(port, 'nobody')).toBe(401);
  expect(await first?.end()).toBe(200);
  expect(await ask(port, 'slow')).toBe(200);
});

test('a body that takes too long is cut off, and its place is free', async () => {
  const { port } = await endpoint(1_000);
  const slow = await several(8, port, () => 'slow');
  await Promise.all(slow.map(({ closed }) => closed));
  expect(await ask(port, 'slow')).toBe(200);
});

test('all senders together have so many places', async () => {
  const { port } = await endpoint();
  await several(64, port, (nth) => `sender ${String(nth)}`);
  expect(await ask(port, 'one more')).toBe(429);
});
