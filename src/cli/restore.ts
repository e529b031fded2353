import { join, resolve } from 'node:path';
import type { Config } from '../config/config.ts';
import {
  aboutToReplace,
  NOTHING_RESTORED,
  otherKeyText,
  REPLACE_NEEDS_YES,
  replaceNeeded,
  restoredText,
  stopServiceFirst,
  TYPE_REPLACE,
} from '../messages/replies/backup.ts';
import { dataFolderText } from '../messages/failures/data-folder.ts';
import { backupFileText, DATABASE_IN_USE, newerBackupText, restoreFailedText } from '../messages/failures/backup.ts';
import { databaseFailureText } from '../messages/failures/database.ts';
import { becomeOwner } from '../datadir/become-owner.ts';
import { findService } from '../local-api/service-file.ts';
import type { EncryptionKeys } from '../ports/stores/encryption-store.ts';
import { openBackup, type OpenBackup } from '../postgres/backup/open.ts';
import { newerThan, openTarget, type RestoreTarget } from '../postgres/backup/restore.ts';
import { MIGRATIONS } from '../postgres/migrate.ts';
import { describeDatabase } from '../postgres/reach.ts';
import { keyId } from '../postgres/store/sql/vault.ts';
import { systemClock } from '../app/system-clock.ts';
import { configure } from './configure.ts';
import { openDatabase, type OpenDatabase } from './open-database.ts';
import { acquireLock } from './acquire-lock.ts';
import { type Terminal, typed } from './terminal.ts';
import { currentOperator } from './current-operator.ts';

type Asked = { readonly replace: boolean; readonly yes: boolean; readonly withoutKey: boolean; readonly json: boolean };

/** `creditwatch restore <file>`: restores a backup to an empty database, or replaces the data of a database. */
export async function restore(terminal: Terminal, file: string, asked: Asked): Promise<void> {
  const config = configure(terminal);
  if (config === null) return;
  // Opened before root becomes another user, who may not be able to read the file.
  const backup = await openBackup(resolve(terminal.cwd, file));
  if (!backup.ok) return terminal.fail(backupFileText(file, backup.error));
  try {
    const newer = newerThan(backup.value.header, MIGRATIONS);
    if (newer !== null) return terminal.fail(newerBackupText(file, newer));
    await inTurn(terminal, config, { file, backup: backup.value, asked });
  } finally {
    await backup.value.close();
  }
}

type Work = { readonly file: string; readonly backup: OpenBackup; readonly asked: Asked };

/** Restores while holding the lock of the data folder, so that no service starts from it meanwhile. */
async function inTurn(terminal: Terminal, config: Config, work: Work): Promise<void> {
  const usable = becomeOwner(config.dataDir);
  if (!usable.ok) return terminal.fail(dataFolderText(usable.error));
  const running = await findService(config.dataDir);
  if (running !== null) return terminal.fail(stopServiceFirst(config.dataDir, running));
  const turn = await acquireLock(config.dataDir);
  if (!turn.ok) return terminal.fail(turn.error);
  try {
    const opened = await openDatabase(config, 'command', { openStore: terminal.openStore });
    if (!opened.ok) return terminal.fail(opened.error);
    try {
      await intoDatabase(terminal, config, opened.value, work);
    } catch (error) {
      terminal.fail(databaseFailureText(describeDatabase(error)));
    } finally {
      await opened.value.close();
    }
  } finally {
    turn.value.release();
  }
}

async function intoDatabase(terminal: Terminal, config: Config, database: OpenDatabase, { file, backup, asked }: Work): Promise<void> {
  const lacksKey = !hasKeys(backup, database.encryption.keys());
  if (lacksKey && !asked.withoutKey)
    return terminal.fail(otherKeyText(config.encryptionKey === null ? join(config.dataDir, 'encryption.key') : 'ENCRYPTION_KEY'));
  const target = await openTarget(database.url, MIGRATIONS);
  if (!target.ok) return terminal.fail(DATABASE_IN_USE);
  try {
    if (!(await mayReplace(terminal, target.value, asked))) return;
    const restored = await target.value.load(backup, { actor: currentOperator(), now: systemClock.now() });
    if (!restored.ok) return terminal.fail(restoreFailedText(restored.error));
    const report = { file, takenAt: backup.header.takenAt, lacksKey, ...restored.value };
    if (asked.json) return terminal.print(JSON.stringify(report, null, 2));
    for (const line of restoredText(report)) terminal.print(line);
  } finally {
    await target.value.close();
  }
}

function hasKeys({ header }: OpenBackup, { current, previous }: EncryptionKeys): boolean {
  const ours = [current, ...(previous === null ? [] : [previous])].map(keyId);
  return header.encryptionKeys.every((key) => ours.includes(key));
}

/** Whether the existing data may be deleted: with --replace, after a question unless --yes is given. */
async function mayReplace(terminal: Terminal, { contents }: RestoreTarget, { replace, yes }: Asked): Promise<boolean> {
  if (contents === null) return true;
  if (!replace) {
    terminal.fail(replaceNeeded(contents));
    return false;
  }
  if (yes) return true;
  terminal.print(aboutToReplace(contents));
  if (!terminal.input.isTTY) {
    terminal.refuse(REPLACE_NEEDS_YES);
    return false;
  }
  if ((await typed(terminal, TYPE_REPLACE)) === 'replace') return true;
  terminal.fail(NOTHING_RESTORED);
  return false;
}
