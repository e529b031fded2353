import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { request, RequestFailed, whyOf, type OutboundRequest } from '../../src/outbound/http-client.ts';
import { closedPort, silentPort } from '../support/ports.ts';
import { startFakeSlack } from '../support/slack/fake-slack.ts';

const POST = { method: 'POST', withinMs: 5_000 };
const portSchema = z.object({ port: z.number() });

async function failureOf(url: string, question: OutboundRequest): Promise<{ written: boolean; why: string }> {
  const error = await request(url, question).then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof RequestFailed)) throw new Error('expected a RequestFailed', { cause: error });
  return { written: error.written, why: error.why };
}

describe('a request that failed', () => {
  it('had written its request when the connection was cut after that', async () => {
    const slack = await startFakeSlack();
    onTestFinished(slack.close);
    slack.always('auth.test', { kind: 'drop', accepted: false });
    expect(await failureOf(`${slack.apiUrl}auth.test`, POST)).toEqual({ written: true, why: 'ECONNRESET' });
  });

  it('had written nothing when the connection was refused', async () => {
    expect(await failureOf(`http://127.0.0.1:${String(await closedPort())}/`, POST)).toEqual({ written: false, why: 'ECONNREFUSED' });
  });

  it('had written nothing when its time was up before a secure connection stood', async () => {
    const init = { method: 'POST', withinMs: 100 };
    expect(await failureOf(`https://127.0.0.1:${String(await silentPort())}/`, init)).toEqual({ written: false, why: 'TimeoutError' });
  });

  it('had written its request when its time was up after that', async () => {
    const init = { method: 'POST', withinMs: 100 };
    expect(await failureOf(`http://127.0.0.1:${String(await silentPort())}/`, init)).toEqual({ written: true, why: 'TimeoutError' });
  });

  it('had written nothing when its address is none', async () => {
    expect(await failureOf('http://', POST)).toEqual({ written: false, why: 'ERR_INVALID_URL' });
  });

  it('had written its request on a connection that was there already', async () => {
    const slack = await startFakeSlack();
    onTestFinished(slack.close);
    expect(await request(`${slack.apiUrl}auth.test`, POST)).toMatchObject({ status: 200 });
    slack.always('auth.test', { kind: 'drop', accepted: false });
    expect(await failureOf(`${slack.apiUrl}auth.test`, POST)).toEqual({ written: true, why: 'ECONNRESET' });
  });

  it.each(['a new', 'a standing'])('had written nothing on %s connection when it might not any more', async (which) => {
    const slack = await startFakeSlack();
    onTestFinished(slack.close);
    if (which === 'a standing') await request(`${slack.apiUrl}auth.test`, POST);
    const before = slack.calls.all.length;
    const question = { ...POST, body: '{}', mayWrite: () => false };
    expect(await failureOf(`${slack.apiUrl}chat.postMessage`, question)).toEqual({ written: false, why: 'TooLate' });
    expect(await request(`${slack.apiUrl}auth.test`, { ...POST, mayWrite: () => true })).toMatchObject({ status: 200 });
    expect(slack.calls.all.slice(before).map(({ method }) => method)).toEqual(['auth.test']);
  });

  it('was written when the answer broke off', async () => {
    const server = createServer((_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => response.destroy());
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    expect(await failureOf(`http://127.0.0.1:${String(portSchema.parse(server.address()).port)}/`, POST)).toEqual({
      written: true,
      why: 'ECONNRESET',
    });
  });

  it('is told apart from others that run at the same time', async () => {
    const slack = await startFakeSlack();
    onTestFinished(slack.close);
    slack.always('auth.test', { kind: 'drop', accepted: false });
    const [cut, refused] = [`${slack.apiUrl}auth.test`, `http://127.0.0.1:${String(await closedPort())}/`];
    const outcomes = await Promise.all([cut, refused, cut, refused].map((url) => failureOf(url, POST)));
    expect(outcomes.map(({ written }) => written)).toEqual([true, false, true, false]);
  });

  it('says why by a code, never with the address', async () => {
    expect(whyOf(new TypeError('fetch failed', { cause: Object.assign(new Error('connect https://secret'), { code: 'ENOTFOUND' }) }))).toBe(
      'ENOTFOUND',
    );
    expect(whyOf(new TypeError('https://secret is no address'))).toBe('TypeError');
    expect(whyOf('https://secret')).toBe('no reason given');
  });
});

it('sends the name and the password of its address as the header that they mean, and nothing of them in the path', async () => {
  const seen: (string | undefined)[] = [];
  const server = createServer((incoming, response) => {
    seen.push(incoming.url, incoming.headers.authorization);
    response.writeHead(204, 'Fine', { 'x-twice': ['first', 'second'] }).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = portSchema.parse(server.address());
  const answer = await request(`http://me:p%40ss@127.0.0.1:${String(port)}/beat?a=1#b`, { method: 'GET', withinMs: 5_000 });
  expect(answer).toMatchObject({ status: 204, statusText: 'Fine', text: '' });
  expect(answer.headers.get('x-twice')).toBe('first');
  expect(seen).toEqual(['/beat?a=1', `Basic ${Buffer.from('me:p@ss').toString('base64')}`]);
});
