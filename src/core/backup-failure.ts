import type { DatabaseProblem } from './database-problem.ts';

/**
 * Why a backup was not taken, opened or restored: data, which `src/messages/failures/backup.ts` words. `said`: the message of the system,
 * of the database or of zod.
 */

/** Why a database cannot be backed up. */
export type TakeBackupFailure = { readonly kind: 'empty' } | { readonly kind: 'newer' | 'half-migrated'; readonly migration: string };

/** Why a file cannot be restored. */
export type BackupFileFailure =
  | { readonly kind: 'unreadable' | 'bad-header'; readonly said: string }
  | { readonly kind: 'not-a-file' | 'not-a-backup' | 'damaged' }
  /** Its end mark is missing. */
  | { readonly kind: 'cut-off'; readonly bytes: number }
  | { readonly kind: 'newer-format'; readonly creditwatch: string; readonly format: number; readonly readable: number };

/**
 * What is wrong with the contents of a backup whose checksum is right. `table: null`: the line that names the next table is cut off or too
 * long.
 */
export type BackupFault =
  | { readonly kind: 'unknown-table' | 'rows-missing'; readonly table: string }
  | { readonly kind: 'unknown-column'; readonly table: string; readonly column: string }
  | { readonly kind: 'incomplete'; readonly table: string | null }
  | { readonly kind: 'row-too-long'; readonly table: string | null; readonly mostMebibytes: number }
  | {
      readonly kind: 'row-rejected';
      readonly table: string;
      readonly line: number | null;
      readonly column: string | null;
      readonly said: string;
    }
  | { readonly kind: 'wrong-count'; readonly table: string; readonly found: number; readonly expected: number }
  | { readonly kind: 'unreadable-title' | 'more-tables' };

/** Why a restore was rolled back. */
export type RestoreFailure =
  | { readonly kind: 'backup'; readonly fault: BackupFault }
  | { readonly kind: 'database'; readonly problem: DatabaseProblem | null; readonly said: string };
