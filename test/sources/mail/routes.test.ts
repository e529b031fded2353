import { beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { dataFolder, INGEST_KEY, startApp, type App } from '../../support/app.ts';
import { createDatabase, runSql } from '../../support/database.ts';
import { DKIM_PASS, plainMail } from '../../support/mail.ts';

const KEY = 'key-of-the-mail-service-1234';
const FILE = `
sources:
  - id: acme
    kind: mail
    from: [billing@acme.example]
    authserv: mx.customer.example
    keys: ["\${MAIL_KEY}"]
    period: { every: month, day: 1 }
    meters: { credits: { total: 10000 } }
`;

let app: App;
let url: string;
beforeEach(async () => {
  ({ url } = await createDatabase());
  app = await startApp({ dataDir: dataFolder(), databaseUrl: url, file: FILE, env: { MAIL_KEY: KEY } });
});

const bearer = { authorization: `Bearer ${KEY}` };
const noticed = (text = 'You have used 80% of your credits.') =>
  DKIM_PASS + plainMail({ text, date: new Date(Date.now() - 60_000).toUTCString() });

async function send(body: unknown, headers: Readonly<Record<string, string>> = bearer, method = 'POST') {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(`${app.url}/v1/mail`, { method, headers, ...(method === 'POST' && { body: text }) });
  return { status: response.status, ...z.record(z.string(), z.unknown()).parse(await response.json()) };
}

test.each(['raw', 'email', 'body-mime', 'RawEmail'])('takes the mail of the field %s once, also when it is sent again', async (field) => {
  const body = { subject: 'of the service', [field]: noticed() };
  expect(await send(body)).toEqual({ status: 200, accepted: 1, duplicates: 0 });
  expect(await send(body)).toEqual({ status: 200, accepted: 0, duplicates: 1 });
  expect(await runSql(url, 'SELECT outcome FROM mail')).toEqual([{ outcome: 'stored' }]);
});

test('the key may be the password of Basic authentication', async () => {
  const authorization = `Basic ${Buffer.from(`mail:${KEY}`).toString('base64')}`;
  expect(await send({ raw: noticed() }, { authorization })).toMatchObject({ status: 200, accepted: 1 });
});

test('takes no other key, and its key opens nothing else', async () => {
  expect(await send({ raw: noticed() }, {})).toMatchObject({ status: 401, code: 'no-key' });
  for (const authorization of [`Bearer ${INGEST_KEY}`, 'Bearer x', 'Basic !', 'Basic OjE='])
    expect(await send({ raw: noticed() }, { authorization })).toMatchObject({ status: 401, code: 'unknown-key' });
  const pushed = await fetch(`${app.url}/v1/usage`, {
    method: 'POST',
    headers: bearer,
    body: JSON.stringify({ source: 'acme', readings: [{ meter: 'credits', used: 1 }] }),
  });
  expect(pushed.status).toBe(401);
  expect((await fetch(`${app.url}/v1/usage`, { headers: bearer })).status).toBe(401);
});

test('answers a mail that gives no figures with 200 and its code, so that the service does not send it again', async () => {
  expect(await send({ raw: noticed().replace('dkim=pass', 'dkim=fail') })).toMatchObject({
    status: 200,
    code: 'bad-signature',
    refused: true,
  });
  expect(await send({ raw: noticed('Hello!') })).toMatchObject({ status: 200, code: 'not-understood', refused: false });
  expect(await send({ raw: noticed().replace('Acme <', 'a@b.example, <') })).toMatchObject({ status: 200, code: 'bad-sender' });
  expect(await runSql(url, 'SELECT 1 FROM reading')).toEqual([]);
  expect(app.output()).toContain('bad-signature');
  expect(app.output()).not.toContain(KEY);
});

test.each([
  ['no JSON', 'raw=1', 400, 'no-mail'],
  ['no mail', { from: 'x' }, 400, 'no-mail'],
  ['a field of another kind', { raw: 5 }, 400, 'no-mail'],
  ['two mails', { raw: 'a', email: 'b' }, 400, 'no-mail'],
  ['too much', { raw: 'a'.repeat(2 * 1024 * 1024) }, 413, 'too-large'],
])('refuses a body with %s', async (_name, body, status, code) => {
  expect(await send(body)).toMatchObject(status === 413 ? { code } : { status, code });
});

test('takes only POST', async () => {
  expect(await send('', bearer, 'GET')).toMatchObject({ status: 405 });
});
