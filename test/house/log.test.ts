import { once } from 'node:events';
import { createServer } from 'node:net';
import * as msal from '@azure/msal-node';
import * as prisma from '../../src/postgres/generated/client.ts';
import * as slackOauth from '@slack/oauth';
import * as bolt from '@slack/bolt';
import * as bullmq from 'bullmq';
import * as botbuilder from 'botbuilder';
import * as commander from 'commander';
import * as csv from 'csv-parse';
import * as ioredis from 'ioredis';
import pg from 'pg';
import * as undici from 'undici';
import { expect, onTestFinished, test } from 'vitest';
import * as yaml from 'yaml';
import { z } from 'zod';
import { createLog } from '../../src/app/log.ts';
import { createRedactor } from '../../src/app/redact.ts';

const REGISTERED = 'registered-marker-secret-1';
const NOBODY_KNOWS = 'unregistered-marker-secret-2';

function recording() {
  const lines: string[] = [];
  const log = createLog('debug', createRedactor([REGISTERED]), (line) => void lines.push(line));
  return { log, text: () => lines.join('') };
}

const libraries: Readonly<Record<string, object>> = {
  'node.js': { Error, TypeError, RangeError, AggregateError, DOMException },
  msal,
  prisma: { ...prisma.Prisma },
  slackOauth,
  webApi: bolt.webApi,
  bolt,
  bullmq,
  botbuilder,
  commander,
  csv,
  ioredis,
  pg,
  undici: { ...undici.errors },
  yaml,
  zod: z,
};

type ErrorClass = new (...parts: never[]) => object;
const isErrorClass = (value: unknown): value is ErrorClass =>
  typeof value === 'function' && (value === Error || value.prototype instanceof Error || value === DOMException);

const classes = Object.entries(libraries).flatMap(([library, all]) =>
  Object.entries(all).flatMap(([name, value]) => (isErrorClass(value) ? [[`${library} ${name}`, value] as const] : [])),
);

/** Fields of the libraries' errors that hold requests, answers and stored values. */
const PARTS =
  'command args config request response headers data original body meta options input cause detail hint where query parameters internalQuery record errorMessage subError claims path address hostname url socket clientVersion code syscall schema table constraint name details innerHttpError'.split(
    ' ',
  );

test('the tested error classes cover every library in use', () => {
  expect(classes.length).toBeGreaterThan(60);
  expect(classes.map(([name]) => name)).toEqual(
    expect.arrayContaining([
      'ioredis ReplyError',
      'pg DatabaseError',
      'prisma PrismaClientKnownRequestError',
      'webApi WebAPIHTTPError',
      'undici ConnectTimeoutError',
    ]),
  );
});

test.each(classes)('%s is logged without the secrets that it carries, in any field', (_name, Class) => {
  const { log, text } = recording();
  const error: unknown = Reflect.construct(Error, [`it failed for ${REGISTERED} at redis://user:${NOBODY_KNOWS}@host/0`], Class);
  if (!(error instanceof Object)) throw new Error('not an object');
  const carried = (secret: string) => ({
    secret,
    args: [secret],
    headers: { authorization: `Basic ${Buffer.from(secret).toString('base64')}` },
    toJSON: () => secret,
  });
  for (const part of PARTS)
    Object.defineProperty(error, part, { value: carried(NOBODY_KNOWS), enumerable: true, configurable: true, writable: true });
  for (const part of ['command', 'cause', 'errors', 'code', 'detail'])
    Object.defineProperty(error, part, {
      value: part === 'code' ? `${REGISTERED} ${NOBODY_KNOWS}` : carried(REGISTERED),
      configurable: true,
    });
  Object.defineProperty(error, 'cause', {
    value: Object.assign(new Error(REGISTERED), { command: carried(NOBODY_KNOWS) }),
    configurable: true,
  });
  log.error({ error, again: { of: REGISTERED } }, 'something failed');
  expect(text()).toContain('something failed');
  expect(text()).not.toContain(REGISTERED);
  expect(text()).not.toContain(NOBODY_KNOWS);
  expect(text()).not.toContain(Buffer.from(NOBODY_KNOWS).toString('base64').slice(0, 20));
});

test('a Redis that rejects the password is logged without it, with its answer', async () => {
  const refusing = createServer((socket) => {
    socket
      .on('error', () => {})
      .on('data', (data) => {
        for (const _command of data.toString().matchAll(/^\*/gm))
          socket.write('-WRONGPASS invalid username-password pair or user is disabled.\r\n');
      });
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void refusing.close());
  await once(refusing, 'listening');
  const address = refusing.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const redis = new ioredis.Redis({
    host: '127.0.0.1',
    port: address.port,
    password: NOBODY_KNOWS,
    lazyConnect: true,
    retryStrategy: () => null,
  });
  onTestFinished(() => redis.disconnect());
  const said: Error[] = [];
  redis.on('error', (error) => said.push(error));
  await redis.connect().catch((error: unknown) => error instanceof Error && said.push(error));
  const { log, text } = recording();
  for (const error of said) log.error({ error }, 'queue unavailable');
  expect(text()).toContain('WRONGPASS');
  expect(text()).not.toContain(NOBODY_KNOWS);
});

test('values registered later are redacted from then on', () => {
  const { log, text } = recording();
  log.conceal('made-just-now-5d1f');
  log.info({ key: 'made-just-now-5d1f', address: 'wss://slack.example/link/?ticket=abc-123&app_id=1' }, 'made a key');
  expect(text()).toContain('"key":"[secret]"');
  expect(text()).toContain('?ticket=[secret]&app_id=1');
});

test('an error is logged with its type, code, message, causes and stack', () => {
  const { log, text } = recording();
  const cause = Object.assign(new TypeError('below'), { code: 'ECONNRESET', syscall: 'read' });
  log.warn({ error: new AggregateError([cause], 'above') }, 'said');
  const { error } = z
    .object({ error: z.object({ type: z.string(), message: z.string(), stack: z.array(z.string()), causes: z.array(z.unknown()) }) })
    .parse(JSON.parse(text()));
  expect([error.type, error.message, error.stack[0]]).toEqual(['AggregateError', 'above', expect.stringContaining('log.test.ts')]);
  expect(error.causes).toEqual([expect.objectContaining({ type: 'TypeError', message: 'below', code: 'ECONNRESET', syscall: 'read' })]);
});

test.each([
  ['C0', '\u0000\u0007\u0008\u000a\u000d\u001b'],
  ['DEL and C1', '\u007f\u0080\u0085\u008d\u0090\u009b\u009d\u009f'],
  ['line ends of Unicode', '\u2028\u2029'],
  ['bidi', '\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069'],
  ['zero-width', '\u00ad\u034f\u180e\u200b\u200c\u200d\u2060\u2061\u2064\u206f\ufeff\u115f\u3164'],
  ['annotations and tags', '\ufff9\ufffb\u{e0001}\u{e0041}\u{e007f}'],
])('a line has no raw characters of %s, from any field, and escapes them', (_kind, characters) => {
  const { log, text } = recording();
  const each = characters.match(/./gsu) ?? [];
  const value = each.map((one) => `a${one}z`).join(' ');
  log.warn({ source: value, [`name${value}`]: [{ deep: value }], error: new Error(value) }, `said ${value}`);
  const line = text();
  expect(line.endsWith('\n')).toBe(true);
  expect(each.filter((one) => line.slice(0, -1).includes(one))).toEqual([]);
  const read = z
    .looseObject({ msg: z.string(), source: z.string(), error: z.looseObject({ message: z.string() }) })
    .parse(JSON.parse(line));
  expect([read.source, read.msg, read.error.message]).toEqual([value, `said ${value}`, value]);
});

test('text in any language is logged unchanged', () => {
  const { log, text } = recording();
  log.info({ label: 'Größe 漢字 \u{1f680} "quoted" C:\\x' }, 'said');
  expect(text()).toContain('Größe 漢字 \u{1f680} \\"quoted\\" C:\\\\x');
});
