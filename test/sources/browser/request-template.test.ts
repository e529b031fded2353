import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BrowserRequest } from '../../../src/sources/browser/browser-request.ts';
import { fixedDates } from '../../../src/sources/browser/fixed-dates.ts';
import { templateOf } from '../../../src/sources/browser/request-template.ts';
import { vendorName } from '../../../src/sources/browser/vendor-name.ts';

const request = (more: Partial<BrowserRequest>): BrowserRequest => ({
  method: 'GET',
  url: 'https://api.acme.example/v1/usage',
  headers: [],
  body: null,
  ...more,
});
/** Everything that is printed or written about a request. */
const shownOf = (one: BrowserRequest) => {
  const { variables, ...template } = templateOf(one, () => true);
  return JSON.stringify([template, variables.map(({ name, places }) => ({ name, places }))]);
};
const namesOf = (one: BrowserRequest) => templateOf(one, () => true).variables.map(({ name }) => name);

describe('secrets become variables, named after the vendor and what they are', () => {
  test.each<[string, Partial<BrowserRequest>, object]>([
    ['a bearer token', { headers: [['authorization', 'Bearer abc']] }, { headers: { authorization: 'Bearer ${ACME_KEY}' } }],
    ['a token without a scheme', { headers: [['authorization', 'abc']] }, { headers: { authorization: '${ACME_KEY}' } }],
    ['a user and password', { headers: [['authorization', 'Basic abc']] }, { headers: { authorization: 'Basic ${ACME_BASIC}' } }],
    ['a key in a header', { headers: [['x-api-key', 'abc']] }, { headers: { 'x-api-key': '${ACME_KEY}' } }],
    [
      'cookies',
      {
        headers: [
          ['cookie', 'a=1'],
          ['cookie', 'b=2'],
        ],
      },
      { headers: { cookie: '${ACME_COOKIE}' } },
    ],
    [
      'a key in the query',
      { url: 'https://acme.example/u?page=2&api_key=a%2Bb' },
      { url: 'https://acme.example/u?page=2&api_key=${ACME_KEY}' },
    ],
    [
      'an id in the path',
      { url: 'https://acme.example/teams/7f3b2a10-9c1d-4e5f-8a7b-1234567890ab/usage' },
      { url: 'https://acme.example/teams/${ACME_TEAM_ID}/usage' },
    ],
    [
      'an address',
      { url: 'https://acme.example/u?user=anna%40acme.example&mail=anna@acme.example' },
      { url: 'https://acme.example/u?user=anna%40acme.example&mail=${ACME_USER}' },
    ],
    ['a field of JSON', { method: 'POST', body: '{"auth":{"token":"abc"},"n":5}' }, { body: { auth: { token: '${ACME_TOKEN}' }, n: 5 } }],
    [
      'a field of a form',
      { method: 'POST', body: 'user=a&password=b%26', headers: [['content-type', 'application/x-www-form-urlencoded']] },
      { body: 'user=a&password=${ACME_PASSWORD}' },
    ],
    [
      'all below a telling name',
      {
        method: 'POST',
        body: '{"password":{"current":"swordfish"},"credential":{"value":"hunter2secret"},"session":{"id":"sess-abcd"},"n":5}',
      },
      {
        body: {
          password: { current: '${ACME_PASSWORD}' },
          credential: { value: '${ACME_CREDENTIAL}' },
          session: { id: '${ACME_TOKEN}' },
          n: 5,
        },
      },
    ],
    [
      'what a text calls a secret',
      {
        method: 'POST',
        body: JSON.stringify({
          query:
            'query($pin: Int = 4711) { login(name: "anna", token:"tok_abc123XYZ789", pw:"hunter2", credential: {value: "ab", n: [{v: "cd"}]}) { id } }',
        }),
      },
      {
        body: {
          query:
            'query($pin: Int = ${ACME_PIN}) { login(name: "anna", token:"${ACME_TOKEN}", pw:"${ACME_PW}", credential: {value: "${ACME_CREDENTIAL}", n: [{v: "${ACME_CREDENTIAL_2}"}]}) { id } }',
        },
      },
    ],
    [
      'a secret in JSON that is text',
      { method: 'POST', body: JSON.stringify({ a: JSON.stringify({ user: 'anna', pass: { old: 'x\\"y' } }) }) },
      { body: { a: '{"user":"anna","pass":{"old":"${ACME_PASS}"}}' } },
    ],
    [
      'a parameter inside a text',
      { headers: [['x-client', 'v=1; session=abc']] },
      { headers: { 'x-client': 'v=1; session=${ACME_TOKEN}' } },
    ],
    ['any other body', { method: 'POST', body: 'abc' }, { body: '${ACME_BODY}' }],
    ['a number too large to be written again', { method: 'POST', body: '{"n":12345678901234567890}' }, { body: '${ACME_BODY}' }],
  ])('%s', (_what, more, written) => {
    expect(templateOf(request(more), () => true)).toMatchObject(written);
  });

  test('the same value has one variable, and other values of a kind a number', () => {
    const two = request({
      url: 'https://acme.example/u?key=abcdef&token=ghi',
      headers: [
        ['x-key', 'abcdef'],
        ['x-secret-key', 'jkl'],
      ],
    });
    expect(templateOf(two, () => true)).toMatchObject({
      url: 'https://acme.example/u?key=${ACME_KEY}&token=${ACME_TOKEN}',
      headers: { 'x-key': '${ACME_KEY}', 'x-secret-key': '${ACME_KEY_2}' },
    });
  });

  test('a name that has another use is skipped, and no name changes what a program does', () => {
    const one = (vendor: string, mayHold: (name: string, value: string) => boolean) =>
      templateOf(request({ headers: [['x-key', 'abc']] }), mayHold, vendor).variables.map(({ name }) => name);
    expect(one('acme', (name) => name !== 'ACME_KEY')).toEqual(['ACME_KEY_2']);
    expect(one('acme', (_name, value) => value === 'abc')).toEqual(['ACME_KEY']);
    for (const vendor of ['node', 'npm-config', 'ld', 'http', 'pg', 'openssl']) expect(one(vendor, () => true)[0]).toMatch(/^VENDOR_/);
    const named = templateOf(request({ headers: [['options', 'Ab3Cd5Ef7Gh9Ij1Kl3']] }), () => true, 'node');
    expect(named.variables.map(({ name }) => name)).toEqual(['VENDOR_NODE_OPTIONS']);
  });

  test('what only the browser sends goes; without cookies also where it came from', () => {
    const sent = [
      ['host', 'a'],
      [':path', '/'],
      ['sec-ch-ua', 'x'],
      ['accept-encoding', 'gzip'],
      ['x-request-id', '1'],
      ['accept', 'application/json'],
      ['user-agent', 'Mozilla/5.0 (X11) Chrome/131.0.0.0'],
      ['referer', 'https://acme.example/settings?tab=usage'],
      ['x-workspace', 'marketing'],
    ] as const;
    expect(templateOf(request({ headers: sent }), () => true).headers).toEqual({ 'x-workspace': 'marketing' });
    expect(templateOf(request({ headers: [...sent, ['cookie', 'a=b']] }), () => true).headers).toEqual({
      'user-agent': 'Mozilla/5.0 (X11) Chrome/131.0.0.0',
      referer: 'https://acme.example/',
      'x-workspace': 'marketing',
      cookie: '${ACME_COOKIE}',
    });
  });

  test('text that creditwatch.yml would read as a variable stays text', () => {
    const { url, body } = templateOf(
      request({ method: 'POST', url: 'https://acme.example/u?q=${HOME}', body: '{"q":"$${A} ${b c}"}' }),
      () => true,
    );
    expect(new URL(url).search.replaceAll('%7B', '{').replaceAll('%7D', '}')).toBe('?q=$${HOME}');
    expect(body).toEqual({ q: '$$${A} ${b c}' });
  });

  test.each([
    'usage',
    'getWorkspaceCreditUsageQuery',
    'getUsageForOrgById',
    'usage_by_workspace',
    '2026-11-01T00:00:00.000Z',
    'application-usage-summary',
    '1700000000000',
    'v1.2.3',
  ])('a plain word is no secret: %s', (word) => {
    expect(namesOf(request({ url: `https://acme.example/${word}/u?q=${word}`, headers: [['x-app', word]] }))).toEqual([]);
  });
});

const SECRET = fc
  .tuple(fc.nat(), fc.constantFrom('hex' as const, 'base64url' as const), fc.integer({ min: 20, max: 43 }))
  .map(([nth, encoding, length]) => createHash('sha256').update(String(nth)).digest(encoding).slice(0, length))
  // A short text of letters alone can look like words.
  .filter((text) => /\d\D*\d/.test(text));

/** Requests with a secret in each place. */
const PLACES: readonly ((secret: string) => Partial<BrowserRequest>)[] = [
  (secret) => ({ headers: [['authorization', `Bearer ${secret}`]] }),
  (secret) => ({ headers: [['x-anything', secret]] }),
  (secret) => ({ headers: [['x-anything', `id="${secret}", v=1`]] }),
  (secret) => ({ headers: [['cookie', `a=b; sid=${secret}`]] }),
  (secret) => ({
    headers: [
      ['cookie', 'a=b'],
      ['referer', `https://acme.example/${secret}?k=${secret}`],
    ],
  }),
  (secret) => ({ headers: [[`x-${secret.toLowerCase()}`, 'a']] }),
  (secret) => ({ url: `https://acme.example/u?whatever=${secret}` }),
  (secret) => ({ url: `https://acme.example/u?${secret}=1` }),
  (secret) => ({ url: `https://acme.example/u?${secret}` }),
  (secret) => ({ url: `https://acme.example/a/${secret}/usage` }),
  (secret) => ({ url: `https://acme.example/a/prefix-${secret}.json` }),
  (secret) => ({ url: `https://${secret.replaceAll(/[^a-z0-9]/gi, 'x')}.acme.example/usage` }),
  (secret) => ({ method: 'POST', body: JSON.stringify({ a: [{ b: secret }] }) }),
  (secret) => ({ method: 'POST', body: JSON.stringify({ [secret]: 1 }) }),
  (secret) => ({ method: 'POST', body: JSON.stringify({ query: `query { org(id: "${secret}") { used } }` }) }),
  (secret) => ({ method: 'POST', body: `a=b&c=${secret}`, headers: [['content-type', 'application/x-www-form-urlencoded']] }),
  (secret) => ({ method: 'POST', body: `a=b&${secret}=c`, headers: [['content-type', 'application/x-www-form-urlencoded']] }),
  (secret) => ({ method: 'POST', body: `<xml>${secret}</xml>`, headers: [['content-type', 'text/xml']] }),
];

test('a secret anywhere in a request is in nothing that is shown', () => {
  fc.assert(
    fc.property(SECRET, fc.constantFrom(...PLACES), (secret, place) => {
      const shown = shownOf(request(place(secret))).toLowerCase();
      return !shown.includes(secret.toLowerCase()) && !shown.includes(secret.slice(0, 12).toLowerCase());
    }),
    { seed: 20_261_130, numRuns: 2_000 },
  );
});

test('a password of any form under a telling name is in nothing that is shown', () => {
  const password = fc
    .string({ minLength: 8, unit: 'grapheme-ascii' })
    .filter((text) => text.trim() === text && !/^[a-z_${}": .[\]]*$/i.test(text));
  fc.assert(
    fc.property(password, (secret) => {
      const shown = shownOf(
        request({ method: 'POST', body: JSON.stringify({ password: secret, note: `x ${secret} y` }), headers: [['x-auth', secret]] }),
      );
      return !shown.includes(secret) && !shown.includes(JSON.stringify(secret).slice(1, -1));
    }),
    { seed: 20_261_130 },
  );
});

test.each([
  ['app.acme.example', 'acme'],
  ['api.eu.acme.co.uk', 'acme'],
  ['acme.example', 'acme'],
  ['localhost', 'localhost'],
  ['10.0.0.1', 'vendor'],
  ['[::1]', 'vendor'],
  ['api.io', 'api'],
  ['7f3b2a109c1d4e5f8a7b.acme.example', 'acme'],
])('the vendor of %s is %s', (host, name) => {
  expect(vendorName(host)).toBe(name);
});

test('parameters and fields with dates are named', () => {
  expect(
    fixedDates({ url: 'https://a.example/u?from=2026-11-01&n=5&to=1793836800', body: { range: ['2026-11-01T00:00:00Z'], b: 'x' } }),
  ).toEqual(['from', 'to', 'range']);
  expect(fixedDates({ url: 'https://a.example/u', body: 'since=2026-11&x=1' })).toEqual(['since']);
});
