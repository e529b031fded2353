/**
 * What is wrong with the contents of a backup whose checksum is right: data, which `src/messages/failures/backup.ts` words. `table: null`
 * in `incomplete`: the line that names the next table is cut off.
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

/** Ends a restore from within the stream of rows. */
export class BadBackup extends Error {
  readonly fault: BackupFault;

  constructor(fault: BackupFault, cause?: unknown) {
    super(`bad backup: ${fault.kind}`, { cause });
    this.fault = fault;
  }
}
