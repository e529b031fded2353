import { createServer } from 'node:http';
import express from 'express';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { z } from 'zod';
import type { NoticePattern } from '../../../src/core/meters/mail.ts';
import { createBodies } from '../../../src/http/request-bodies.ts';
import { mountMail } from '../../../src/sources/mail/routes.ts';
import { createWaitingNotices } from '../../../src/pipeline/schedule/waiting-notices.ts';
import { dataFolder, INGEST_KEY, startApp } from '../../support/app.ts';
import { createDatabase, runSql } from '../../support/database.ts';
import { DKIM_PASS, plainMail, resolveTxt, RULES, signed } from '../../support/mail.ts';
import { startPipeline, type Pipeline } from '../../support/pipeline.ts';
import { recordedLog } from '../../support/slack/recorded-log.ts';

const KEY = 'key-of-the-mail-service-1234';
const FILE = `
sources:
  - id: acme
    kind: mail
    from: [billing@acme.example]
    to: [usage@customer.example]
    keys: ["\${MAIL_KEY}"]
    period: { every: month, day: 1 }
    meters: { credits: { label: Credits, unit: credits, total: 10000 } }
routes: [{ slack: C0ALERTS, meters: all, digest: false }]
`;
const bearer = { authorization: `Bearer ${KEY}` };
const notice = (text = 'You have used 80% of your credits.') => signed(plainMail({ text }));

async function send(
  at: string,
  body: string | Buffer | FormData | URLSearchParams,
  headers: Readonly<Record<string, string>> = bearer,
  method = 'POST',
) {
  const response = await fetch(at, {
    method,
    headers,
    ...(method === 'POST' && { body: Buffer.isBuffer(body) ? new Uint8Array(body) : body }),
  });
  return { status: response.status, ...z.record(z.string(), z.unknown()).parse(await response.json()) };
}

describe('the endpoint', () => {
  let pipeline: Pipeline;
  let url: string;
  const warnings: unknown[] = [];
  const notices: NoticePattern[] = [];
  const credits: { label: string; unit: string; total?: number } = { label: 'Credits', unit: 'credits' };
  beforeEach(async () => {
    credits.total = 10_000;
    warnings.length = 0;
    notices.length = 0;
    pipeline = await startPipeline(FILE, '2026-12-03T14:06:00Z', { MAIL_KEY: KEY });
    const app = express();
    mountMail({
      sources: [
        {
          account: 'default',
          source: 'acme',
          rules: { ...RULES, notices, meters: { credits } },
          keys: [KEY],
        },
      ],
      store: pipeline.store.mails,
      ingest: pipeline.ingest,
      clock: { now: () => pipeline.now(), sleep: () => Promise.resolve() },
      log: {
        debug: () => undefined,
        info: () => undefined,
        conceal: () => undefined,
        error: () => undefined,
        warn: (fields) => void warnings.push(fields),
      },
      metrics: { ingested: () => undefined, attempted: () => undefined, sweepLag: () => undefined, polled: () => undefined },
      bodies: createBodies(8 * 1024 * 1024),
      resolveTxt,
    })(app);
    const server = createServer(app).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await new Promise((resolve) => {
      server.once('listening', resolve);
    });
    const address = server.address();
    url = `http://127.0.0.1:${String(typeof address === 'object' ? (address?.port ?? 0) : 0)}/v1/mail`;
  });
  const json = (body: unknown, headers?: Readonly<Record<string, string>>) => send(url, JSON.stringify(body), headers);

  test.each(['raw', 'email', 'body-mime', 'RawEmail'])('takes the mail of the field %s once, also when it is sent again', async (field) => {
    const body = { subject: 'of the service', [field]: (await notice()).toString() };
    expect(await json(body)).toEqual({ status: 200, accepted: 1, duplicates: 0 });
    expect(await json(body)).toEqual({ status: 200, accepted: 0, duplicates: 1 });
    const others = Object.fromEntries(['raw', 'email', 'body-mime', 'RawEmail'].map((one) => [one, null]));
    expect(await json({ ...others, ...body })).toMatchObject({ duplicates: 1 });
    expect(await json(body, { ...bearer, 'content-type': 'application/x-www-form-urlencoded' })).toMatchObject({ duplicates: 1 });
    expect(await runSql(pipeline.url, 'SELECT outcome FROM mail')).toEqual([{ outcome: 'stored' }]);
  });

  test('takes the forms that mail services post, with the bytes of the mail as they are', async () => {
    const mail = await signed(Buffer.from(plainMail({ text: 'Caf\u00E9.\nYou have used 80% of your credits.' }), 'latin1'));
    const many = [...Array(20).keys()].map((nth): [string, string] => [`field ${String(nth)}`, 'of the service']);
    const encoded = mail.toString('latin1').replaceAll(/[^A-Za-z0-9 ]/g, (char) => `%${char.charCodeAt(0).toString(16).padStart(2, '0')}`);
    const form = `${new URLSearchParams(many).toString()}&body%2Dmime=${encoded.replaceAll(' ', '+')}`;
    const urlencoded = { ...bearer, 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
    expect(await send(`${url}/mime`, form, urlencoded)).toEqual({ status: 200, accepted: 1, duplicates: 0 });

    const text = new FormData();
    for (const [name, value] of many) text.append(name, value);
    text.append('email', (await notice('You have used 90% of your credits.')).toString());
    expect(await send(url, text)).toEqual({ status: 200, accepted: 1, duplicates: 0 });

    const parts = (headers: string) =>
      Buffer.concat([
        Buffer.from(`--b\r\nContent-Disposition: form-data; name="email"${headers}\r\n\r\n`),
        mail,
        Buffer.from('\r\n--b--\r\n'),
      ]);
    const multipart = { ...bearer, 'content-type': 'multipart/form-data; boundary=b' };
    for (const headers of ['', '\r\nContent-Type: text/plain; charset=utf-8', '; filename="a.eml"\r\nContent-Type: message/rfc822'])
      expect(await send(url, parts(headers), multipart)).toEqual({ status: 200, accepted: 0, duplicates: 1 });
  });

  test('the key may be the password of Basic authentication', async () => {
    const authorization = `Basic ${Buffer.from(`mail:${KEY}`).toString('base64')}`;
    expect(await json({ raw: (await notice()).toString() }, { authorization })).toMatchObject({ status: 200, accepted: 1 });
  });

  test('answers a mail that gives no figures with 200 and its code, so that the service does not send it again', async () => {
    const [genuine, hello] = [(await notice()).toString(), (await notice('Hello!')).toString()];
    expect(await json({ raw: genuine.replace('80%', '90%') })).toMatchObject({ status: 200, code: 'bad-signature', refused: true });
    expect(await json({ raw: hello })).toMatchObject({ status: 200, code: 'not-understood', refused: false });
    expect(await json({ raw: genuine.replace('Acme <', 'a@b.example, <') })).toMatchObject({ status: 200, code: 'bad-sender' });
    expect(await runSql(pipeline.url, 'SELECT 1 FROM reading')).toEqual([]);
    expect(warnings).toEqual([
      expect.objectContaining({ code: 'bad-signature' }),
      expect.objectContaining({ code: 'not-understood' }),
      expect.objectContaining({ code: 'bad-sender' }),
    ]);
    expect(JSON.stringify(warnings)).not.toContain(KEY);
  });

  test('says of a mail too near a reset, and of one that waits for a total, why it does not count and what to do', async () => {
    const raw = async (text: string, date: string) => (await signed(plainMail({ text, date, id: `<${date}@acme.example>` }))).toString();
    const near = await json({ raw: await raw('You have used 80% of your credits.', 'Tue, 01 Dec 2026 08:00:00 +0000') });
    expect(near).toMatchObject({ status: 200, accepted: 0, code: 'too-near-reset', refused: false });
    const pushed = { account: 'default', source: 'acme', via: 'push', eventId: null, arrivedAt: pipeline.now() } as const;
    await pipeline.ingest({ ...pushed, readings: [{ meter: 'credits', used: 1, total: null, observedAt: '2026-12-02T08:00:00Z' }] });
    const waiting = await json({ raw: await raw('You have used 80% of your credits.', 'Thu, 03 Dec 2026 14:05:00 +0000') });
    expect(waiting).toMatchObject({ status: 200, accepted: 0, code: 'total-missing', error: expect.stringContaining('/usage total') });
    expect(await runSql(pipeline.url, 'SELECT outcome FROM mail ORDER BY outcome')).toEqual([
      { outcome: 'too-near-reset' },
      { outcome: 'total-missing' },
    ]);
  });

  test('a mail that waits for a total counts once the total is known, and need not be sent again', async () => {
    delete credits.total;
    const body = { raw: (await notice()).toString() };
    expect(await json(body)).toMatchObject({ status: 200, accepted: 0, code: 'total-missing' });
    const round = (total: number | null | undefined) =>
      createWaitingNotices({
        store: pipeline.store.mails,
        ingest: pipeline.ingest,
        statedInFile: () => total,
        clock: { now: () => pipeline.now(), sleep: () => Promise.resolve() },
        log: recordedLog(),
        metrics: { ingested: () => undefined, attempted: () => undefined, sweepLag: () => undefined, polled: () => undefined },
        signal: new AbortController().signal,
      }).runRound();
    const mails = () => runSql(pipeline.url, 'SELECT outcome, notice IS NOT NULL AS waits FROM mail');
    // Neither is a total known, nor is the meter in the file.
    for (const total of [null, undefined]) {
      await round(total);
      expect(await mails()).toEqual([{ outcome: 'total-missing', waits: true }]);
    }
    await round(10_000);
    expect(await mails()).toEqual([{ outcome: 'stored', waits: false }]);
    expect(await runSql(pipeline.url, 'SELECT used::int, is_at_least FROM reading')).toEqual([{ used: 8000, is_at_least: true }]);
    await pipeline.settle();
    expect(pipeline.news()).toEqual([expect.stringContaining('at least 80%')]);
    expect(await json(body)).toEqual({ status: 200, accepted: 0, duplicates: 1 });
  });

  test('a mail that is sent again while it waits is kept once, and not for longer than a mailbox is searched back', async () => {
    delete credits.total;
    const body = { raw: (await notice()).toString() };
    expect(await json(body)).toMatchObject({ code: 'total-missing' });
    expect(await json(body)).toMatchObject({ code: 'total-missing' });
    const waiting = (since: string) => pipeline.store.mails.waiting(new Date(since), 50);
    expect(await waiting('2026-12-03T14:05:00Z')).toMatchObject([
      { account: 'default', source: 'acme', notice: { reading: { share: '80' } } },
    ]);
    expect(await waiting('2026-12-03T14:05:01Z')).toEqual([]);
    credits.total = 10_000;
    expect(await json(body)).toMatchObject({ accepted: 1 });
    expect(await waiting('2026-12-03T14:05:00Z')).toEqual([]);
  });

  test('a mail that is sent again and read then is no longer told as failed', async () => {
    const raw = (await notice('Credits: 8,800 gone')).toString();
    expect(await json({ raw: `Received: from a by b\r\n${raw}` })).toMatchObject({ code: 'not-understood' });
    notices.push({ meter: 'credits', subject: null, text: '{used} gone' });
    expect(await json({ raw })).toEqual({ status: 200, accepted: 1, duplicates: 0 });
    expect(await runSql(pipeline.url, 'SELECT outcome FROM mail')).toEqual([{ outcome: 'stored' }]);
    expect(await pipeline.store.mails.failed('default', 'acme', new Date(0))).toEqual([]);
  });

  test('believes no Authentication-Results, which anyone can write into a mail that is posted', async () => {
    const forged = plainMail({ text: 'You have used 80% of your credits.' });
    expect(await json({ raw: DKIM_PASS + forged })).toMatchObject({ code: 'bad-signature' });
    expect(await json({ raw: DKIM_PASS.replace(/DKIM-Signature.*\r\n/, '') + forged })).toMatchObject({ code: 'unsigned' });
  });

  const multipart = (body: string) => [body, 'multipart/form-data; boundary=b'] as const;
  const field = (name: string, value = 'a') => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  test.each<[string, string, string | undefined, number, string]>([
    ['no JSON', 'raw=1', undefined, 400, 'no-mail'],
    ['no mail', '{"from":"x"}', undefined, 400, 'no-mail'],
    ['a field of another kind', '{"raw":5}', undefined, 400, 'no-mail'],
    ['two mails', '{"raw":"a","email":"b"}', undefined, 400, 'no-mail'],
    ['too much', `{"raw":"${'a'.repeat(2 * 1024 * 1024)}"}`, undefined, 413, 'too-large'],
    ['a form without a mail', 'from=x', 'application/x-www-form-urlencoded', 400, 'no-mail'],
    ['a form with two mails', 'raw=a&raw=b', 'application/x-www-form-urlencoded', 400, 'no-mail'],
    ['a form with many fields', `${'a=b&'.repeat(100)}raw=a`, 'application/x-www-form-urlencoded', 400, 'no-mail'],
    ['parts without a mail', ...multipart(`${field('from')}--b--\r\n`), 400, 'no-mail'],
    ['parts with two mails', ...multipart(`${field('email')}${field('raw')}--b--\r\n`), 400, 'no-mail'],
    ['many parts', ...multipart(`${field('a').repeat(100)}${field('raw')}--b--\r\n`), 400, 'no-mail'],
    ['parts that end in the middle', ...multipart(field('email').slice(0, -4)), 400, 'no-mail'],
    ['parts without an end', ...multipart(`${field('email')}--b`), 400, 'no-mail'],
    ['no parts', ...multipart('email'), 400, 'no-mail'],
    ['parts without a boundary', field('email'), 'multipart/form-data', 400, 'no-mail'],
    ['a mail that is too large', ...multipart(`${field('email', 'a'.repeat(1024 * 1024 + 1))}--b--\r\n`), 200, 'too-large'],
  ])('refuses a body with %s', async (_name, body, type, status, code) => {
    expect(await send(url, body, { ...bearer, ...(type !== undefined && { 'content-type': type }) })).toMatchObject(
      status === 413 ? { code } : { status, code },
    );
  });

  test('takes only POST', async () => {
    expect(await send(url, '', bearer, 'GET')).toMatchObject({ status: 405 });
  });
});

test('the service tries notices again that wait for a total', async () => {
  const { url } = await createDatabase();
  const options = { databaseUrl: url, env: { MAIL_KEY: KEY }, times: { noticesAgainMs: 50 } };
  const app = await startApp({ ...options, dataDir: dataFolder(), file: FILE });
  const at = new Date().toISOString();
  const notice = { eventId: 'mail 1', reading: { meter: 'credits', share: '80', observedAt: new Date(Date.now() - 60_000).toISOString() } };
  await runSql(url, `INSERT INTO mail VALUES ('default', 'acme', 'a', 'total-missing', '${at}', '${at}', '${JSON.stringify(notice)}')`);
  await vi.waitFor(async () => expect(await runSql(url, 'SELECT outcome FROM mail')).not.toEqual([{ outcome: 'total-missing' }]), {
    timeout: 20_000,
  });
  expect(await runSql(url, 'SELECT notice FROM mail')).toEqual([{ notice: null }]);
  expect(app.output()).toContain('waiting notice decided');
});

test('takes no other key, and its key opens nothing else', async () => {
  const { url } = await createDatabase();
  const app = await startApp({ dataDir: dataFolder(), databaseUrl: url, file: FILE, env: { MAIL_KEY: KEY } });
  const raw = JSON.stringify({ raw: plainMail({ text: 'You have used 80% of your credits.' }) });
  const at = `${app.url}/v1/mail`;
  expect(await send(at, raw)).toMatchObject({ status: 200, code: 'unsigned' });
  expect(await send(at, raw, {})).toMatchObject({ status: 401, code: 'no-key' });
  for (const authorization of [`Bearer ${INGEST_KEY}`, 'Bearer x', 'Basic !', 'Basic OjE='])
    expect(await send(at, raw, { authorization })).toMatchObject({ status: 401, code: 'unknown-key' });
  const pushed = await fetch(`${app.url}/v1/usage`, {
    method: 'POST',
    headers: bearer,
    body: JSON.stringify({ source: 'acme', readings: [{ meter: 'credits', used: 1 }] }),
  });
  expect(pushed.status).toBe(401);
  expect((await fetch(`${app.url}/v1/usage`, { headers: bearer })).status).toBe(401);
  expect(app.output()).not.toContain(KEY);
});
