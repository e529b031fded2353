import { expect, onTestFinished, test, vi } from 'vitest';
import { ok } from '../../../src/core/result.ts';
import { createHttpServer } from '../../../src/http/server.ts';
import { createTokenCheck } from '../../../src/teams/auth/bot-framework.ts';
import { createEndpoint } from '../../../src/teams/listeners/endpoint.ts';
import { rsaKey } from '../../support/rsa-key.ts';
import { recordedLog } from '../../support/slack/recorded-log.ts';
import { typed } from '../../support/teams/activities.ts';
import { signedBy, signedWithThePublicKey, startFakeMicrosoft, unsigned, type FakeMicrosoft } from '../../support/teams/fake-microsoft.ts';

const APP = '00000000-0000-0000-0000-00000000000b';
const SERVICE_URL = 'https://smba.trafficmanager.net/emea/';
const MINUTE = 60;

/** The endpoint before Microsoft's own check of tokens, with keys that are ours. */
async function prepare() {
  const microsoft = await startFakeMicrosoft();
  onTestFinished(microsoft.close);
  const printed = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  onTestFinished(() => printed.mockRestore());
  const log = recordedLog();
  const taken: string[] = [];
  const authority = {
    check: createTokenCheck(APP, { public: microsoft.authority, government: microsoft.authority }),
    token: async () => ok(null),
  };
  const endpoint = createEndpoint({
    authority,
    log,
    anonymous: false,
    accountOf: () => 'default',
    isStopping: () => false,
    take: ({ activity }) => taken.push(activity.type),
    invoke: async ({ activity }) => (taken.push(activity.type), { statusCode: 200 }),
  });
  const http = createHttpServer({ log, mounts: [(app) => endpoint.mount(app)] });
  const listening = await http.listen({ host: '127.0.0.1', port: 0 });
  if (!listening.ok) throw new Error(listening.error.kind);
  onTestFinished(() => http.close());
  const { url } = listening.value;
  const send = (token: string, fields: object = {}) =>
    fetch(`${url}/api/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ ...typed(SERVICE_URL, 'usage'), ...fields }),
    });
  return { microsoft, log, taken, send, printed };
}

function claims(fields: Readonly<Record<string, unknown>> = {}): object {
  const now = Math.floor(Date.now() / 1000);
  return { iss: 'https://api.botframework.com', aud: APP, serviceurl: SERVICE_URL, nbf: now - MINUTE, exp: now + 60 * MINUTE, ...fields };
}

const ago = (minutes: number) => Math.floor(Date.now() / 1000) - minutes * MINUTE;

test('what Microsoft signed for this bot is taken, and its keys are fetched once', async () => {
  const { microsoft, send, taken, log } = await prepare();
  for (const type of ['message', 'message', 'invoke'])
    expect((await send(signedBy(microsoft.key, claims()), { type, name: 'adaptiveCard/action' })).status).toBe(200);
  expect(taken).toEqual(['message', 'message', 'invoke']);
  expect(microsoft.asked).toEqual(['/openidconfiguration', '/keys']);
  expect(log.lines).toEqual([]);
});

test('a clock that differs by less than five minutes keeps nobody out', async () => {
  const { microsoft, send } = await prepare();
  expect((await send(signedBy(microsoft.key, claims({ exp: ago(4) })))).status).toBe(200);
  expect((await send(signedBy(microsoft.key, claims({ nbf: ago(-4) })))).status).toBe(200);
});

test.each<[string, (microsoft: FakeMicrosoft) => string]>([
  ['for another bot', ({ key }) => signedBy(key, claims({ aud: '00000000-0000-0000-0000-0000000000ff' }))],
  ['for nobody', ({ key }) => signedBy(key, claims({ aud: undefined }))],
  ['of another issuer', ({ key }) => signedBy(key, claims({ iss: 'https://evil.example' }))],
  [
    'of an emulator',
    ({ key }) => signedBy(key, claims({ iss: 'https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/', ver: '1.0', appid: APP })),
  ],
  [
    'of another bot',
    ({ key }) =>
      signedBy(
        key,
        claims({
          iss: 'https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/',
          ver: '1.0',
          appid: '00000000-0000-0000-0000-0000000000ff',
        }),
      ),
  ],
  ['that has expired', ({ key }) => signedBy(key, claims({ exp: ago(6) }))],
  ['that does not hold yet', ({ key }) => signedBy(key, claims({ nbf: ago(-6) }))],
  ['for another service URL', ({ key }) => signedBy(key, claims({ serviceurl: 'https://smba.trafficmanager.net/amer/' }))],
  ['for no service URL', ({ key }) => signedBy(key, claims({ serviceurl: undefined }))],
  ['that nobody signed', () => unsigned(claims())],
  ['with the algorithm none and a signature', ({ key }) => signedBy(key, claims(), { alg: 'none' })],
  ['signed with the public key as a password', ({ key }) => signedWithThePublicKey(key, claims())],
  ['signed with another key under a known name', () => signedBy(rsaKey('nobody'), claims())],
  ['signed with a key that nobody published', () => signedBy(rsaKey('nobody'), claims(), { kid: 'mine' })],
  ['signed with a key for another channel', ({ key }) => signedBy(key, claims(), { kid: 'of-another-channel' })],
  [
    'whose claims were changed after signing',
    ({ key }) => {
      const [header, , signature] = signedBy(key, claims()).split('.');
      return [header, Buffer.from(JSON.stringify(claims({ aud: APP, more: 1 }))).toString('base64url'), signature].join('.');
    },
  ],
])('a token %s is refused with 401: no effect, no secret in log, answer or on the terminal', async (_what, make) => {
  const { microsoft, send, taken, log, printed } = await prepare();
  const token = make(microsoft);
  for (const type of ['message', 'invoke']) {
    const response = await send(token, { type, name: 'adaptiveCard/action' });
    expect([response.status, await response.text()]).toEqual([401, '']);
  }
  expect(taken).toEqual([]);
  expect(log.lines.map(({ message }) => message)).toEqual(Array(2).fill('rejected Teams request: invalid token'));
  const written = log.text() + JSON.stringify(printed.mock.calls.map((call) => call.map(String)));
  for (const secret of [token, token.split('.')[2] || token]) expect(written).not.toContain(secret);
});

test('while the keys of Microsoft cannot be had, nothing is taken, and the log says that it is not the token', async () => {
  const { microsoft, send, taken, log } = await prepare();
  microsoft.fail();
  expect((await send(signedBy(microsoft.key, claims()))).status).toBe(401);
  expect(taken).toEqual([]);
  expect(log.lines.map(({ message }) => message)).toEqual(['rejected Teams request: the keys of Microsoft could not be fetched']);
});
