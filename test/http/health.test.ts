import { expect, test } from 'vitest';
import { mountHealth } from '../../src/http/health.ts';
import { asked, listening } from './listening.ts';

const LOCAL = { host: '127.0.0.1' };
const never = () => new Promise<boolean>(() => {});
const yes = () => Promise.resolve(true);
const no = () => Promise.resolve(false);
const throws = () => Promise.reject(new Error('gone'));

test('/healthz answers ok as long as the process runs, whatever its dependencies do', async () => {
  const { url } = await listening({ mounts: [mountHealth({ database: throws, queue: throws }, LOCAL)] });
  const answer = await fetch(`${url}/healthz`);
  expect([answer.status, await answer.json()]).toEqual([200, { status: 'ok' }]);
});

test.each([
  ['everything works', yes, yes, 200, { status: 'ok', checks: { database: 'ok', queue: 'ok' } }],
  ['the queue is down, which only delays work', yes, no, 200, { status: 'degraded', checks: { database: 'ok', queue: 'away' } }],
  ['the queue does not answer', yes, never, 200, { status: 'degraded', checks: { database: 'ok', queue: 'away' } }],
  ['the database is down', throws, yes, 503, { status: 'unavailable', checks: { database: 'away', queue: 'ok' } }],
  ['the database does not answer', never, yes, 503, { status: 'unavailable', checks: { database: 'away', queue: 'ok' } }],
  ['both are down', no, throws, 503, { status: 'unavailable', checks: { database: 'away', queue: 'away' } }],
])('/readyz when %s', async (_what, database, queue, status, body) => {
  const { url } = await listening({ mounts: [mountHealth({ database, queue }, LOCAL)] });
  const answer = await fetch(`${url}/readyz`);
  expect([answer.status, await answer.json()]).toEqual([status, body]);
});

test('HEAD answers like GET without a body', async () => {
  const { url } = await listening({ mounts: [mountHealth({ database: throws, queue: yes }, LOCAL)] });
  expect((await fetch(`${url}/healthz`, { method: 'HEAD' })).status).toBe(200);
  expect((await fetch(`${url}/readyz`, { method: 'HEAD' })).status).toBe(503);
});

test.each([
  ['a client of a public address', '0.0.0.0', {}],
  ['a proxy that forwards the public host name', '127.0.0.1', { host: 'credits.example.com' }],
  ['a web page whose host name resolves to this machine', '127.0.0.1', { host: 'rebound.example:3000' }],
  ['a proxy that names its client', '127.0.0.1', { 'x-forwarded-for': '203.0.113.9' }],
])('%s learns from /readyz whether it is ready, and no details', async (_who, host, headers) => {
  for (const [database, queue, body] of [
    [yes, no, { status: 200, said: { status: 'ok' } }],
    [throws, no, { status: 503, said: { status: 'unavailable' } }],
  ] as const) {
    const { port } = await listening({ mounts: [mountHealth({ database, queue }, { host })] });
    expect(await asked({ port, path: '/readyz', headers })).toEqual(body);
  }
});
