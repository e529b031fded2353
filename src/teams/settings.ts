import { X509Certificate, createPrivateKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { PlatformEnvironment } from '../chat/platform.ts';
import { oneOfText } from '../core/text/join-list.ts';
import type { TeamsIdentity } from './auth/identity.ts';

/** The Azure portal's names for the kinds of bot registration that can still be created. MultiTenant is not among them. */
const APP_TYPES = ['SingleTenant', 'UserAssignedMsi'] as const;

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const GUID_EXAMPLE = '00000000-0000-0000-0000-000000000000';

const LOOPBACK_HOSTS = ['127.0.0.1', 'localhost', '::1'];

const SETTINGS = [
  'MicrosoftAppType',
  'MicrosoftAppId',
  'MicrosoftAppPassword',
  'MicrosoftAppCertificateFile',
  'MicrosoftAppTenantId',
] as const;

/** The variables of Teams. */
export const TEAMS_SETTINGS = [...SETTINGS, 'TEAMS_ALLOW_ANONYMOUS', 'AZURE_FEDERATED_TOKEN_FILE'] as const;
type Name = (typeof TEAMS_SETTINGS)[number];

export type TeamsSettings = { readonly identity: TeamsIdentity };

/**
 * Reads the variables for Teams. Null if none is set. All of them are checked here, because Microsoft's library treats a mistyped kind of
 * app as multi-tenant, and a missing ID as no authentication.
 */
export function readTeams({ get, secret, path, flag, problem, host, cwd }: PlatformEnvironment<Name>): TeamsSettings | null {
  const isAnonymous = flag('TEAMS_ALLOW_ANONYMOUS');
  // Kubernetes in Azure sets it for a workload identity, whether a bot uses it or not.
  const federatedTokenFile = path('AZURE_FEDERATED_TOKEN_FILE') ?? null;
  const given = SETTINGS.filter((name) => get(name) !== undefined);
  if (isAnonymous) {
    for (const name of given) problem(name, 'contradicts TEAMS_ALLOW_ANONYMOUS: leave out one of the two');
    if (!LOOPBACK_HOSTS.includes(host))
      problem('TEAMS_ALLOW_ANONYMOUS', `accepts requests from everyone who can reach ${host}: set HOST=127.0.0.1`);
    return { identity: { kind: 'anonymous' } };
  }
  if (given.length === 0) return null;

  const type = APP_TYPES.find((one) => one === get('MicrosoftAppType'));
  if (get('MicrosoftAppType') === undefined)
    problem('MicrosoftAppType', `is missing: ${oneOfText(APP_TYPES)}, as it says in the Azure portal under Configuration of the bot`);
  else if (type === undefined)
    problem(
      'MicrosoftAppType',
      `must be ${oneOfText(APP_TYPES)}. With a certificate it is SingleTenant, and MicrosoftAppCertificateFile names the file`,
    );
  const appId = guid('MicrosoftAppId');
  const tenantId = guid('MicrosoftAppTenantId');
  if (type === undefined) return null;
  const identity = type === 'SingleTenant' ? singleTenant(appId, tenantId) : managed(appId, tenantId);
  return identity && { identity };

  function guid(name: Name): string {
    const value = get(name);
    if (value === undefined) problem(name, `is missing: copy it from Configuration of the bot in the Azure portal (${GUID_EXAMPLE})`);
    else if (!GUID.test(value)) problem(name, `must look like ${GUID_EXAMPLE}`);
    // Microsoft's tokens and activities contain it in lower case, and it is compared with them.
    return value?.toLowerCase() ?? '';
  }

  function managed(clientId: string, tenant: string): TeamsIdentity {
    for (const name of ['MicrosoftAppPassword', 'MicrosoftAppCertificateFile'] as const)
      if (get(name) !== undefined) problem(name, 'is not used by a managed identity: leave it out, or set MicrosoftAppType=SingleTenant');
    return { kind: 'managed-identity', appId: clientId, tenantId: tenant, federatedTokenFile };
  }

  function singleTenant(clientId: string, tenant: string): TeamsIdentity | null {
    const password = secret('MicrosoftAppPassword');
    const file = path('MicrosoftAppCertificateFile');
    if (password !== undefined && file !== undefined)
      problem('MicrosoftAppCertificateFile', 'contradicts MicrosoftAppPassword: leave out one of the two');
    if (password !== undefined) return { kind: 'password', appId: clientId, tenantId: tenant, password };
    if (file === undefined) {
      problem(
        'MicrosoftAppPassword',
        'is missing: make a client secret under Certificates & secrets of the app registration, or set MicrosoftAppCertificateFile',
      );
      return null;
    }
    const certificate = readCertificate(resolve(cwd, file), (message) => problem('MicrosoftAppCertificateFile', message));
    return certificate && { kind: 'certificate', appId: clientId, tenantId: tenant, ...certificate };
  }
}

const [BEGIN, END] = ['-----BEGIN ', '-----END '];
const DASHES = '-----';

/** Returns the blocks of a PEM file (RFC 7468) with one of these labels, each from its BEGIN to its END. */
function blocksOf(pem: string, labels: readonly string[]): readonly string[] {
  const blocks: string[] = [];
  for (let at = pem.indexOf(BEGIN); at !== -1; at = pem.indexOf(BEGIN, at + 1)) {
    const label = labels.find((one) => pem.startsWith(one + DASHES, at + BEGIN.length));
    if (label === undefined) continue;
    const last = END + label + DASHES;
    const end = pem.indexOf(last, at);
    if (end === -1) break;
    blocks.push(pem.slice(at, end + last.length));
    at = end;
  }
  return blocks;
}

/**
 * Reads a PEM file with the certificate of the app registration and its private key. It may also contain the issuers, for a registration
 * that trusts a subject and its issuer. Problems are reported.
 */
function readCertificate(
  path: string,
  problem: (message: string) => void,
): { readonly certificates: string; readonly privateKey: string; readonly thumbprint: string } | null {
  let pem: string;
  try {
    pem = readFileSync(path, 'utf8');
  } catch {
    problem(`${path} cannot be read`);
    return null;
  }
  const [privateKey] = blocksOf(pem, ['PRIVATE KEY', 'RSA PRIVATE KEY']);
  const parsed = parsedPair(blocksOf(pem, ['CERTIFICATE']), privateKey ?? '');
  if (privateKey === undefined || parsed === null) {
    problem(
      `${path} must hold a certificate and its private key without a passphrase, both in PEM (-----BEGIN CERTIFICATE-----, -----BEGIN PRIVATE KEY-----)`,
    );
    return null;
  }
  if (parsed.key.asymmetricKeyType !== 'rsa') problem(`the key in ${path} is not an RSA key, the only kind that Microsoft accepts here`);
  const own = parsed.certificates.find((one) => one.checkPrivateKey(parsed.key));
  if (own === undefined) {
    problem(`the private key in ${path} does not belong to the certificate in it`);
    return null;
  }
  const certificates = [own, ...parsed.certificates.filter((one) => one !== own)].map((one) => one.toString().trim()).join('\n');
  return { certificates, privateKey, thumbprint: own.fingerprint256.replaceAll(':', '') };
}

function parsedPair(
  certificates: readonly string[],
  privateKey: string,
): { readonly certificates: readonly X509Certificate[]; readonly key: KeyObject } | null {
  if (certificates.length === 0) return null;
  try {
    return { certificates: certificates.map((one) => new X509Certificate(one)), key: createPrivateKey(privateKey) };
  } catch {
    return null;
  }
}
