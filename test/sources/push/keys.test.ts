import { expect, test } from 'vitest';
import { dataFolder, startApp, type App } from '../../support/app.ts';
import { createDatabase } from '../../support/database.ts';
import { signedWebhook } from '../../support/signed-webhook.ts';

const NEW = 'the-new-key-of-abmatic';
const OLD = 'the-old-key-of-abmatic';
const WHOLE = 'the-key-of-the-account';
const FILE = `
ingestKeys: ["\${WHOLE_KEY}"]
sources:
  - { id: abmatic, kind: push, keys: ["\${NEW_KEY}", "\${OLD_KEY}"] }
  - { id: other, kind: push }
`;

async function started(): Promise<App> {
  const database = await createDatabase();
  return startApp({
    dataDir: dataFolder(),
    databaseUrl: database.url,
    file: FILE,
    env: { INGEST_KEY: '', WHOLE_KEY: WHOLE, NEW_KEY: NEW, OLD_KEY: OLD },
  });
}

const reading = (used: number) => [{ meter: 'leads', used, total: 1000 }];
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

test('both keys of a source work during a rotation, by bearer and by signature, and the body need not name the source', async () => {
  const app = await started();
  for (const [index, key] of [NEW, OLD].entries()) {
    expect((await app.push({ readings: reading(index) }, bearer(key))).status).toBe(202);
    const body = JSON.stringify({ source: 'abmatic', readings: reading(10 + index) });
    expect((await app.push(body, { authorization: '', ...signedWebhook(key, `msg_${key}`, body) })).status).toBe(202);
  }
  const overview: unknown = await (await fetch(`${app.url}/v1/usage`, { headers: bearer(NEW) })).json();
  expect(overview).toMatchObject({ meters: [{ source: 'abmatic', meter: 'leads', used: 11 }] });
});

test('the key of one source can neither push to another source nor read it', async () => {
  const app = await started();
  const refused = await app.push({ source: 'other', readings: reading(1) }, bearer(NEW));
  expect([refused.status, await refused.json()]).toEqual([401, { error: 'this key may only push and read the source "abmatic"' }]);
  expect((await app.push({ source: 'other', readings: reading(5) }, bearer(WHOLE))).status).toBe(202);
  expect(await (await fetch(`${app.url}/v1/usage`, { headers: bearer(NEW) })).json()).toMatchObject({ meters: [] });
  expect(await (await fetch(`${app.url}/v1/usage`, { headers: bearer(WHOLE) })).json()).toMatchObject({ meters: [{ source: 'other' }] });
});

test('no key of the file appears in the log or in the terminal', async () => {
  const app = await started();
  await app.push({ readings: reading(1) }, bearer(NEW));
  await app.stop();
  for (const key of [NEW, OLD, WHOLE]) expect(app.output()).not.toContain(key);
  await expect.poll(() => app.output()).toContain('Ingest key: from creditwatch.yml.');
});
