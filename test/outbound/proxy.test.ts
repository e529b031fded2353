import { createServer } from 'node:http';
import { once } from 'node:events';
import { describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { proxyFor, useProxies } from '../../src/outbound/proxy.ts';
import { fetchAnswer } from '../../src/sources/http/fetch.ts';
import { dataFolder, startApp } from '../support/app.ts';
import { commandLine } from '../support/cli.ts';
import { createDatabase } from '../support/database.ts';
import { startProxy } from '../support/proxy.ts';
import { readingNow } from '../support/readings.ts';
import { connectedSlack } from '../support/slack/connected.ts';
import { typeCommand } from '../support/slack/hand-over.ts';

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
    const app = await startApp({ dataDir, databaseUrl, file: ROUTE, env });
    await app.push({ readings: [readingNow('leads', 900)] });
    await expect.poll(() => slack.messages().length, { timeout: 10_000 }).toBeGreaterThan(0);
    expect((await typeCommand(slack, app, '')).status).toBe(200);
    const wanted = transport === 'http' ? /chat\.postMessage/ : /apps\.connections\.open/;
    await expect.poll(() => proxy.passed.some((line) => wanted.test(line)), { timeout: 10_000 }).toBe(true);
    await expect.poll(() => proxy.passed.some((line) => line.includes('/beat')), { timeout: 20_000 }).toBe(true);
    if (transport === 'socket') expect(proxy.passed.some((line) => line.startsWith('CONNECT 127.0.0.1:'))).toBe(true);
    expect(app.output()).toMatch(/go http through 127\.0\.0\.1:\d+/);
    expect(app.output()).not.toContain('proxy-word');
    const doctor = await commandLine({ dataDir, databaseUrl, env }).run(['doctor']);
    expect(doctor.out).toMatch(/go http through 127\.0\.0\.1:\d+/);
    expect(doctor.out + doctor.err).not.toContain('proxy-word');
  }, 60_000);
});

describe('a polled vendor', () => {
  const ask = async (url: string, allowHosts: readonly string[], addresses: readonly string[] = []) =>
    fetchAnswer(
      {
        everyMs: 60_000,
        leastGapMs: 1,
        method: 'GET',
        url,
        headers: {},
        body: null,
        cycle: 'month',
        meters: [],
        keyVariables: [],
        allowHosts,
      },
      {
        signal: new AbortController().signal,
        resolve: async () => addresses.map((address) => ({ address, family: 4 })),
      },
    );

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
