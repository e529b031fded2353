import type { RequestListener } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { createGzip, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { PollDefinition } from '../../../src/core/meters/poll.ts';
import type { Resolve } from '../../../src/sources/http/ssrf-guard.ts';
import { failedBecause } from '../../../src/sources/http/failure.ts';
import { fetchAnswer } from '../../../src/sources/http/fetch.ts';
import { pollDefinition } from '../../support/polling.ts';
import { json, startVendor } from '../../support/vendor.ts';

const never = new AbortController().signal;

function definition(url: string, over: Partial<PollDefinition> = {}): PollDefinition {
  return pollDefinition(url, { headers: { authorization: 'Bearer key', 'x-api-key': 'key', accept: 'application/json' }, ...over });
}

const ask = (url: string, over: Partial<PollDefinition> = {}, options: { resolve?: Resolve; withinMs?: number } = {}) =>
  fetchAnswer(definition(url, over), { signal: never, ...options });

describe('a private address', () => {
  test.each([
    'http://127.0.0.1:9/',
    'http://localhost:8089/',
    'http://2130706433:9/',
    'http://0x7f.1:9/',
    'http://0177.0.0.1:9/',
    'http://127.1:9/',
    'http://0:9/',
    'http://[::1]:9/',
    'http://[::ffff:127.0.0.1]:9/',
    'http://[::ffff:7f00:1]:9/',
    'http://169.254.169.254/latest/meta-data/',
    'http://10.0.0.1/',
    'http://100.64.0.1/',
    'http://[fd00::1]/',
    'http://[fe80::1]/',
  ])('%s is refused before anything is sent', async (url) => {
    expect(await ask(url)).toMatchObject({ ok: false, error: { kind: 'refused' } });
  });

  test('is refused by name too: one private address among public ones is enough', async () => {
    const resolve: Resolve = async () => [
      { address: '93.184.215.14', family: 4 },
      { address: '10.0.0.7', family: 4 },
    ];
    expect(await ask('https://usage.example/', {}, { resolve })).toEqual({
      ok: false,
      error: { kind: 'refused', host: 'usage.example:443', address: '10.0.0.7' },
    });
  });

  test('cannot be reached by a name that changes its address: the checked address is the one that is connected to', async () => {
    const vendor = await startVendor();
    vendor.on('/', json({}));
    let asked = 0;
    const resolve: Resolve = async () => [{ address: (asked += 1) === 1 ? '192.0.2.1' : '127.0.0.1', family: 4 }];
    const url = `http://rebinding.example:${new URL(vendor.url).port}/`;
    // The first answer is a private address, so the second is never requested.
    expect(await ask(url, {}, { resolve })).toMatchObject({ ok: false, error: { kind: 'refused', address: '192.0.2.1' } });
    expect(asked).toBe(1);
    expect(await ask(url, {}, { resolve })).toMatchObject({ ok: false, error: { kind: 'refused', address: '127.0.0.1' } });
    expect(vendor.seen).toEqual([]);
  });

  test('is requested if the operator allowed that host and port, and on no other port', async () => {
    const vendor = await startVendor();
    const other = await startVendor();
    for (const one of [vendor, other]) one.on('/', json({ fine: true }));
    expect(await ask(`${vendor.url}/`, { allowHosts: [vendor.host] })).toMatchObject({
      ok: true,
      value: { status: 200, text: '{"fine":true}' },
    });
    expect(await ask(`${other.url}/`, { allowHosts: [vendor.host] })).toMatchObject({ ok: false, error: { kind: 'refused' } });
  });

  test('an allowed name is allowed under its name', async () => {
    const vendor = await startVendor();
    vendor.on('/', json({}));
    const { port } = new URL(vendor.url);
    expect(
      await ask(
        `http://LOCALHOST:${port}/`,
        { allowHosts: [`localhost:${port}`] },
        { resolve: async () => [{ address: '127.0.0.1', family: 4 }] },
      ),
    ).toMatchObject({ ok: true });
    expect(vendor.seen).toHaveLength(1);
  });
});

describe('a redirect', () => {
  test.each(['http://169.254.169.254/latest/meta-data/', 'http://localhost:8089/', 'http://[::1]:1/'])(
    'to %s is checked like the first address',
    async (location) => {
      const vendor = await startVendor();
      vendor.on('/', (_request, response) => void response.writeHead(302, { location }).end());
      expect(await ask(`${vendor.url}/`, { allowHosts: [vendor.host] })).toMatchObject({
        ok: false,
        error: { kind: 'refused', host: expect.not.stringContaining(vendor.host) },
      });
    },
  );

  test.each(['file:///etc/passwd', 'gopher://127.0.0.1:6379/_INFO', 'ftp://example.com/'])('to %s is not followed', async (location) => {
    const vendor = await startVendor();
    vendor.on('/', (_request, response) => void response.writeHead(302, { location }).end());
    expect(await ask(`${vendor.url}/`, { allowHosts: [vendor.host] })).toEqual({ ok: false, error: { kind: 'bad-redirect' } });
  });

  test('is followed with the key at the same origin, and a POST is only repeated if the status says so', async () => {
    const vendor = await startVendor();
    vendor.on('/307', (_request, response) => void response.writeHead(307, { location: '/here' }).end());
    vendor.on('/302', (_request, response) => void response.writeHead(302, { location: '/here' }).end());
    vendor.on('/here', json({}));
    const over = { method: 'POST', body: '{}', allowHosts: [vendor.host] } as const;
    expect(await ask(`${vendor.url}/307`, over)).toMatchObject({ ok: true });
    expect(await ask(`${vendor.url}/302`, over)).toMatchObject({ ok: true });
    expect(vendor.seen.filter(({ path }) => path === '/here')).toMatchObject([
      { method: 'POST', body: '{}', headers: { 'x-api-key': 'key' } },
      { method: 'GET', body: '', headers: { 'x-api-key': 'key' } },
    ]);
  });

  test.each([302, 307, 308])('by %i to another origin is followed without key and body', async (status) => {
    const vendor = await startVendor();
    const stranger = await startVendor();
    vendor.on('/', (_request, response) => void response.writeHead(status, { location: `${stranger.url}/` }).end());
    stranger.on('/', json({}));
    await ask(`${vendor.url}/`, { method: 'POST', body: '{"secret":1}', allowHosts: [vendor.host, stranger.host] });
    expect(stranger.seen).toMatchObject([{ method: 'GET', body: '' }]);
    expect(Object.values(stranger.seen[0]?.headers ?? {}).join(' ')).not.toContain('key');
  });

  test('loop ends after three redirects', async () => {
    const vendor = await startVendor();
    vendor.on('/', (_request, response) => void response.writeHead(302, { location: '/' }).end());
    expect(await ask(`${vendor.url}/`, { allowHosts: [vendor.host] })).toEqual({ ok: false, error: { kind: 'redirects' } });
    expect(vendor.seen).toHaveLength(4);
  });
});

describe('an answer', () => {
  async function asked(answer: Parameters<Awaited<ReturnType<typeof startVendor>>['on']>[1], withinMs = 10_000) {
    const vendor = await startVendor();
    vendor.on('/', answer);
    return ask(`${vendor.url}/`, { allowHosts: [vendor.host] }, { withinMs });
  }

  test('that never starts times out', async () => {
    expect(await asked(() => undefined, 300)).toEqual({ ok: false, error: { kind: 'timeout', withinMs: 300 } });
  });

  test('that trickles in steadily times out', async () => {
    const drip = await asked((_request, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write(' '), 10);
      response.once('close', () => clearInterval(timer));
    }, 400);
    expect(drip).toEqual({ ok: false, error: { kind: 'timeout', withinMs: 400 } });
  });

  test('without end is cut off after 1 MiB', async () => {
    let sent = 0;
    const endless = await asked((_request, response) => {
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(64 * 1024, 32))) sent += 64 * 1024;
      };
      response.on('drain', more);
      more();
    });
    expect(endless).toEqual({ ok: false, error: { kind: 'too-large', mostBytes: 1024 * 1024 } });
    expect(sent).toBeLessThan(64 * 1024 * 1024);
  });

  test('of 1 MiB is read, and of one byte more is not', async () => {
    expect(await asked(json(`"${'x'.repeat(1024 * 1024 - 2)}"`))).toMatchObject({ ok: true });
    expect(await asked(json(`"${'x'.repeat(1024 * 1024 - 1)}"`))).toEqual({
      ok: false,
      error: { kind: 'too-large', mostBytes: 1024 * 1024 },
    });
  });

  test('that is small until it is inflated is cut off, and memory stays flat', async () => {
    const before = process.memoryUsage().rss;
    const bomb = await asked((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      const gzip = createGzip();
      gzip.pipe(response);
      let left = 2_000;
      const more = () => {
        while (left > 0 && gzip.write(Buffer.alloc(256 * 1024))) left -= 1;
      };
      gzip.on('drain', more);
      more();
    });
    expect(bomb).toEqual({ ok: false, error: { kind: 'too-large', mostBytes: 1024 * 1024 } });
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024);
  });

  test.each(['gzip', 'deflate', 'br'])('that is not %s although its header says so is reported as such', async (encoding) => {
    const answer = await asked(
      (_request, response) => void response.writeHead(200, { 'content-encoding': encoding }).end('{"used":1,"total":1000}'),
    );
    expect(answer).toEqual({ ok: false, error: { kind: 'unreachable', code: 'not inflated' } });
  });

  test('that is compressed is read, with its status and headers', async () => {
    const answer = await asked(
      (_request, response) => void response.writeHead(200, { 'content-encoding': 'gzip', 'X-Left': '7' }).end(gzipSync('{"used":1}')),
    );
    expect(answer).toMatchObject({ ok: true, value: { status: 200, text: '{"used":1}', headers: { 'x-left': '7' } } });
  });

  test('that is cut off, or not HTTP at all, is a failure', async () => {
    expect(await asked((request) => void request.socket.destroy())).toMatchObject({ ok: false, error: { kind: 'unreachable' } });
    expect(await asked((request) => void request.socket.end('SSH-2.0-OpenSSH_9\r\n'))).toEqual({
      ok: false,
      error: { kind: 'unreachable', code: 'not HTTP' },
    });
  });

  test('with too many headers, or with a wrong content encoding, is reported as received and unreadable', async () => {
    const reasonOf = async (answer: RequestListener) => {
      const answered = await asked(answer);
      return answered.ok
        ? null
        : failedBecause(answered.error, { source: 'acme', definition: { url: 'https://x.example', keyVariables: [] } }).problem.reason;
    };
    expect(await reasonOf((_request, response) => void response.writeHead(200, { 'x-much': 'x'.repeat(200_000) }).end('{}'))).toBe(
      'its answer has too many headers',
    );
    expect(await reasonOf((_request, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end('{"used":1}'))).toBe(
      'its answer is not compressed as its header says',
    );
    expect(await reasonOf((request) => void request.socket.end('SSH-2.0-OpenSSH_9\r\n'))).toBe('its answer is not HTTP');
  });
});

test('from a closed port or an unknown host name is reported as unreachable', async () => {
  const { port } = await new Promise<AddressInfo>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address() as AddressInfo;
      server.close(() => resolve(address));
    });
  });
  expect(await ask(`http://127.0.0.1:${port}/`, { allowHosts: [`127.0.0.1:${port}`] })).toEqual({
    ok: false,
    error: { kind: 'unreachable', code: 'ECONNREFUSED' },
  });
  expect(await ask('http://127.0.0.1:22/', { allowHosts: ['127.0.0.1:22'] })).toEqual({
    ok: false,
    error: { kind: 'unreachable', code: 'bad port' },
  });
  const resolve: Resolve = () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }));
  expect(await ask('https://nobody.example/', {}, { resolve })).toEqual({ ok: false, error: { kind: 'unreachable', code: 'ENOTFOUND' } });
});
