import type { DatabaseProblem } from '../core/database-problem.ts';
import { SESSION_RENEWED } from '../outbound/database-connection.ts';
import { codesOf, nodesOf, textsOf } from './error-nodes.ts';
import { SERVER_SILENT } from './store/sql/connection-watchdog.ts';

/** Codes of work of ours that the server ended because it took too long. Locks of others and a slow disk can be why. */
const TOO_SLOW: ReadonlyMap<string, DatabaseProblem> = new Map([
  ['57014', 'slow-statement'],
  ['25P03', 'slow-transaction'],
]);

/**
 * PostgreSQL's error codes (postgresql.org/docs/current/errcodes-appendix.html), whole or by their class of two characters, the
 * codes of Node for networks and TLS, those of Prisma's adapter, and our own. All of these end by themselves or by an action of the
 * operator; none is a faulty statement.
 */
const UNAVAILABLE: ReadonlyMap<string, DatabaseProblem> = new Map([
  ['08', 'unreachable'],
  ['08P01', 'behind-pooler'],
  ['25006', 'read-only'],
  // A statement that was prepared in another session.
  ['26000', 'behind-pooler'],
  ['42P05', 'behind-pooler'],
  ['28', 'user-refused'],
  ['28P01', 'password-refused'],
  ['3D000', 'missing'],
  ['53', 'lacks-resources'],
  ['53100', 'no-space'],
  ['53200', 'no-memory'],
  ['53300', 'no-connection-left'],
  ...TOO_SLOW,
  ['57P', 'starting'],
  ['58', 'disk-fault'],
  ['58030', 'disk-fault'],
  ['ENOSPC', 'no-space'],
  ['EDQUOT', 'no-space'],
  ['EIO', 'disk-fault'],
  ['ECONNREFUSED', 'unreachable'],
  ['ENOENT', 'unreachable'],
  ['ECONNRESET', 'unreachable'],
  ['EPIPE', 'unreachable'],
  ['DatabaseNotReachable', 'unreachable'],
  ['ConnectionClosed', 'unreachable'],
  ['SocketTimeout', 'unreachable'],
  [SESSION_RENEWED, 'unreachable'],
  [SERVER_SILENT, 'silent'],
  ['ETIMEDOUT', 'silent'],
  ['EHOSTUNREACH', 'silent'],
  ['ENETUNREACH', 'silent'],
  ['ENETDOWN', 'silent'],
  ['ENOTFOUND', 'unknown-host'],
  ['EAI_AGAIN', 'unresolved-host'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'untrusted-certificate'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'untrusted-certificate'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'untrusted-certificate'],
  ['UNABLE_TO_GET_ISSUER_CERT', 'untrusted-certificate'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'untrusted-certificate'],
  ['CERT_UNTRUSTED', 'untrusted-certificate'],
  ['CERT_HAS_EXPIRED', 'expired-certificate'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'certificate-of-other-host'],
]);

const NO_TLS = /does not support SSL/;

/**
 * Errors of pg that have no code (docs/decisions/0026-store-unavailable.md), and errors that share a code of the server and need
 * different remedies.
 */
const BY_WORDS: readonly (readonly [RegExp, DatabaseProblem])[] = [
  [/client certificate|certificate authentication failed/i, 'client-certificate-required'],
  [/no encryption|SSL off|sslmode|requires? SSL/i, 'tls-required'],
  [NO_TLS, 'no-tls'],
  [/timeout expired|timeout exceeded when trying to connect|Query read timeout/, 'silent'],
  [/Connection terminated|Client has encountered a connection error/, 'unreachable'],
];

/**
 * Prisma's codes for a server that cannot be reached, closed the connection, or gave no connection or transaction in time
 * (prisma.io/docs/orm/reference/error-reference).
 */
const OF_PRISMA = new Set(['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', 'P2037']);

/** Mistakes in the configuration, which waiting does not fix. */
const SETUP: ReadonlyMap<string, DatabaseProblem> = new Map([
  ['42501', 'not-permitted'],
  ['3F000', 'no-schema'],
  // While the server runs this only means that it went away.
  ['ECONNRESET', 'connection-closed'],
  ['22023', 'setting-rejected'],
  ['42704', 'setting-rejected'],
]);

/** The database has no schema for our tables. Has PostgreSQL's code, so that `explainDatabase` finds the remedy. */
export class NoSchema extends Error {
  readonly code = '3F000';

  constructor() {
    super('no schema');
  }
}

/** Returns why the database cannot be used now; null for all other errors, which are bugs. */
export function unavailability(error: unknown): DatabaseProblem | null {
  return causeOf(error, UNAVAILABLE) ?? (codesOf(error).some((code) => OF_PRISMA.has(code)) ? 'unreachable' : null);
}

/** Whether the server answers at all. */
export function isAnswer(problem: DatabaseProblem): boolean {
  return problem !== 'unreachable' && problem !== 'silent';
}

/** Whether the server ended work of ours because it took too long. */
export function tookTooLong(error: unknown): boolean {
  return codesOf(error).some((code) => TOO_SLOW.has(code));
}

/** The same for checks of the configuration: includes errors that waiting does not fix. */
export function explainDatabase(error: unknown): DatabaseProblem | null {
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

function causeOf(error: unknown, table: ReadonlyMap<string, DatabaseProblem>): DatabaseProblem | null {
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

/** Returns why the database rejected a statement, with PostgreSQL's message; `problem` is null if the statement is faulty. */
export function refusalOf(error: unknown): { readonly problem: DatabaseProblem | null; readonly said: string | null } {
  return { problem: causeOf(error, SETUP), said: saidByServer(error) };
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
