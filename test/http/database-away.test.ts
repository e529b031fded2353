import { expect, onTestFinished, test } from 'vitest';
import { troubledLink, type TroubledLink } from '../support/troubled-link.ts';
import { BEARER, runningService } from './running-service.ts';

test('while the database is down, pushes and the overview get 503 with Retry-After, readiness fails, and all work again when it is back', async () => {
  const links: TroubledLink[] = [];
  const service = await runningService({
    through: async (databaseUrl) => {
      const link = await troubledLink(databaseUrl, 5432);
      links.push(link);
      return link.url;
    },
  });
  const [link] = links;
  onTestFinished(async () => {
    link?.mend();
    await service.stop();
  });
  const body = { readings: [{ meter: 'm', used: 5, total: 10, observedAt: '2026-11-01T08:00:00Z' }] };
  expect((await service.push(body)).status).toBe(202);
  expect(await (await service.get('/readyz')).json()).toEqual({ status: 'ok', checks: { database: 'ok', queue: 'ok' } });

  link?.cut();
  const refused = await service.push({ readings: [{ meter: 'm', used: 6 }] });
  expect([refused.status, refused.headers.get('retry-after'), await refused.json()]).toEqual([
    503,
    '5',
    { error: 'the database is not available; nothing was stored, send it again' },
  ]);
  const unread = await service.get('/v1/usage', BEARER);
  expect([unread.status, unread.headers.get('retry-after'), await unread.json()]).toEqual([
    503,
    '5',
    { error: 'the database is not available; try again in a moment' },
  ]);
  const ready = await service.get('/readyz');
  expect([ready.status, await ready.json()]).toEqual([503, { status: 'unavailable', checks: { database: 'away', queue: 'away' } }]);
  expect((await service.get('/healthz')).status).toBe(200);
  expect(await (await service.get('/metrics')).text()).toMatch(/^creditwatch_database_up 0$/m);
  // Other machines learn no details.
  expect((await service.push(body, {})).status).toBe(401);

  link?.mend();
  await expect.poll(async () => (await service.get('/readyz')).status, { timeout: 15_000 }).toBe(200);
  expect(await (await service.push(body)).json()).toEqual({ accepted: 0, duplicates: 1, rejected: [] });
  expect(await (await service.get('/metrics')).text()).toMatch(/^creditwatch_database_up 1$/m);
}, 60_000);
