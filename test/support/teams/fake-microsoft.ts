import { createHmac, sign, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { z } from 'zod';
import type { CloudAuthority } from '../../../src/teams/auth/clouds.ts';
import { rsaKey } from '../rsa-key.ts';

export type Key = { readonly privateKey: KeyObject; readonly publicKey: KeyObject };
type Header = { readonly alg: string; readonly kid?: string };

export type FakeMicrosoft = {
  readonly authority: CloudAuthority;
  /** The key that the fake publishes as `current`. */
  readonly key: Key;
  /** What it was asked for, by path. */
  readonly asked: readonly string[];
  /** From now on its keys cannot be had. */
  fail(): void;
  readonly close: () => Promise<void>;
};

const addressSchema = z.object({ port: z.number() });
const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token as Microsoft signs it, or as somebody would who wants to be taken for Microsoft. */
export function signedBy({ privateKey }: Key, claims: object, header: Partial<Header> = {}): string {
  const signed = `${base64({ alg: 'RS256', typ: 'JWT', kid: 'current', ...header })}.${base64(claims)}`;
  return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), privateKey).toString('base64url')}`;
}

/** A token that says of itself that nobody signed it. */
export function unsigned(claims: object): string {
  return `${base64({ alg: 'none', typ: 'JWT', kid: 'current' })}.${base64(claims)}.`;
}

/** A token "signed" with what everybody knows: the public key, as if it were a password. */
export function signedWithThePublicKey({ publicKey }: Key, claims: object): string {
  const signed = `${base64({ alg: 'HS256', typ: 'JWT', kid: 'current' })}.${base64(claims)}`;
  return `${signed}.${createHmac('sha256', publicKey.export({ type: 'spki', format: 'pem' }))
    .update(signed)
    .digest('base64url')}`;
}

/**
 * Publishes keys as login.botframework.com does: one for Teams, one endorsed for another channel only.
 *
 * @param tls a certificate and its key in PEM, to be asked over HTTPS
 */
export async function startFakeMicrosoft(tls: { readonly cert: string; readonly key: string } | null = null): Promise<FakeMicrosoft> {
  const key = rsaKey('Microsoft');
  const asked: string[] = [];
  let failing = false;
  const published = (kid: string, endorsements: readonly string[]) => ({
    ...key.publicKey.export({ format: 'jwk' }),
    use: 'sig',
    kid,
    endorsements,
  });
  const publish: RequestListener = (request, response) => {
    asked.push(request.url ?? '');
    if (failing) return void response.writeHead(503).end();
    const body =
      request.url === '/keys'
        ? { keys: [published('current', ['msteams']), published('of-another-channel', ['webchat'])] }
        : { issuer: 'https://api.botframework.com', jwks_uri: `${base}/keys` };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  const server = tls === null ? createServer(publish) : createSecureServer(tls, publish);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const base = `${tls === null ? 'http' : 'https'}://127.0.0.1:${String(addressSchema.parse(server.address()).port)}`;
  return {
    authority: {
      issuer: 'https://api.botframework.com',
      openIdMetadata: `${base}/openidconfiguration`,
      audience: 'https://api.botframework.com',
      login: 'https://login.microsoftonline.com',
    },
    key,
    asked,
    fail: () => (failing = true),
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
