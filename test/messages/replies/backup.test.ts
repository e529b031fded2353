import { expect, test } from 'vitest';
import {
  aboutToReplace,
  BACKUP_REFUSALS,
  backupFailed,
  backupIncomplete,
  fileExists,
  noDatabase,
  notAFile,
  NOTHING_RESTORED,
  occupiedText,
  otherKeyText,
  REPLACE_NEEDS_YES,
  replaceNeeded,
  SERVICE_DISCONNECTED,
  stopServiceFirst,
  TYPE_REPLACE,
} from '../../../src/messages/replies/backup.ts';

const ROWS = { account: 1, meter: 2, reading: 3100, alert: 0 };
const HOLDS = '1 account, 2 meters, 3,100 readings and 0 alerts';

test.each([
  [BACKUP_REFUSALS.jsonToOutput, '--json needs a file: with -, standard output is the backup itself.'],
  [
    BACKUP_REFUSALS.terminal,
    'A backup cannot be shown on a terminal. Name a file, or redirect standard output: npx creditwatch backup - > file',
  ],
  [notAFile('/dev/sda'), '/dev/sda is not a regular file. Name another file, or write to standard output: npx creditwatch backup -'],
  [fileExists('a.backup'), 'a.backup already exists. Name another file, or add --force to replace it.'],
  [backupFailed('a.backup', 'ENOSPC'), 'The backup was not written to a.backup: ENOSPC'],
  [backupIncomplete('EPIPE'), 'The backup is not complete: EPIPE'],
  [
    backupFailed('a.backup', SERVICE_DISCONNECTED),
    'The backup was not written to a.backup: the service ended the connection. Its log has the reason.',
  ],
  [noDatabase('/data'), 'There is no database in /data. Set DATA_DIR to the folder of the service, or DATABASE_URL.'],
  [
    stopServiceFirst('/data', { url: 'http://127.0.0.1:3000', pid: 7 }),
    'Creditwatch runs from /data (http://127.0.0.1:3000, process 7). Stop it, then run this again. Nothing was restored.',
  ],
  [NOTHING_RESTORED, 'Nothing was restored.'],
  [occupiedText(ROWS), `The database is not empty: it holds ${HOLDS}.`],
  [
    replaceNeeded(ROWS),
    `The database is not empty: it holds ${HOLDS}. Nothing was restored. Restore into an empty database, or add --replace to delete all of that first.`,
  ],
  [aboutToReplace(ROWS), `The database is not empty: it holds ${HOLDS}. The restore deletes all of that, which cannot be undone.`],
  [REPLACE_NEEDS_YES, 'Nothing was restored. To delete the existing data and restore, add --yes.'],
  [TYPE_REPLACE, 'Type replace to delete it: '],
  [
    otherKeyText('ENCRYPTION_KEY'),
    'The secrets in this backup (ingest keys, tokens of installed chat apps) are not encrypted with the key in ENCRYPTION_KEY. Put the key that the backup was made with there, and run this again. If that key is lost, add --without-key, and make new secrets after the restore.',
  ],
])('%s', (text, expected) => {
  expect(text).toBe(expected);
});
