import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { SIGNING_SECRET, sentence, startAdapter, type StartedAdapter } from '../../support/slack/adapter.ts';
import { signedSlackRequest, slashCommand } from '../../support/signed-slack-request.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

async function start() {
  const asked: string[] = [];
  const started = await startAdapter('http', {
    answer: async (text) => {
      asked.push(text);
      return sentence('All is well.');
    },
  });
  return {
    ...started,
    asked,
    send: (init: RequestInit) => fetch(started.eventsUrl, init),
    ago: (seconds: number) => new Date(started.clock.now().getTime() - seconds * 1000),
  };
}

function command(slack: StartedAdapter['slack'], text = ''): Record<string, string> {
  return slashCommand({ responseUrl: slack.responseUrl(), text });
}

describe('POST /slack/events', () => {
  it.each([299, 300, -299, -300])('takes a signature that is %s s old, and answers the command', async (age) => {
    const { slack, send, ago } = await start();
    expect((await send(signedSlackRequest(SIGNING_SECRET, command(slack), { at: ago(age) }))).status).toBe(200);
    expect((await slack.told.next(() => true)).text).toBe('All is well.');
  });

  it.each([
    ['that is 301 s old', 301, 'too-old'],
    ['that is 301 s ahead', -301, 'from-the-future'],
  ])('refuses a signature %s with 401, and nothing happens', async (_what, age, reason) => {
    const { slack, send, ago, asked, adapter, log } = await start();
    expect((await send(signedSlackRequest(SIGNING_SECRET, command(slack), { at: ago(age) }))).status).toBe(401);
    await adapter.stop();
    expect(asked).toEqual([]);
    expect(slack.told.all).toEqual([]);
    expect(log.lines).toEqual([{ level: 'warn', fields: { reason }, message: 'rejected Slack request: invalid signature or timestamp' }]);
  });

  it.each([
    ['made with another secret', signedBy('another-secret'), 'wrong-signature'],
    ['of another body', (request: Signed) => ({ ...request, body: `${request.body}&text=apollo` }), 'wrong-signature'],
    ['of another moment', withHeader('x-slack-request-timestamp', '1795420801'), 'wrong-signature'],
    [
      'cut short',
      (request: Signed) => withHeader('x-slack-signature', (request.headers['x-slack-signature'] ?? '').slice(0, -1))(request),
      'wrong-signature',
    ],
    ['that is no signature', withHeader('x-slack-signature', 'v0=0123456789abcdef'), 'wrong-signature'],
    ['with a timestamp in words', withHeader('x-slack-request-timestamp', 'now'), 'no-timestamp'],
    ['with an endless timestamp', withHeader('x-slack-request-timestamp', '9'.repeat(400)), 'no-timestamp'],
    ['that is missing', withHeader('x-slack-signature', null), 'not-signed'],
    ['without a timestamp', withHeader('x-slack-request-timestamp', null), 'not-signed'],
  ])('refuses a signature %s with 401, and nothing happens', async (_what, altered, reason) => {
    const { slack, send, asked, adapter, log, clock } = await start();
    const request = signedSlackRequest(SIGNING_SECRET, command(slack), { at: clock.now() });
    expect((await send(altered(request, clock.now()))).status).toBe(401);
    await adapter.stop();
    expect(asked).toEqual([]);
    expect(slack.told.all).toEqual([]);
    expect(log.lines.map(({ fields }) => fields)).toEqual([{ reason }]);
  });

  it('refuses a replay with 401 as long as its signature would be good, and answers once', async () => {
    const { slack, send, clock, asked, adapter } = await start();
    const request = signedSlackRequest(SIGNING_SECRET, command(slack), { at: new Date(clock.now().getTime() + 300_000) });
    expect((await send(request)).status).toBe(200);
    expect((await send(request)).status).toBe(401);
    clock.advance(600_000);
    expect((await send(request)).status).toBe(401);
    clock.advance(1000);
    expect((await send(request)).status).toBe(401);
    await adapter.stop();
    expect(asked).toEqual(['']);
  });

  it("answers Slack's check of the certificate, which is not signed, and does nothing else", async () => {
    const { send, asked, adapter } = await start();
    const response = await send({
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'ssl_check=1&token=unused&command=%2Fusage',
    });
    expect(response.status).toBe(200);
    await adapter.stop();
    expect(asked).toEqual([]);
  });

  it("answers Slack's check of the address with the challenge when it is signed, and with 401 when it is not", async () => {
    const { send, clock } = await start();
    const body = JSON.stringify({ type: 'url_verification', token: 'unused', challenge: '3eZbrw1aBm2rZgRNFdxV' });
    const signed = await send(signedSlackRequest(SIGNING_SECRET, body, { at: clock.now(), contentType: 'application/json' }));
    expect(await signed.json()).toEqual({ challenge: '3eZbrw1aBm2rZgRNFdxV' });
    const unsigned = await send({ method: 'POST', headers: { 'content-type': 'application/json' }, body });
    expect(unsigned.status).toBe(401);
    expect(await unsigned.text()).toBe('');
  });

  it('reads a body of exactly 512 KiB, and refuses one more byte with 413 before it looks at the signature', async () => {
    const { send, clock } = await start();
    const send1 = (bytes: number) => send(signedSlackRequest('another-secret', 'x'.repeat(bytes), { at: clock.now() }));
    expect((await send1(512 * KIB)).status).toBe(401);
    expect((await send1(512 * KIB + 1)).status).toBe(413);
  });

  it('counts the inflated size: a small body that grows to 20 MiB is refused with 413', async () => {
    const { send, clock } = await start();
    const { headers } = signedSlackRequest('another-secret', '', { at: clock.now() });
    const body = gzipSync(Buffer.alloc(20 * MIB));
    expect(body.length).toBeLessThan(MIB);
    expect((await send({ method: 'POST', headers: { ...headers, 'content-encoding': 'gzip' }, body })).status).toBe(413);
  });

  it.each([
    ['half a JSON document', '{"type":"event_callback"', 'application/json'],
    ['a JSON list', '[1]', 'application/json'],
    ['a JSON null', 'null', 'application/json'],
    ['nothing', '', 'application/json'],
    ['a form whose payload is no JSON', 'payload=%7B', 'application/x-www-form-urlencoded'],
    ['a text as JSON', '"text"', 'application/json'],
    ['JSON after a byte order mark', '\uFEFF{"type":"event_callback"}', 'application/json'],
    ['a form with a field named __proto__', '__proto__=evil&a=b', 'application/x-www-form-urlencoded'],
    ['a form that is nothing we know', 'a=b', 'application/x-www-form-urlencoded'],
    ['deeply nested JSON', '['.repeat(100_000), 'application/json'],
    [
      'a JSON document that reaches for the prototype',
      '{"__proto__":{"command":"/usage"},"constructor":{"prototype":{"command":"/usage"}}}',
      'application/json',
    ],
  ])('answers %s with 400 at once', async (_what, body, contentType) => {
    const { send, clock, asked } = await start();
    expect((await send(signedSlackRequest(SIGNING_SECRET, body, { at: clock.now(), contentType }))).status).toBe(400);
    expect(asked).toEqual([]);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it.each(['application/x-www-form-urlencoded', 'application/x-www-form-urlencoded; charset=UTF-8'])(
    'reads a command that comes as %s',
    async (contentType) => {
      const { slack, send, clock, asked } = await start();
      const body = new URLSearchParams(command(slack, 'é +')).toString();
      expect((await send(signedSlackRequest(SIGNING_SECRET, body, { at: clock.now(), contentType }))).status).toBe(200);
      await slack.told.next(() => true);
      expect(asked).toEqual(['é +']);
    },
  );

  it('reads an event as JSON where no type is named', async () => {
    const { send, clock } = await start();
    const body = JSON.stringify({ type: 'event_callback', event: { type: 'of_the_future' } });
    expect((await send(signedSlackRequest(SIGNING_SECRET, body, { at: clock.now(), contentType: '' }))).status).toBe(200);
  });

  it('acknowledges a command that lacks its response URL, for want of anything better, and says what it lacks', async () => {
    const { send, clock, asked, adapter, slack, log } = await start();
    const { response_url: _left, ...fields } = command(slack);
    expect((await send(signedSlackRequest(SIGNING_SECRET, fields, { at: clock.now() }))).status).toBe(200);
    await adapter.stop();
    expect(asked).toEqual([]);
    expect(log.lines).toEqual([
      { level: 'warn', fields: { kind: 'command', issues: ['response_url'] }, message: 'Slack request rejected: fields missing' },
    ]);
  });

  it('answers 503 once the room has stopped, so that Slack says that it did not work', async () => {
    const { send, clock, asked, adapter, slack } = await start();
    await adapter.stop();
    expect((await send(signedSlackRequest(SIGNING_SECRET, command(slack), { at: clock.now() }))).status).toBe(503);
    expect(asked).toEqual([]);
  });

  it('answers 32 commands at once, each its own asker', async () => {
    const { slack, send, clock } = await start();
    const commands = Array.from({ length: 32 }, () => command(slack));
    const answers = await Promise.all(commands.map((fields) => send(signedSlackRequest(SIGNING_SECRET, fields, { at: clock.now() }))));
    expect(answers.map(({ status }) => status)).toEqual(commands.map(() => 200));
    for (const { response_url: url } of commands) await slack.told.next((told) => told.url === url);
    expect(slack.told.all).toHaveLength(32);
  });
});

type Signed = ReturnType<typeof signedSlackRequest>;

function signedBy(secret: string) {
  return (request: Signed, at: Date) => signedSlackRequest(secret, request.body, { at });
}

function withHeader(name: string, value: string | null) {
  return (request: Signed): Signed => {
    const { [name]: _replaced, ...headers } = request.headers;
    return { ...request, headers: value === null ? headers : { ...headers, [name]: value } };
  };
}
