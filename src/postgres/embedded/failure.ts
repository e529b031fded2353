/** Why there is no embedded database. The message gives the next step. */
export type EmbeddedFailure = {
  readonly kind: 'unsupported-platform' | 'disk-full' | 'data-unreadable' | 'version-mismatch' | 'start-failed';
  readonly message: string;
};

/** Time and process number. */
const LOG_PREFIX = /^[\d-]+ [\d:.]+ UTC \[\d+\] /;

/**
 * Turns the output of Node, initdb, pg_ctl or the server into one instruction for the operator.
 *
 * @param log the path of the full log, if there is one
 */
export function explainFailure(dataDir: string, output: string, log?: string): EmbeddedFailure {
  if (/No space left on device|Check free disk space|ENOSPC|Disk quota exceeded|EDQUOT/.test(output)) {
    return { kind: 'disk-full', message: `The disk that holds ${dataDir} is full. Free some space, then start again.` };
  }
  if (/EACCES|EPERM|EROFS|Permission denied|Read-only file system|Operation not permitted|wrong ownership/.test(output)) {
    return {
      kind: 'data-unreadable',
      message: `${dataDir} cannot be used by this user. Give it to the user that runs Creditwatch, or set DATA_DIR to another folder.`,
    };
  }
  if (/ENOTEMPTY|ENOTDIR|EEXIST/.test(output)) {
    return {
      kind: 'data-unreadable',
      message: `${dataDir}/postgres exists but is not a database. Move it, or set DATA_DIR to another folder.`,
    };
  }
  const nameless = /could not look up effective user ID (\d+)/.exec(output)?.[1];
  if (nameless !== undefined) {
    return {
      kind: 'start-failed',
      message: `The user of this process (id ${nameless}) has no name, which PostgreSQL needs to create a database. Add a line for it to /etc/passwd, such as creditwatch:x:${nameless}:0::/:/sbin/nologin, run as a user with a name, or set DATABASE_URL.`,
    };
  }
  if (/incompatible with server|initialized by PostgreSQL version/.test(output)) {
    return {
      kind: 'version-mismatch',
      message: `The database in ${dataDir} was made by another major version of PostgreSQL. Start the version of Creditwatch that made it, or set DATA_DIR to another folder.`,
    };
  }
  const lines = output
    .trim()
    .split('\n')
    .map((line) => line.replace(LOG_PREFIX, ''));
  const grave = lines.filter(
    (line) => /(ERROR|FATAL|PANIC|LOG):  |^initdb: error:/.test(line) && !/^LOG:  (starting|listening|database system)/.test(line),
  );
  const said = (grave.length > 0 ? grave : lines).slice(-3).join(' | ').replace(/\.$/, '');
  return {
    kind: 'start-failed',
    message: `The database in ${dataDir} did not start: ${said || 'no reason given'}.${log === undefined ? '' : ` See ${log} for details.`}`,
  };
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
