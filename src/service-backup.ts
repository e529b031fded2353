import type { Clock } from './ports/clock.ts';
import type { TakeBackup } from './ports/backup.ts';
import { takeBackup } from './postgres/backup/take.ts';
import { MIGRATIONS } from './postgres/migrate.ts';
import { readVersion } from './version.ts';

/** Takes backups of a database, from within the running service or beside it. */
export function backupOf(databaseUrl: string, clock: Clock): TakeBackup {
  return (user) => takeBackup({ url: databaseUrl, user, migrationsDir: MIGRATIONS, version: readVersion(), now: () => clock.now() });
}
