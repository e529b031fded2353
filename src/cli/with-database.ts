import type { Config } from '../config/config.ts';
import { fail } from './configure.ts';
import { bringUpToDate, openDatabase, type OpenDatabase } from './open-database.ts';

/** Opens the database for one command (starting the embedded one if it does not run), brings it up to date and closes it. */
export async function withDatabase(config: Config, work: (database: OpenDatabase) => Promise<void>): Promise<void> {
  const opened = await openDatabase(config, 'command');
  if (!opened.ok) return fail(opened.error);
  const database = opened.value;
  try {
    const migrated = await bringUpToDate(database.url);
    if (!migrated.ok) return fail(migrated.error);
    await work(database);
  } catch (error) {
    fail(error instanceof Error ? error.message : String(error));
  } finally {
    await database.close();
  }
}
