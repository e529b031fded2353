import { readFile } from 'node:fs/promises';
import { ConfidentialClientApplication, ManagedIdentityApplication } from '@azure/msal-node';
import { err, ok } from '../../core/result.ts';
import type { Clock } from '../../ports/clock.ts';
import { request } from '../../outbound/http-client.ts';
import type { AccessToken } from './verify-request.ts';
import { MICROSOFT, type CloudAuthorities } from './clouds.ts';
import type { Registered } from './identity.ts';
import { cachedToken, type GivenToken, type TokenSource } from './token-cache.ts';
import { cloudOf, type Cloud } from './service-url.ts';
import { tokenRequests } from './token-requests.ts';
import { tokenFailure } from './token-failure.ts';
import { FOREIGN_SERVICE_URL } from '../../messages/platforms/teams-errors.ts';

/**
 * Creates the source of our own tokens, for a secret, a certificate or a managed identity. Microsoft's library makes the requests and
 * signatures and knows where machines in Azure ask. Its cache and its retries are not used, because only the queue retries.
 *
 * @param send another HTTP client, for tests that replace Microsoft
 */
export function createAccessToken(
  identity: Registered,
  {
    clock,
    clouds = MICROSOFT,
    send = request,
  }: { readonly clock: Clock; readonly clouds?: CloudAuthorities; readonly send?: typeof request },
): AccessToken {
  const ask =
    identity.kind === 'managed-identity' && identity.federatedTokenFile === null
      ? ofThisMachine(identity.appId, send)
      : ofTheApp(identity, send);
  const sources = new Map<Cloud, TokenSource>();

  function sourceFor(cloud: Cloud): TokenSource {
    const source = sources.get(cloud) ?? cachedToken(() => ask(clouds[cloud]), clock);
    sources.set(cloud, source);
    return source;
  }

  return async (serviceUrl) => {
    const cloud = cloudOf(serviceUrl);
    if (cloud === null) return err({ kind: 'refused', ...FOREIGN_SERVICE_URL });
    try {
      return ok(await sourceFor(cloud)());
    } catch (error) {
      return err(tokenFailure(error, identity.kind));
    }
  };
}

type Ask = (from: { readonly login: string; readonly audience: string }) => Promise<GivenToken>;

/** Gets a token by the client credentials flow (learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow). */
function ofTheApp(identity: Registered, send: typeof request): Ask {
  return async ({ login, audience }) => {
    const app = new ConfidentialClientApplication({
      auth: { clientId: identity.appId, authority: `${login}/${identity.tenantId}`, ...credentialsOf(identity) },
      system: { networkClient: tokenRequests(send) },
    });
    return given(await app.acquireTokenByClientCredential({ scopes: [`${audience}/.default`], skipCache: true }));
  };
}

function credentialsOf(identity: Registered) {
  switch (identity.kind) {
    case 'password':
      return { clientSecret: identity.password };
    case 'certificate':
      // With the chain, an app that trusts a subject and its issuer accepts a renewed certificate without a new registration.
      return { clientCertificate: { thumbprintSha256: identity.thumbprint, privateKey: identity.privateKey, x5c: identity.certificates } };
    case 'managed-identity':
      // Read each time, because Kubernetes replaces the file before its content expires.
      return { clientAssertion: async () => (await readFile(identity.federatedTokenFile ?? '', 'utf8')).trim() };
  }
}

/**
 * Gets a token from the machine, in any way that it offers
 * (learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token).
 */
function ofThisMachine(clientId: string, send: typeof request): Ask {
  const app = new ManagedIdentityApplication({
    managedIdentityIdParams: { userAssignedClientId: clientId },
    system: { networkClient: tokenRequests(send), disableInternalRetries: true },
  });
  return async ({ audience }) => given(await app.acquireToken({ resource: audience, forceRefresh: true }));
}

function given(result: { readonly accessToken: string; readonly expiresOn: Date | null } | null): GivenToken {
  if (!result?.accessToken || result.expiresOn === null) throw new Error('an answer without a token');
  return { token: result.accessToken, expiresAt: result.expiresOn };
}
