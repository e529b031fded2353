import { describe, expect, test } from 'vitest';
import { dataFolder, startProcess } from '../support/app.ts';
import { createDatabase, runSql } from '../support/database.ts';
import { readingNow } from '../support/readings.ts';
import { hasRedis, onRedis, redisForEach } from '../support/redis.ts';
import { connectedSlack } from '../support/slack/connected.ts';

const ROUTE = 'routes:\n  - { slack: C0ALERTS, meters: all }\n';
const AWAY = 'queue unavailable; the sweep delivers meanwhile';

describe.skipIf(!hasRedis)(onRedis('a service on PostgreSQL and Redis'), () => {
  const redis = redisForEach();

  async function startOnRedis() {
    const slack = await connectedSlack();
    const database = await createDatabase();
    const start = (role: string) =>
      startProcess({
        dataDir: dataFolder(),
        databaseUrl: database.url,
        file: ROUTE,
        env: { ...slack.env, REDIS_URL: redis().url, ROLE: role },
      });
    // A message names a meter in its summary and again in its line: within one message that is once.
    const said = () =>
      slack
        .messages()
        .flatMap(({ text }) => [...new Set(text.match(/\w+ is already at \d+%/g))])
        .toSorted();
    const statuses = () => runSql(database.url, 'SELECT status, count(*)::int FROM delivery GROUP BY status');
    return { slack, start, said, statuses };
  }

  test('split over a web and a worker process, an alert is woken through Redis', async () => {
    const { slack, start } = await startOnRedis();
    const [web, worker] = [await start('web'), await start('worker')];
    expect((await web.push({ readings: [readingNow('leads', 900)] })).status).toBe(202);
    expect((await slack.arrival('C0ALERTS')).text).toContain('Leads is already at 90%');
    expect(await redis().command('EXISTS', 'bull:drain:meta')).toBe(1);
    expect([await worker.stop(), await web.stop()]).toEqual([0, 0]);
  });

  test('flushed with a wake in it: the alert is found by the sweep, once', async () => {
    const { slack, start, said, statuses } = await startOnRedis();
    const web = await start('web');
    expect((await web.push({ readings: [readingNow('leads', 900)] })).status).toBe(202);
    await expect.poll(() => redis().command('LLEN', 'bull:drain:wait')).toBe(1);
    await redis().command('FLUSHALL');
    await start('worker');
    await slack.arrival('C0ALERTS', 15_000);
    await web.push({ readings: [readingNow('tokens', 900)] });
    await slack.arrival('C0ALERTS', 15_000);
    expect(said()).toEqual(['Leads is already at 90%', 'Tokens is already at 90%']);
    expect(await statuses()).toEqual([{ status: 'sent', count: 2 }]);
  }, 60_000);

  test('down: pushes stay 202 and quick, alerts go out by the sweep, once each, and through Redis again when it is back', async () => {
    const { start, said, statuses } = await startOnRedis();
    const app = await start('all');
    await redis().kill();
    const startedAt = performance.now();
    for (const meter of ['a', 'b', 'c']) expect((await app.push({ readings: [readingNow(meter, 900)] })).status).toBe(202);
    expect(performance.now() - startedAt).toBeLessThan(2000);
    const ready = await fetch(`${app.url}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'degraded', checks: { database: 'ok', queue: 'away' } }]);
    await expect.poll(statuses, { timeout: 25_000 }).toEqual([{ status: 'sent', count: 3 }]);

    await redis().start();
    await expect.poll(async () => (await fetch(`${app.url}/readyz`)).json(), { timeout: 10_000 }).toMatchObject({ status: 'ok' });
    await app.push({ readings: [readingNow('d', 900)] });
    await expect.poll(statuses, { timeout: 10_000 }).toEqual([{ status: 'sent', count: 4 }]);
    expect(said()).toEqual(['A', 'B', 'C', 'D'].map((name) => `${name} is already at 90%`));
    expect(app.output().split(AWAY)).toHaveLength(2);
    expect(await app.stop()).toBe(0);
  }, 60_000);

  test('away at the start: the service starts all the same and delivers', async () => {
    const { slack, start } = await startOnRedis();
    await redis().kill();
    const app = await start('all');
    expect((await app.push({ readings: [readingNow('leads', 900)] })).status).toBe(202);
    await slack.arrival('C0ALERTS', 20_000);
    expect(await app.stop()).toBe(0);
  }, 60_000);

  test('out of memory: pushes stay 202, alerts go out by the sweep, once each, and it is said once', async () => {
    const { slack, start, said, statuses } = await startOnRedis();
    const app = await start('all');
    await redis().command('CONFIG', 'SET', 'maxmemory', '1');
    expect((await app.push({ readings: [readingNow('leads', 900)] })).status).toBe(202);
    await slack.arrival('C0ALERTS', 20_000);
    await redis().command('CONFIG', 'SET', 'maxmemory', '0');
    await app.push({ readings: [readingNow('tokens', 900)] });
    await slack.arrival('C0ALERTS');
    await expect.poll(statuses).toEqual([{ status: 'sent', count: 2 }]);
    expect(said()).toEqual(['Leads is already at 90%', 'Tokens is already at 90%']);
    await expect.poll(() => app.output()).toContain(AWAY);
  }, 60_000);
});
