import { verify } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { afterAll, describe, expect, test } from 'vitest';
import { loadConfigText } from '../../support/config-text.ts';
import { rsaKey } from '../../support/rsa-key.ts';
import { json, startVendor, type Vendor } from '../../support/vendor.ts';
import { createEvaluator } from '../../../src/sources/http/evaluator.ts';
import { pollOnce } from '../../../src/sources/http/poll-once.ts';
import type { TokenCache } from '../../../src/sources/http/conversation.ts';

const NOW = new Date('2026-11-30T12:00:00Z');
const evaluator = createEvaluator({ jobWithinMs: 30_000, mostProcesses: 1 });
afterAll(() => evaluator.close());

/** Polls a source as creditwatch.yml writes it. `HERE` in it is the vendor's URL. */
async function poll(
  vendor: Vendor,
  written: string,
  tokens?: TokenCache,
  alsoAllowed: readonly string[] = [],
  onSecret?: (secret: string) => void,
) {
  const source = written.replaceAll('HERE', vendor.url);
  const config = loadConfigText(
    `allowHosts: ${JSON.stringify([vendor.host, ...alsoAllowed])}\nsources: [{ id: acme, kind: http, ${source} }]`,
    {
      ACME_KEY: 'key-of-the-tests',
    },
  );
  if (!config.ok) throw new Error(JSON.stringify(config.error));
  const [found] = config.value.accounts[0]?.sources ?? [];
  if (found?.kind !== 'http') throw new Error('no polled source');
  const outcome = await pollOnce('acme', found.poll, {
    evaluator,
    now: () => NOW,
    signal: new AbortController().signal,
    ...(tokens && { tokens }),
    ...(onSecret && { onSecret }),
  });
  const figures = outcome.outcome === 'understood' ? outcome.readings : [];
  return { outcome, figures, problem: outcome.problem, secrets: config.value.sourceSecrets };
}

const METERS = 'meters: { credits: { used: used, total: total } }';
const text =
  (body: string, status = 200): RequestListener =>
  (_request, response) =>
    void response.writeHead(status, { 'content-type': 'text/plain' }).end(body);

test.each([
  ['', 'its answer has no content'],
  ['[]', 'its answer is an empty list'],
  ['{"rows":[]}', 'the list rows in its answer is empty'],
  ['{"rows":[],"used":"many"}', 'used of credits: the expression used found "many", which is not a number'],
])('an answer of %j is %s', async (body, reason) => {
  const vendor = await startVendor();
  vendor.on('/usage', text(body));
  const { problem, figures } = await poll(vendor, 'url: "HERE/usage", meters: { credits: { used: used } }');
  expect(figures).toEqual([]);
  expect(problem?.reason).toBe(reason);
});

describe('the key and the values of the operator', () => {
  test.each<[string, string, string]>([
    ['in the query', 'url: "HERE/usage?api_key={{key}}", key: "${ACME_KEY}"', '/usage?api_key=key-of-the-tests'],
    ['in the path', 'url: "HERE/{{key}}/usage", key: "${ACME_KEY}"', '/key-of-the-tests/usage'],
    ['beside a value', 'url: "HERE/orgs/{{org}}/usage?k={{key}}", key: k, values: { org: a b }', '/orgs/a%20b/usage?k=k'],
    ['and a date', 'url: "HERE/usage/{{monthStart:yyyy-MM}}?to={{now:unix}}"', '/usage/2026-11?to=1796040000'],
  ])('go %s', async (_where, written, path) => {
    const vendor = await startVendor();
    vendor.on(path, json({ used: 3, total: 10 }));
    const { figures, problem, secrets } = await poll(vendor, `${written}, ${METERS}`);
    expect(problem).toBeNull();
    expect(figures).toMatchObject([{ meter: 'credits', used: 3, total: 10 }]);
    if (written.includes('ACME_KEY')) expect(secrets).toContain('key-of-the-tests');
  });

  test('ask for the period of the source, which is then the one of the meter', async () => {
    const vendor = await startVendor();
    vendor.on('/usage?from=2026-11-15', json({ used: 3 }));
    const source = 'url: "HERE/usage?from={{periodStart:date}}", period: { every: month, day: 15 }';
    const { figures } = await poll(
      vendor,
      `${source}, periodStart: $periodStart, periodEnd: $periodEnd, meters: { credits: { used: used } }`,
    );
    expect(figures).toMatchObject([{ used: 3, period: { start: '2026-11-15T00:00:00.000Z', end: '2026-12-15T00:00:00.000Z' } }]);
  });

  test('go into a JSON body and into a form', async () => {
    const vendor = await startVendor();
    vendor.on('/', json({ used: 3, total: 10 }));
    await poll(vendor, `url: "HERE/", method: POST, key: 'a"b', body: { service_key: "{{key}}", since: "{{today:ms}}" }, ${METERS}`);
    await poll(vendor, `url: "HERE/", key: "a&b", form: { api_key: "{{key}}", kind: usage }, ${METERS}`);
    expect(vendor.seen.map(({ method, body, headers }) => [method, headers['content-type'], body])).toEqual([
      ['POST', 'application/json', '{"service_key":"a\\"b","since":1795996800000}'],
      ['POST', 'application/x-www-form-urlencoded', 'api_key=a%26b&kind=usage'],
    ]);
  });

  test('are sent as user and password', async () => {
    const vendor = await startVendor();
    vendor.on('/', json({ used: 3, total: 10 }));
    const { secrets } = await poll(vendor, `url: "HERE/", key: "\${ACME_KEY}", basic: { user: "{{key}}" }, ${METERS}`);
    const sent = vendor.seen[0]?.headers.authorization ?? '';
    expect(Buffer.from(sent.replace('Basic ', ''), 'base64').toString()).toBe('key-of-the-tests:');
    expect(secrets).toContain(sent.replace('Basic ', ''));
  });
});

describe('a token', () => {
  const SOURCE = `url: "HERE/usage", headers: { authorization: "Bearer {{token}}" }, key: "\${ACME_KEY}", token: { url: "HERE/token", form: { grant_type: client_credentials, client_secret: "{{key}}" } }, ${METERS}`;

  async function vendorWithTokens() {
    const vendor = await startVendor();
    const valid = new Set<string>();
    let made = 0;
    vendor.on('/token', (request, response) => {
      made += 1;
      const token = `token-${String(made)}`;
      valid.add(`Bearer ${token}`);
      json({ access_token: token, expires_in: 3600 })(request, response);
    });
    vendor.on('/usage', (request, response) =>
      (valid.has(request.headers.authorization ?? '') ? json({ used: 3, total: 10 }) : json({}, 401))(request, response),
    );
    return { vendor, valid, made: () => made };
  }

  function cache(): TokenCache & { readonly saved: [string, Date][] } {
    const saved: [string, Date][] = [];
    return { saved, read: async () => saved.at(-1)?.[0] ?? null, save: async (token, until) => void saved.push([token, until]) };
  }

  test('is requested once, kept until a minute before it expires, and requested anew when the vendor ends it early', async () => {
    const { vendor, valid, made } = await vendorWithTokens();
    const tokens = cache();
    for (let count = 0; count < 3; count += 1) expect((await poll(vendor, SOURCE, tokens)).problem).toBeNull();
    expect(made()).toBe(1);
    expect(tokens.saved).toEqual([['token-1', new Date('2026-11-30T12:59:00Z')]]);
    expect(vendor.seen[0]).toMatchObject({ path: '/token', body: 'grant_type=client_credentials&client_secret=key-of-the-tests' });
    valid.clear();
    expect((await poll(vendor, SOURCE, tokens)).figures).toMatchObject([{ used: 3 }]);
    expect(made()).toBe(2);
  });

  test.each<[string, RequestListener, RegExp]>([
    ['is refused', json({ error: 'invalid_client' }, 401), /^request token: 401: the key was refused/],
    ['is missing', json({ token_type: 'bearer' }), /^request token: its answer has no token: access_token found nothing/],
    ['has a line break', json({ access_token: 'a\nb' }), /^request token: its answer has no token/],
    ['is a web page', text('<html>Sign in</html>'), /^request token: it answered with a web page/],
  ])('that %s is named as the problem, and nothing else is asked', async (_about, answer, reason) => {
    const { vendor } = await vendorWithTokens();
    vendor.on('/token', answer);
    const { problem, figures } = await poll(vendor, SOURCE);
    expect(figures).toEqual([]);
    expect(problem?.reason).toMatch(reason);
    expect(vendor.seen.map(({ path }) => path)).toEqual(['/token']);
  });

  test('is requested once more if the key is refused, and then told', async () => {
    const { vendor, made } = await vendorWithTokens();
    vendor.on('/usage', json({}, 401));
    const tokens = cache();
    await tokens.save('old', NOW);
    expect((await poll(vendor, SOURCE, tokens)).problem?.reason).toBe('401: the key was refused');
    expect(made()).toBe(1);
    expect(vendor.seen).toHaveLength(3);
  });

  test('is given for a signed assertion', async () => {
    const { publicKey, privateKey } = rsaKey('customer');
    const { vendor } = await vendorWithTokens();
    const pem = JSON.stringify(privateKey.export({ type: 'pkcs1', format: 'pem' }));
    const written = `url: "HERE/usage", headers: { authorization: "Bearer {{token}}" }, values: { user: u1 }, key: ${pem}, token: { url: "HERE/token", form: { assertion: "{{jwt}}" }, jwt: { claims: { iss: app, sub: "{{user}}" } } }, ${METERS}`;
    const { problem, secrets } = await poll(vendor, written);
    expect(problem).toBeNull();
    const [header = '', claims = '', signature = ''] = (vendor.seen[0]?.body ?? '').replace('assertion=', '').split('.');
    expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual({ alg: 'RS256', typ: 'JWT' });
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toEqual({ iss: 'app', sub: 'u1', iat: 1796040000, exp: 1796040600 });
    expect(verify('sha256', Buffer.from(`${header}.${claims}`), publicKey, Buffer.from(signature, 'base64url'))).toBe(true);
    expect(secrets.some((secret) => secret.includes('PRIVATE KEY'))).toBe(true);
    expect((await poll(vendor, written.replace(pem, 'not-a-key'))).problem?.reason).toBe('request token: the key cannot sign the request');
  });
});

describe('several requests', () => {
  test('give each other values, and expressions see their answers', async () => {
    const vendor = await startVendor();
    vendor.on('/me', json({ team: { id: 17 } }));
    vendor.on('/limit', json({ cents: 50_000 }));
    vendor.on('/teams/17', json({ spent: '120.50' }));
    const { figures } = await poll(
      vendor,
      'requests: { me: { url: "HERE/me", values: { teamId: team.id } }, limit: { url: "HERE/limit" } }, url: "HERE/teams/{{teamId}}", meters: { spend: { used: spent, total: "$limit.cents / 100", unit: USD, decimals: 2 } }',
    );
    expect(figures).toMatchObject([{ meter: 'spend', used: '120.50', total: 500 }]);
  });

  test.each<[string, RequestListener, string]>([
    ['fails', json({}, 403), 'request me: 403: the key may not read this'],
    ['has no such value', json({ team: null }), 'request me: its answer has no teamId: team.id found nothing that can be sent'],
    ['would leave the path', json({ team: { id: '..' } }), 'request me: its answer has no teamId: team.id found nothing that can be sent'],
    ['is no JSON', text('oops'), 'request me: the answer is not JSON'],
  ])('stop where one %s', async (_about, answer, reason) => {
    const vendor = await startVendor();
    vendor.on('/me', answer);
    const { problem } = await poll(
      vendor,
      `requests: { me: { url: "HERE/me", values: { teamId: team.id } } }, url: "HERE/teams/{{teamId}}", ${METERS}`,
    );
    expect(problem?.reason).toBe(reason);
    expect(vendor.seen).toHaveLength(1);
  });

  const ITEMS = `requests: { projects: { url: "HERE/projects" } }, items: { of: projects.id, most: 3 }, url: "HERE/projects/{{item}}", meters: { spend: { used: "$sum(spent)", total: 100 } }`;

  test.each<[string, unknown, readonly unknown[]]>([
    ['three', [{ id: 'a' }, { id: 'b' }, { id: 3 }], [{ meter: 'spend', used: 6 }]],
    ['one', [{ id: 'b' }], [{ meter: 'spend', used: 2 }]],
  ])('are made for each of %s items, and added up', async (_about, projects, expected) => {
    const vendor = await startVendor();
    vendor.on('/projects', json({ projects }));
    for (const [index, id] of ['a', 'b', '3'].entries()) vendor.on(`/projects/${id}`, json({ spent: index + 1 }));
    expect((await poll(vendor, ITEMS)).figures).toMatchObject(expected);
  });

  test.each<[string, unknown, string]>([
    [
      'more than allowed',
      ['a', 'b', '3', 'd'].map((id) => ({ id })),
      'there are more than 3 items, and the figures of some of them would be wrong',
    ],
    ['one that fails', [{ id: 'a' }, { id: 'gone' }], '404: there is nothing at this URL'],
    ['none at all', [], 'request projects: its answer has no item: projects.id found nothing that can be sent'],
    ['no names', [{ id: { a: 1 } }], 'request projects: its answer has no item: projects.id found nothing that can be sent'],
  ])('are a mistake with %s, because a part of a sum is wrong', async (_about, projects, reason) => {
    const vendor = await startVendor();
    vendor.on('/projects', json({ projects }));
    for (const id of ['a', 'b', '3', 'd']) vendor.on(`/projects/${id}`, json({ spent: 1 }));
    const { problem, figures } = await poll(vendor, ITEMS);
    expect(figures).toEqual([]);
    expect(problem?.reason).toBe(reason);
  });

  const PAGES = `pages: { next: next, most: 3 }, url: "HERE/spend?limit=2&cursor={{page}}", meters: { spend: { used: "$sum(rows.spent)", total: 100 } }`;

  test.each<[string, (vendor: Vendor) => string]>([
    ['a cursor', () => 'c 2'],
    ['an address', ({ url }) => `${url}/spend?limit=2&cursor=c%202`],
    ['a path', () => '/spend?limit=2&cursor=c%202'],
  ])('follow pages by %s', async (_about, next) => {
    const vendor = await startVendor();
    vendor.on('/spend?limit=2', json({ rows: [{ spent: 1 }, { spent: 2 }], next: next(vendor) }));
    vendor.on('/spend?limit=2&cursor=c%202', json({ rows: [{ spent: 3 }], next: null }));
    expect((await poll(vendor, PAGES)).figures).toMatchObject([{ used: 6 }]);
  });

  test('count pages of which the answer tells only how many there are', async () => {
    const vendor = await startVendor();
    vendor.on('/spend', json({ rows: [{ spent: 1 }], total_pages: 3 }));
    const counted = 'pages: { next: "$page < total_pages ? $page + 1", first: 1 }';
    const { figures } = await poll(
      vendor,
      `url: "HERE/spend", method: POST, headers: { content-type: application/json }, body: '{"page":{{page}}}', ${counted}, meters: { spend: { used: "$sum(rows.spent)" } }`,
    );
    expect(vendor.seen.map(({ body }) => body)).toEqual(['{"page":1}', '{"page":2}', '{"page":3}']);
    expect(figures).toMatchObject([{ used: 3 }]);
  });

  test('do not follow pages for ever, nor to another host', async () => {
    const vendor = await startVendor();
    for (const page of [1, 2, 3, 4])
      vendor.on(`/spend?limit=2${page === 1 ? '' : `&cursor=${String(page)}`}`, json({ rows: [], next: page + 1 }));
    expect((await poll(vendor, PAGES)).problem?.reason).toMatch(/^there are more than 3 pages/);
    expect(vendor.seen).toHaveLength(3);
    vendor.on('/spend?limit=2', json({ rows: [], next: 'https://elsewhere.example/spend' }));
    expect((await poll(vendor, PAGES)).problem?.reason).toBe('the next page is at another host, where the key is not sent');
  });
});

describe('an answer', () => {
  test.each<[string, RequestListener, string, object]>([
    [
      'of plain text',
      text('412,300\n'),
      'answer: text, meters: { units: { remaining: "$number($replace($, \\",\\", \\"\\"))" } }',
      { remaining: 412_300 },
    ],
    ['that is a number', json(412), 'meters: { units: { remaining: "$" } }', { remaining: 412 }],
    ['of lines', text('{"cost":1}\n\n{"cost":2.5}\n'), 'answer: lines, meters: { spend: { used: "$sum(cost)", total: 9 } }', { used: 3.5 }],
    [
      'with a status that tells figures',
      json({ left: 7 }, 400),
      'acceptStatus: [400], meters: { credits: { remaining: left, total: 9 } }',
      { remaining: 7 },
    ],
    [
      'of more than 1 MiB',
      json({ used: 1, filler: 'x'.repeat(2 * 1024 * 1024) }),
      'answerMiB: 4, meters: { credits: { used: used, total: 9 } }',
      { used: 1 },
    ],
  ])('%s is understood', async (_about, answer, written, expected) => {
    const vendor = await startVendor();
    vendor.on('/', answer);
    expect((await poll(vendor, `url: "HERE/", ${written}`)).figures).toMatchObject([expected]);
  });

  test('that is a web page is no text', async () => {
    const vendor = await startVendor();
    vendor.on('/', text('<!doctype html><p>1,000 credits'));
    const { problem } = await poll(vendor, 'url: "HERE/", answer: text, meters: { units: { remaining: "$number($)" } }');
    expect(problem?.reason).toMatch(/^it answered with a web page/);
  });
});

describe('a mistake in the requests is named with its key', () => {
  const METER = 'meters: { x: { used: u } }';
  test.each<[string, string]>([
    ['url: "https://x.example/{{team}}"', 'url: {{team}} is not known: write it under values'],
    ['url: "https://x.example/{{tean}}", values: { team: a }', 'url: {{tean}} is not known: write it under values, or use {{team}}'],
    ['url: "https://x.example/{{my team}}"', 'url: has {{ that begins no placeholder: a placeholder is {{name}}, without spaces in it'],
    ['url: "https://x.example", values: { team: a }', 'values.team: is not used: {{team}} is in no request'],
    ['url: "https://x.example", values: { now: a }', 'values.now: has a meaning of its own: choose another name'],
    ['url: "https://x.example/{{team}}/x", values: { team: ".." }', 'url: must not have . or .. in its path'],
    [
      'url: "https://{{host}}/x", values: { host: "https://a.example/b" }',
      'url: has no host with these values: a host is written like example.my.vendor.com',
    ],
    [
      'url: "https://{{host}}/x", values: { host: "a.example@b.example" }',
      'url: has no host with these values: a host is written like example.my.vendor.com',
    ],
    [
      'url: "https://{{host}}/x", requests: { me: { url: "https://x.example", values: { host: h } } }',
      'url: must have its host written out, or as a value under values',
    ],
    [
      'url: "https://x.example", key: k',
      'key: is not used: write {{key}} where it goes, such as headers: { authorization: "Bearer {{key}}" }',
    ],
    [
      'url: "https://x.example", basic: { user: u }, headers: { Authorization: t }',
      'basic: is the header authorization already: leave one of them out',
    ],
    [
      'url: "https://x.example", basic: { user: u, password: "{{token}}" }, token: { url: "https://x.example" }',
      'basic.password: cannot have {{token}}, which changes between requests: only {{key}} and values of the source can be in it',
    ],
    [
      'url: "https://x.example", basic: { user: "{{monthStart}}" }',
      'basic.user: cannot have {{monthStart}}, which changes between requests: only {{key}} and values of the source can be in it',
    ],
    [
      'url: "https://x.example/{{item}}", items: { of: a }, requests: { a: { url: "https://x.example", values: { session: s } } }, basic: { user: "{{session}}", password: "{{item}}" }',
      'basic.user: cannot have {{session}}, which changes between requests: only {{key}} and values of the source can be in it',
    ],
    ['url: "https://x.example", method: POST, body: { a: 1 }, form: { a: b }', 'form: cannot be together with body'],
    ['url: "https://x.example", method: GET, form: { a: b }', 'form: is not sent with GET: add method: POST'],
    ['url: "https://x.example/{{item}}", items: { of: a }', 'items: needs a request before it, under requests, whose answer has the list'],
    [
      'url: "https://x.example", requests: { a: { url: "https://x.example" } }, items: { of: a }',
      'items: is not used: write {{item}} where each item goes in the url or the body',
    ],
    [
      'url: "https://x.example", token: { url: "https://x.example", form: { a: "{{nobody}}" } }',
      'token.body: {{nobody}} is not known: write it under values',
    ],
    ['url: "https://x.example", acceptStatus: [200]', 'acceptStatus[0]: must be 300 or more'],
    ['preset: no-vendor-at-all', 'preset: is not known: npx creditwatch presets lists them'],
    [
      'url: "http://x.example", token: { url: "http://t.example", basic: { user: a, password: secret-word } }',
      'url: would send a key without encryption: use https://, or allow this host with allowHosts: ["t.example:80"]',
    ],
  ])('%s', (written, expected) => {
    const config = loadConfigText(`sources: [{ id: acme, kind: http, ${written}, ${METER} }]`, {});
    const problems = config.ok ? [] : config.error.map(({ where, message }) => `${where}: ${message}`);
    expect(problems).toContain(`creditwatch.yml:1 sources[0].${expected}`);
  });
});

test('more left than the stated total is taken for the total, with a note, because credits were bought meanwhile', async () => {
  const vendor = await startVendor();
  vendor.on('/', json({ left: 9000 }));
  const { figures, outcome } = await poll(vendor, 'url: "HERE/", meters: { credits: { remaining: left, lastTopUp: 5000 } }');
  expect(figures).toEqual([{ meter: 'credits', remaining: 9000, observedAt: NOW.toISOString() }]);
  expect(outcome.notes).toEqual([
    'total of credits: the constant is less than the 9000 that are left, so it does not count: raise it in creditwatch.yml',
  ]);
  vendor.on('/', json({ left: 5000 }));
  expect((await poll(vendor, 'url: "HERE/", meters: { credits: { remaining: left, lastTopUp: 5000 } }')).figures).toMatchObject([
    { remaining: 5000, total: 5000 },
  ]);
});

describe('a hostile or careless vendor', () => {
  const KEYED = 'headers: { authorization: "Bearer {{key}}" }, key: "${ACME_KEY}"';
  const PAGES = `${KEYED}, pages: { next: next, most: 5 }, url: "HERE/p1?at={{page}}", meters: { spend: { used: "$sum(n)", total: 100 } }`;

  test('that redirects does not get the key for its next page', async () => {
    const [vendor, evil] = [await startVendor(), await startVendor()];
    vendor.on('/p1', (_request, response) => void response.writeHead(302, { location: `${evil.url}/p1` }).end());
    evil.on('/p1', json({ n: 1, next: '/p2' }));
    evil.on('/p2', json({ n: 1, next: null }));
    const { problem } = await poll(vendor, PAGES, undefined, [evil.host]);
    expect(problem?.reason).toBe('the next page is at another host, where the key is not sent');
    expect(evil.seen.map(({ path, headers }) => [path, headers.authorization])).toEqual([['/p1', undefined]]);
  });

  test.each<[string, unknown, RegExp]>([
    ['a group', { cursor: 'x' }, /^its answer has no page: next found nothing that can be sent$/],
    ['a list', ['x', 'y'], /^its answer has no page/],
    ['a broken character', '\ud800', /^its answer has no page/],
    ['a way out of the path', '..', /^its answer has no page/],
    ['the page before', '/p1', /^the next page is one that was asked for already$/],
  ])('whose next page is %s gives no partial sum', async (_about, next, reason) => {
    const vendor = await startVendor();
    vendor.on('/p1', json({ n: 10, next }));
    vendor.on('/p1?at=x', json({ n: 10, next: null }));
    const { problem, figures } = await poll(vendor, PAGES);
    expect(figures).toEqual([]);
    expect(problem?.reason).toMatch(reason);
  });

  test('is not asked for the same page again where no request has {{page}}', async () => {
    const vendor = await startVendor();
    vendor.on('/', json({ n: 10, pages: 3 }));
    const { problem } = await poll(
      vendor,
      'url: "HERE/", pages: { next: "$page < pages ? $page + 1", first: 1 }, meters: { x: { used: "$sum(n)" } }',
    );
    expect(problem?.reason).toBe('the next page is one that was asked for already');
  });

  test('that writes placeholders into the address of the next page gets no token for them', async () => {
    const vendor = await startVendor();
    vendor.on('/p1', json({ n: 1, next: '/p2?x={{key}}&y={{now}}' }));
    vendor.on('/p2?x=%7B%7Bkey%7D%7D&y=%7B%7Bnow%7D%7D', json({ n: 2, next: null }));
    expect((await poll(vendor, PAGES)).figures).toMatchObject([{ used: 3 }]);
  });

  test('whose list is gone gives no zero', async () => {
    const vendor = await startVendor();
    const written =
      'requests: { teams: { url: "HERE/teams" } }, items: { of: teams.id }, url: "HERE/teams/{{item}}", meters: { x: { used: "$sum([$.n])" } }';
    for (const answer of [{ groups: [] }, { teams: null }, {}, { error: 'maintenance' }]) {
      vendor.on('/teams', json(answer));
      expect((await poll(vendor, written)).figures).toEqual([]);
    }
  });

  test('cannot fill the memory with many answers that are small on the wire', async () => {
    const vendor = await startVendor();
    for (const page of ['/p1', '/p1?at=2', '/p1?at=3'])
      vendor.on(page, json({ n: 1, next: 2 + Number(page.at(-1) === '2'), filler: 'x'.repeat(3_500_000) }));
    const { problem } = await poll(vendor, `${PAGES}, answerMiB: 4`);
    expect(problem?.reason).toBe('all answers together are larger than 8 MiB');
  });

  test('that repeats the key is not quoted, and an infinite total is not unlimited', async () => {
    const vendor = await startVendor();
    vendor.on('/', json({ used: 'Invalid credential key-of-the-tests', total: 5 }));
    const { problem } = await poll(vendor, `url: "HERE/", ${KEYED}, ${METERS}`);
    expect(problem?.reason).toBe('used of credits: the expression used found a text of 35 characters, which is not a number');
    vendor.on('/', text('{"used":1,"total":1e999}'));
    expect((await poll(vendor, `url: "HERE/", ${METERS}`)).figures).toEqual([]);
  });

  test('hears no secret in what is shown: values, passwords, cookies, tokens and values of its answers are known', async () => {
    const vendor = await startVendor();
    vendor.on('/token', json({ access_token: 'opaque-token-1' }));
    vendor.on('/login', json({ session: 'session-of-42' }));
    vendor.on('/', json({ used: 1, total: 2 }));
    const heard: string[] = [];
    const { secrets } = await poll(
      vendor,
      'url: "HERE/", values: { v: "${ACME_KEY}" }, basic: { user: "{{v}}", password: pass-word-1 }, token: { url: "HERE/token", headers: { x: "{{v}}" } }, requests: { login: { url: "HERE/login", headers: { cookie: "a=1; sid=cookie-value", x: "{{token}}" }, values: { s: session } } }, ' +
        METERS,
      undefined,
      [],
      (secret) => heard.push(secret),
    );
    expect(secrets).toEqual(expect.arrayContaining(['key-of-the-tests', 'pass-word-1', 'cookie-value']));
    expect(heard).toEqual(['opaque-token-1', 'session-of-42']);
  });
});
