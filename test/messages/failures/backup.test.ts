import { expect, test } from 'vitest';
import {
  backupFileText,
  DATABASE_IN_USE,
  newerBackupText,
  nothingToBackUpText,
  restoreFailedText,
} from '../../../src/messages/failures/backup.ts';

const textOf = (failure: Parameters<typeof backupFileText>[1]) => backupFileText('a.backup', failure);

test.each([
  [textOf({ kind: 'unreadable', said: 'ENOENT' }), 'a.backup cannot be read: ENOENT'],
  [textOf({ kind: 'bad-header', said: '✖ wrong' }), 'a.backup has a header that cannot be read: ✖ wrong'],
  [textOf({ kind: 'not-a-file' }), 'a.backup is not a file. Name the file that npx creditwatch backup wrote.'],
  [textOf({ kind: 'not-a-backup' }), 'a.backup is not a backup of Creditwatch, or its first line was altered. Use another copy of it.'],
  [
    textOf({ kind: 'damaged' }),
    'a.backup was altered or damaged: its checksum does not match. Nothing was restored. Use another copy of it.',
  ],
  [
    textOf({ kind: 'cut-off', bytes: 512 }),
    'a.backup is cut off: its end mark is missing (it has 512 bytes). Nothing was restored. Use another copy of it.',
  ],
  [
    textOf({ kind: 'newer-format', creditwatch: '3.1.0', format: 2, readable: 1 }),
    'a.backup was written by a newer version of Creditwatch (3.1.0, format 2; this version reads format 1). Restore it with that version or a later one.',
  ],
  [
    newerBackupText('a.backup', { creditwatch: '3.1.0', migration: '9_nine' }),
    'a.backup was written by a newer version of Creditwatch (3.1.0, with the migration 9_nine). Restore it with that version or a later one. Nothing was restored.',
  ],
  [
    DATABASE_IN_USE,
    'A Creditwatch service uses this database. Stop every process of it first, on all machines; then run this again. Nothing was restored.',
  ],
  [
    restoreFailedText({ kind: 'database', problem: null, said: 'not now' }),
    'The restore failed and was rolled back: not now. The database is as it was.',
  ],
  [
    restoreFailedText({ kind: 'database', problem: 'disk-fault', said: 'could not write' }),
    'The restore failed and was rolled back: the database cannot use its disk (could not write). Check the disk of the database. Its log has the details. The database is as it was.',
  ],
  [nothingToBackUpText({ kind: 'empty' }), 'The database is empty: Creditwatch has never been started with it.'],
  [
    nothingToBackUpText({ kind: 'newer', migration: '9_nine' }),
    'The database was used by a newer version of Creditwatch (it has the migration 9_nine). Back it up with that version.',
  ],
  [
    nothingToBackUpText({ kind: 'half-migrated', migration: '9_nine' }),
    'The migration 9_nine failed before and may be half applied. Run npx creditwatch migrate first.',
  ],
])('%s', (shown, text) => {
  expect(shown).toBe(text);
});

test.each<readonly [Extract<Parameters<typeof restoreFailedText>[0], { readonly kind: 'backup' }>['fault'], string]>([
  [{ kind: 'unknown-table', table: 'gauge' }, 'the backup has a table "gauge", which its migrations do not create'],
  [
    { kind: 'unknown-column', table: 'meter', column: 'colour' },
    'the backup has a column "colour" in the table "meter", which its migrations do not create',
  ],
  [{ kind: 'rows-missing', table: 'meter' }, 'the rows of the table "meter" are missing or in the wrong place in the backup'],
  [{ kind: 'incomplete', table: 'meter' }, 'the rows of the table "meter" are incomplete in the backup'],
  [{ kind: 'incomplete', table: null }, 'the last line of the backup is incomplete'],
  [{ kind: 'row-too-long', table: 'meter', mostMebibytes: 64 }, 'a row of the table "meter" is larger than 64 MiB'],
  [{ kind: 'row-too-long', table: null, mostMebibytes: 64 }, 'a line of the backup is larger than 64 MiB'],
  [
    { kind: 'row-rejected', table: 'meter', line: 2, column: 'id', said: 'no uuid' },
    'row 2 of the table "meter", column "id" was rejected (no uuid)',
  ],
  [{ kind: 'row-rejected', table: 'meter', line: null, column: null, said: 'no' }, 'a row of the table "meter" was rejected (no)'],
  [{ kind: 'wrong-count', table: 'meter', found: 1, expected: 2 }, 'the backup has 1 row of the table "meter", but its end mark says 2'],
  [{ kind: 'unreadable-title' }, 'a line of the backup that should name a table cannot be read'],
  [{ kind: 'more-tables' }, 'the backup has more tables than its header lists'],
])('%o: %s', (fault, text) => {
  expect(restoreFailedText({ kind: 'backup', fault })).toBe(
    `The restore failed and was rolled back: ${text}. The database is as it was. Use another backup.`,
  );
});
