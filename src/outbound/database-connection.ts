import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Duplex } from 'node:stream';
import type { ConnectionOptions } from 'node:tls';
import type { ClientConfig, Pool, PoolClient } from 'pg';
import type { ConnectionStringMistake } from '../core/database-failure.ts';

/** Settings for the start of a session, such as `statement_timeout`. Not sent to a pooler that shares sessions. */
type StartUp = { readonly settings: Readonly<Record<string, string>> };

/** Thrown if the connection string names files that cannot be used, which waiting does not fix. */
export class ConnectionStringError extends Error {
  override readonly name = 'ConnectionStringError';
  readonly code = 'ERR_CONNECTION_STRING';
  readonly mistake: ConnectionStringMistake;

  constructor(mistake: ConnectionStringMistake) {
    super(`connection string not usable: ${mistake.kind}`);
    this.mistake = mistake;
  }
}

/** Parameters of a connection string that are handled here. pg ignores them or gives them another meaning. */
const OURS = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'sslpassword', 'uselibpqcompat', 'schema', 'pgbouncer'];

/**
 * Returns the pg options for a connection string, with TLS as in libpq
 * (postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-PROTECTION): `require` encrypts without checking the certificate unless
 * `sslrootcert` is set, `verify-ca` checks the authority, `verify-full` also the host name. `prefer` and `allow` are resolved by
 * reachDatabase; here they mean `require` and `disable`.
 *
 * `?schema=` is the schema of unqualified names. `?pgbouncer=true` says that a pooler shares sessions: then no session settings are
 * sent.
 *
 * @throws ConnectionStringError if a file cannot be read, or the certificate and its key do not match
 */
export function connectionOptions(databaseUrl: string, { settings }: StartUp = { settings: {} }): ClientConfig {
  const { rest, given } = takeApart(databaseUrl);
  const schema = given.get('schema');
  const isShared = isSharedSession(databaseUrl);
  const startUp = { ...settings, ...(schema !== undefined && { search_path: `"${schema.replaceAll('"', '""')}"` }) };
  const options = [
    rest.searchParams.get('options') ?? '',
    // Spaces and backslashes in a value are escaped (postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNECT-OPTIONS).
    ...(isShared ? [] : Object.entries(startUp).map(([name, value]) => `-c ${name}=${value.replace(/[\\ ]/g, '\\$&')}`)),
  ].filter((one) => one !== '');
  rest.searchParams.delete('options');
  const ssl = tlsOf(given);
  return {
    connectionString: rest.href,
    ...(ssl !== undefined && { ssl }),
    ...(options.length > 0 && { options: options.join(' ') }),
  };
}

/** Whether the string says that a pooler assigns each transaction to another session. */
export function isSharedSession(databaseUrl: string): boolean {
  return new URL(databaseUrl).searchParams.get('pgbouncer') === 'true';
}

/** Returns the string with one parameter set. */
export function withParameter(databaseUrl: string, name: string, value: string): string {
  const url = new URL(databaseUrl);
  url.searchParams.set(name, value);
  return url.href;
}

/** Returns the schema in the string; null for the role's search_path. */
export function schemaOf(databaseUrl: string): string | null {
  return new URL(databaseUrl).searchParams.get('schema');
}

/** Returns the TLS mode in the string; null if it has none, which means `prefer` as in libpq. */
export function sslModeOf(databaseUrl: string): string | null {
  const { searchParams } = new URL(databaseUrl);
  // The parameter of pg itself, which stays as it is.
  if (searchParams.has('ssl')) return 'ssl';
  if (searchParams.get('sslrootcert') === 'system') return 'verify-full';
  return searchParams.get('sslmode');
}

function takeApart(databaseUrl: string): { readonly rest: URL; readonly given: ReadonlyMap<string, string> } {
  const rest = new URL(databaseUrl);
  const given = new Map(
    OURS.flatMap((name): [string, string][] => {
      const value = rest.searchParams.get(name);
      rest.searchParams.delete(name);
      return value === null || value === '' ? [] : [[name, value]];
    }),
  );
  return { rest, given };
}

function tlsOf(given: ReadonlyMap<string, string>): ConnectionOptions | false | undefined {
  const mode = given.get('sslrootcert') === 'system' ? 'verify-full' : given.get('sslmode');
  if (mode === undefined) return undefined;
  if (mode === 'disable' || mode === 'allow') return false;
  const root = given.get('sslrootcert');
  const ca = root === undefined || root === 'system' ? undefined : fileOf('sslrootcert', root);
  return {
    ...(ca !== undefined && { ca }),
    ...identityOf(given),
    // With the certificate of an authority, `require` means `verify-ca`, as in older versions of libpq.
    ...((mode === 'prefer' || mode === 'no-verify' || (mode === 'require' && ca === undefined)) && { rejectUnauthorized: false }),
    ...(mode !== 'verify-full' && { checkServerIdentity: () => undefined }),
  };
}

/** Reads and checks the client certificate. The TLS error for a key that does not match names neither the file nor the parameter. */
function identityOf(given: ReadonlyMap<string, string>): Pick<ConnectionOptions, 'cert' | 'key' | 'passphrase'> {
  const [cert, key, passphrase] = [given.get('sslcert'), given.get('sslkey'), given.get('sslpassword')];
  if (cert === undefined && key === undefined) return {};
  if (cert === undefined || key === undefined)
    throw new ConnectionStringError({ kind: 'one-missing', missing: cert === undefined ? 'sslcert' : 'sslkey' });
  const files = { cert: fileOf('sslcert', cert), key: fileOf('sslkey', key), ...(passphrase !== undefined && { passphrase }) };
  if (!certificateIn(files.cert, cert).checkPrivateKey(privateKeyIn(files, key)))
    throw new ConnectionStringError({ kind: 'no-match', key, certificate: cert });
  return files;
}

function certificateIn(pem: string, path: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw new ConnectionStringError({ kind: 'not-a-certificate', path });
  }
}

function privateKeyIn({ key, passphrase }: { readonly key: string; readonly passphrase?: string }, path: string): KeyObject {
  try {
    return createPrivateKey({ key, ...(passphrase !== undefined && { passphrase }) });
  } catch {
    const ofLocked = passphrase === undefined ? 'no-password' : 'wrong-password';
    throw new ConnectionStringError({ kind: key.includes('ENCRYPTED') ? ofLocked : 'not-a-key', path });
  }
}

function fileOf(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    throw new ConnectionStringError({ kind: 'file-unreadable', parameter: name, path, code });
  }
}

/** The code of the error that ends a read-only session. */
export const SESSION_RENEWED = 'SESSION_RENEWED';

/** PostgreSQL's code for a write in a read-only transaction: the server, the database or the session is read-only. */
const READ_ONLY = '25006';

/**
 * Renews the sessions of a pool after a failover. Open sessions may stay read-only although new ones can write. After one of them
 * reports that, all sessions that were open then are ended; sessions in use are ended when they return to the pool.
 *
 * @returns a function that ends them at once, for callers that detect this in another way
 */
export function renewReadOnly(pool: Pool): () => void {
  const idle = new Set<PoolClient>();
  const open = new Set<PoolClient>();
  const stuck = new WeakSet<PoolClient>();

  function renew(): void {
    for (const client of open) stuck.add(client);
    for (const client of idle) end(client);
  }
  function end(client: PoolClient): void {
    idle.delete(client);
    open.delete(client);
    if (client.connection.stream instanceof Duplex)
      client.connection.stream.destroy(Object.assign(new Error('the session is read-only'), { code: SESSION_RENEWED }));
  }

  pool.on('connect', (client) => {
    open.add(client);
    client.connection.on('errorMessage', ({ code }: { readonly code?: string }) => {
      if (code === READ_ONLY) renew();
    });
  });
  pool.on('acquire', (client) => void idle.delete(client));
  pool.on('release', (_, client) => {
    if (stuck.has(client)) end(client);
    else idle.add(client);
  });
  pool.on('remove', (client) => {
    idle.delete(client);
    open.delete(client);
  });
  return renew;
}
