import { UnsafeFile } from '../../datadir/private-file.ts';
import type { UnsafeFileKind } from '../../ports/outbound/data-folder.ts';

/** Why there is no embedded database: data, which `src/messages/failures/embedded-database.ts` words. */
export type EmbeddedFailure =
  /** Creditwatch includes no PostgreSQL for this platform, such as `freebsd-x64`. */
  | { readonly kind: 'unsupported-platform'; readonly platform: string }
  /** The npm package is missing, or its install scripts did not run. */
  | { readonly kind: 'not-installed' | 'half-installed'; readonly package: string }
  /** The system cannot run the program. `said`: the last line of its output. */
  | { readonly kind: 'cannot-run'; readonly program: string; readonly said: string }
  /** Root cannot run it, and the copy for another user failed. `said`: the system's message. */
  | { readonly kind: 'not-copied'; readonly said: string }
  | { readonly kind: 'disk-full' | 'not-permitted' | 'not-a-database' | 'version-mismatch'; readonly dataDir: string }
  /** The file with the cluster's password is missing, or has another password than the cluster. */
  | { readonly kind: 'password-missing' | 'password-refused'; readonly dir: string; readonly file: string }
  /** The user of this process has no name, which PostgreSQL requires. */
  | { readonly kind: 'nameless-user'; readonly uid: string }
  | { readonly kind: 'unsafe-file'; readonly path: string; readonly is: UnsafeFileKind }
  /** `said`: PostgreSQL's or the system's message, empty if there was none. `log`: the path of the full log; null if there is none. */
  | { readonly kind: 'start-failed'; readonly dataDir: string; readonly said: string; readonly log: string | null };

/** Time and process number. */
const LOG_PREFIX = /^[\d-]+ [\d:.]+ UTC \[\d+\] /;

/**
 * Recognizes the cause in the output of Node, initdb, pg_ctl or the server.
 *
 * @param log the path of the full log; null if there is none
 */
export function explainFailure(dataDir: string, output: string, log: string | null = null): EmbeddedFailure {
  if (/No space left on device|Check free disk space|ENOSPC|Disk quota exceeded|EDQUOT/.test(output)) return { kind: 'disk-full', dataDir };
  if (/EACCES|EPERM|EROFS|Permission denied|Read-only file system|Operation not permitted|wrong ownership/.test(output))
    return { kind: 'not-permitted', dataDir };
  if (/ENOTEMPTY|ENOTDIR|EEXIST/.test(output)) return { kind: 'not-a-database', dataDir };
  const uid = /could not look up effective user ID (\d+)/.exec(output)?.[1];
  if (uid !== undefined) return { kind: 'nameless-user', uid };
  if (/incompatible with server|initialized by PostgreSQL version/.test(output)) return { kind: 'version-mismatch', dataDir };
  const lines = output
    .trim()
    .split('\n')
    .map((line) => line.replace(LOG_PREFIX, ''));
  const grave = lines.filter(
    (line) => /(ERROR|FATAL|PANIC|LOG):  |^initdb: error:/.test(line) && !/^LOG:  (starting|listening|database system)/.test(line),
  );
  const said = (grave.length > 0 ? grave : lines).slice(-3).join(' | ').replace(/\.$/, '');
  return { kind: 'start-failed', dataDir, said, log };
}

/** The same for a thrown error. */
export function explainError(dataDir: string, error: unknown): EmbeddedFailure {
  return error instanceof UnsafeFile ? { kind: 'unsafe-file', path: error.path, is: error.is } : explainFailure(dataDir, reasonOf(error));
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
