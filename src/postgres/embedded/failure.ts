/** Why there is no embedded database. The message says the next step. */
export type EmbeddedFailure = {
  readonly kind: 'unsupported-platform' | 'disk-full' | 'data-unreadable' | 'version-mismatch' | 'start-failed';
  readonly message: string;
};

/** Turns what initdb, pg_ctl or the server's log said into the one thing an operator has to do. */
export function explainFailure(dataDir: string, output: string): EmbeddedFailure {
  if (/No space left on device|ENOSPC|Disk quota exceeded/.test(output)) {
    return { kind: 'disk-full', message: `The disk that holds ${dataDir} is full. Free some space, then start again.` };
  }
  if (/EACCES|EPERM|EROFS|Permission denied|Read-only file system|Operation not permitted/.test(output)) {
    return { kind: 'data-unreadable', message: `${dataDir} cannot be used by this user. Give it to the user that runs Creditwatch, or set DATA_DIR to another folder.` };
  }
  if (/incompatible with server|initialized by PostgreSQL version/.test(output)) {
    return { kind: 'version-mismatch', message: `The database in ${dataDir} was made by another major version of PostgreSQL. Start the version of Creditwatch that made it, or set DATA_DIR to another folder.` };
  }
  const said = output.trim().split('\n').slice(-3).join(' | ');
  return { kind: 'start-failed', message: `The database in ${dataDir} did not start: ${said || 'no reason given'}. The whole story is in ${dataDir}/postgres.log.` };
}
