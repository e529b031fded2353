import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createWakeQueue } from '../../src/queue/wake-queue.ts';
import { dataFolder } from '../support/app.ts';
import { commandLine } from '../support/cli.ts';
import { createDatabase } from '../support/database.ts';
import { hasRedis, onRedis, startRedis, type RedisServer } from '../support/redis.ts';
import { Arrivals } from '../support/slack/arrivals.ts';
import { recordedLog } from '../support/slack/recorded-log.ts';
import { queueContract } from './contract.ts';

let redis: RedisServer;
if (hasRedis) {
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.kill());
}

describe.skipIf(!hasRedis)(onRedis('the wake queue on Redis'), () => {
  queueContract(async () => ({
    databaseUrl: (await createDatabase()).url,
    redisUrl: redis.url,
    flush: async () => void (await redis.command('FLUSHALL')),
  }));
});

describe.skipIf(!hasRedis)(onRedis('a Redis in trouble'), () => {
  async function open(url = redis.url) {
    const log = recordedLog();
    const queue = await createWakeQueue({ databaseUrl: 'postgres://unused', redisUrl: url, log });
    onTestFinished(() => queue.close());
    const runs = new Arrivals<string>('run', (id) => id);
    await queue.work(async (id) => runs.push(id));
    return { queue, log, run: (id: string) => runs.next((one) => one === id, 15_000), said: () => log.lines.map(({ message }) => message) };
  }

  test('that is down: a wake neither throws nor waits, one outage is logged, and wakes run again when it is back', async () => {
    const { queue, run, said } = await open();
    queue.wake('before');
    await run('before');
    await redis.kill();
    for (let count = 0; count < 1000; count += 1) queue.wake(`away-${String(count)}`);
    expect(await queue.isReady()).toBe(false);
    await redis.start();
    await expect.poll(() => queue.isReady(), { timeout: 10_000 }).toBe(true);
    queue.wake('after');
    await run('after');
    await expect.poll(said).toEqual(['queue unavailable; the sweep delivers meanwhile', 'queue available again']);
  });

  test('that is down at the start does not keep the queue from opening, and is used once it is up', async () => {
    await redis.kill();
    const { queue, run } = await open();
    queue.wake('lost');
    await redis.start();
    await expect.poll(() => queue.isReady(), { timeout: 10_000 }).toBe(true);
    queue.wake('found');
    await run('found');
  });

  test('that is down does not block closing', async () => {
    const { queue, run } = await open();
    queue.wake('before');
    await run('before');
    await redis.kill();
    await queue.close();
    await redis.start();
  });

  test('that is out of memory: wakes are lost, one outage is logged, and wakes run again when there is room', async () => {
    const { queue, run, said } = await open();
    await expect.poll(() => queue.isReady()).toBe(true);
    await redis.command('CONFIG', 'SET', 'maxmemory', '1');
    queue.wake('no-room');
    queue.wake('no-room-either');
    await expect.poll(said).toEqual(['queue unavailable; the sweep delivers meanwhile']);
    await redis.command('CONFIG', 'SET', 'maxmemory', '0');
    queue.wake('room');
    await run('room');
  });

  test('that may evict wakes is reported', async () => {
    await redis.command('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
    onTestFinished(async () => void (await redis.command('CONFIG', 'SET', 'maxmemory-policy', 'noeviction')));
    const { log } = await open();
    await expect
      .poll(() => log.lines)
      .toContainEqual({
        level: 'warn',
        fields: { policy: 'allkeys-lru' },
        message: 'Redis may evict wakes: set maxmemory-policy to noeviction',
      });
  });
});

describe.skipIf(!hasRedis)(onRedis('doctor on Redis'), () => {
  async function look(url: string) {
    const { url: databaseUrl } = await createDatabase();
    const { code, out } = await commandLine({ dataDir: dataFolder(), databaseUrl, env: { REDIS_URL: url } }).run(['doctor']);
    return { code, queue: out.split('\n').find((line) => line.includes('Queue:')) };
  }

  test('says that it may throw wakes away, and names what a user may not do', async () => {
    expect(await look(redis.url)).toEqual({ code: 0, queue: '✅ Queue: Redis of REDIS_URL' });
    await redis.command('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
    expect(await look(redis.url)).toEqual({ code: 1, queue: expect.stringMatching(/❌ .*maxmemory-policy is allkeys-lru.*noeviction/) });
    await redis.command('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
    for (const [rights, missing] of [
      [['~other:*', '+@all'], /may not use EVAL.*REDIS_URL|REDIS_URL may not use EVAL/],
      [['~*', '+@all', '-eval'], /may not use EVAL \(/],
    ] as const) {
      await redis.command('ACL', 'SETUSER', 'modest', 'reset', 'on', '>word', ...rights);
      const url = new URL(redis.url);
      [url.username, url.password] = ['modest', 'word'];
      expect(await look(url.href)).toEqual({ code: 1, queue: expect.stringMatching(missing) });
    }
  });
});
