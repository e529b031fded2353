import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Duplex } from 'node:stream';
import type { ConnectionOptions } from 'node:tls';
import type { ClientConfig, Pool, PoolClient } from 'pg';

/** What a session is told when it begins, such as `statement_timeout`. A pooler that shares sessions takes none of it. */
type StartUp = { readonly settings: Readonly<Record<string, string>> };

/** What no waiting mends: the connection string names files that cannot be used. The message is for the operator. */
class ConnectionStringError extends Error {
  override readonly name = 'ConnectionStringError';
  readonly code = 'ERR_CONNECTION_STRING';
}

/** Parameters of a connection string that are handled here, and mean something else or nothing to pg. */
const OURS = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'sslpassword', 'uselibpqcompat', 'schema', 'pgbouncer'];

/**
 * The connection that a string describes, with TLS as libpq understands it
 * (postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-PROTECTION): `require` encrypts without checking the certificate unless
 * `sslrootcert` is there, `verify-ca` checks who signed it, `verify-full` also whom it is for. `prefer` and `allow` are settled
 * before, see reachDatabase; here they mean `require` and `disable`.
 *
 * `?schema=` is where unqualified names are looked for and made. `?pgbouncer=true` says that a pooler shares sessions: then nothing
 * is said when a session begins.
 *
 * @throws ConnectionStringError when a file that the string names cannot be read, or a certificate and its key do not fit together
 */
export function connectionOptions(databaseUrl: string, { settings }: StartUp = { settings: {} }): ClientConfig {
  const { rest, given } = takeApart(databaseUrl);
  const schema = given.get('schema');
  const isShared = isSharedSession(databaseUrl);
  const startUp = { ...settings, ...(schema !== undefined && { search_path: `"${schema.replaceAll('"', '""')}"` }) };
  const options = [
    rest.searchParams.get('options') ?? '',
    // A space or a backslash in a value is escaped (postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNECT-OPTIONS).
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

/** Whether the string says that a pooler hands each transaction to another session. */
function isSharedSession(databaseUrl: string): boolean {
  return new URL(databaseUrl).searchParams.get('pgbouncer') === 'true';
}

/** The same string with one parameter set. */
export function withParameter(databaseUrl: string, name: string, value: string): string {
  const url = new URL(databaseUrl);
  url.searchParams.set(name, value);
  return url.href;
}

/** The schema that the string names; null for what the role's search_path says. */
export function schemaOf(databaseUrl: string): string | null {
  return new URL(databaseUrl).searchParams.get('schema');
}

/** What the string says of TLS; null when it says nothing, which is `prefer`, as for libpq. */
export function sslModeOf(databaseUrl: string): string | null {
  const { searchParams } = new URL(databaseUrl);
  // pg's own way, which the string keeps.
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
    // With an authority's certificate `require` is `verify-ca`, for compatibility with what it meant before.
    ...((mode === 'prefer' || mode === 'no-verify' || (mode === 'require' && ca === undefined)) && { rejectUnauthorized: false }),
    ...(mode !== 'verify-full' && { checkServerIdentity: () => undefined }),
  };
}

/** The certificate by which the server knows us, looked at here: what TLS says of a key that does not fit names neither file nor parameter. */
function identityOf(given: ReadonlyMap<string, string>): Pick<ConnectionOptions, 'cert' | 'key' | 'passphrase'> {
  const [cert, key, passphrase] = [given.get('sslcert'), given.get('sslkey'), given.get('sslpassword')];
  if (cert === undefined && key === undefined) return {};
  if (cert === undefined || key === undefined)
    throw new ConnectionStringError(
      `sslcert and sslkey in the connection string belong together, and ${cert === undefined ? 'sslcert' : 'sslkey'} is missing`,
    );
  const files = { cert: fileOf('sslcert', cert), key: fileOf('sslkey', key), ...(passphrase !== undefined && { passphrase }) };
  if (!certificateIn(files.cert, cert).checkPrivateKey(privateKeyIn(files, key)))
    throw new ConnectionStringError(`sslkey=${key} in the connection string is not the key of sslcert=${cert}`);
  return files;
}

function certificateIn(pem: string, path: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw new ConnectionStringError(`sslcert=${path} in the connection string is no certificate in PEM`);
  }
}

function privateKeyIn({ key, passphrase }: { readonly key: string; readonly passphrase?: string }, path: string): KeyObject {
  try {
    return createPrivateKey({ key, ...(passphrase !== undefined && { passphrase }) });
  } catch {
    const locked = key.includes('ENCRYPTED');
    throw new ConnectionStringError(
      `sslkey=${path} in the connection string ${locked ? `is encrypted, and sslpassword is ${passphrase === undefined ? 'missing' : 'not its password'}` : 'is no private key in PEM'}`,
    );
  }
}

function fileOf(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    throw new ConnectionStringError(`${name}=${path} in the connection string cannot be read (${code})`);
  }
}

/** The code of the error that ends a session which stayed read-only. */
export const SESSION_RENEWED = 'SESSION_RENEWED';

/** A transaction was to write where nothing may be written now: the server, the database or the session is read-only. */
const READ_ONLY = '25006';

/**
 * After a failover the sessions that are open may stay read-only for as long as they live, though a new one could write. Once one
 * of a pool's says so, all that were open then are ended: those in use when they come back.
 *
 * @returns ends them at once, for somebody who has noticed by other means
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
