import type { Config } from '../config/config.ts';
import { bringUpToDate, openDatabase, showPresenceIn, type OpenDatabase } from './open-database.ts';
import { errorText } from './error-text.ts';
import type { Terminal } from './terminal.ts';
import { currentOperator } from './current-operator.ts';

/**
 * Opens the database for one command, migrates it, and closes it afterwards. The embedded server is started if necessary. No restore can
 * start meanwhile.
 */
export async function withDatabase(terminal: Terminal, config: Config, work: (database: OpenDatabase) => Promise<void>): Promise<void> {
  const opened = await openDatabase(config, 'command', { openStore: terminal.openStore });
  if (!opened.ok) return terminal.fail(opened.error);
  const shown = await showPresenceIn(opened.value);
  if (!shown.ok) return terminal.fail(shown.error);
  const { database } = shown.value;
  try {
    const migrated = await bringUpToDate(database.url, currentOperator());
    if (!migrated.ok) return terminal.fail(migrated.error);
    await work(database);
  } catch (error) {
    terminal.fail(errorText(error));
  } finally {
    await database.close();
  }
}
