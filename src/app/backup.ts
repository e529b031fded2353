import { nothingToBackUpText } from '../messages/failures/backup.ts';
import { databaseFailureText } from '../messages/failures/database.ts';
import type { TakeBackup } from '../ports/inbound/backup.ts';
import type { Clock } from '../ports/clock.ts';
import { NothingToBackUp, takeBackup } from '../postgres/backup/take.ts';
import { MIGRATIONS } from '../postgres/migrate.ts';
import { describeDatabase } from '../postgres/reach.ts';
import { readVersion } from './version.ts';

/**
 * Returns a function that takes a backup of a database, for the running service and the command line.
 *
 * @throws Error with a sentence for the operator, while the backup is read
 */
export function backupOf(databaseUrl: string, clock: Clock): TakeBackup {
  return async function* (actor) {
    try {
      yield* takeBackup({ url: databaseUrl, actor, migrationsDir: MIGRATIONS, version: readVersion(), now: () => clock.now() });
    } catch (error) {
      const text = error instanceof NothingToBackUp ? nothingToBackUpText(error.missing) : databaseFailureText(describeDatabase(error));
      throw new Error(text, { cause: error });
    }
  };
}
