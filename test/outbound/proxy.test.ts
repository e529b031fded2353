import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { once } from 'node:events';
import { connect, createServer as createTcpServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { z } from 'zod';
import { request } from '../../src/outbound/http-client.ts';
import { proxyFor, useProxies } from '../../src/outbound/proxy.ts';
import { fetchAnswer } from '../../src/sources/http/fetch.ts';
import { dataFolder, startApp, startProcess } from '../support/app.ts';
import { commandLine } from '../support/cli.ts';
import { createTokenCheck } from '../../src/teams/auth/bot-framework.ts';
import { createDatabase, runSql } from '../support/database.ts';
import { startProxy } from '../support/proxy.ts';
import { readingNow } from '../support/readings.ts';
import { certificates } from '../support/servers.ts';
import { connectedSlack } from '../support/slack/connected.ts';
import { typeCommand } from '../support/slack/hand-over.ts';
import { signedBy, startFakeMicrosoft } from '../support/teams/fake-microsoft.ts';
import { pollDefinition } from '../support/polling.ts';

const ROUTE = 'routes:\n  - { slack: C0ALERTS, meters: all }\n';

test.each([
  ['https://slack.com/api/', '', true],
  ['https://slack.com/api/', '*', false],
  ['https://slack.com/api/', 'slack.com', false],
  ['https://api.slack.com/', 'slack.com', false],
  ['https://api.slack.com/', '.slack.com', false],
  ['https://api.slack.com/', '*.slack.com', false],
  ['https://notslack.com/', 'slack.com', true],
  ['https://slack.com/', 'slack.com:443', false],
  ['https://slack.com/', 'slack.com:8443', true],
  ['https://SLACK.com./', 'Slack.Com', false],
  ['http://10.1.2.3/', 'localhost, 10.0.0.0/8', false],
  ['http://11.1.2.3/', 'localhost, 10.0.0.0/8', true],
  ['http://10.1.2.3:8080/', '10.1.2.3:8080', false],
  ['http://[::1]:3000/', '::1', false],
  ['wss://wss.slack.com/', 'example.com', true],
])('%s with NO_PROXY=%s goes through a proxy: %s', (url, no, isProxied) => {
  const proxies = { http: 'http://proxy:1', https: 'http://proxy:2', no };
  const proxy = url.startsWith('http:') ? proxies.http : proxies.https;
  expect(proxyFor(new URL(url), proxies)).toBe(isProxied ? proxy : null);
});

describe.each(['http', 'socket'] as const)('a service with HTTP_PROXY and Slack over %s', (transport) => {
  test('calls Slack and the heartbeat through it, and never shows its password', async () => {
    const [proxy, slack, { url: databaseUrl }] = await Promise.all([startProxy(), connectedSlack({ transport }), createDatabase()]);
    const beats = createServer((_request, response) => response.end('OK'));
    beats.listen(0, '127.0.0.1');
    await once(beats, 'listening');
    onTestFinished(() => void beats.close());
    const { port } = z.object({ port: z.number() }).parse(beats.address());
    const env = { ...slack.env, HTTP_PROXY: proxy.url, HEARTBEAT_URL: `http://127.0.0.1:${String(port)}/beat`, LOG_LEVEL: 'debug' };
    const dataDir = dataFolder();
    onTestFinished(() => useProxies({ http: null, https: null, no: '' }));
    const app = await startApp({ dataDir, databaseUrl, file: ROUTE, env });
    await app.push({ readings: [readingNow('leads', 900)] });
    await expect.poll(() => slack.messages().length, { timeout: 10_000 }).toBeGreaterThan(0);
    expect((await typeCommand(slack, app, '')).status).toBe(200);
    const wanted = transport === 'http' ? /chat\.postMessage/ : /apps\.connections\.open/;
    await expect.poll(() => proxy.passed.some((line) => wanted.test(line)), { timeout: 10_000 }).toBe(true);
    await expect.poll(() => proxy.passed.some((line) => line.includes('/beat')), { timeout: 20_000 }).toBe(true);
    if (transport === 'socket') expect(proxy.passed.some((line) => line.startsWith('CONNECT 127.0.0.1:'))).toBe(true);
    expect(app.output()).not.toContain('proxy-word');
    const doctor = await commandLine({ dataDir, databaseUrl, env }).run(['doctor']);
    expect(doctor.out).toMatch(/go http through 127\.0\.0\.1:\d+/);
    expect(doctor.out + doctor.err).not.toContain('proxy-word');
  }, 60_000);
});

describe('a polled vendor', () => {
  const ask = async (url: string, allowHosts: readonly string[], addresses: readonly string[] = []) =>
    fetchAnswer(pollDefinition(url, { allowHosts }), {
      signal: new AbortController().signal,
      resolve: async () => addresses.map((address) => ({ address, family: 4 })),
    });

  test('is asked through the proxy, and private addresses are refused before the proxy hears of them', async () => {
    const proxy = await startProxy();
    useProxies({ http: proxy.url, https: proxy.url, no: '' });
    onTestFinished(() => useProxies({ http: null, https: null, no: '' }));
    const vendor = createServer((_request, response) => response.end('{"used":1}'));
    vendor.listen(0, '127.0.0.1');
    await once(vendor, 'listening');
    onTestFinished(() => void vendor.close());
    const host = `127.0.0.1:${String(z.object({ port: z.number() }).parse(vendor.address()).port)}`;
    expect(await ask(`http://${host}/usage`, [host])).toMatchObject({ ok: true, value: { text: '{"used":1}' } });
    expect(proxy.passed).toEqual([`GET http://${host}/usage`]);
    for (const [url, addresses] of [
      [`http://${host}/usage`, []],
      ['http://metadata.example.com/', ['169.254.169.254']],
      ['https://internal.example.com/', ['93.184.216.34', '10.0.0.1']],
    ] as const)
      expect(await ask(url, [], addresses), url).toMatchObject({ ok: false, error: { kind: 'refused' } });
    expect(proxy.passed).toHaveLength(1);
  });
});

/** A certificate for 127.0.0.1 and the authority that signed it, as paths. */
function secured(): ReturnType<typeof certificates> {
  const folder = mkdtempSync(join(tmpdir(), 'creditwatch-tls-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return certificates(folder, null);
}

/** An endpoint over HTTPS on loopback; `seen` are the paths that it was asked for. */
async function secureEndpoint(files: ReturnType<typeof certificates>, answer: RequestListener) {
  const seen: string[] = [];
  const server = createSecureServer({ cert: readFileSync(files.cert), key: readFileSync(files.key) }, (request, response) => {
    seen.push(request.url ?? '');
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { host: `127.0.0.1:${String(z.object({ port: z.number() }).parse(server.address()).port)}`, seen };
}

test('a vendor over HTTPS is polled through a tunnel of the proxy, and neither its own address nor a redirect leads to a private one', async () => {
  const files = secured();
  const hidden = await secureEndpoint(files, (_request, response) => response.end('{"used":1}'));
  const vendor = await secureEndpoint(files, (request, response) =>
    request.url === '/moved'
      ? response.writeHead(302, { location: `https://${hidden.host}/secret` }).end()
      : response.writeHead(200, { 'content-type': 'application/json' }).end('{"used":42,"total":100}'),
  );
  const [proxy, { url: databaseUrl }] = await Promise.all([startProxy(), createDatabase()]);
  const source = (id: string, url: string) => `  - { id: ${id}, kind: http, url: "${url}", meters: { seats: { used: used } } }\n`;
  const sources = [
    source('direct', `https://${hidden.host}/`),
    source('moved', `https://${vendor.host}/moved`),
    source('vendor', `https://${vendor.host}/usage`),
  ];
  const app = await startProcess({
    dataDir: dataFolder(),
    databaseUrl,
    file: `allowHosts: ["${vendor.host}"]\nsources:\n${sources.join('')}`,
    env: { HTTPS_PROXY: proxy.url, NODE_EXTRA_CA_CERTS: files.ca },
  });
  const polls = () => runSql(databaseUrl, 'SELECT source_id, last_success_at IS NOT NULL AS well, last_error FROM poll ORDER BY 1');
  await expect.poll(polls, { timeout: 20_000 }).toEqual([
    { source_id: 'direct', well: false, last_error: `refused: ${hidden.host} is a private address` },
    { source_id: 'moved', well: false, last_error: `refused: ${hidden.host} is a private address` },
    { source_id: 'vendor', well: true, last_error: null },
  ]);
  expect(await runSql(databaseUrl, 'SELECT source_id, used::int FROM meter WHERE used IS NOT NULL')).toEqual([
    { source_id: 'vendor', used: 42 },
  ]);
  expect(new Set(proxy.passed)).toEqual(new Set([`CONNECT ${vendor.host}`]));
  expect(hidden.seen).toEqual([]);
  expect(app.output()).toMatch(/go https through 127\.0\.0\.1:\d+/);
  expect(app.output()).not.toContain('proxy-word');
}, 60_000);

describe('a request of ours over HTTPS', () => {
  const through = async (change: (proxy: string) => string, no = '') => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    const { host, seen } = await secureEndpoint(secured(), (_request, response) => response.end('{}'));
    const proxy = await startProxy();
    useProxies({ http: null, https: change(proxy.url), no });
    onTestFinished(() => {
      vi.unstubAllEnvs();
      useProxies({ http: null, https: null, no: '' });
    });
    const answer = await request(`https://${host}/here?with=query`, { method: 'POST', body: '{}', withinMs: 5_000 }).catch(
      (error: unknown) => error,
    );
    return { answer, passed: proxy.passed, seen, host };
  };

  test('goes through a tunnel of the proxy', async () => {
    const { answer, passed, seen, host } = await through((proxy) => proxy);
    expect(answer).toMatchObject({ status: 200, text: '{}' });
    expect([passed, seen]).toEqual([[`CONNECT ${host}`], ['/here?with=query']]);
  });

  test('goes without it where NO_PROXY says so', async () => {
    const { answer, passed, seen } = await through((proxy) => proxy, '127.0.0.1');
    expect([answer, passed, seen]).toEqual([expect.objectContaining({ status: 200 }), [], ['/here?with=query']]);
  });

  test.each([
    ['with a wrong password', (proxy: string) => proxy.replace('proxy-word', 'wrong-word')],
    ['with a name alone', (proxy: string) => proxy.replace(':proxy-word', '')],
  ])('%s is surely not written when the proxy refuses, and says why', async (_how, change) => {
    const { answer, seen } = await through(change);
    expect(answer).toMatchObject({ name: 'RequestFailed', written: false, why: 'the proxy refused' });
    expect(seen).toEqual([]);
  });

  test('reaches nobody when its connection stands only after its time was up', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    onTestFinished(() => void vi.unstubAllEnvs());
    const { host, seen } = await secureEndpoint(secured(), (_request, response) => response.end('{}'));
    const [, port] = host.split(':');
    // Holds the first bytes of a connection until the test lets them go on.
    const held: Socket[] = [];
    const relay = createTcpServer((socket) => void held.push(socket)).listen(0, '127.0.0.1');
    onTestFinished(() => void relay.close());
    await once(relay, 'listening');
    const address = z.object({ port: z.number() }).parse(relay.address());
    const late = request(`https://127.0.0.1:${String(address.port)}/`, { method: 'POST', body: '{}', withinMs: 200 });
    await expect(late).rejects.toMatchObject({ written: false, why: 'TimeoutError' });
    const [socket] = held;
    if (socket === undefined) throw new Error('nobody connected');
    const onward = connect(Number(port), '127.0.0.1');
    socket.pipe(onward).pipe(socket);
    await once(socket, 'close');
    expect(seen).toEqual([]);
  });
});

test.each([
  ['through a tunnel of the proxy', '', 'proxy-word', true, true],
  ['without it where NO_PROXY says so', '127.0.0.1', 'proxy-word', false, true],
  ['not at all past a proxy that refuses, and the token is not blamed for it', '', 'wrong-word', false, false],
])('the keys of Microsoft are fetched %s', async (_what, no, word, passes, isKnown) => {
  const files = secured();
  // What fetches them takes no authority of its own.
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  onTestFinished(() => {
    vi.unstubAllEnvs();
    useProxies({ http: null, https: null, no: '' });
  });
  const microsoft = await startFakeMicrosoft({ cert: readFileSync(files.cert, 'utf8'), key: readFileSync(files.key, 'utf8') });
  onTestFinished(microsoft.close);
  const proxy = await startProxy();
  useProxies({ http: null, https: proxy.url.replace('proxy-word', word), no });
  const serviceUrl = 'https://smba.trafficmanager.net/emea/';
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: 'https://api.botframework.com', aud: 'the-app', serviceurl: serviceUrl, nbf: now, exp: now + 600 };
  const check = createTokenCheck('the-app', { public: microsoft.authority, government: microsoft.authority });
  const checked = await check(`Bearer ${signedBy(microsoft.key, claims)}`, { serviceUrl });
  expect(checked).toEqual(isKnown ? { ok: true, value: undefined } : { ok: false, error: 'unavailable' });
  const tunnel = `CONNECT ${new URL(microsoft.authority.openIdMetadata).host}`;
  expect(proxy.passed).toEqual(passes ? [tunnel, tunnel] : []);
  expect(microsoft.asked).toEqual(isKnown ? ['/openidconfiguration', '/keys'] : []);
});
