import { expect, test } from 'vitest';
import { dataFolder, startProcess } from '../support/app.ts';
import { createDatabase } from '../support/database.ts';
import { readingNow } from '../support/readings.ts';
import { connectedSlack, shownText } from '../support/slack/connected.ts';
import { typeCommand } from '../support/slack/hand-over.ts';
import { troubledLink } from '../support/troubled-link.ts';
import { startVendor } from '../support/vendor.ts';

const ROUTE = 'routes:\n  - { slack: C0ALERTS, meters: all }\n';

async function startBehindLink({ cutAt, sources = '' }: { readonly cutAt?: string; readonly sources?: string } = {}) {
  const slack = await connectedSlack();
  const link = await troubledLink((await createDatabase()).url, 5432);
  if (cutAt !== undefined) void link.cutAt(cutAt).then(() => link.mend());
  const app = await startProcess({ dataDir: dataFolder(), databaseUrl: link.url, file: sources + ROUTE, env: slack.env });
  return { slack, link, app };
}

test('with the database 5 s slow and a vendor hanging /usage is acknowledged and says so before the database answers, and answers when it can', async () => {
  const vendor = await startVendor();
  vendor.on('/hanging', () => undefined);
  const sources = `allowHosts: ["${vendor.host}"]\nsources:\n  - { id: hanging, kind: http, url: "${vendor.url}/hanging", meters: { credits: { used: used } } }\n`;
  const { slack, link, app } = await startBehindLink({ sources });
  await app.push({ readings: [readingNow('leads', 100)] });
  await expect.poll(() => vendor.seen.length, { timeout: 20_000 }).toBe(1);
  link.slow(5000);
  const typedAt = Date.now();
  const command = await typeCommand(slack, app, '');
  expect(command.status).toBe(200);
  expect(command.ackMs).toBeLessThan(3000);
  const sorry = await command.answer();
  expect(sorry.at - typedAt).toBeLessThan(5000);
  expect(sorry.text).toContain('Figures are temporarily unavailable; alerts are kept. Try again in a minute.');
  link.slow(0);
  expect(shownText((await command.answer(20_000)).body['blocks'])).toContain('Leads  100 / 1,000 used');
}, 60_000);

test('while the database is away a push is 503 with Retry-After, and what was pushed again once it is back raises its alert once', async () => {
  const { slack, link, app } = await startBehindLink();
  const body = { readings: [readingNow('leads', 800)] };
  link.cut();
  const refused = await app.push(body);
  expect([refused.status, Number(refused.headers.get('retry-after'))]).toEqual([503, expect.any(Number)]);
  expect((await fetch(`${app.url}/readyz`)).status).toBe(503);
  expect((await fetch(`${app.url}/healthz`)).status).toBe(200);
  const sorry = await (await typeCommand(slack, app, '')).answer();
  expect(sorry.text).toContain('Figures are temporarily unavailable');

  link.mend();
  await expect.poll(async () => (await app.push(body)).status, { timeout: 15_000 }).toBe(202);
  expect((await slack.arrival('C0ALERTS', 15_000)).text).toContain('Leads is already at 80%');
  expect(await (await app.push(body)).json()).toEqual({ accepted: 0, duplicates: 1, rejected: [] });
  expect(slack.messages()).toHaveLength(1);
  await expect.poll(async () => (await fetch(`${app.url}/readyz`)).status, { timeout: 15_000 }).toBe(200);
}, 60_000);

test.each([
  ['makes its tables', 'CREATE SCHEMA IF NOT EXISTS "bullmq"'],
  ['asks to be notified', 'LISTEN '],
])(
  'a connection that breaks while the queue %s at the start ends nothing: the queue answers and alerts go out',
  async (_, cutAt) => {
    const { slack, app } = await startBehindLink({ cutAt });
    await expect.poll(async () => (await fetch(`${app.url}/readyz`)).status, { timeout: 15_000 }).toBe(200);
    await expect.poll(async () => (await app.push({ readings: [readingNow('leads', 800)] })).status, { timeout: 15_000 }).toBe(202);
    expect((await slack.arrival('C0ALERTS', 15_000)).text).toContain('Leads is already at 80%');
    expect(app.process.exitCode).toBeNull();
  },
  60_000,
);
