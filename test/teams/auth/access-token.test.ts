import { execFileSync } from 'node:child_process';
import { constants, createHash, verify, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { z } from 'zod';
import { readTeams } from '../../../src/teams/settings.ts';
import { platformEnvironment } from '../../support/platform-environment.ts';
import { checkCredentials } from '../../../src/teams/api/credentials.ts';
import { createAccessToken } from '../../../src/teams/auth/access-token.ts';
import type { Registered } from '../../../src/teams/auth/identity.ts';
import { ManualClock } from '../../support/slack/manual-clock.ts';
import { TENANT } from '../../support/teams/activities.ts';
import { startFakeLogin, type LoginBehaviour } from '../../support/teams/fake-login.ts';
import {
  CHECK_LOGIN_CONNECTION,
  CREDENTIAL_REMEDIES,
  credentialsRejected,
  FOREIGN_SERVICE_URL,
  noToken,
  TOKEN_REMEDIES,
} from '../../../src/messages/platforms/teams-errors.ts';

const APP = '00000000-0000-0000-0000-00000000000b';
const PASSWORD = 'the-client-secret-of-the-tests';
const PUBLIC = 'https://smba.trafficmanager.net/emea/';
const GOVERNMENT = 'https://smba.infra.gov.teams.microsoft.us/';
const SCOPE = 'https://api.botframework.com/.default';
const ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const MINUTE_MS = 60_000;

const withPassword: Registered = { kind: 'password', appId: APP, tenantId: TENANT, password: PASSWORD };
const ofTheMachine: Registered = { kind: 'managed-identity', appId: APP, tenantId: TENANT, federatedTokenFile: null };

afterEach(() => vi.unstubAllEnvs());

async function prepare(identity: Registered = withPassword) {
  const login = await startFakeLogin();
  const clock = new ManualClock(new Date());
  const printed = (['log', 'info', 'warn', 'error', 'debug'] as const).map((method) =>
    vi.spyOn(console, method).mockImplementation(() => undefined),
  );
  onTestFinished(() => printed.forEach((one) => one.mockRestore()));
  return {
    login,
    clock,
    token: createAccessToken(identity, { clock, send: login.send }),
    printed: () => JSON.stringify(printed.flatMap(({ mock }) => mock.calls)),
  };
}

const given = (value: string) => ({ ok: true, value });

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'creditwatch-own-token-'));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
}

test('a secret is handed to Microsoft in one request, which asks for the Bot Framework and nothing else', async () => {
  const { login, token, printed } = await prepare();
  expect(await token(PUBLIC)).toEqual(given('token-1'));
  expect(login.asked).toHaveLength(1);
  expect(login.asked[0]).toMatchObject({
    method: 'POST',
    url: `https://login.microsoftonline.com/${TENANT}/oauth2/v2.0/token`,
    form: { grant_type: 'client_credentials', client_id: APP, client_secret: PASSWORD, scope: SCOPE },
    headers: { 'content-type': expect.stringContaining('application/x-www-form-urlencoded') },
  });
  expect(printed()).toBe('[]');
});

test('of the government’s cloud the token is its own', async () => {
  const { login, token } = await prepare();
  expect([await token(GOVERNMENT), await token(PUBLIC), await token(GOVERNMENT)]).toEqual([
    given('token-1'),
    given('token-2'),
    given('token-1'),
  ]);
  expect(login.asked[0]).toMatchObject({
    url: `https://login.microsoftonline.us/${TENANT}/oauth2/v2.0/token`,
    form: { scope: 'https://api.botframework.us/.default' },
  });
});

/** A certificate by an authority of its own, and the file that the service is given: what vouches first, on purpose. */
function certified(): { readonly identity: Registered; readonly own: X509Certificate; readonly authority: X509Certificate } {
  const cwd = folder();
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd, stdio: 'ignore' });
  openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-subj',
    '/CN=an authority',
    '-days',
    '2',
    '-keyout',
    'ca.key',
    '-out',
    'ca.crt',
  );
  openssl('req', '-new', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=creditwatch', '-keyout', 'own.key', '-out', 'own.csr');
  openssl('x509', '-req', '-in', 'own.csr', '-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-out', 'own.crt');
  const read = (name: string) => readFileSync(join(cwd, name), 'utf8');
  writeFileSync(join(cwd, 'bot.pem'), read('ca.crt') + read('own.key') + read('own.crt'));
  const settings = readTeams(
    platformEnvironment(
      { MicrosoftAppType: 'SingleTenant', MicrosoftAppId: APP, MicrosoftAppTenantId: TENANT, MicrosoftAppCertificateFile: 'bot.pem' },
      { cwd },
    ),
  );
  if (settings?.identity.kind !== 'certificate') throw new Error('the certificate was not taken');
  return {
    identity: settings.identity,
    own: new X509Certificate(read('own.crt')),
    authority: new X509Certificate(read('ca.crt')),
  };
}

const headerSchema = z.object({ alg: z.string(), 'x5t#S256': z.string(), x5c: z.array(z.string()) });
const claimsSchema = z.object({ aud: z.string(), iss: z.string(), sub: z.string(), jti: z.string(), nbf: z.number(), exp: z.number() });

test('a certificate signs who asks: by its thumbprint, with the chain for those who trust a subject and its issuer', async () => {
  const { identity, own, authority } = certified();
  const { login, token } = await prepare(identity);
  expect(await token(PUBLIC)).toEqual(given('token-1'));
  const { form } = login.asked[0] ?? {};
  expect(form).toMatchObject({ grant_type: 'client_credentials', client_id: APP, scope: SCOPE, client_assertion_type: ASSERTION });
  expect(form).not.toHaveProperty('client_secret');
  const [header = '', claims = '', signature = ''] = (form?.['client_assertion'] ?? '').split('.');
  const key = { key: own.publicKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
  expect(verify('sha256', Buffer.from(`${header}.${claims}`), key, Buffer.from(signature, 'base64url'))).toBe(true);
  const said = headerSchema.parse(JSON.parse(Buffer.from(header, 'base64url').toString()));
  expect(said).toEqual({
    alg: 'PS256',
    'x5t#S256': createHash('sha256').update(own.raw).digest('base64url'),
    x5c: [own, authority].map(({ raw }) => raw.toString('base64')),
  });
  const { aud, iss, sub, nbf, exp } = claimsSchema.parse(JSON.parse(Buffer.from(claims, 'base64url').toString()));
  expect([aud, iss, sub, exp - nbf]).toEqual([`https://login.microsoftonline.com/${TENANT}/oauth2/v2.0/token`, APP, APP, 600]);
});

test('in Kubernetes the file stands for the identity, as it is when the token is asked for', async () => {
  const file = join(folder(), 'token');
  const { login, token, clock } = await prepare({ ...ofTheMachine, federatedTokenFile: file });
  for (const assertion of ['the-first', 'the-next']) {
    writeFileSync(file, assertion);
    expect((await token(PUBLIC)).ok).toBe(true);
    clock.advance(60 * MINUTE_MS);
  }
  expect(login.asked.map(({ form }) => form['client_assertion'])).toEqual(['the-first', 'the-next']);
  expect(login.asked[0]?.form).toMatchObject({ client_id: APP, client_assertion_type: ASSERTION, scope: SCOPE });
});

// One test, for Microsoft's library looks once in a process where its machine gives tokens.
test('a managed identity gets its token from the App Service that it runs on; without such an identity there, that is said', async () => {
  const login = await startFakeLogin();
  vi.stubEnv('IDENTITY_ENDPOINT', `${login.url}/msi/token`);
  vi.stubEnv('IDENTITY_HEADER', 'the-header-of-the-tests');
  const token = createAccessToken(ofTheMachine, { clock: new ManualClock(new Date()) });
  login.next({
    kind: 'says',
    status: 400,
    json: { statusCode: 400, message: 'No User Assigned or Delegated Managed Identity found for specified ClientId' },
  });
  expect(await token(PUBLIC)).toMatchObject({
    ok: false,
    error: { kind: 'refused', reason: 'HTTP 400', remedy: expect.stringContaining('is assigned to the machine') },
  });
  expect([await token(PUBLIC), await token(PUBLIC)]).toEqual([given('token-1'), given('token-1')]);
  expect(login.asked).toHaveLength(2);
  expect(login.asked[1]).toMatchObject({
    method: 'GET',
    url: '/msi/token',
    query: { resource: 'https://api.botframework.com', client_id: APP },
    headers: { 'x-identity-header': 'the-header-of-the-tests' },
  });
});

test('no token is asked for where the service URL is none of Microsoft', async () => {
  const { login, token } = await prepare();
  expect(await token('https://evil.example/')).toMatchObject({
    ok: false,
    error: { kind: 'refused', reason: FOREIGN_SERVICE_URL.reason },
  });
  expect(login.asked).toEqual([]);
});

describe('a token', () => {
  test('is asked for once by however many send at the same time', async () => {
    const { login, token } = await prepare();
    login.next({ kind: 'ok', delayMs: 50 });
    expect(await Promise.all(Array.from({ length: 30 }, () => token(PUBLIC)))).toEqual(Array(30).fill(given('token-1')));
    expect(login.asked).toHaveLength(1);
  });

  test('is kept until five minutes before its end; then the next is asked for, and nobody waits for it', async () => {
    const { login, token, clock } = await prepare();
    await token(PUBLIC);
    clock.advance(54 * MINUTE_MS);
    expect(await token(PUBLIC)).toEqual(given('token-1'));
    expect(login.asked).toHaveLength(1);
    clock.advance(2 * MINUTE_MS);
    login.serveFor(3 * 3600);
    expect(await token(PUBLIC)).toEqual(given('token-1'));
    await expect.poll(() => token(PUBLIC)).toEqual(given('token-2'));
    expect(login.asked).toHaveLength(2);
  });

  test('serves on while Microsoft is away, and not beyond its end', async () => {
    const { login, token, clock } = await prepare();
    await token(PUBLIC);
    clock.advance(57 * MINUTE_MS);
    login.next({ kind: 'status', status: 503 });
    expect(await token(PUBLIC)).toEqual(given('token-1'));
    await expect.poll(() => login.asked.length).toBe(2);
    clock.advance(3 * MINUTE_MS);
    login.next({ kind: 'status', status: 503 });
    await expect.poll(() => token(PUBLIC)).toEqual({ ok: false, error: { kind: 'away', reason: 'HTTP 503' } });
    expect(await token(PUBLIC)).toEqual(given('token-2'));
  });
});

/** What Microsoft says when it refuses, with all that belongs into no log. */
const says = (status: number, error: string, code: string): LoginBehaviour => ({
  kind: 'says',
  status,
  json: {
    error,
    error_description: `${code}: Invalid client secret provided for app '${APP}', ${PASSWORD}. Trace ID: x`,
    error_codes: [Number(code.replace(/\D/g, ''))],
  },
});

describe('what is refused says why and what to do', () => {
  test.each<[string, LoginBehaviour, string, string | undefined]>([
    [
      'an expired secret',
      says(401, 'invalid_client', 'AADSTS7000222'),
      'invalid_client, AADSTS7000222',
      TOKEN_REMEDIES.get('AADSTS7000222'),
    ],
    [
      'the id of a secret',
      says(401, 'invalid_client', 'AADSTS7000215'),
      'invalid_client, AADSTS7000215',
      TOKEN_REMEDIES.get('AADSTS7000215'),
    ],
    [
      'a secret that is refused with 400',
      says(400, 'invalid_client', 'AADSTS7000218'),
      'invalid_client, AADSTS7000218',
      CREDENTIAL_REMEDIES.password,
    ],
    [
      'an app of another organisation',
      says(400, 'unauthorized_client', 'AADSTS700016'),
      'unauthorized_client, AADSTS700016',
      TOKEN_REMEDIES.get('AADSTS700016'),
    ],
    [
      'an organisation that does not exist',
      says(400, 'invalid_request', 'AADSTS90002'),
      'invalid_request, AADSTS90002',
      TOKEN_REMEDIES.get('AADSTS90002'),
    ],
    ['401 without a word', { kind: 'status', status: 401 }, 'HTTP 401', CREDENTIAL_REMEDIES.password],
  ])('%s', async (_what, behaviour, reason, remedy) => {
    const { login, token, printed } = await prepare();
    login.next(behaviour);
    const refused = await token(PUBLIC);
    expect(refused).toEqual({ ok: false, error: { kind: 'refused', reason, remedy } });
    expect(JSON.stringify(refused) + printed()).not.toContain(PASSWORD);
    expect(login.asked).toHaveLength(1);
    // Once it is put right in Azure, nothing here remembers.
    expect(await token(PUBLIC)).toEqual(given('token-1'));
  });

  test('a certificate that the app does not know', async () => {
    const { login, token } = await prepare(certified().identity);
    login.next(says(401, 'invalid_client', 'AADSTS700027'));
    expect(await token(PUBLIC)).toMatchObject({
      ok: false,
      error: {
        kind: 'refused',
        reason: 'invalid_client, AADSTS700027',
        remedy: TOKEN_REMEDIES.get('AADSTS700027'),
      },
    });
  });

  test('doctor says the same to the operator', async () => {
    const { login, token } = await prepare();
    login.next(says(401, 'invalid_client', 'AADSTS7000222'), { kind: 'status', status: 500 });
    expect(await checkCredentials(token)).toMatchObject({
      ok: false,
      error: {
        reason: credentialsRejected('invalid_client, AADSTS7000222'),
        remedy: expect.stringContaining('Make a new one'),
      },
    });
    expect(await checkCredentials(token)).toEqual({
      ok: false,
      error: {
        reason: noToken('HTTP 500'),
        remedy: CHECK_LOGIN_CONNECTION,
      },
    });
    expect(await checkCredentials(token)).toEqual({ ok: true, value: undefined });
  });
});

describe('what Microsoft does not say for good is tried again by whoever sends', () => {
  test.each<[string, LoginBehaviour, string]>([
    ['500', { kind: 'status', status: 500 }, 'HTTP 500'],
    ['503 in its own words', says(503, 'temporarily_unavailable', 'AADSTS90033'), 'HTTP 503'],
    ['429', { kind: 'rate-limited', retryAfterS: 60 }, 'HTTP 429'],
    ['a redirect', { kind: 'status', status: 302 }, 'HTTP 302'],
    ['a page instead of a token', { kind: 'status', status: 200 }, 'no JSON'],
    ['an answer without a token', { kind: 'says', status: 200, json: {} }, expect.stringMatching(/./)],
    ['a broken connection', { kind: 'drop', accepted: false }, expect.stringMatching(/SOCKET|RESET/)],
    ['half an answer', { kind: 'drop-answer' }, expect.stringMatching(/./)],
  ])('%s: one attempt, and the next one goes through', async (_what, behaviour, reason) => {
    const { login, token, printed } = await prepare();
    login.next(behaviour);
    expect(await token(PUBLIC)).toEqual({ ok: false, error: { kind: 'away', reason } });
    expect(login.asked).toHaveLength(1);
    expect(await token(PUBLIC)).toEqual(given(expect.stringMatching(/^token-\d$/)));
    expect(printed()).toBe('[]');
  });

  test('no answer at all: all who wait hear so after four seconds', async () => {
    const { login, clock } = await prepare();
    login.next({ kind: 'hang' });
    // One entry for each question that was sent.
    const patience: (number | undefined)[] = [];
    const token = createAccessToken(withPassword, {
      clock,
      send: (url, question) => (patience.push(question.withinMs), login.send(url, { ...question, withinMs: 50 })),
    });
    expect(await Promise.all([token(PUBLIC), token(PUBLIC)])).toEqual(
      Array(2).fill({ ok: false, error: { kind: 'away', reason: 'TimeoutError' } }),
    );
    expect(patience).toEqual([4000]);
  });
});
