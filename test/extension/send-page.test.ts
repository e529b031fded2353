import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { parseAnswer, type Outcome } from '../../extension/src/core/answer.ts';
import { sendPage } from '../../extension/src/core/send-page.ts';
import { parseVendors } from '../../extension/src/core/stored.ts';
import { closedPort } from '../support/ports.ts';

const answer = (status: number, body: unknown, retryAfter: string | null = null) =>
  parseAnswer(status, typeof body === 'string' ? body : JSON.stringify(body), retryAfter);
const STORED = { accepted: 4, duplicates: 1, older: 0, rejected: ['line 3'], notes: ['line 1', 'line 2'] };

test.each<[string, number, unknown, Outcome]>([
  ['figures', 200, STORED, { kind: 'stored', meters: 5, unread: 2, rejected: 1, isOlder: false }],
  [
    'older figures',
    200,
    { ...STORED, accepted: 0, duplicates: 0, older: 5 },
    { kind: 'stored', meters: 5, unread: 2, rejected: 1, isOlder: true },
  ],
  ['a page of a proxy', 200, '<html>', { kind: 'unexpected', status: 200 }],
  ['another JSON', 200, [], { kind: 'unexpected', status: 200 }],
  ['a revoked key', 401, { code: 'unknown-key' }, { kind: 'key-revoked' }],
  ['a proxy that wants a password', 401, 'Unauthorized', { kind: 'unexpected', status: 401 }],
  ['another source', 403, { code: 'other-source' }, { kind: 'other-source' }],
  ['a clock', 400, { code: 'too-late' }, { kind: 'clock' }],
  ['a long text', 413, { code: 'too-large' }, { kind: 'too-long' }],
  ['signed out', 422, { code: 'signed-out' }, { kind: 'signed-out' }],
  ['fewer meters', 422, { code: 'fewer-meters', missing: ['Leads'] }, { kind: 'fewer-meters', missing: ['Leads'] }],
  ['marks of direction', 422, { code: 'fewer-meters', missing: ['a\u202eb'] }, { kind: 'fewer-meters', missing: ['a b'] }],
  ['fewer meters in another form', 422, { code: 'fewer-meters', missing: [1] }, { kind: 'fewer-meters', missing: [] }],
  ['no figures', 422, { code: 'no-figures', error: 'x'.repeat(999) }, { kind: 'no-figures', said: 'x'.repeat(300) }],
  ['another layout', 422, { code: 'other-layout', error: 'why' }, { kind: 'no-figures', said: 'why' }],
  ['rejected figures', 422, { code: 'rejected', error: 'why' }, { kind: 'unusable', said: 'why' }],
  ['an unknown code', 422, { code: 'new' }, { kind: 'unexpected', status: 422 }],
  ['a path that is not there', 404, '', { kind: 'unexpected', status: 404 }],
])('understands the answer: %s', (_what, status, body, outcome) => {
  expect(answer(status, body)).toEqual(outcome);
  // Every outcome is stored, and read again.
  const vendor = {
    id: 'a',
    address: 'https://c.example',
    key: 'k',
    source: 's',
    page: 'https://a.example/',
    every: '6h',
    at: '08:00',
    zone: 'UTC',
  };
  expect(parseVendors([{ ...vendor, last: { at: 1, outcome } }])[0]?.last).toEqual({ at: 1, outcome });
});

test.each([
  [429, '7', 7_000],
  [503, null, null],
  [502, 'soon', null],
])('status %i with Retry-After %s is tried again', (status, header, retryAfterMs) => {
  expect(answer(status, '', header)).toEqual({ kind: 'busy', retryAfterMs });
});

const addressSchema = z.object({ port: z.number() });

async function server(listener: RequestListener): Promise<string> {
  const started = createServer(listener).listen(0, '127.0.0.1');
  await once(started, 'listening');
  onTestFinished(() => started.close().closeAllConnections());
  return `http://127.0.0.1:${String(addressSchema.parse(started.address()).port)}`;
}

function vendorAt(address: string) {
  const [vendor] = parseVendors([
    {
      id: 'a',
      address,
      key: 'the-key',
      source: 'abmatic',
      page: 'https://app.example.com/usage?a#b',
      every: 'daily',
      at: '08:00',
      zone: 'UTC',
    },
  ]);
  if (!vendor) throw new Error('not a vendor');
  return vendor;
}

const DRAFT = { text: 'Leads\n1/2 leads used', page: 'https://app.example.com/usage?a#b', capturedAt: Date.UTC(2026, 11, 1, 8) };

test('sends the source, the text, the time and the address without query and fragment, and nothing else', async () => {
  const got: unknown[] = [];
  const address = await server((request, response) => {
    void text(request).then((body) => {
      got.push([request.method, request.url, request.headers.authorization, JSON.parse(body)]);
      response.end(JSON.stringify({ accepted: 1, duplicates: 0, older: 0, rejected: [], notes: [] }));
    });
  });
  expect(await sendPage(vendorAt(`${address}/base`), DRAFT)).toMatchObject({ kind: 'stored', meters: 1 });
  const body = { source: 'abmatic', text: DRAFT.text, url: 'https://app.example.com/usage', capturedAt: '2026-12-01T08:00:00.000Z' };
  expect(got).toEqual([['POST', '/base/v1/pages', 'Bearer the-key', body]]);
});

test('a redirect is not followed with the key', async () => {
  const reached: string[] = [];
  const other = await server((request, response) => {
    reached.push(request.url ?? '');
    response.end();
  });
  const address = await server((_request, response) => response.writeHead(307, { location: `${other}/v1/pages` }).end());
  expect(await sendPage(vendorAt(address), DRAFT)).toEqual({ kind: 'offline' });
  expect(reached).toEqual([]);
});

test('no answer is offline', async () => {
  expect(await sendPage(vendorAt(`http://127.0.0.1:${String(await closedPort())}`), DRAFT)).toEqual({ kind: 'offline' });
});
