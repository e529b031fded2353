import { auditActions, type AuditAction, type AuditRow } from '../../core/audit/audit.ts';
import { SOMEBODY } from '../../core/text/person.ts';

/** The record has no rows for the question. */
export const NOTHING_RECORDED = 'Nothing is recorded.';

/** The text of each action, for the table of `npx creditwatch audit`. */
const DONE: Readonly<Record<AuditAction, string>> = {
  subscribe: 'subscribed',
  'subscribe-undone': 'subscription undone: messages cannot be posted there',
  unsubscribe: 'unsubscribed',
  'digest-set': 'set the digest',
  import: 'imported',
  acknowledge: 'acknowledged',
  snooze: 'snoozed',
  unsnooze: 'ended a snooze',
  request: 'requested more',
  'ask-admins': 'asked the admins',
  'period-set': 'set the period',
  'total-stated': 'stated a total',
  correction: 'reclassified a reset as a correction',
  'reminder-reassigned': 'reassigned a reminder',
  'reminders-stopped': 'stopped reminders',
  install: 'installed the app',
  uninstall: 'removed the app',
  'platform-purged': 'deleted the data of a removed platform',
  export: 'exported figures',
  'figures-read': 'read figures',
  'test-sent': 'sent a test message',
  migrate: 'migrated the database',
  'key-made': 'made an ingest key',
  'keys-shown': 'showed ingest keys',
  'key-rotated': 'rotated the ingest key',
  'keys-retired': 'retired ingest keys',
  'capture-key-made': 'made a capture key',
  'capture-key-revoked': 'revoked a capture key',
  'encryption-rotated': 're-encrypted all secrets',
  'account-deleted': 'deleted an account',
  'person-exported': 'exported a person',
  'person-forgotten': 'forgot a person',
  'audit-read': 'read the audit log',
  backup: 'took a backup',
  restored: 'restored a backup',
};

/** `slack:U0ANNA` or `terminal:olga`; `Creditwatch` for its own actions; `slack:somebody` for a person who was forgotten or never known. */
function actorText({ platform, id }: AuditRow['actor']): string {
  if (platform === 'system') return 'Creditwatch';
  return id === null ? `${platform}:${SOMEBODY.id}` : `${platform}:${id}`;
}

/** `imported: source crm; count 6`: the action and its subject. */
function auditText({ action, about, place, people }: AuditRow): string {
  const known = auditActions.find((one) => one === action);
  const parts = [
    ...Object.entries(about).map(([field, value]) => `${field} ${Array.isArray(value) ? value.join(', ') : String(value)}`),
    ...(place === null ? [] : [`in ${place}`]),
    ...(people.length === 0 ? [] : [`people ${people.map(({ id }) => id).join(', ')}`]),
  ];
  const what = known === undefined ? action : DONE[known];
  return parts.length === 0 ? what : `${what}: ${parts.join('; ')}`;
}

/** Formats rows as lines with aligned columns, in their order. Times are in the zone of the row's account; without an account, in UTC. */
export function auditLines(rows: readonly AuditRow[], zones: Readonly<Record<string, string>>): readonly string[] {
  const several = new Set(rows.flatMap(({ account }) => account ?? [])).size > 1;
  const table = rows.map((row) => [
    timeText(row.at, row.account === null ? 'UTC' : (zones[row.account] ?? 'UTC')),
    ...(several ? [row.account ?? '-'] : []),
    actorText(row.actor),
    auditText(row),
  ]);
  const columns = table[0]?.length ?? 0;
  const widths = Array.from({ length: columns - 1 }, (_, column) => Math.max(...table.map((cells) => cells[column]?.length ?? 0)));
  return table.map((cells) => cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
}

/** `2026-11-30 09:02:11` in the given zone. */
function timeText(at: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(at);
}

/** The line after an incomplete table. `most`: the highest number that --last accepts. */
export function olderText(shown: number, most: number): string {
  const more = Math.min(shown * 10, most);
  return `These are the newest ${String(shown)}. For older ones: ${more > shown ? `--last ${String(more)}, ` : ''}--since 30d, or all of them with --json.`;
}
