import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readHar } from '../../../src/sources/browser/har.ts';
import { rankExchanges } from '../../../src/sources/browser/rank-exchanges.ts';

const USAGE = JSON.stringify({ credits: { used: 812, limit: 5000 } });

function entry(url: string, content: object, more: object = {}) {
  return {
    startedDateTime: '2026-11-20T10:00:00.000Z',
    request: { method: 'GET', url, headers: [{ name: 'Authorization', value: 'Bearer abc' }], ...more },
    response: { status: 200, headers: [], content: { mimeType: 'application/json', ...content } },
  };
}
const harOf = (...entries: readonly unknown[]) => Buffer.from(JSON.stringify({ log: { entries } }));
const textsIn = (bytes: Buffer) => {
  const har = readHar(bytes);
  if (!har.ok) throw new Error(JSON.stringify(har.error));
  return har.value.exchanges.map(({ answer }) => answer.text);
};

test.each<[string, Buffer, string]>([
  ['plain', Buffer.from(USAGE), ''],
  ['compressed with gzip', gzipSync(USAGE), 'gzip'],
  ['compressed with deflate', deflateSync(USAGE), 'deflate'],
  ['compressed with Brotli', brotliCompressSync(USAGE), 'br'],
])('a body in Base64 is read: %s', (_what, bytes, encoding) => {
  const one = entry('https://a.example/u', { text: bytes.toString('base64'), encoding: 'base64' });
  const response = { ...one.response, headers: [{ name: 'Content-Encoding', value: encoding }] };
  expect(textsIn(harOf({ ...one, response }))).toEqual([USAGE]);
});

test('a compressed HAR, and one with a byte order mark, are read', () => {
  const har = harOf(entry('https://a.example/u', { text: USAGE }));
  for (const bytes of [gzipSync(har), Buffer.concat([Buffer.from('\uFEFF'), har])]) expect(textsIn(bytes)).toEqual([USAGE]);
});

test('the method, the body, a form and the time come from the entry', () => {
  const post = entry(
    'https://me:pass@a.example/u#x',
    { text: USAGE },
    { method: 'POST', postData: { mimeType: 'text/x', params: [{ name: 'a b', value: 'c&d' }] } },
  );
  const har = readHar(harOf(post));
  expect(har).toMatchObject({
    ok: true,
    value: {
      exchanges: [
        {
          request: {
            method: 'POST',
            url: 'https://a.example/u',
            body: 'a%20b=c%26d',
            headers: [
              ['authorization', 'Bearer abc'],
              ['content-type', 'text/x'],
            ],
          },
          at: new Date('2026-11-20T10:00:00Z'),
        },
      ],
    },
  });
});

test.each<[string, Buffer, unknown]>([
  ['nothing', Buffer.from(' \n'), { kind: 'empty' }],
  ['an incomplete file', harOf(entry('https://a.example/u', { text: USAGE })).subarray(0, 80), { kind: 'cut-off' }],
  ['text', Buffer.from('Dear mother'), { kind: 'not-json' }],
  ['other JSON', Buffer.from('{"a":1}'), { kind: 'not-har' }],
  ['a HAR without entries', harOf(), { kind: 'no-entries' }],
  ['entries of another kind', harOf(1, { a: 1 }), { kind: 'no-entry-fits', entry: 1, field: '' }],
  ['an entry without a request', harOf({ response: {} }), { kind: 'no-entry-fits', entry: 1, field: 'request' }],
  ['a damaged compressed file', Buffer.concat([gzipSync('{}').subarray(0, 12), Buffer.from('xx')]), { kind: 'not-inflated' }],
])('%s is refused with the reason', (_what, bytes, problem) => {
  expect(readHar(bytes)).toEqual({ ok: false, error: problem });
});

test('answers that are no JSON, errors, other methods, large and unsaved ones are passed over', () => {
  const har = readHar(
    harOf(
      entry('https://a.example/html', { mimeType: 'text/html', text: '<html>' }),
      entry('https://a.example/put', { text: USAGE }, { method: 'PUT' }),
      {
        ...entry('https://a.example/401', { text: USAGE }),
        response: { status: 401, headers: [], content: { mimeType: 'application/json', text: USAGE } },
      },
      entry('https://a.example/large', { text: `"${'x'.repeat(1024 * 1024)}"` }),
      entry('https://a.example/unsaved', {}),
      entry('data:text/json,{}', { text: USAGE }),
      { ...entry('https://a.example/odd', { text: USAGE }), request: null },
      entry('https://a.example/fine', { text: USAGE }),
    ),
  );
  expect(har).toMatchObject({
    ok: true,
    value: { entries: 8, damaged: 1, unsaved: 1, exchanges: [{ request: { url: 'https://a.example/fine' } }] },
  });
});

test('of ten thousand entries the one with usage is found, and of a repeated request the last answer', () => {
  const noise = Array.from({ length: 10_000 }, (_, index) =>
    entry(`https://a.example/${String(index)}`, { text: '{"items":[{"a":1}],"total":3,"page":1}' }),
  );
  const har = readHar(
    harOf(
      ...noise,
      entry('https://a.example/u', { text: '{"credits":{"used":1,"limit":9}}' }),
      entry('https://a.example/u', { text: USAGE }),
    ),
  );
  const ranked = har.ok ? rankExchanges(har.value.exchanges, { now: new Date(), mayHold: () => true }) : [];
  expect(ranked.map(({ answer }) => answer.text)).toEqual([USAGE]);
});

test.each([
  ['deeply nested lists', '['.repeat(50_000) + ']'.repeat(50_000)],
  ['deeply nested groups', '{"a":'.repeat(5_000) + '1' + '}'.repeat(5_000)],
  ['names of prototypes', '{"__proto__":{"used":1,"limit":2},"constructor":{"prototype":{"used":1}}}'],
  [
    'many fields',
    JSON.stringify(Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`credits_used_${String(index)}`, index]))),
  ],
])('%s do no harm', (_what, text) => {
  const har = readHar(harOf(entry('https://a.example/u', { text })));
  const ranked = har.ok ? rankExchanges(har.value.exchanges, { now: new Date(), mayHold: () => true }) : [];
  expect(JSON.stringify(ranked.map(({ proposal }) => proposal))).not.toContain('__proto__');
  expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain('used');
});
