import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { parseAnswer, type Outcome } from '../../extension/src/core/answer.ts';
import { sendPage } from '../../extension/src/core/send-page.ts';
import { storedVendor } from '../support/keeper.ts';
import { closedPort } from '../support/ports.ts';
import { json, startVendor as startServer } from '../support/vendor.ts';

const answer = (status: number, body: unknown, retryAfter: string | null = null) =>
  parseAnswer(status, typeof body === 'string' ? body : JSON.stringify(body), retryAfter);
const STORED = { accepted: 4, duplicates: 1, older: 0, rejected: ['line 3'], notes: ['line 1', 'line 2'] };

test.each<[string, number, unknown, Outcome]>([
  ['figures', 200, STORED, { kind: 'stored', meters: 5, unread: 2, rejected: 1, lines: ['line 3', 'line 1', 'line 2'], isOlder: false }],
  [
    'older figures',
    200,
    { ...STORED, accepted: 0, duplicates: 0, older: 5 },
    { kind: 'stored', meters: 5, unread: 2, rejected: 1, lines: ['line 3', 'line 1', 'line 2'], isOlder: true },
  ],
  ['a page of a proxy', 200, '<html>', { kind: 'unexpected', status: 200 }],
  ['another JSON', 200, [], { kind: 'unexpected', status: 200 }],
  ['a revoked key', 401, { code: 'unknown-key' }, { kind: 'key-revoked' }],
  ['a proxy that wants a password', 401, 'Unauthorized', { kind: 'unexpected', status: 401 }],
  ['another source', 403, { code: 'other-source' }, { kind: 'other-source' }],
  ['a clock', 400, { code: 'too-late' }, { kind: 'clock' }],
  ['a long text', 413, { code: 'too-large' }, { kind: 'too-long' }],
  ['signed out', 422, { code: 'signed-out' }, { kind: 'signed-out' }],
  ['fewer meters', 422, { code: 'fewer-meters', missing: 2 }, { kind: 'fewer-meters', missing: 2 }],
  ['fewer meters in another form', 422, { code: 'fewer-meters', missing: ['a'] }, { kind: 'fewer-meters', missing: 0 }],
  ['marks of direction', 422, { code: 'rejected', error: 'a\u202eb' }, { kind: 'unusable', said: 'a b' }],
  ['too many meters', 422, { code: 'too-many-meters', error: 'why' }, { kind: 'unusable', said: 'why' }],
  ['no figures', 422, { code: 'no-figures', error: 'x'.repeat(999) }, { kind: 'no-figures', said: 'x'.repeat(300) }],
  ['another layout', 422, { code: 'other-layout', error: 'why' }, { kind: 'no-figures', said: 'why' }],
  ['rejected figures', 422, { code: 'rejected', error: 'why' }, { kind: 'unusable', said: 'why' }],
  ['an unknown code', 422, { code: 'new' }, { kind: 'unexpected', status: 422 }],
  ['a path that is not there', 404, '', { kind: 'unexpected', status: 404 }],
])('understands the answer: %s', (_what, status, body, outcome) => {
  expect(answer(status, body)).toEqual(outcome);
  // Every outcome is stored, and read again.
  expect(storedVendor({ last: { at: 1, outcome } }).last).toEqual({ at: 1, outcome });
});

test.each([
  [429, '7', 7_000],
  [503, null, null],
  [502, 'soon', null],
])('status %i with Retry-After %s is tried again', (status, header, retryAfterMs) => {
  expect(answer(status, '', header)).toEqual({ kind: 'busy', retryAfterMs });
});

test('the lines that could not be used are bounded in number and length, and have no marks that change how others read', () => {
  const notes = ['line 1: "a\u202eb\u2028c\u0000"', `${'x'.repeat(199)}\u{1f600}`, ...Array.from({ length: 30 }, () => 'more')];
  const outcome = answer(200, { ...STORED, rejected: [], notes });
  expect(outcome).toMatchObject({
    unread: 32,
    lines: ['line 1: "a b c "', `${'x'.repeat(199)} `, ...Array.from({ length: 8 }, () => 'more')],
  });
});

const PAGE = 'https://app.example.com/usage?a#b';
const vendorAt = (address: string) => storedVendor({ address, key: 'the-key', page: PAGE });
const DRAFT = { text: 'Leads\n1/2 leads used', page: PAGE, capturedAt: Date.UTC(2026, 11, 1, 8) };

test('sends the source, the text, the time and the address without query and fragment, and nothing else', async () => {
  const server = await startServer();
  server.on('/base/v1/pages', json({ accepted: 1, duplicates: 0, older: 0, rejected: [], notes: [] }));
  expect(await sendPage(vendorAt(`${server.url}/base`), DRAFT)).toMatchObject({ kind: 'stored', meters: 1 });
  const got = server.seen.map(({ method, path, headers, body }) => [method, path, headers.authorization, JSON.parse(body)]);
  const body = { source: 'abmatic', text: DRAFT.text, url: 'https://app.example.com/usage', capturedAt: '2026-12-01T08:00:00.000Z' };
  expect(got).toEqual([['POST', '/base/v1/pages', 'Bearer the-key', body]]);
});

test('a redirect is not followed with the key', async () => {
  const [asked, other] = [await startServer(), await startServer()];
  asked.on('/v1/pages', json({}, 307, { location: `${other.url}/v1/pages` }));
  expect(await sendPage(vendorAt(asked.url), DRAFT)).toEqual({ kind: 'offline' });
  expect([asked.seen.length, other.seen]).toEqual([1, []]);
});

test('no answer is offline', async () => {
  expect(await sendPage(vendorAt(`http://127.0.0.1:${String(await closedPort())}`), DRAFT)).toEqual({ kind: 'offline' });
});

test('of an answer without end, little is read, and its connection is ended', async () => {
  const server = createServer((_request, response) => {
    const more = (): void => {
      while (!response.destroyed && response.write('x'.repeat(64 * 1024)));
    };
    response.on('drain', more);
    more();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const closed = new Promise((resolve) => server.on('connection', (socket) => socket.on('close', resolve)));
  expect(await sendPage(vendorAt(urlOf(server)), DRAFT)).toEqual({ kind: 'unexpected', status: 200 });
  await closed;
});

test('an answer that begins and does not end in time counts as none', async () => {
  const server = createServer((_request, response) => void response.writeHead(200).write('{')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  expect(await sendPage(vendorAt(urlOf(server)), DRAFT, { waitMs: 100 })).toEqual({ kind: 'offline' });
});

function urlOf(server: Server): string {
  return `http://127.0.0.1:${String(z.object({ port: z.number() }).parse(server.address()).port)}`;
}
