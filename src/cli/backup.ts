import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { BACKUP_REFUSALS, backedUpText, backupIncomplete, noDatabase, SERVICE_DISCONNECTED } from '../messages/replies/backup.ts';
import { backupOf } from '../app/backup.ts';
import { systemClock } from '../app/system-clock.ts';
import { backupOfService } from '../local-api/backup.ts';
import { refusesFile, writeBackup } from './backup-file.ts';
import { configure } from './configure.ts';
import { openDatabase } from './open-database.ts';
import type { Terminal } from './terminal.ts';
import { currentOperator } from './current-operator.ts';
import { findRunning } from './with-operations.ts';

type Asked = { readonly force: boolean; readonly json: boolean };

const STANDARD_OUTPUT = '-';

/** `creditwatch backup <file>`: writes all stored data to a file, through the running service, or directly from the database. */
export async function backup(terminal: Terminal, file: string, asked: Asked): Promise<void> {
  const refused = refusesOutput(terminal, file, asked);
  if (refused !== null) return terminal.refuse(refused);
  const service = await findRunning(terminal);
  if (service !== null) {
    const bytes = await backupOfService(service, currentOperator());
    return bytes.ok ? write(terminal, file, fromService(bytes.value), asked) : terminal.fail(bytes.error);
  }
  const config = configure(terminal);
  if (config === null) return;
  if (config.databaseUrl === null && !existsSync(join(config.dataDir, 'postgres'))) return terminal.fail(noDatabase(config.dataDir));
  // No migrations: a backup before an upgrade contains the data in the form of the old version.
  const opened = await openDatabase(config, 'command', { openStore: terminal.openStore });
  if (!opened.ok) return terminal.fail(opened.error);
  try {
    await write(terminal, file, backupOf(opened.value.url, systemClock)(currentOperator()), asked);
  } finally {
    await opened.value.close();
  }
}

function refusesOutput(terminal: Terminal, file: string, { force, json }: Asked): string | null {
  if (file !== STANDARD_OUTPUT) return refusesFile({ path: resolve(terminal.cwd, file), shown: file, force });
  if (json) return BACKUP_REFUSALS.jsonToOutput;
  return terminal.output.isTTY ? BACKUP_REFUSALS.terminal : null;
}

async function write(terminal: Terminal, file: string, bytes: AsyncIterable<Uint8Array>, { force, json }: Asked): Promise<void> {
  if (file === STANDARD_OUTPUT) {
    try {
      await pipeline(Readable.from(bytes, { objectMode: false }), terminal.output, { end: false });
    } catch (error) {
      terminal.fail(backupIncomplete(error instanceof Error ? error.message : String(error)));
    }
    return;
  }
  const written = await writeBackup({ path: resolve(terminal.cwd, file), shown: file, force }, bytes);
  if (!written.ok) return terminal.fail(written.error);
  const { header, rows, bytes: size } = written.value;
  if (json)
    return terminal.print(
      JSON.stringify(
        { file, bytes: size, takenAt: header.takenAt, creditwatch: header.creditwatch, migration: header.migrations.at(-1), rows },
        null,
        2,
      ),
    );
  for (const line of backedUpText({ file, bytes: size, takenAt: header.takenAt, rows })) terminal.print(line);
}

/**
 * Passes the bytes of the service on. If the service ends early, the connection breaks.
 *
 * @throws Error with a text for the operator
 */
async function* fromService(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* bytes;
  } catch (error) {
    throw new Error(SERVICE_DISCONNECTED, { cause: error });
  }
}
