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
    'a.backup: It was written by a newer version of Creditwatch (3.1.0, with the migration 9_nine). Restore it with that version or a later one. Nothing was restored.',
  ],
  [
    DATABASE_IN_USE,
    'A Creditwatch service uses this database. Stop every process of it first, on all machines; then run this again. Nothing was restored.',
  ],
  [restoreFailedText({ problem: null, said: 'not now' }), 'The restore failed and was rolled back: not now. The database is as it was.'],
  [
    restoreFailedText({ problem: 'disk-fault', said: 'could not write' }),
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
