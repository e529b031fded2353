import { expect, test } from 'vitest';
import { mountHealth } from '../../src/http/health.ts';
import { asked, listening } from './listening.ts';

const LOCAL = { host: '127.0.0.1' };
const never = () => new Promise<boolean>(() => {});
const yes = () => Promise.resolve(true);
const no = () => Promise.resolve(false);
const throws = () => Promise.reject(new Error('gone'));

test('/healthz is ok as long as the process lives, whatever it depends on', async () => {
  const { url } = await listening({ mounts: [mountHealth({ database: throws, queue: throws }, LOCAL)] });
  const answer = await fetch(`${url}/healthz`);
  expect([answer.status, await answer.json()]).toEqual([200, { status: 'ok' }]);
});

test.each([
  ['all is well', yes, yes, 200, { status: 'ok', checks: { database: 'ok', queue: 'ok' } }],
  ['the queue is away, which only delays', yes, no, 200, { status: 'degraded', checks: { database: 'ok', queue: 'away' } }],
  ['the queue does not answer', yes, never, 200, { status: 'degraded', checks: { database: 'ok', queue: 'away' } }],
  ['the database is away', throws, yes, 503, { status: 'unavailable', checks: { database: 'away', queue: 'ok' } }],
  ['the database does not answer', never, yes, 503, { status: 'unavailable', checks: { database: 'away', queue: 'ok' } }],
  ['both are away', no, throws, 503, { status: 'unavailable', checks: { database: 'away', queue: 'away' } }],
])('/readyz when %s', async (_what, database, queue, status, body) => {
  const { url } = await listening({ mounts: [mountHealth({ database, queue }, LOCAL)] });
  const askedAt = Date.now();
  const answer = await fetch(`${url}/readyz`);
  expect([answer.status, await answer.json()]).toEqual([status, body]);
  expect(Date.now() - askedAt).toBeLessThan(4_000);
});

test('HEAD is GET without the body', async () => {
  const { url } = await listening({ mounts: [mountHealth({ database: throws, queue: yes }, LOCAL)] });
  expect((await fetch(`${url}/healthz`, { method: 'HEAD' })).status).toBe(200);
  expect((await fetch(`${url}/readyz`, { method: 'HEAD' })).status).toBe(503);
});

test.each([
  ['whoever may ask from anywhere', '0.0.0.0', {}],
  ['a proxy that passes on the name it was asked for', '127.0.0.1', { host: 'credits.example.com' }],
  ['a web page whose name leads to this machine', '127.0.0.1', { host: 'rebound.example:3000' }],
  ['a proxy that names whom it asks for', '127.0.0.1', { 'x-forwarded-for': '203.0.113.9' }],
])('%s reads of /readyz whether it is ready, and no more', async (_who, host, headers) => {
  for (const [database, queue, body] of [
    [yes, no, { status: 200, said: { status: 'ok' } }],
    [throws, no, { status: 503, said: { status: 'unavailable' } }],
  ] as const) {
    const { port } = await listening({ mounts: [mountHealth({ database, queue }, { host })] });
    expect(await asked({ port, path: '/readyz', headers })).toEqual(body);
  }
});
