import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { loadConfig } from '../../src/app/load-config.ts';
import { readTeams } from '../../src/teams/settings.ts';
import { selfSigned } from '../support/certificate.ts';
import { platformEnvironment } from '../support/platform-environment.ts';

const APP = '00000000-0000-0000-0000-00000000000b';
const TENANT = '00000000-0000-0000-0000-0000000000aa';
const IDS = { MicrosoftAppId: APP, MicrosoftAppTenantId: TENANT };
const SINGLE = { ...IDS, MicrosoftAppType: 'SingleTenant' };
const MANAGED = { ...IDS, MicrosoftAppType: 'UserAssignedMsi' };

function folder(): string {
  const cwd = mkdtempSync(join(tmpdir(), 'creditwatch-teams-'));
  onTestFinished(() => rmSync(cwd, { recursive: true }));
  return cwd;
}

function mistakes(env: Record<string, string>, cwd = folder()): readonly string[] {
  const config = loadConfig({ env, cwd });
  return config.ok ? [] : config.error.map(({ where, message }) => `${where}: ${message}`);
}

function teamsOf(env: Record<string, string>, cwd = folder()) {
  expect(mistakes(env, cwd)).toEqual([]);
  return readTeams(platformEnvironment(env, { cwd }));
}

test('nothing set: Teams is off', () => {
  expect(teamsOf({})).toBeNull();
  expect(teamsOf({ MicrosoftAppId: '', TEAMS_ALLOW_ANONYMOUS: 'false' })).toBeNull();
});

describe('a registration that is set in part, or mistyped, refuses to start and names the setting', () => {
  const ID = 'must look like 00000000-0000-0000-0000-000000000000';
  const copy = 'is missing: copy it from Configuration of the bot in the Azure portal (00000000-0000-0000-0000-000000000000)';
  test.each<[Record<string, string>, string[]]>([
    [IDS, ['MicrosoftAppType: is missing: SingleTenant or UserAssignedMsi, as it says in the Azure portal under Configuration of the bot']],
    [
      { ...SINGLE, MicrosoftAppType: 'SingelTenant', MicrosoftAppPassword: 'x' },
      [
        'MicrosoftAppType: must be SingleTenant or UserAssignedMsi. With a certificate it is SingleTenant, and MicrosoftAppCertificateFile names the file',
      ],
    ],
    [
      { ...SINGLE, MicrosoftAppType: 'MultiTenant', MicrosoftAppPassword: 'x' },
      [
        'MicrosoftAppType: must be SingleTenant or UserAssignedMsi. With a certificate it is SingleTenant, and MicrosoftAppCertificateFile names the file',
      ],
    ],
    [
      SINGLE,
      [
        'MicrosoftAppPassword: is missing: make a client secret under Certificates & secrets of the app registration, or set MicrosoftAppCertificateFile',
      ],
    ],
    [{ MicrosoftAppType: 'UserAssignedMsi' }, [`MicrosoftAppId: ${copy}`, `MicrosoftAppTenantId: ${copy}`]],
    [{ ...SINGLE, MicrosoftAppPassword: 'x', MicrosoftAppId: '28:x' }, [`MicrosoftAppId: ${ID}`]],
    [{ ...SINGLE, MicrosoftAppPassword: 'x', MicrosoftAppTenantId: 'contoso.onmicrosoft.com' }, [`MicrosoftAppTenantId: ${ID}`]],
    [
      { ...MANAGED, MicrosoftAppPassword: 'x' },
      ['MicrosoftAppPassword: is not used by a managed identity: leave it out, or set MicrosoftAppType=SingleTenant'],
    ],
    [
      { ...SINGLE, MicrosoftAppPassword: 'x', MicrosoftAppCertificateFile: 'bot.pem' },
      ['MicrosoftAppCertificateFile: contradicts MicrosoftAppPassword: leave out one of the two'],
    ],
    [
      { MicrosoftAppPassword: 'x' },
      [expect.stringMatching(/^MicrosoftAppType: is missing/), `MicrosoftAppId: ${copy}`, `MicrosoftAppTenantId: ${copy}`],
    ],
    [{ TEAMS_ALLOW_ANONYMOUS: 'maybe' }, ['TEAMS_ALLOW_ANONYMOUS: must be true or false']],
    [
      { TEAMS_ALLOW_ANONYMOUS: 'true', MicrosoftAppId: APP },
      ['MicrosoftAppId: contradicts TEAMS_ALLOW_ANONYMOUS: leave out one of the two'],
    ],
    [
      { TEAMS_ALLOW_ANONYMOUS: 'true', HOST: '0.0.0.0' },
      ['TEAMS_ALLOW_ANONYMOUS: accepts requests from everyone who can reach 0.0.0.0: set HOST=127.0.0.1'],
    ],
    [
      { TEAMS_ALLOW_ANONYMOUS: 'true', HOST: '192.168.0.5' },
      ['TEAMS_ALLOW_ANONYMOUS: accepts requests from everyone who can reach 192.168.0.5: set HOST=127.0.0.1'],
    ],
  ])('%j', (env, expected) => expect(mistakes(env)).toEqual(expected));
});

test('takes a client secret, a managed identity and an emulator', () => {
  expect(teamsOf({ ...SINGLE, MicrosoftAppPassword: 'x' })).toEqual({
    identity: { kind: 'password', appId: APP, tenantId: TENANT, password: 'x' },
  });
  expect(teamsOf(MANAGED)).toEqual({ identity: { kind: 'managed-identity', appId: APP, tenantId: TENANT, federatedTokenFile: null } });
  expect(teamsOf({ ...MANAGED, AZURE_FEDERATED_TOKEN_FILE: '/var/run/token' })).toMatchObject({
    identity: { federatedTokenFile: '/var/run/token' },
  });
  for (const yes of ['true', 'TRUE', '1', 'yes', 'Yes', 'on', ' true\r\n'])
    expect(teamsOf({ TEAMS_ALLOW_ANONYMOUS: yes }), yes).toEqual({ identity: { kind: 'anonymous' } });
  for (const no of ['false', 'False', '0', 'no', 'OFF', '', ' \n']) expect(teamsOf({ TEAMS_ALLOW_ANONYMOUS: no }), no).toBeNull();
});

test('takes ids in capitals for what they are', () => {
  expect(teamsOf({ ...MANAGED, MicrosoftAppId: APP.toUpperCase(), MicrosoftAppTenantId: TENANT.toUpperCase() })).toMatchObject({
    identity: { kind: 'managed-identity', appId: APP, tenantId: TENANT },
  });
});

test('takes a certificate with its key, and refuses a file that is missing, incomplete or of two pairs', () => {
  const cwd = folder();
  const [one, two] = [selfSigned(), selfSigned()];
  const withFile = (text: string) => {
    writeFileSync(join(cwd, 'bot.pem'), text);
    return { ...SINGLE, MicrosoftAppCertificateFile: 'bot.pem' };
  };
  expect(teamsOf(withFile(one.key + one.cert), cwd)).toMatchObject({
    identity: { kind: 'certificate', thumbprint: expect.stringMatching(/^[0-9A-F]{64}$/), certificates: one.cert.trim() },
  });
  const whole = `MicrosoftAppCertificateFile: ${join(cwd, 'bot.pem')} must hold a certificate and its private key without a passphrase, both in PEM (-----BEGIN CERTIFICATE-----, -----BEGIN PRIVATE KEY-----)`;
  expect(mistakes(withFile(one.cert), cwd)).toEqual([whole]);
  expect(mistakes(withFile(one.key.replace(/\w{20}/, '') + one.cert), cwd)).toEqual([whole]);
  expect(mistakes(withFile(one.key + two.cert), cwd)).toEqual([
    `MicrosoftAppCertificateFile: the private key in ${join(cwd, 'bot.pem')} does not belong to the certificate in it`,
  ]);
  const curve = selfSigned({ kind: 'curve' });
  expect(mistakes(withFile(curve.key + curve.cert), cwd)).toEqual([
    `MicrosoftAppCertificateFile: the key in ${join(cwd, 'bot.pem')} is not an RSA key, the only kind that Microsoft accepts here`,
  ]);
  expect(mistakes({ ...SINGLE, MicrosoftAppCertificateFile: 'missing.pem' }, cwd)).toEqual([
    `MicrosoftAppCertificateFile: ${join(cwd, 'missing.pem')} cannot be read`,
  ]);
});
