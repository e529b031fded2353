import type { TimerKind } from '../../core/notifications/timer.ts';
import { joinList } from '../../core/text/join-list.ts';
import { NEW_SECRETS } from './encryption.ts';
import { instantText } from './keys.ts';

const NAMES = [
  ['account', 'account', 'accounts'],
  ['meter', 'meter', 'meters'],
  ['reading', 'reading', 'readings'],
  ['alert', 'alert', 'alerts'],
] as const;

type Rows = Readonly<Record<string, number>>;

/** `1 account, 2 meters, 310 readings and 4 alerts`. */
function contentsText(rows: Rows): string {
  const parts = NAMES.map(([table, one, many]) => `${(rows[table] ?? 0).toLocaleString('en-US')} ${rows[table] === 1 ? one : many}`);
  return joinList(parts, 'and');
}

function sizeText(bytes: number): string {
  if (bytes < 1000) return `${String(bytes)} bytes`;
  const [size, unit] = bytes < 1_000_000 ? [bytes / 1000, 'kB'] : [bytes / 1_000_000, 'MB'];
  return `${size.toLocaleString('en-US', { maximumFractionDigits: 1 })} ${unit}`;
}

/** The lines after a backup. `file`: as it was typed. */
export function backedUpText(done: {
  readonly file: string;
  readonly bytes: number;
  readonly takenAt: Date;
  readonly rows: Rows;
}): readonly string[] {
  return [
    `Backup of ${instantText(done.takenAt)} written to ${done.file} (${sizeText(done.bytes)}): ${contentsText(done.rows)}.`,
    'Stored secrets are encrypted in it. Keep their key, ENCRYPTION_KEY or DATA_DIR/encryption.key, in another place: a restore needs both.',
  ];
}

/** The database that a restore would replace is not empty. */
export function occupiedText(rows: Rows): string {
  return `The database is not empty: it holds ${contentsText(rows)}.`;
}

/** The backup was encrypted with another key. `where`: the file or variable that holds the key of this installation. */
export function otherKeyText(where: string): string {
  return `The secrets in this backup (ingest keys, tokens of installed chat apps) are not encrypted with the key in ${where}. Put the key that the backup was made with there, and run this again. If that key is lost, add --without-key, and make new secrets after the restore.`;
}

const KINDS: Readonly<Partial<Record<TimerKind, readonly [string, string]>>> = {
  digest: ['weekly digest', 'weekly digests'],
  'paste-reminder': ['reminder to paste figures', 'reminders to paste figures'],
  renotify: ['repeat of an open critical alert', 'repeats of open critical alerts'],
  'snooze-end': ['end of a snooze (the alert stays open)', 'ends of snoozes (their alerts stay open)'],
  'announce-open-alerts': ['list of open alerts for a new route', 'lists of open alerts for new routes'],
  'period-statement': ['statement on an ended period', 'statements on ended periods'],
  'source-problem': ['notice of a changed answer or a refused key', 'notices of changed answers or refused keys'],
  'key-expiry': ['warning of a key that expires', 'warnings of keys that expire'],
  undelivered: ['notice of undelivered messages', 'notices of undelivered messages'],
};

export type RestoredReport = {
  readonly file: string;
  readonly takenAt: Date;
  readonly rows: Rows;
  readonly migrated: readonly string[];
  readonly waiting: readonly { readonly kind: string; readonly address: string; readonly messages: number }[];
  readonly skipped: Readonly<Partial<Record<TimerKind, number>>>;
  /** Whether the secrets are encrypted with a key that this installation does not have. */
  readonly lacksKey: boolean;
};

/** The lines after a restore: what was restored, what will not be posted, and what to do next. */
export function restoredText({ file, takenAt, rows, migrated, waiting, skipped, lacksKey }: RestoredReport): readonly string[] {
  const at = instantText(takenAt);
  const messages = waiting.reduce((sum, one) => sum + one.messages, 0);
  const places = waiting.map(({ kind, address, messages: count }) => `${kind}:${address} (${String(count)})`);
  const notSent = Object.entries(skipped).map(([kind, count]) => {
    const names = Object.entries(KINDS).find(([known]) => known === kind)?.[1];
    return `${String(count)} ${names?.[count === 1 ? 0 : 1] ?? kind}`;
  });
  return [
    `Restored ${contentsText(rows)}, as of ${at}, from ${file}.`,
    ...(migrated.length === 0 ? [] : [`The backup is of an older version. Applied since: ${migrated.join(', ')}.`]),
    ...(messages === 0
      ? []
      : [
          `${messages === 1 ? '1 message was' : `${String(messages)} messages were`} waiting at the time of the backup and may have been posted since: ${places.join(', ')}. Creditwatch looks each one up, and posts it only if it is missing there. If it cannot be looked up, it is not posted: operations are notified, and /usage alerts lists it.`,
        ]),
    ...(notSent.length === 0
      ? []
      : [
          `Not sent, because they were due before the restore and the old installation may have sent them: ${notSent.join(', ')}. /usage alerts lists what is open.`,
        ]),
    ...(lacksKey ? [`The stored secrets cannot be decrypted. Replace them: ${NEW_SECRETS}`] : []),
    `Figures and alerts from after ${at} are not in the backup. An alert that the old installation sent after that time is sent again when new figures show it.`,
    'Next: make sure that the old installation is stopped and stays stopped, start the service, then run npx creditwatch doctor.',
  ];
}

/** Why a backup cannot be written. */
export const BACKUP_REFUSALS = {
  jsonToOutput: '--json needs a file: with -, standard output is the backup itself.',
  terminal: 'A backup cannot be shown on a terminal. Name a file, or redirect standard output: npx creditwatch backup - > file',
} as const;

/** The path of the backup exists and is not a regular file. */
export function notAFile(file: string): string {
  return `${file} is not a regular file. Name another file, or write to standard output: npx creditwatch backup -`;
}

/** A backup would replace a file. */
export function fileExists(file: string): string {
  return `${file} already exists. Name another file, or add --force to replace it.`;
}

/** The backup could not be written. */
export function backupFailed(file: string, why: string): string {
  return `The backup was not written to ${file}: ${why}`;
}

/** The backup on standard output is not complete. */
export function backupIncomplete(why: string): string {
  return `The backup is not complete: ${why}`;
}

/** The running service ended the stream of a backup. */
export const SERVICE_DISCONNECTED = 'the service ended the connection. Its log has the reason.';

/** There is no embedded database to back up. */
export function noDatabase(dataDir: string): string {
  return `There is no database in ${dataDir}. Set DATA_DIR to the folder of the service, or DATABASE_URL.`;
}

/** A service runs from the folder into which a backup would be restored. */
export function stopServiceFirst(dataDir: string, { url, pid }: { readonly url: string; readonly pid: number }): string {
  return `Creditwatch runs from ${dataDir} (${url}, process ${String(pid)}). Stop it, then run this again. Nothing was restored.`;
}

export const NOTHING_RESTORED = 'Nothing was restored.';

/** The database has data, and `--replace` was not given. */
export function replaceNeeded(rows: Parameters<typeof occupiedText>[0]): string {
  return `${occupiedText(rows)} ${NOTHING_RESTORED} Restore into an empty database, or add --replace to delete all of that first.`;
}

/** What `--replace` will delete, shown before the confirmation. */
export function aboutToReplace(rows: Parameters<typeof occupiedText>[0]): string {
  return `${occupiedText(rows)} The restore deletes all of that, which cannot be undone.`;
}

/** `--replace` without a terminal for the confirmation. */
export const REPLACE_NEEDS_YES = `${NOTHING_RESTORED} To delete the existing data and restore, add --yes.`;
export const TYPE_REPLACE = 'Type replace to delete it: ';
