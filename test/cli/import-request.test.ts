import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { loadConfig } from '../../src/app/load-config.ts';
import { commandLine } from '../support/cli.ts';
import { json, startVendor } from '../support/vendor.ts';

const DAY_MS = 24 * 60 * 60_000;
const usage = () => ({
  data: {
    plan: { currentPeriodEnd: new Date(Date.now() + 9 * DAY_MS).toISOString() },
    credits: [
      { type: 'EMAIL', used: 812, limit: 5000 },
      { type: 'PHONE', used: '1,614', limit: '10,000' },
    ],
    rateLimit: { limit: 100, remaining: 99 },
  },
});
const FILE = (host: string) =>
  `# mine\nallowHosts: ["${host}"] # own\nsources:\n  - { id: crm,   kind: push, keys: ["\${UNSET_HERE}"] } # odd spaces\n\nroutes: []\n`;

function terminal(file?: string) {
  const cli = commandLine({ dataDir: '/nowhere' });
  if (file !== undefined) cli.write('creditwatch.yml', file);
  return { ...cli, file: () => readFileSync(join(cli.folder, 'creditwatch.yml'), 'utf8') };
}

test('a copied command becomes a source, which is the request that was made', async () => {
  const vendor = await startVendor();
  vendor.on('/graphql?key=abcdefgh', json(usage()));
  const cli = terminal(FILE(vendor.host));
  const input = `curl '${vendor.url}/graphql?key=abcdefgh' \\\n  -H 'accept: */*' \\\n  -H 'authorization: Bearer tok.en' \\\n  -b 'sid=s%3Axyz' \\\n  -H 'sec-fetch-mode: cors' \\\n  --data-raw $'{"operation":"it\\'s"}' \\\n  --compressed`;
  const { code, out, err } = await cli.run(['import', '--curl', '--source', 'acme', '--write'], { input });
  expect([code, err.includes('ACME_KEY_2')]).toEqual([0, true]);
  expect(cli.file()).toBe(FILE(vendor.host).replace('\n\nroutes', `\n${out.replace('sources:\n', '')}\nroutes`));

  const [request] = vendor.seen;
  expect(request).toMatchObject({
    method: 'POST',
    body: `{"operation":"it's"}`,
    headers: { authorization: 'Bearer tok.en', cookie: 'sid=s%3Axyz' },
  });
  expect(parse(out)).toEqual({
    sources: [
      {
        id: 'acme',
        kind: 'http',
        method: 'POST',
        url: `${vendor.url}/graphql?key=\${ACME_KEY_2}`,
        headers: { authorization: 'Bearer ${ACME_KEY}', cookie: '${ACME_COOKIE}', 'content-type': 'application/x-www-form-urlencoded' },
        body: { operation: "it's" },
        periodEnd: 'data.plan.currentPeriodEnd',
        meters: {
          email: { label: 'Acme Email', unit: 'email', used: 'data.credits[type="EMAIL"].used', total: 'data.credits[type="EMAIL"].limit' },
          phone: { label: 'Acme Phone', used: 'data.credits[type="PHONE"].used', total: 'data.credits[type="PHONE"].limit' },
        },
      },
    ],
  });
  for (const figures of ['812 / 5,000', '1,614 / 10,000']) expect(err).toContain(figures);

  // The service reads the file, and its poll finds the same figures.
  const env = { ACME_KEY: 'tok.en', ACME_KEY_2: 'abcdefgh', ACME_COOKIE: 'sid=s%3Axyz', UNSET_HERE: 'x'.repeat(40) };
  const tried = await cli.run(['try', 'acme', '--json'], { env });
  expect(JSON.parse(tried.out)).toMatchObject({
    meters: [
      { meter: 'email', used: 812, total: 5000 },
      { meter: 'phone', used: 1614, total: 10_000 },
    ],
  });

  const again = await cli.run(['import', '--curl', '--source', 'acme', '--write'], { input });
  expect(again).toMatchObject({ code: 1, out: '', err: expect.stringContaining('acme') });
});

test('--json prints the entry, the places of the variables and the figures', async () => {
  const vendor = await startVendor();
  vendor.on('/u', json({ credits: { left: 5, used: 1 } }));
  const cli = terminal(FILE(vendor.host));
  cli.write('command.txt', `curl ${vendor.url}/u -H 'x-api-key: abcdefgh'`);
  const { out, err } = await cli.run(['import', 'command.txt', '--curl', '--json']);
  expect(err).toBe('');
  expect(JSON.parse(out)).toMatchObject({
    source: 'vendor',
    isWritten: false,
    variables: [{ name: 'VENDOR_KEY' }],
    meters: [{ meter: 'credits', used: 1, total: 6, isDoubtful: false }],
  });
  expect(cli.file()).toBe(FILE(vendor.host));
});

test.each<[string, string]>([
  ['/401', '401'],
  ['/html', 'web page'],
  ['/none', 'no figures'],
])('no source is made from the answer at %s, and no value of the request is repeated', async (path, says) => {
  const vendor = await startVendor();
  vendor.on('/401', json({ error: 'key-that-is-secret' }, 401));
  vendor.on('/html', (_request, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>key-that-is-secret'));
  vendor.on('/none', json({ users: 5 }));
  const { code, out, err } = await terminal(FILE(vendor.host)).run(['import', '--curl'], {
    input: `curl ${vendor.url}${path} -H 'x-key: key-that-is-secret'`,
  });
  expect([code, out]).toEqual([1, '']);
  expect(err).toContain(says);
  expect(err).not.toContain('key-that-is-secret');
});

test('the address is checked like that of a poll: no private one, and no key without encryption', async () => {
  const vendor = await startVendor();
  vendor.on('/u', json(usage()));
  for (const url of [`${vendor.url}/u`, 'https://169.254.169.254/u', 'https://[::1]/u', 'https://localhost:9/u'])
    expect(await terminal().run(['import', '--curl'], { input: `curl '${url}' -H 'x-key: abcdefgh'` })).toMatchObject({ code: 1, out: '' });
  expect(vendor.seen).toEqual([]);
});

test('no variable of another source, of the environment or of Creditwatch gets a second use', async () => {
  const vendor = await startVendor();
  vendor.on('/u', json(usage()));
  const mine = `allowHosts: ["${vendor.host}"]\nsources:\n  - { id: prod, kind: http, url: "https://a.example/u", headers: { authorization: "Bearer \${VENDOR_KEY}" }, meters: { a: { used: a } } }\n`;
  const imported = async (args: readonly string[], env: Readonly<Record<string, string>>) => {
    const cli = terminal(mine);
    const { code } = await cli.run(['import', '--curl', '--write', ...args], {
      env,
      input: `curl ${vendor.url}/u -H 'authorization: Bearer key-of-b'`,
    });
    const { sources } = writtenSchema.parse(parse(cli.file()));
    return [code, sources.at(-1)?.headers?.['authorization']];
  };
  expect(await imported([], {})).toEqual([0, 'Bearer ${VENDOR_KEY_2}']);
  expect(await imported([], { VENDOR_KEY: 'key-of-a', VENDOR_KEY_2: 'other' })).toEqual([0, 'Bearer ${VENDOR_KEY_3}']);
  expect(await imported([], { VENDOR_KEY: 'key-of-b' })).toEqual([0, 'Bearer ${VENDOR_KEY}']);
  expect(await imported(['--source', 'ingest'], {})).toEqual([0, 'Bearer ${INGEST_KEY_2}']);
});

test('a part of a secret that is like a placeholder is not repeated', async () => {
  const vendor = await startVendor();
  const { code, out, err } = await terminal(FILE(vendor.host)).run(['import', '--curl'], {
    input: `curl ${vendor.url}/u -H 'cookie: a={{SECRETPART}}'`,
  });
  expect([code, out]).toEqual([1, '']);
  expect(err).toContain('VENDOR_COOKIE');
  expect(err).not.toContain('SECRETPART');
});

const writtenSchema = z.object({ sources: z.array(z.object({ headers: z.record(z.string(), z.string()).optional() })) });

const entry = (url: string, answer: unknown, headers: object = {}) => ({
  startedDateTime: new Date().toISOString(),
  request: { method: 'GET', url, headers: Object.entries(headers).map(([name, value]) => ({ name, value })) },
  response: {
    status: 200,
    headers: [],
    content: { mimeType: 'application/json', text: typeof answer === 'string' ? answer : JSON.stringify(answer) },
  },
});
const harOf = (...entries: readonly object[]) => JSON.stringify({ log: { entries } });

test('a HAR becomes a source without a request; the best answer is taken, and another one by its number', async () => {
  const cli = terminal();
  cli.write(
    'a.har',
    harOf(
      entry('https://app.acme.example/me', { creditsRemaining: 5 }),
      entry('https://app.acme.example/usage', usage(), { 'X-Api-Key': 'abcdefgh' }),
    ),
  );
  const best = await cli.run(['import', '--har', 'a.har']);
  expect(best.code).toBe(0);
  expect(parse(best.out)).toMatchObject({
    sources: [{ id: 'acme', url: 'https://app.acme.example/usage', headers: { 'x-api-key': '${ACME_KEY}' } }],
  });
  expect(best.err).toContain('--pick 2');
  const other = await cli.run(['import', '--har', 'a.har', '--pick', '2', '--write']);
  expect(parse(other.out)).toMatchObject({ sources: [{ url: 'https://app.acme.example/me' }] });
  expect(cli.file()).toBe(other.out);
  for (const pick of ['3', '0', 'x', '1.5'])
    expect(await cli.run(['import', '--har', 'a.har', '--pick', pick])).toMatchObject({ code: 1, out: '' });
});

test.each<[string, readonly string[]]>([
  ['--pick without a HAR', ['--pick', '1', 'page.txt']],
  ['--write without a request', ['--write', 'page.txt']],
  ['two forms', ['--curl', '--har', 'a.har']],
  ['a file and a HAR', ['page.txt', '--har', 'a.har']],
  ['a name with a slash', ['--curl', '--source', 'a/b']],
])('%s is exit 2', async (_what, args) => {
  expect(await terminal().run(['import', ...args])).toMatchObject({ code: 2, out: '' });
});

test('control characters of a hostile HAR reach no terminal', async () => {
  const cli = terminal();
  const answer = {
    credits: [
      { name: 'a\u001B[2J\u0007', used: 1, limit: 2 },
      { name: 'b', used: 1, limit: 2 },
    ],
    email_credits: { used: 3, limit: 4, '\u001B]0;x': 5 },
  };
  cli.write('a.har', harOf(entry('https://acme.example/u\u001B[31m?a=\u009B31m', answer, { 'x-a': '\u001B[31mred' })));
  const { out, err } = await cli.run(['import', '--har', 'a.har']);
  expect((out + err).replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
});

test('a file that cannot be kept valid is not written', async () => {
  const cli = terminal('sources: nothing\n');
  cli.write('a.har', harOf(entry('https://acme.example/u', usage())));
  expect(await cli.run(['import', '--har', 'a.har', '--write'])).toMatchObject({ code: 1 });
  expect(cli.file()).toBe('sources: nothing\n');
});

const shownSchema = z.object({ sources: z.array(z.object({ id: z.string() })) });

test('wherever the secrets are, none is printed or written; the file loads, and its comments stay', async () => {
  const secret = fc.nat().map((nth) => createHash('sha256').update(String(nth)).digest('base64url').slice(0, 32));
  const place = fc.record({
    path: fc.boolean(),
    query: fc.option(fc.constantFrom('k', 'api_key', 'team')),
    header: fc.option(fc.constantFrom('authorization', 'x-token', 'x-team')),
    cookie: fc.boolean(),
    body: fc.option(fc.constantFrom('json', 'form', 'text')),
  });
  await fc.assert(
    fc.asyncProperty(secret, place, async (value, { path, query, header, cookie, body }) => {
      const headers = { ...(header !== null && { [header]: value }), ...(cookie && { cookie: `a=b; sid=${value}` }) };
      const url = `https://app.acme.example/api${path ? `/${value}` : ''}/usage${query === null ? '' : `?${query}=${value}`}`;
      const text = { json: JSON.stringify({ a: { b: [value] } }), form: `a=b&c=${value}`, text: `x ${value}` }[body ?? 'text'];
      const mimeType = body === 'json' ? 'application/json' : body === 'form' ? 'application/x-www-form-urlencoded' : 'text/plain';
      const one = entry(url, usage(), headers);
      const request = body === null ? one.request : { ...one.request, method: 'POST', postData: { mimeType, text } };
      const cli = terminal('# mine\nsources: # all\n  - { id: a,  kind: push } # odd\n');
      cli.write('a.har', harOf({ ...one, request }));
      const { code, out, err } = await cli.run(['import', '--har', 'a.har', '--write']);
      const file = cli.file();
      expect(code, err).toBe(0);
      for (const text of [out, err, file]) expect(text).not.toContain(value);
      expect(file.startsWith('# mine\nsources: # all\n  - { id: a,  kind: push } # odd\n')).toBe(true);
      const names = [...file.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => [name, value] as const);
      expect(loadConfig({ env: Object.fromEntries(names), cwd: cli.folder }).ok).toBe(true);
      expect(shownSchema.parse(parse(file)).sources.map(({ id }) => id)).toEqual(['a', 'acme']);
    }),
    { seed: 20_261_130, numRuns: 15 },
  );
});
