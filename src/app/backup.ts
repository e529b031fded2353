import type { TakeBackup } from '../ports/inbound/backup.ts';
import type { Clock } from '../ports/clock.ts';
import { NothingToBackUp, takeBackup } from '../postgres/backup/take.ts';
import { MIGRATIONS } from '../postgres/migrate.ts';
import { describeDatabase } from '../postgres/reach.ts';
import { readVersion } from './version.ts';

/** Takes backups of a database, from within the running service or beside it. What goes wrong is thrown as a sentence for the operator. */
export function backupOf(databaseUrl: string, clock: Clock): TakeBackup {
  return async function* (user) {
    try {
      yield* takeBackup({ url: databaseUrl, user, migrationsDir: MIGRATIONS, version: readVersion(), now: () => clock.now() });
    } catch (error) {
      throw error instanceof NothingToBackUp ? error : new Error(describeDatabase(error), { cause: error });
    }
  };
}
