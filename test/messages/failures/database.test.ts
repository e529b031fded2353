import { expect, test } from 'vitest';
import { databaseFailureText, databaseProblemText, refusedStatementText } from '../../../src/messages/failures/database.ts';

const variable = 'DATABASE_URL';
const textOf = (mistake: Extract<Parameters<typeof databaseFailureText>[0], { readonly kind: 'connection-string' }>['mistake']) =>
  databaseFailureText({ kind: 'connection-string', variable, mistake });
const unusable = 'The database of DATABASE_URL cannot be used:';

test.each([
  [databaseProblemText(null), 'the database does not answer'],
  [databaseProblemText('read-only'), 'the database is read-only'],
  [databaseProblemText('no-space'), 'the database has no space left on its disk'],
  [
    databaseFailureText({ kind: 'unusable', variable, problem: 'unreachable', said: 'connect ECONNREFUSED 127.0.0.1:1' }),
    'The database of DATABASE_URL does not answer (connect ECONNREFUSED 127.0.0.1:1). Check that it is running, and the host and port in DATABASE_URL.',
  ],
  [
    databaseFailureText({ kind: 'unusable', variable: 'DIRECT_DATABASE_URL', problem: 'behind-pooler', said: 'no' }),
    'The database of DIRECT_DATABASE_URL is behind a connection pooler that rejects session settings (no). Set DIRECT_DATABASE_URL to the server itself, without the pooler.',
  ],
  [
    databaseFailureText({ kind: 'unusable', variable: 'DIRECT_DATABASE_URL', problem: 'missing', said: 'no' }),
    'The database of DIRECT_DATABASE_URL does not exist (no). Create it (CREATE DATABASE …), or check its name at the end of DIRECT_DATABASE_URL.',
  ],
  [
    databaseFailureText({ kind: 'unusable', variable, problem: 'silent', said: null }),
    'The database of DATABASE_URL does not answer. Check the host and port in DATABASE_URL, and that no firewall blocks it.',
  ],
  [databaseFailureText({ kind: 'stopped', variable }), 'Stopped before the database of DATABASE_URL answered.'],
  [databaseFailureText({ kind: 'unusable', variable, problem: null, said: 'what?' }), `${unusable} what?`],
  [
    databaseFailureText({ kind: 'queue-schema', variable, schema: 'own place' }),
    `${unusable} the queue cannot use the schema "own place": its name may only have letters, digits and underscores`,
  ],
  [
    databaseFailureText({ kind: 'pooled' }),
    'DATABASE_URL leads to a connection pooler that shares sessions (such as PgBouncer in transaction mode). Set DIRECT_DATABASE_URL to the server itself, without the pooler: migrations, locks and notifications need a session of their own.',
  ],
  [
    databaseFailureText({ kind: 'pooled-schema' }),
    'A connection pooler that shares sessions does not accept ?schema= in DATABASE_URL. Remove it, and set the schema for the role: ALTER ROLE … SET search_path = …',
  ],
  [
    textOf({ kind: 'file-unreadable', parameter: 'sslcert', path: '/a.crt', code: 'ENOENT' }),
    `${unusable} sslcert=/a.crt in the connection string cannot be read (ENOENT)`,
  ],
  [
    textOf({ kind: 'one-missing', missing: 'sslkey' }),
    `${unusable} sslcert and sslkey in the connection string must both be set; sslkey is missing`,
  ],
  [
    textOf({ kind: 'no-match', key: '/a.key', certificate: '/a.crt' }),
    `${unusable} sslkey=/a.key in the connection string does not match sslcert=/a.crt`,
  ],
  [textOf({ kind: 'not-a-certificate', path: '/a.crt' }), `${unusable} sslcert=/a.crt in the connection string is not a PEM certificate`],
  [textOf({ kind: 'not-a-key', path: '/a.key' }), `${unusable} sslkey=/a.key in the connection string is not a PEM private key`],
  [
    textOf({ kind: 'no-password', path: '/a.key' }),
    `${unusable} sslkey=/a.key in the connection string is encrypted, and sslpassword is missing`,
  ],
  [
    textOf({ kind: 'wrong-password', path: '/a.key' }),
    `${unusable} sslkey=/a.key in the connection string is encrypted, and sslpassword is not its password`,
  ],
  [
    refusedStatementText({ problem: 'no-schema', said: 'no schema has been selected' }),
    'The database has no such schema (no schema has been selected). Create it (CREATE SCHEMA …), or check ?schema= in DATABASE_URL and the search_path of the role.',
  ],
  [
    refusedStatementText({ problem: null, said: 'syntax error' }),
    'This failed on our side: the database refused it (syntax error). Please report this.',
  ],
  [refusedStatementText({ problem: null, said: null }), 'This failed on our side: the database refused it. Please report this.'],
])('%s', (shown, text) => {
  expect(shown).toBe(text);
});
