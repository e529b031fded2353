import { expect, test } from 'vitest';
import { mountHealth } from '../../src/http/health.ts';
import { listening } from './listening.ts';

const never = () => new Promise<boolean>(() => {});
const yes = () => Promise.resolve(true);
const no = () => Promise.resolve(false);
const throws = () => Promise.reject(new Error('gone'));

test('/healthz is ok as long as the process lives, whatever it depends on', async () => {
  const { url } = await listening({ mounts: [mountHealth({ database: throws, queue: throws })] });
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
  const { url } = await listening({ mounts: [mountHealth({ database, queue })] });
  const askedAt = Date.now();
  const answer = await fetch(`${url}/readyz`);
  expect([answer.status, await answer.json()]).toEqual([status, body]);
  expect(Date.now() - askedAt).toBeLessThan(4_000);
});

test('HEAD is GET without the body', async () => {
  const { url } = await listening({ mounts: [mountHealth({ database: throws, queue: yes })] });
  expect((await fetch(`${url}/healthz`, { method: 'HEAD' })).status).toBe(200);
  expect((await fetch(`${url}/readyz`, { method: 'HEAD' })).status).toBe(503);
});
