import { expect, test, vi } from 'vitest';
import { startApp, dataFolder } from '../support/app.ts';
import { createDatabase } from '../support/database.ts';
import { closedPort } from '../support/ports.ts';

test('an alert of a web process is printed by a worker process, with the database between them', async () => {
  const database = await createDatabase();
  const dataDir = dataFolder();
  const web = await startApp({ dataDir, databaseUrl: database.url, env: { ROLE: 'web' } });
  const worker = await startApp({ dataDir: dataFolder(), databaseUrl: database.url, env: { ROLE: 'worker' } });
  expect((await web.push({ readings: [{ meter: 'm', used: 80, total: 100 }] })).status).toBe(202);
  await vi.waitUntil(() => worker.output().includes('M is already at 80%'), { timeout: 10_000 });
  expect(web.output()).not.toContain('already at');
  expect((await worker.push({ readings: [{ meter: 'm', used: 80, total: 100 }] })).status).toBe(404);
  await worker.stop();
  await web.stop();
});

test('figures for Prometheus are at a port of their own, on loopback, and not where everybody asks', async () => {
  const database = await createDatabase();
  const metricsPort = await closedPort();
  const app = await startApp({
    dataDir: dataFolder(),
    databaseUrl: database.url,
    env: { HOST: '0.0.0.0', METRICS_PORT: String(metricsPort) },
  });
  expect((await app.push({ readings: [{ meter: 'm', used: 80, total: 100 }] })).status).toBe(202);
  expect(await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()).toMatch(/creditwatch_meter_used\{.*meter="m".*\} 80/);
  expect((await fetch(`${app.url}/metrics`)).status).toBe(404);
  await app.stop();
});
