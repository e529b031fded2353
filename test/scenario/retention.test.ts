import { expect, test, vi } from 'vitest';
import { dataFolder, INGEST_KEY, startApp } from '../support/app.ts';
import { createDatabase, runSql } from '../support/database.ts';

test('a worker thins readings that are older than the file says, and one that only listens does not', async () => {
  const { url: databaseUrl } = await createDatabase();
  const file = 'retention: { allReadings: 30d }';
  const times = { retentionAfterMs: 0 };
  const web = await startApp({ dataDir: dataFolder(), databaseUrl, file, times, env: { ROLE: 'web', INGEST_KEY } });
  const readings = [60, 20].flatMap((daysAgo) =>
    [1, 2, 3, 4].map((hour) => ({
      meter: 'leads',
      used: 1000 - daysAgo + hour,
      total: 100_000,
      observedAt: new Date(Math.floor(Date.now() / 86_400_000 - daysAgo) * 86_400_000 + hour * 3_600_000).toISOString(),
    })),
  );
  const answer = await fetch(`${web.url}/v1/usage`, {
    method: 'POST',
    headers: { authorization: `Bearer ${INGEST_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ readings }),
  });
  expect(await answer.json()).toMatchObject({ accepted: 8 });
  const count = async () => (await runSql(databaseUrl, 'SELECT count(*)::int AS readings FROM reading'))[0]?.['readings'];
  expect(await count()).toBe(8);
  const worker = await startApp({ dataDir: dataFolder(), databaseUrl, file, times, env: { ROLE: 'worker' } });
  // The first and the last of the old day stay.
  await vi.waitUntil(async () => (await count()) === 6, { timeout: 20_000 });
  await worker.stop();
  await web.stop();
}, 60_000);
