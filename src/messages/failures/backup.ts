import type { BackupFault, BackupFileFailure, TakeBackupFailure, RestoreFailure } from '../../core/backup-failure.ts';
import { databaseProblemText, databaseRemedy } from './database.ts';

const OTHER_COPY = 'Nothing was restored. Use another copy of it.';

/** Says why a file cannot be restored, and the next step. `file`: as it was typed. */
export function backupFileText(file: string, failure: BackupFileFailure): string {
  switch (failure.kind) {
    case 'unreadable':
      return `${file} cannot be read: ${failure.said}`;
    case 'not-a-file':
      return `${file} is not a file. Name the file that npx creditwatch backup wrote.`;
    case 'not-a-backup':
      return `${file} is not a backup of Creditwatch, or its first line was altered. Use another copy of it.`;
    case 'damaged':
      return `${file} was altered or damaged: its checksum does not match. ${OTHER_COPY}`;
    case 'cut-off':
      return `${file} is cut off: its end mark is missing (it has ${String(failure.bytes)} bytes). ${OTHER_COPY}`;
    case 'newer-format':
      return `${file} was written by a newer version of Creditwatch (${failure.creditwatch}, format ${String(failure.format)}; this version reads format ${String(failure.readable)}). Restore it with that version or a later one.`;
    case 'bad-header':
      return `${file} has a header that cannot be read: ${failure.said}`;
  }
}

/** The backup has a migration that this version does not have. `creditwatch`: the version that wrote it. */
export function newerBackupText(
  file: string,
  { creditwatch, migration }: { readonly creditwatch: string; readonly migration: string },
): string {
  return `${file} was written by a newer version of Creditwatch (${creditwatch}, with the migration ${migration}). Restore it with that version or a later one. Nothing was restored.`;
}

/** A process uses the database into which a backup would be restored. */
export const DATABASE_IN_USE =
  'A Creditwatch service uses this database. Stop every process of it first, on all machines; then run this again. Nothing was restored.';

function faultText(fault: BackupFault): string {
  switch (fault.kind) {
    case 'unknown-table':
      return `the backup has a table "${fault.table}", which its migrations do not create`;
    case 'unknown-column':
      return `the backup has a column "${fault.column}" in the table "${fault.table}", which its migrations do not create`;
    case 'rows-missing':
      return `the rows of the table "${fault.table}" are missing or in the wrong place in the backup`;
    case 'incomplete':
      return fault.table === null
        ? 'the last line of the backup is incomplete'
        : `the rows of the table "${fault.table}" are incomplete in the backup`;
    case 'row-too-long':
      return `${fault.table === null ? 'a line of the backup' : `a row of the table "${fault.table}"`} is larger than ${String(fault.mostMebibytes)} MiB`;
    case 'row-rejected': {
      const column = fault.column === null ? '' : `, column "${fault.column}"`;
      return `${fault.line === null ? 'a row' : `row ${String(fault.line)}`} of the table "${fault.table}"${column} was rejected (${fault.said})`;
    }
    case 'wrong-count':
      return `the backup has ${String(fault.found)} ${fault.found === 1 ? 'row' : 'rows'} of the table "${fault.table}", but its end mark says ${String(fault.expected)}`;
    case 'unreadable-title':
      return 'a line of the backup that should name a table cannot be read';
    case 'more-tables':
      return 'the backup has more tables than its header lists';
  }
}

/** Says why a restore failed, and the next step. */
export function restoreFailedText(failure: RestoreFailure): string {
  const start = 'The restore failed and was rolled back';
  const end = 'The database is as it was.';
  if (failure.kind === 'backup') return `${start}: ${faultText(failure.fault)}. ${end} Use another backup.`;
  const { problem, said } = failure;
  return problem === null
    ? `${start}: ${said}. ${end}`
    : `${start}: ${databaseProblemText(problem)} (${said}). ${databaseRemedy(problem)} ${end}`;
}

/** Says why a database cannot be backed up, and the next step. */
export function nothingToBackUpText(failure: TakeBackupFailure): string {
  switch (failure.kind) {
    case 'empty':
      return 'The database is empty: Creditwatch has never been started with it.';
    case 'newer':
      return `The database was used by a newer version of Creditwatch (it has the migration ${failure.migration}). Back it up with that version.`;
    case 'half-migrated':
      return `The migration ${failure.migration} failed before and may be half applied. Run npx creditwatch migrate first.`;
  }
}
