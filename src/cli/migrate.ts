import { configure } from './configure.ts';
import { bringUpToDate, openDatabase } from './open-database.ts';
import { systemClock } from '../system-clock.ts';
import { userName } from './user-name.ts';
import type { Terminal } from './terminal.ts';

/** `creditwatch migrate`: what `start` does first, by itself. */
export async function migrateDatabase(terminal: Terminal): Promise<void> {
  const config = configure(terminal);
  if (config === null) return;
  const opened = await openDatabase(config, 'command');
  if (!opened.ok) return terminal.fail(opened.error);
  const migrated = await bringUpToDate(opened.value.url);
  if (migrated.ok && migrated.value.length > 0) {
    const actor = { platform: 'terminal' as const, id: userName() };
    await opened.value.store.audit.record(null, { action: 'migrate', actor, about: { count: migrated.value.length } }, systemClock.now());
  }
  await opened.value.close();
  if (!migrated.ok) return terminal.fail(migrated.error);
  terminal.print(migrated.value.length === 0 ? 'The database is up to date.' : `Applied: ${migrated.value.join(', ')}.`);
}
