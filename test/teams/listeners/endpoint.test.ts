import { createSign } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { answering } from '../../support/chat.ts';
import { rsaKey } from '../../support/rsa-key.ts';
import { sentence } from '../../support/slack/adapter.ts';
import { inChat, TENANT, typed } from '../../support/teams/activities.ts';
import { startTeamsAdapter, type AdapterSetup } from '../../support/teams/adapter.ts';

const APP = '00000000-0000-0000-0000-00000000000b';
const PASSWORD = 'the-client-secret-of-the-tests';
const MICROSOFT = 'https://smba.trafficmanager.net/emea/';
const identity = { kind: 'password', appId: APP, tenantId: TENANT, password: PASSWORD } as const;

function adapterThatCounts(setup: Partial<AdapterSetup> = {}) {
  const asked: string[] = [];
  const chat = answering(async (text) => {
    asked.push(text);
    return sentence('All is well.');
  });
  return { asked, started: startTeamsAdapter({ chat, ...setup }) };
}

/** Three parts with dots between them, signed by nobody that Microsoft knows. */
function foreignToken(claims: object): string {
  const { privateKey } = rsaKey('nobody');
  const [header, payload] = [{ alg: 'RS256', kid: 'mine', typ: 'JWT' }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  const signature = createSign('RSA-SHA256')
    .update(`${header ?? ''}.${payload ?? ''}`)
    .sign(privateKey)
    .toString('base64url');
  return `${header ?? ''}.${payload ?? ''}.${signature}`;
}

test.each([
  ['no token', undefined],
  ['another scheme', 'Basic c2VjcmV0LW9mLXRoZS1jYWxsZXI='],
  ['junk', 'Bearer secret-of-the-caller'],
  ['three parts of junk', 'Bearer secret.of-the.caller'],
  ['a token of another issuer', `Bearer ${foreignToken({ iss: 'https://evil.example', aud: APP, serviceurl: MICROSOFT })}`],
])('with an app id, %s is answered with 401, and neither log nor answer holds a secret', async (_what, authorization) => {
  const { asked, started } = adapterThatCounts({ identity });
  const { send, log } = await started;
  const response = await send(typed(MICROSOFT, 'usage'), authorization === undefined ? {} : { authorization });
  expect([response.status, await response.text()]).toEqual([401, '']);
  expect(asked).toEqual([]);
  expect(log.lines.map(({ level }) => level)).toEqual(['warn']);
  for (const secret of [PASSWORD, authorization?.split(' ')[1] ?? PASSWORD]) expect(log.text()).not.toContain(secret);
});

test('a stranger whose body is still coming is told that the answer is the last on its connection', async () => {
  const { started } = adapterThatCounts({ identity });
  const { url } = await started;
  const outgoing = request(url, { method: 'POST', headers: { 'content-length': 100 } });
  onTestFinished(() => void outgoing.destroy());
  const answered = once(outgoing, 'response');
  outgoing.write('{');
  expect((await answered)[0]).toMatchObject({ statusCode: 401, headers: { connection: 'close' } });
});

test.each([
  'https://evil.example/teams/',
  'https://smba.trafficmanager.net.evil.example/',
  'https://smba.trafficmanager.net@evil.example/',
  'https://smba.trafficmanager.net:8443/',
  'http://smba.trafficmanager.net/emea/',
  'http://127.0.0.1:3000/',
  'smba.trafficmanager.net',
])('with an app id, an activity that wants its answer at %s is refused', async (serviceUrl) => {
  const { asked, started } = adapterThatCounts({ identity });
  const { send } = await started;
  const token = foreignToken({ iss: 'https://api.botframework.com', aud: APP, serviceurl: serviceUrl });
  expect((await send(typed(serviceUrl, 'usage'), { authorization: `Bearer ${token}` })).status).toBe(401);
  expect(asked).toEqual([]);
});

test('without authentication, only service URLs on this machine are answered', async () => {
  const { asked, started } = adapterThatCounts();
  const { send, teams } = await started;
  for (const serviceUrl of [MICROSOFT, 'http://10.0.0.1/', 'http://127.0.0.1.evil.example/'])
    expect((await send(typed(serviceUrl, 'usage'))).status).toBe(403);
  expect((await send(typed(teams.serviceUrl, 'usage'))).status).toBe(200);
  await teams.arrival();
  expect(asked).toEqual(['']);
});

test('an activity of another organisation is ignored, logged and not asked for again', async () => {
  const { asked, started } = adapterThatCounts();
  const { send, teams, log } = await started;
  const stranger = {
    ...inChat(),
    conversation: { id: 'a:x', conversationType: 'personal' },
    channelData: { tenant: { id: 'another-tenant' } },
  };
  expect((await send(typed(teams.serviceUrl, 'usage', stranger))).status).toBe(200);
  expect(log.lines).toEqual([
    {
      level: 'warn',
      fields: { tenant: 'another-tenant', type: 'message' },
      message: 'ignored Teams activity: no account names the organization',
    },
  ]);
  expect(asked).toEqual([]);
  expect(teams.calls.all).toEqual([]);
});

test('an activity that comes twice has one effect, and the same words typed again have another', async () => {
  const { asked, started } = adapterThatCounts();
  const { send, teams } = await started;
  const once = typed(teams.serviceUrl, 'usage');
  await Promise.all([send(once), send(once)]);
  await send(once);
  await send(typed(teams.serviceUrl, 'usage apollo'));
  await teams.posts.next(() => teams.posts.all.length === 2);
  expect(asked).toEqual(['', 'apollo']);
});

test('is answered before it is worked on', async () => {
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const { send, teams } = await startTeamsAdapter({ chat: answering(() => held.then(() => sentence('Late.'))) });
  expect((await send(typed(teams.serviceUrl, 'usage'))).status).toBe(200);
  expect(teams.posts.all).toEqual([]);
  release();
  expect((await teams.arrival()).text).toBe('Late.');
});

test.each([
  ['no JSON', '{"type":', 400],
  ['no activity', '{"type":"message"}', 400],
  ['an array', '[]', 400],
  ['2 MB', `{"text":"${'x'.repeat(2_000_000)}"}`, 413],
])('a body of %s is refused', async (_what, body, status) => {
  const { asked, started } = adapterThatCounts();
  const { url } = await started;
  expect((await fetch(url, { method: 'POST', body })).status).toBe(status);
  expect(asked).toEqual([]);
});

test('an invoke that nobody knows is said to be unknown', async () => {
  const { started } = adapterThatCounts();
  const { send, teams } = await started;
  expect((await send({ ...typed(teams.serviceUrl, ''), type: 'invoke', name: 'composeExtension/query' })).status).toBe(501);
});
