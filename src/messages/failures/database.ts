import type { ConnectionStringMistake, DatabaseFailure } from '../../core/database-failure.ts';
import type { DatabaseProblem } from '../../core/database-problem.ts';
import { upperFirst } from '../text/upper-first.ts';

/** `is` continues "the database". */
type Wording = { readonly is: string; readonly remedy: string };

const WORDINGS: Readonly<Record<DatabaseProblem, Wording>> = {
  'no-space': {
    is: 'has no space left on its disk',
    remedy: 'Free space on the disk of the database; Creditwatch then continues by itself.',
  },
  'disk-fault': { is: 'cannot use its disk', remedy: 'Check the disk of the database. Its log has the details.' },
  starting: { is: 'is starting or shutting down', remedy: 'Wait until it is up. If that takes long, check its log.' },
  unreachable: { is: 'does not answer', remedy: 'Check that it is running, and the host and port in DATABASE_URL.' },
  silent: { is: 'does not answer', remedy: 'Check the host and port in DATABASE_URL, and that no firewall blocks it.' },
  'slow-statement': {
    is: 'ended a statement that took too long',
    remedy: 'Check in the log of the database what it waited for: a lock, its disk, or its processor.',
  },
  'slow-transaction': {
    is: 'ended a transaction that paused for too long',
    remedy: 'Check whether the processor of this machine is overloaded.',
  },
  'untrusted-certificate': {
    is: 'has a certificate that is not trusted',
    remedy:
      "Add sslrootcert=<path of its authority's certificate> to DATABASE_URL, or use sslmode=require, which encrypts without checking the certificate.",
  },
  'expired-certificate': {
    is: 'has a certificate that has expired',
    remedy: 'Renew the certificate of the server, or use sslmode=require, which encrypts without checking it.',
  },
  'certificate-of-other-host': {
    is: 'has a certificate for another host name',
    remedy: 'In DATABASE_URL, use the host name of the certificate, or sslmode=verify-ca, which does not compare names.',
  },
  'client-certificate-required': {
    is: 'requires a client certificate',
    remedy:
      'Add sslcert=<path> and sslkey=<path> to DATABASE_URL. The common name of the certificate must be the user, and an authority that the server trusts must have signed it.',
  },
  'tls-required': { is: 'requires an encrypted connection', remedy: 'Add sslmode=require to DATABASE_URL.' },
  'no-tls': {
    is: 'has no TLS',
    remedy: 'Use sslmode=disable in DATABASE_URL if you trust the network in between. Otherwise turn on TLS in the server.',
  },
  'behind-pooler': {
    is: 'is behind a connection pooler that rejects session settings',
    remedy: 'Set DIRECT_DATABASE_URL to the server itself, without the pooler.',
  },
  'read-only': {
    is: 'is read-only',
    remedy: 'Wait for the failover to end, or point DATABASE_URL at the primary. If it was made read-only on purpose, allow writes again.',
  },
  'user-refused': { is: 'refuses this user', remedy: 'Check the user and the password in DATABASE_URL, and pg_hba.conf of the server.' },
  'password-refused': {
    is: 'does not accept the password',
    remedy: 'Check the user and the password in DATABASE_URL: percent-encode characters such as @ : / # in them.',
  },
  missing: { is: 'does not exist', remedy: 'Create it (CREATE DATABASE …), or check its name at the end of DATABASE_URL.' },
  'lacks-resources': { is: 'lacks resources', remedy: 'Check the log of its server for the missing resource.' },
  'no-memory': { is: 'has no memory left', remedy: 'Give its server more memory, or lower its work_mem and max_connections.' },
  'no-connection-left': {
    is: 'has no connection left',
    remedy: 'Raise max_connections of the server or the limit of the role: each process uses about 20.',
  },
  'unknown-host': { is: 'has an unknown host name', remedy: 'Check the host in DATABASE_URL, and the name servers of this machine.' },
  'unresolved-host': {
    is: 'has a host name that cannot be resolved now',
    remedy: 'Check the name servers of this machine, and the host in DATABASE_URL.',
  },
  'not-permitted': {
    is: 'does not allow this user to do that',
    remedy: 'Grant the user CREATE and USAGE on its schema: GRANT CREATE, USAGE ON SCHEMA … TO …',
  },
  'no-schema': {
    is: 'has no such schema',
    remedy: 'Create it (CREATE SCHEMA …), or check ?schema= in DATABASE_URL and the search_path of the role.',
  },
  'connection-closed': { is: 'closed the connection', remedy: 'Check that it is running, and that DATABASE_URL leads to PostgreSQL.' },
  'setting-rejected': { is: 'rejects a setting', remedy: 'Check the parameters at the end of DATABASE_URL.' },
};

/** `the database is read-only`; null stands for one that does not answer. */
export function databaseProblemText(problem: DatabaseProblem | null): string {
  return `the database ${WORDINGS[problem ?? 'unreachable'].is}`;
}

/** What the operator can do about it. */
export function databaseRemedy(problem: DatabaseProblem): string {
  return WORDINGS[problem].remedy;
}

function mistakeText(mistake: ConnectionStringMistake): string {
  switch (mistake.kind) {
    case 'file-unreadable':
      return `${mistake.parameter}=${mistake.path} in the connection string cannot be read (${mistake.code})`;
    case 'one-missing':
      return `sslcert and sslkey in the connection string must both be set; ${mistake.missing} is missing`;
    case 'not-a-certificate':
      return `sslcert=${mistake.path} in the connection string is not a PEM certificate`;
    case 'not-a-key':
      return `sslkey=${mistake.path} in the connection string is not a PEM private key`;
    case 'no-password':
      return `sslkey=${mistake.path} in the connection string is encrypted, and sslpassword is missing`;
    case 'wrong-password':
      return `sslkey=${mistake.path} in the connection string is encrypted, and sslpassword is not its password`;
    case 'no-match':
      return `sslkey=${mistake.key} in the connection string does not match sslcert=${mistake.certificate}`;
  }
}

/** Says why the database cannot be used, and the remedy. */
export function databaseFailureText(failure: DatabaseFailure): string {
  switch (failure.kind) {
    case 'pooled':
      return 'DATABASE_URL leads to a connection pooler that shares sessions (such as PgBouncer in transaction mode). Set DIRECT_DATABASE_URL to the server itself, without the pooler: migrations, locks and notifications need a session of their own.';
    case 'pooled-schema':
      return 'A connection pooler that shares sessions does not accept ?schema= in DATABASE_URL. Remove it, and set the schema for the role: ALTER ROLE … SET search_path = …';
    case 'queue-schema':
      return `The database of ${failure.variable} cannot be used: the queue cannot use the schema "${failure.schema}": its name may only have letters, digits and underscores`;
    case 'connection-string':
      return `The database of ${failure.variable} cannot be used: ${mistakeText(failure.mistake)}`;
    case 'stopped':
      return `Stopped before the database of ${failure.variable} answered.`;
    case 'unusable': {
      const { variable, problem, said } = failure;
      if (problem === null) return `The database of ${variable} cannot be used: ${said}`;
      const { is, remedy } = WORDINGS[problem];
      const ofVariable = remedy.replaceAll('DATABASE_URL', variable).replaceAll(`DIRECT_${variable}`, 'DIRECT_DATABASE_URL');
      return `The database of ${variable} ${is}${said === null ? '' : ` (${said})`}. ${ofVariable}`;
    }
  }
}

/** A statement that the database rejected. `said`: its message; null if it was not asked. */
export function refusedStatementText({
  problem,
  said,
}: {
  readonly problem: DatabaseProblem | null;
  readonly said: string | null;
}): string {
  const quoted = said === null ? '' : ` (${said})`;
  return problem === null
    ? `This failed on our side: the database refused it${quoted}. Please report this.`
    : `${upperFirst(databaseProblemText(problem))}${quoted}. ${databaseRemedy(problem)}`;
}
