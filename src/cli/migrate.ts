import { migratedText } from '../messages/replies/operations.ts';
import { configure } from './configure.ts';
import { bringUpToDate, openDatabase } from './open-database.ts';
import type { Terminal } from './terminal.ts';
import { currentOperator } from './current-operator.ts';

/** `creditwatch migrate`: applies database migrations, which `start` does by itself. */
export async function migrateDatabase(terminal: Terminal): Promise<void> {
  const config = configure(terminal);
  if (config === null) return;
  const opened = await openDatabase(config, 'command', { openStore: terminal.openStore });
  if (!opened.ok) return terminal.fail(opened.error);
  try {
    const migrated = await bringUpToDate(opened.value.url, currentOperator());
    if (!migrated.ok) return terminal.fail(migrated.error);
    terminal.print(migratedText(migrated.value));
  } finally {
    await opened.value.close();
  }
}
