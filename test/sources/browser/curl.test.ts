import { expect, test } from 'vitest';
import { MOST_COMMAND_BYTES, parseCurl } from '../../../src/sources/browser/curl.ts';

const POSIX = String.raw`curl 'https://app.acme.example/graphql?op=Usage' \
  -H 'accept: */*' \
  -H 'authorization: Bearer abc.def' \
  -b 'session=s%3Ax; theme=dark' \
  -H 'content-type: application/json' \
  --data-raw $'{"query":"query Usage($id: ID\u0021) {\\n it\'s }","n":5}' \
  --compressed`;
const WINDOWS = [
  'curl ^"https://app.acme.example/graphql?op=Usage^&a=^%^20b^" ^',
  '  -H ^"accept: */*^" ^',
  '  -b ^"session=s^%^3Ax; theme=dark^" ^',
  '  --data-raw ^"^{^\\^"a^\\^":^\\^"b ^^ c^\\\\n^\\^"^}^"',
].join('\r\n');

const read = (command: string) => {
  const parsed = parseCurl(command);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return parsed.value;
};

test('reads a command as Chrome copies it for a POSIX shell', () => {
  expect(read(POSIX)).toEqual({
    method: 'POST',
    url: 'https://app.acme.example/graphql?op=Usage',
    headers: [
      ['accept', '*/*'],
      ['authorization', 'Bearer abc.def'],
      ['cookie', 'session=s%3Ax; theme=dark'],
      ['content-type', 'application/json'],
    ],
    body: '{"query":"query Usage($id: ID!) {\\n it\'s }","n":5}',
  });
});

test('reads a command as Chrome copies it for the Windows command line', () => {
  expect(read(WINDOWS)).toEqual({
    method: 'POST',
    url: 'https://app.acme.example/graphql?op=Usage&a=%20b',
    headers: [
      ['accept', '*/*'],
      ['cookie', 'session=s%3Ax; theme=dark'],
      ['content-type', 'application/x-www-form-urlencoded'],
    ],
    body: '{"a":"b ^ c\\n"}',
  });
});

test.each<[string, string, object]>([
  [
    'Firefox',
    "curl 'https://a.example/u' --compressed -H 'Accept: application/json' -H 'Cookie: a=b' -H 'TE: trailers'",
    {
      headers: [
        ['accept', 'application/json'],
        ['cookie', 'a=b'],
        ['te', 'trailers'],
      ],
    },
  ],
  ['Safari', "curl 'https://a.example/u' \\\n-X 'GET' \\\n-H 'Accept: */*'", { method: 'GET' }],
  ['a prompt before it, and jq behind it', '$ curl -sSL https://a.example/u | jq .usage', { url: 'https://a.example/u' }],
  ['options joined to their values', 'curl -XPOST -HX-Key:abc -d"a=b" -d c=d https://a.example/u', { method: 'POST', body: 'a=b&c=d' }],
  ['no scheme', 'curl a.example/u', { url: 'https://a.example/u' }],
  ['data that begins with a dash', "curl https://a.example/u --data-raw '-----x'", { body: '-----x' }],
  [
    'data for the query',
    'curl -G https://a.example/u -d a=b --data-urlencode "c=d e"',
    { method: 'GET', url: 'https://a.example/u?a=b&c=d%20e', body: null },
  ],
  ['a user', 'curl -u me:pass https://a.example/u', { headers: [['authorization', 'Basic bWU6cGFzcw==']] }],
  [
    'a user in the address',
    'curl https://me:pass@a.example/u#part',
    { url: 'https://a.example/u', headers: [['authorization', 'Basic bWU6cGFzcw==']] },
  ],
  [
    'JSON',
    `curl --json '{"a":1}' https://a.example/u`,
    {
      body: '{"a":1}',
      headers: [
        ['content-type', 'application/json'],
        ['accept', 'application/json'],
      ],
    },
  ],
  ['a header that is sent empty', "curl https://a.example/u -H 'Accept:' -H 'X-Empty;'", { headers: [] }],
])('understands %s', (_what, command, request) => {
  expect(read(command)).toMatchObject(request);
});

test.each<[string, unknown]>([
  ['', { kind: 'empty' }],
  ['   \n', { kind: 'empty' }],
  ['wget https://a.example', { kind: 'not-curl' }],
  ['{"log":{}}', { kind: 'not-curl' }],
  ['fetch("https://a.example", {})', { kind: 'fetch' }],
  ['Invoke-WebRequest -UseBasicParsing -Uri "https://a.example"', { kind: 'power-shell' }],
  ["curl 'https://a.example/u' -H 'x-key: sec", { kind: 'not-closed' }],
  ['curl ^"https://a.example/u^" ^\n  -H ^"x-key: sec', { kind: 'not-closed' }],
  ["curl 'https://a.example/u' ;\ncurl 'https://b.example/u' ;", { kind: 'several' }],
  ['curl -s', { kind: 'no-url' }],
  ['curl ftp://a.example/u', { kind: 'bad-url' }],
  ['curl https://', { kind: 'bad-url' }],
  ['curl https://a.example/u -H x-key: abc', { kind: 'two-urls' }],
  ['curl https://a.example/u --form a=b', { kind: 'unknown-option', option: '--form' }],
  ['curl https://a.example/u --sk-live-1234', { kind: 'unknown-option', option: null }],
  ['curl https://a.example/u -H', { kind: 'no-value', option: '-H' }],
  ['curl https://a.example/u -d @body.json', { kind: 'file', option: '-d' }],
  ['curl https://a.example/u -b cookies.txt', { kind: 'file', option: '-b' }],
  ['curl -X PUT https://a.example/u', { kind: 'method', method: 'PUT' }],
  ['curl -I https://a.example/u', { kind: 'method', method: 'HEAD' }],
  ['curl -X sec-1 https://a.example/u', { kind: 'method', method: null }],
])('says what is wrong with %j, without its values', (command, problem) => {
  expect(parseCurl(command)).toEqual({ ok: false, error: problem });
});

test('what is too long to be one copied request is refused before it is split', () => {
  const marks = (count: number) => parseCurl(`curl ${'"'.repeat(count)}`);
  expect(marks(1024 * 1024)).toMatchObject({ error: { kind: 'too-large', mostKib: 128 } });
  expect(marks(MOST_COMMAND_BYTES - 4)).toMatchObject({ error: { kind: 'too-large' } });
  expect(parseCurl(`curl ${'é'.repeat(MOST_COMMAND_BYTES / 2)}`)).toMatchObject({ error: { kind: 'too-large' } });
  expect(parseCurl(`curl https://acme.example/u ${'-H a:b '.repeat(600)}`)).toMatchObject({ error: { kind: 'several' } });
  expect(parseCurl(`curl 'https://acme.example/u?${'a'.repeat(100_000)}'`)).toMatchObject({ ok: true });
});
