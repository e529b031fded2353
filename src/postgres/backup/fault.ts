import type { BackupFault } from '../../core/backup-failure.ts';

/** Ends a restore from within the stream of rows. */
export class BadBackup extends Error {
  readonly fault: BackupFault;

  constructor(fault: BackupFault, cause?: unknown) {
    super(`bad backup: ${fault.kind}`, { cause });
    this.fault = fault;
  }
}
