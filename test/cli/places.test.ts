import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { explainFailure } from '../../src/postgres/embedded/failure.ts';
import { dataFolder } from '../support/app.ts';
import { commandLine } from '../support/cli.ts';
import { createDatabase } from '../support/database.ts';
import { readingNow } from '../support/readings.ts';
import { hasRedis, onRedis, redisForEach } from '../support/redis.ts';

vi.setConfig({ testTimeout: 60_000 });

test('a data folder may have any character in its path, also those that a shell would take for something else', async () => {
  const dataDir = join(dataFolder(), `a $HOME "b" 'c' \`d\` \\e ü`);
  mkdirSync(dataDir);
  const cli = commandLine({ dataDir });
  for (const used of [1, 2]) {
    const done = await cli.run(['import', '-'], { input: JSON.stringify({ source: 'acme', readings: [readingNow('m', used)] }) });
    expect([done.code, done.err]).toEqual([0, '']);
  }
});

test('a user with a number and no name is recognized', () => {
  expect(explainFailure('/data', 'initdb: error: could not look up effective user ID 54321: user does not exist')).toEqual({
    kind: 'nameless-user',
    uid: '54321',
  });
});

describe.skipIf(!hasRedis)(onRedis('doctor on Redis'), () => {
  const redis = redisForEach();

  async function look(url: string) {
    const { url: databaseUrl } = await createDatabase();
    const { code, out } = await commandLine({ dataDir: dataFolder(), databaseUrl, env: { REDIS_URL: url } }).run(['doctor']);
    return { code, queue: out.split('\n').find((line) => line.includes('Queue:')) };
  }

  test('says that it may throw wakes away, and names what a user may not do', async () => {
    expect(await look(redis().url)).toEqual({ code: 0, queue: '✅ Queue: Redis of REDIS_URL' });
    await redis().command('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
    expect(await look(redis().url)).toEqual({ code: 1, queue: expect.stringMatching(/❌ .*maxmemory-policy is allkeys-lru.*noeviction/) });
    await redis().command('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
    for (const [rights, missing] of [
      [['~other:*', '+@all'], /may not use EVAL.*REDIS_URL|REDIS_URL may not use EVAL/],
      [['~*', '+@all', '-eval'], /may not use EVAL \(/],
    ] as const) {
      await redis().command('ACL', 'SETUSER', 'modest', 'reset', 'on', '>word', ...rights);
      const url = new URL(redis().url);
      [url.username, url.password] = ['modest', 'word'];
      expect(await look(url.href)).toEqual({ code: 1, queue: expect.stringMatching(missing) });
    }
  });
});
