import { describe, expect, test } from 'vitest';
import { loadConfigText } from '../support/config-text.ts';

function polled(text: string, env: Record<string, string> = {}) {
  const config = loadConfigText(text, env);
  if (!config.ok) throw new Error(JSON.stringify(config.error));
  const source = config.value.accounts[0]?.sources.find(({ kind }) => kind === 'http');
  if (source?.kind !== 'http') throw new Error('no polled source');
  return { source, secrets: config.value.sourceSecrets };
}

describe('a mistake in a polled source is named with its line and key', () => {
  test.each<[string, string]>([
    [
      'sources:\n  - id: a\n    kind: http\n    preset: opnrouter',
      'creditwatch.yml:4 sources[0].preset: is not known, did you mean "openrouter"?',
    ],
    [
      'sources: [{ id: a, kind: http, preset: qqqqqq }]',
      'creditwatch.yml:1 sources[0].preset: is not known: npx creditwatch presets lists them',
    ],
    [
      'sources: [{ id: a, kind: http, preset: openrouter }]',
      'creditwatch.yml:1 sources[0]: the preset openrouter needs a management key; a key for completions is refused: add key: "${OPENROUTER_KEY}"',
    ],
    [
      'sources: [{ id: a, kind: http, preset: abmatic }]',
      'creditwatch.yml:1 sources[0]: the preset abmatic needs url: the address of your own endpoint',
    ],
    [
      'sources:\n  - id: a\n    kind: http\n    preset: lusha\n    every: 10s\n    headers: { api_key: x }',
      'creditwatch.yml:5 sources[0].every: is more often than Lusha allows: 12s at the least',
    ],
    [
      'sources:\n  - id: a\n    kind: http\n    url: https://x.example\n    hedaers: { a: b }\n    meters: { x: { used: u } }',
      'creditwatch.yml:5 sources[0].hedaers: unknown key, did you mean "headers"?',
    ],
    [
      'sources:\n  - id: a\n    kind: http\n    url: https://x.example\n    meters:\n      x: { usd: u }',
      'creditwatch.yml:6 sources[0].meters.x.usd: unknown key, did you mean "used"?',
    ],
    [
      'sources: [{ id: a, kind: http, url: "https://x.example", meters: { x: { used: u, total: -1 } } }]',
      'creditwatch.yml:1 sources[0].meters.x.total: must not be negative: null means unlimited',
    ],
    [
      'sources: [{ id: a, kind: http, url: "http://x.example", headers: { x-key: k }, meters: { x: { used: u } } }]',
      'creditwatch.yml:1 sources[0].url: would send a key without encryption: use https://, or allow this host with allowHosts: ["x.example:80"]',
    ],
    [
      'sources: [{ id: a, kind: http, url: "http://x.example/?api_key=abc", meters: { x: { used: u } } }]',
      'creditwatch.yml:1 sources[0].url: would send a key without encryption: use https://, or allow this host with allowHosts: ["x.example:80"]',
    ],
    [
      'sources: [{ id: a, kind: http, url: "ftp://x.example", meters: { x: { used: u } } }]',
      'creditwatch.yml:1 sources[0].url: must be a URL that begins with https:// or http://',
    ],
    [
      'sources: [{ id: a, kind: http, url: "https://me:secret@x.example", meters: { x: { used: u } } }]',
      'creditwatch.yml:1 sources[0].url: must not hold a name and password: put them into headers',
    ],
    [
      'sources: [{ id: a, kind: http, url: "https://x.example", meters: { x: { used: "a.(b" } } }]',
      'creditwatch.yml:1 sources[0].meters.x.used: is not a JSONata expression: Expected ")" before end of expression',
    ],
    [
      'sources: [{ id: a, kind: http, url: "https://x.example", every: 5s, meters: { x: { used: u } } }]',
      'creditwatch.yml:1 sources[0].every: must be a time from 10s to 7d, such as 30s, 15m, 12h or 7d',
    ],
    [
      'sources: [{ id: a, kind: http, url: "https://x.example", every: 15, meters: { x: { used: u } } }]',
      'creditwatch.yml:1 sources[0].every: must be a time from 10s to 7d, such as 30s, 15m, 12h or 7d',
    ],
    [
      'sources: [{ id: a, kind: http, url: "https://x.example", meters: { x: { total: 5 } } }]',
      'creditwatch.yml:1 sources[0].meters.x: must have an expression for used or remaining',
    ],
    [
      'sources: [{ id: a, kind: http, url: "https://x.example" }]',
      'creditwatch.yml:1 sources[0].meters: must name at least one meter, with the expression for used or remaining',
    ],
    [
      'sources: [{ id: a, kind: http, meters: { x: { used: u } } }]',
      'creditwatch.yml:1 sources[0]: must have a url, or a preset (npx creditwatch presets lists them)',
    ],
    [
      'sources: [{ id: a, kind: http, url: "https://x.example", body: { a: 1 }, meters: { x: { used: u } } }]',
      'creditwatch.yml:1 sources[0].body: is not sent with GET: add method: POST',
    ],
    [
      'sources: [{ id: a, kind: http, url: "https://x.example", method: DELETE, meters: { x: { used: u } } }]',
      'creditwatch.yml:1 sources[0].method: must be GET or POST',
    ],
    [
      'sources: [{ id: a, kind: http, url: "https://x.example", headers: { "a b": c }, meters: { x: { used: u } } }]',
      'creditwatch.yml:1 sources[0].headers.a b: is not a name of a header',
    ],
    [
      'sources: [{ id: a, kind: http, url: "https://x.example", headers: { a: "b\\r\\nc: d" }, meters: { x: { used: u } } }]',
      'creditwatch.yml:1 sources[0].headers.a: must be one line of text',
    ],
    [
      'sources: [{ id: a, kind: http, preset: apollo, headers: { x-api-key: "${APOLLO_KEY}" } }]',
      'creditwatch.yml:1 sources[0].headers.x-api-key: ${APOLLO_KEY} is not set: set the environment variable APOLLO_KEY',
    ],
    [
      'sources: [{ id: a, kind: http, url: "https://x.example", meters: { x: { used: -1 } } }]',
      'creditwatch.yml:1 sources[0].meters.x.used: must be from 0 to 9007199254740991',
    ],
    [
      'sources: [{ id: a, kind: http, url: "https://x.example", meters: { x: { used: 1e300 } } }]',
      'creditwatch.yml:1 sources[0].meters.x.used: must be from 0 to 9007199254740991',
    ],
    ['allowHosts: ["vendor.internal:99999"]', 'creditwatch.yml:1 allowHosts[0]: must be a host and its port, such as vendor.internal:8443'],
    ['allowHosts: [vendor.internal]', 'creditwatch.yml:1 allowHosts[0]: must be a host and its port, such as vendor.internal:8443'],
    ['rules: [{ kind: stale, after: soon }]', 'creditwatch.yml:1 rules[0].after: must be a time from 1m to 90d, such as 15m, 12h or 7d'],
    [
      'accounts:\n  north:\n    sources:\n      - { id: a, kind: http, preset: opnrouter }',
      'creditwatch.yml:4 accounts.north.sources[0].preset: is not known, did you mean "openrouter"?',
    ],
  ])('%j', (text, expected) => {
    const config = loadConfigText(text);
    expect(config.ok ? [] : config.error.map(({ where, message }) => `${where}: ${message}`)).toContain(expected);
  });
});

describe('a polled source', () => {
  test('is its preset, with what stands beside it laid over', () => {
    const file =
      'sources: [{ id: or, kind: http, preset: openrouter, url: "https://proxy.example/or", every: 1h, headers: { Authorization: "Bearer ${OR_KEY}", x-team: "7" }, meters: { credits: { label: Model money, total: 500 } } }]';
    const { source } = polled(file, { OR_KEY: 'sk-or-1234567890' });
    expect(source.meters).toEqual({ credits: { label: 'Model money', unit: 'USD', decimals: 2, consequence: expect.any(String) } });
    expect(source.poll).toMatchObject({
      everyMs: 3_600_000,
      method: 'GET',
      url: 'https://proxy.example/or',
      body: null,
      keyVariables: ['OR_KEY'],
      headers: { accept: 'application/json', authorization: 'Bearer sk-or-1234567890', 'x-team': '7' },
      meters: [{ key: 'credits', used: { expression: 'data.total_usage' }, total: { constant: 500 } }],
    });
  });

  test("of a preset needs no key where it is asked at an address of one's own", () => {
    expect(polled('sources: [{ id: or, kind: http, preset: openrouter, url: "https://proxy.example/or" }]').source.poll.url).toBe(
      'https://proxy.example/or',
    );
  });

  test('takes constants, null as unlimited, a unit that the vendor tells, and times for one meter or all', () => {
    const { source } = polled(
      'sources: [{ id: a, kind: http, url: "https://x.example", periodEnd: e, meters: { x: { used: u, total: 5, unit: { from: c } }, y: { remaining: r, total: null, periodEnd: own, unit: calls } } }]',
    );
    expect(source.poll.meters).toMatchObject([
      { key: 'x', total: { constant: 5 }, unit: 'c', periodEnd: 'e' },
      { key: 'y', remaining: { expression: 'r' }, total: { constant: null }, unit: null, periodEnd: 'own' },
    ]);
    expect(source.meters).toEqual({ x: {}, y: { unit: 'calls' } });
  });

  test('sends keys of the file as JSON, and text as it stands', () => {
    const body = (written: string) =>
      polled(`sources: [{ id: a, kind: http, method: POST, url: "https://x.example", body: ${written}, meters: { x: { used: u } } }]`)
        .source.poll;
    expect(body('{ team: 7 }')).toMatchObject({ body: '{"team":7}', headers: { 'content-type': 'application/json' } });
    expect(body('"team=7"').body).toBe('team=7');
  });

  test('has its secrets named for the log to leave out: variables in headers, address and body, and what headers hold', () => {
    const file =
      'sources: [{ id: a, kind: http, method: POST, url: "https://x.example/?key=${URL_KEY}", headers: { authorization: "Bearer literal-token" }, body: { key: "${BODY_KEY}" }, meters: { x: { label: "${NAME}", used: u } } }]';
    const { secrets } = polled(file, { URL_KEY: 'in-the-url', BODY_KEY: 'in-the-body', NAME: 'a name' });
    expect([...secrets].sort()).toEqual(['Bearer literal-token', 'in-the-body', 'in-the-url', 'literal-token']);
    // Written out where a name says what it is.
    const written = (body: string) =>
      polled(
        `sources: [{ id: a, kind: http, method: POST, url: "https://x.example/?api_key=literal-key&month=november", body: ${body}, meters: { x: { used: u } } }]`,
      ).secrets;
    expect(written('{ query: usage, variables: { accessToken: deep-down } }')).toEqual(['literal-key', 'deep-down']);
    expect(written('"client_secret=of%20a%20form&team=growth"')).toEqual(['literal-key', 'of a form']);
  });
});

test.each([
  [
    'without a key',
    'sources: [{ id: a, kind: http, url: "http://x.example", headers: { accept: text/json }, meters: { x: { used: u } } }]',
  ],
  [
    'with a key, where it is allowed by name',
    'allowHosts: ["x.example:8080"]\nsources: [{ id: a, kind: http, url: "http://x.example:8080", headers: { x-key: k }, meters: { x: { used: u } } }]',
  ],
])('http is asked %s', (_how, text) => {
  expect(polled(text).source.poll.url).toMatch(/^http:/);
});

describe('a total that the vendor does not tell', () => {
  const meter = (written: string) => `sources: [{ id: a, kind: http, url: "https://x.example", meters: { x: { ${written} } } }]`;

  test.each([
    ['used: u, budget: 500', 500],
    ['remaining: r, lastTopUp: 5000', 5000],
    ['remaining: r, total: 7', 7],
  ])('is stated by %s', (written, expected) => {
    expect(polled(meter(written)).source.poll.meters).toMatchObject([{ total: { constant: expected } }]);
  });

  test.each([
    ['used: u, budget: 5, total: 5', 'budget: cannot be together with total or lastTopUp'],
    ['remaining: r, lastTopUp: 5, total: 5', 'lastTopUp: cannot be together with total'],
    ['remaining: r, budget: 5', 'budget: is for a meter with used: this one has remaining, so write lastTopUp'],
    ['used: u, lastTopUp: 5', 'lastTopUp: is for a meter with remaining: this one has used, so write budget'],
    ['used: u, budget: -5', 'budget: must not be negative: null means unlimited'],
  ])('%s is a mistake', (written, expected) => {
    const config = loadConfigText(meter(written));
    expect(config.ok ? [] : config.error.map(({ where, message }) => `${where}: ${message}`)).toEqual([
      `creditwatch.yml:1 sources[0].meters.x.${expected}`,
    ]);
  });

  test('does not make -1 of a preset an overdraft', () => {
    const { source } = polled('sources: [{ id: d, kind: http, preset: deepseek, key: k, meters: { balance: { lastTopUp: 50 } } }]');
    expect(source.poll.meters.find(({ key }) => key === 'balance')).toMatchObject({ mistakes: 'below-zero', total: { constant: 50 } });
  });
});
