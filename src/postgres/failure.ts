import { SESSION_RENEWED } from '../outbound/database-connection.ts';
import { codesOf, nodesOf, textsOf } from './error-nodes.ts';
import { SERVER_SILENT } from './store/sql/connection-watchdog.ts';

/** Why the database does not work, and the remedy for the operator. */
export type Cause = {
  /** Continues "the database": `is read-only`. */
  readonly is: string;
  readonly remedy: string;
  /** Whether the server answers at all. */
  readonly answers: boolean;
};

const cause = (is: string, remedy: string): Cause => ({ is, remedy, answers: true });
const silence = (remedy: string): Cause => ({ is: 'does not answer', remedy, answers: false });

const SPACE = cause('has no space left on its disk', 'Free space on the disk of the database; Creditwatch then continues by itself.');
const DISK = cause('cannot use its disk', 'Check the disk of the database. Its log has the details.');
const STARTING = cause('is starting or shutting down', 'Wait until it is up. If that takes long, check its log.');
const NETWORK = silence('Check that it is running, and the host and port in DATABASE_URL.');
const SILENT = silence('Check the host and port in DATABASE_URL, and that no firewall blocks it.');
/** Codes of work of ours that the server ended because it took too long. Locks of others and a slow disk can be why. */
const TOO_SLOW: ReadonlyMap<string, Cause> = new Map([
  [
    '57014',
    cause(
      'ended a statement that took too long',
      'Check in the log of the database what it waited for: a lock, its disk, or its processor.',
    ),
  ],
  ['25P03', cause('ended a transaction that paused for too long', 'Check whether the processor of this machine is overloaded.')],
]);
const CERTIFICATE = cause(
  'has a certificate that is not trusted',
  "Add sslrootcert=<path of its authority's certificate> to DATABASE_URL, or use sslmode=require, which encrypts without checking the certificate.",
);
const POOLER = cause(
  'is behind a connection pooler that rejects session settings',
  'Set DIRECT_DATABASE_URL to the server itself, without the pooler.',
);

/** The message about a full disk, which is also used before PostgreSQL notices it. */
export const NO_SPACE_LEFT = `the database ${SPACE.is}`;

/**
 * PostgreSQL's error codes (postgresql.org/docs/current/errcodes-appendix.html), whole or by their class of two characters, the
 * codes of Node for networks and TLS, those of Prisma's adapter, and our own. All of these end by themselves or by an action of the
 * operator; none is a faulty statement.
 */
const UNAVAILABLE: ReadonlyMap<string, Cause> = new Map([
  ['08', NETWORK],
  ['08P01', POOLER],
  [
    '25006',
    cause(
      'is read-only',
      'Wait for the failover to end, or point DATABASE_URL at the primary. If it was made read-only on purpose, allow writes again.',
    ),
  ],
  // A statement that was prepared in another session.
  ['26000', POOLER],
  ['42P05', POOLER],
  ['28', cause('refuses this user', 'Check the user and the password in DATABASE_URL, and pg_hba.conf of the server.')],
  [
    '28P01',
    cause(
      'does not accept the password',
      'Check the user and the password in DATABASE_URL: percent-encode characters such as @ : / # in them.',
    ),
  ],
  ['3D000', cause('does not exist', 'Create it (CREATE DATABASE …), or check its name at the end of DATABASE_URL.')],
  ['53', cause('lacks resources', 'Check the log of its server for the missing resource.')],
  ['53100', SPACE],
  ['53200', cause('has no memory left', 'Give its server more memory, or lower its work_mem and max_connections.')],
  ['53300', cause('has no connection left', 'Raise max_connections of the server or the limit of the role: each process uses about 20.')],
  ...TOO_SLOW,
  ['57P', STARTING],
  ['58', DISK],
  ['58030', DISK],
  ['ENOSPC', SPACE],
  ['EDQUOT', SPACE],
  ['EIO', DISK],
  ['ECONNREFUSED', NETWORK],
  ['ENOENT', NETWORK],
  ['ECONNRESET', NETWORK],
  ['EPIPE', NETWORK],
  ['DatabaseNotReachable', NETWORK],
  ['ConnectionClosed', NETWORK],
  ['SocketTimeout', NETWORK],
  [SESSION_RENEWED, NETWORK],
  [SERVER_SILENT, SILENT],
  ['ETIMEDOUT', SILENT],
  ['EHOSTUNREACH', SILENT],
  ['ENETUNREACH', SILENT],
  ['ENETDOWN', SILENT],
  ['ENOTFOUND', cause('has an unknown host name', 'Check the host in DATABASE_URL, and the name servers of this machine.')],
  [
    'EAI_AGAIN',
    cause('has a host name that cannot be resolved now', 'Check the name servers of this machine, and the host in DATABASE_URL.'),
  ],
  ...[
    'SELF_SIGNED_CERT_IN_CHAIN',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'UNABLE_TO_GET_ISSUER_CERT',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'CERT_UNTRUSTED',
  ].map((code): [string, Cause] => [code, CERTIFICATE]),
  [
    'CERT_HAS_EXPIRED',
    cause(
      'has a certificate that has expired',
      'Renew the certificate of the server, or use sslmode=require, which encrypts without checking it.',
    ),
  ],
  [
    'ERR_TLS_CERT_ALTNAME_INVALID',
    cause(
      'has a certificate for another host name',
      'In DATABASE_URL, use the host name of the certificate, or sslmode=verify-ca, which does not compare names.',
    ),
  ],
]);

const NO_TLS = /does not support SSL/;

/**
 * Errors of pg that have no code (docs/decisions/0026-store-unavailable.md), and errors that share a code of the server and need
 * different remedies.
 */
const BY_WORDS: readonly (readonly [RegExp, Cause])[] = [
  [
    /client certificate|certificate authentication failed/i,
    cause(
      'requires a client certificate',
      'Add sslcert=<path> and sslkey=<path> to DATABASE_URL. The common name of the certificate must be the user, and an authority that the server trusts must have signed it.',
    ),
  ],
  [/no encryption|SSL off|sslmode|requires? SSL/i, cause('requires an encrypted connection', 'Add sslmode=require to DATABASE_URL.')],
  [
    NO_TLS,
    cause('has no TLS', 'Use sslmode=disable in DATABASE_URL if you trust the network in between. Otherwise turn on TLS in the server.'),
  ],
  [/timeout expired|timeout exceeded when trying to connect|Query read timeout/, SILENT],
  [/Connection terminated|Client has encountered a connection error/, NETWORK],
];

/**
 * Prisma's codes for a server that cannot be reached, closed the connection, or gave no connection or transaction in time
 * (prisma.io/docs/orm/reference/error-reference).
 */
const OF_PRISMA = new Set(['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', 'P2037']);

/** Mistakes in the configuration, which waiting does not fix. */
const SETUP: ReadonlyMap<string, Cause> = new Map([
  [
    '42501',
    cause('does not allow this user to do that', 'Grant the user CREATE and USAGE on its schema: GRANT CREATE, USAGE ON SCHEMA … TO …'),
  ],
  ['3F000', cause('has no such schema', 'Create it (CREATE SCHEMA …), or check ?schema= in DATABASE_URL and the search_path of the role.')],
  // While the server runs this only means that it went away.
  ['ECONNRESET', cause('closed the connection', 'Check that it is running, and that DATABASE_URL leads to PostgreSQL.')],
  ['22023', cause('rejects a setting', 'Check the parameters at the end of DATABASE_URL.')],
  ['42704', cause('rejects a setting', 'Check the parameters at the end of DATABASE_URL.')],
]);

/** Returns why the database cannot be used now; null for all other errors, which are bugs. */
export function unavailability(error: unknown): Cause | null {
  return causeOf(error, UNAVAILABLE) ?? (codesOf(error).some((code) => OF_PRISMA.has(code)) ? NETWORK : null);
}

/** Whether the server ended work of ours because it took too long. */
export function tookTooLong(error: unknown): boolean {
  return codesOf(error).some((code) => TOO_SLOW.has(code));
}

/** The same for checks of the configuration: includes errors that waiting does not fix. */
export function explainDatabase(error: unknown): Cause | null {
  return causeOf(error, SETUP) ?? unavailability(error);
}

/** Whether waiting may help: a server that starts at the same time will be up in a moment, a wrong password stays wrong. */
export function mayPass(error: unknown): boolean {
  return (
    !codesOf(error).some((code) => /^(28|3D|42|3F|08P01|SELF_|DEPTH_|UNABLE_|CERT_|ERR_TLS|ERR_CONNECTION_STRING)/.test(code)) &&
    !hasNoTls(error)
  );
}

/** Whether TLS was requested from a server that has none. */
export function hasNoTls(error: unknown): boolean {
  return textsOf(error).some((text) => NO_TLS.test(text));
}

/** Whether an error or one of its causes has a code: of PostgreSQL, Prisma, or the system. */
export function hasCode(error: unknown, code: string): boolean {
  return codesOf(error).includes(code);
}

function causeOf(error: unknown, table: ReadonlyMap<string, Cause>): Cause | null {
  const texts = textsOf(error);
  const worded = BY_WORDS.find(([pattern]) => texts.some((text) => pattern.test(text)));
  const codes = codesOf(error);
  // A specific message (pg_hba.conf requires TLS) says more than the class of the code.
  if (table === UNAVAILABLE && worded && codes.every((code) => !/^(53|58|25|57)/.test(code))) return worded[1];
  for (const code of codes) {
    const found = table.get(code) ?? table.get(code.slice(0, 3)) ?? table.get(code.slice(0, 2));
    if (found) return found;
  }
  return table === UNAVAILABLE ? (worded?.[1] ?? null) : null;
}

/** Returns the message of the server or the network, without the messages of the libraries around it. */
export function rootMessage(error: unknown): string {
  const messages = textsOf(error).filter((text) => text !== '');
  const last =
    messages
      .findLast((text) => text.includes(' '))
      ?.split('\n')
      .at(-1) ??
    messages.at(-1) ??
    String(error);
  return /Message: `(.+)`/.exec(last)?.[1] ?? last;
}

/** Explains in a sentence for the operator why the database rejected a statement, with PostgreSQL's message. */
export function refusalOf(error: unknown): string {
  const said = saidByServer(error);
  const cause = causeOf(error, SETUP);
  if (cause !== null) return `The database ${cause.is}${said === null ? '' : ` (${said})`}. ${cause.remedy}`;
  return `This failed on our side: the database refused it${said === null ? '' : ` (${said})`}. Please report this.`;
}

/** The server's message without that of the libraries; null if the server was not asked. */
function saidByServer(error: unknown): string | null {
  const nodes = nodesOf(error);
  // Only errors of the server have a severity.
  const [original] = nodes.flatMap(({ originalMessage, message, severity }) =>
    [originalMessage, severity === undefined ? undefined : message].filter((one) => typeof one === 'string'),
  );
  if (original !== undefined) return original;
  return nodes.flatMap(({ message }) => (typeof message === 'string' ? (/Message: `(.+)`/.exec(message)?.[1] ?? []) : []))[0] ?? null;
}
