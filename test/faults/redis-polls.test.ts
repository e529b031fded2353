import type { RequestListener } from 'node:http';
import { describe, expect, test, vi } from 'vitest';
import { AT_ONCE } from '../../src/ports/outbound/queue.ts';
import { dataFolder, startProcess, type AppProcess } from '../support/app.ts';
import { createDatabase, runSql } from '../support/database.ts';
import { hasRedis, onRedis, redisForEach } from '../support/redis.ts';
import { sampleOf, startVendor } from '../support/vendor.ts';

/** A vendor that takes its time, and keeps book of who asks it at once and when. */
async function slowVendor(answer: string, heldMs: number) {
  const vendor = await startVendor();
  const asking = new Map<string, number>();
  const asked = new Map<string, number[]>();
  const most = { ofAll: 0, ofOne: 0 };
  const handle: RequestListener = ({ url = '' }, response) => {
    asking.set(url, (asking.get(url) ?? 0) + 1);
    asked.set(url, [...(asked.get(url) ?? []), performance.now()]);
    most.ofOne = Math.max(most.ofOne, asking.get(url) ?? 0);
    most.ofAll = Math.max(
      most.ofAll,
      [...asking.values()].reduce((sum, one) => sum + one, 0),
    );
    setTimeout(() => {
      asking.set(url, (asking.get(url) ?? 1) - 1);
      response.writeHead(200, { 'content-type': 'application/json' }).end(answer);
    }, heldMs);
  };
  return { vendor, handle, most, asked };
}

describe.skipIf(!hasRedis)(onRedis('polls of two replicas on Redis'), () => {
  const redis = redisForEach();

  async function startBoth(sources: number, heldMs = 20) {
    const slow = await slowVendor(JSON.stringify({ used: 1, total: 10 }), heldMs);
    const database = await createDatabase();
    const paths = Array.from({ length: sources }, (_, index) => `/s${index}`);
    for (const path of paths) slow.vendor.on(path, slow.handle);
    const lusha = await slowVendor(sampleOf('lusha'), 10);
    slow.vendor.on('/lusha', lusha.handle);
    const declared = paths.map(
      (path) =>
        `  - { id: ${path.slice(1)}, kind: http, url: "${slow.vendor.url}${path}", every: 1h, meters: { credits: { used: used, total: total } } }`,
    );
    const file = [
      `allowHosts: ["${slow.vendor.host}"]`,
      'sources:',
      ...declared,
      `  - { id: lusha, kind: http, preset: lusha, url: "${slow.vendor.url}/lusha", every: 12s, headers: { api_key: key } }`,
    ].join('\n');
    const start = () => startProcess({ dataDir: dataFolder(), databaseUrl: database.url, file, env: { REDIS_URL: redis().url } });
    const apps: AppProcess[] = [await start(), await start()];
    const timesAsked = () => paths.map((path) => slow.asked.get(path)?.length ?? 0);
    /** Once the polls before have been written down, and long enough ago that the sweep does them itself if the queue does not. */
    async function makeDue(): Promise<void> {
      await vi.waitFor(
        async () =>
          expect(await runSql(database.url, 'SELECT id FROM poll WHERE every_ms = 3600000 AND lease_until IS NOT NULL')).toEqual([]),
        { timeout: 10_000 },
      );
      await runSql(database.url, "UPDATE poll SET due_at = now() - interval '1 minute' WHERE every_ms = 3600000");
    }
    return {
      most: slow.most,
      apps,
      lushaAsked: () => lusha.asked.get('/lusha') ?? [],
      timesAsked,
      makeDue,
      each: (count: number) => paths.map(() => count),
    };
  }

  test('are woken through Redis, and each is made once', async () => {
    const { apps, timesAsked, each, makeDue } = await startBoth(8);
    await vi.waitFor(() => expect(timesAsked()).toEqual(each(1)), { timeout: 20_000 });
    expect(await redis().command('EXISTS', 'bull:poll:meta')).toBe(1);
    await makeDue();
    await vi.waitFor(() => expect(timesAsked()).toEqual(each(2)), { timeout: 15_000 });
    expect(await Promise.all(apps.map((app) => app.stop()))).toEqual([0, 0]);
    expect(timesAsked()).toEqual(each(2));
  }, 60_000);

  test('survive a Redis that is flushed again and again: none is lost, none made twice', async () => {
    const { timesAsked, each, makeDue } = await startBoth(8);
    await vi.waitFor(() => expect(timesAsked()).toEqual(each(1)), { timeout: 20_000 });
    for (const round of [2, 3, 4]) {
      await makeDue();
      await vi.waitFor(
        async () => {
          await redis().command('FLUSHALL');
          expect(timesAsked()).toEqual(each(round));
        },
        { timeout: 20_000, interval: 20 },
      );
    }
  }, 90_000);

  test('are made by the sweep while Redis is away: never too many at once, no source twice at once, none sooner than its vendor allows', async () => {
    const many = 3 * AT_ONCE.poll;
    const { apps, most, lushaAsked, timesAsked, each, makeDue } = await startBoth(many, 400);
    await redis().kill();
    await vi.waitFor(() => expect(timesAsked()).toEqual(each(1)), { timeout: 60_000 });
    await makeDue();
    await vi.waitFor(() => expect(timesAsked()).toEqual(each(2)), { timeout: 30_000 });
    expect(most.ofOne).toBe(1);
    expect(most.ofAll).toBeGreaterThan(1);
    expect(most.ofAll).toBeLessThanOrEqual(2 * AT_ONCE.poll);
    await vi.waitFor(() => expect(lushaAsked().length).toBeGreaterThan(2), { timeout: 40_000 });
    const at = lushaAsked();
    for (const [index, moment] of at.entries()) if (index > 0) expect(moment - (at[index - 1] ?? 0)).toBeGreaterThan(11_950);
    expect(await Promise.all(apps.map((app) => app.stop()))).toEqual([0, 0]);
  }, 150_000);
});
