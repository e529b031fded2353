import { configure, fail } from './configure.ts';
import { bringUpToDate, openDatabase } from './open-database.ts';
import { print } from './terminal.ts';

/** `creditwatch migrate`: what `start` does first, by itself. */
export async function migrateDatabase(): Promise<void> {
  const config = configure();
  if (config === null) return;
  const opened = await openDatabase(config, 'command');
  if (!opened.ok) return fail(opened.error);
  const migrated = await bringUpToDate(opened.value.url);
  await opened.value.close();
  if (!migrated.ok) return fail(migrated.error);
  print(migrated.value.length === 0 ? 'The database is up to date.' : `Applied: ${migrated.value.join(', ')}.`);
}
