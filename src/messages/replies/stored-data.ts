const NAMES: Readonly<Record<string, readonly [string, string]>> = {
  source: ['source', 'sources'],
  meter: ['meter', 'meters'],
  reading: ['reading', 'readings'],
  alert: ['alert', 'alerts'],
  notification: ['notification', 'notifications'],
  delivery: ['delivery', 'deliveries'],
  destination: ['destination', 'destinations'],
  route: ['route', 'routes'],
  secret: ['secret', 'secrets'],
  teams_conversation: ['Teams conversation', 'Teams conversations'],
  teams_person: ['name of a person in Teams', 'names of people in Teams'],
  audit: ['audit entry', 'audit entries'],
  account: ['list of admins', 'lists of admins'],
};

/** `2 meters, 310 readings, 1 alert`; `nothing` if all counts are 0. */
function storedText(counts: Readonly<Record<string, number>>): string {
  const parts = Object.entries(counts)
    .filter(([name, count]) => count > 0 && name !== 'sent_to_the_person')
    .map(([name, count]) => `${String(count)} ${NAMES[name]?.[count === 1 ? 0 : 1] ?? `of ${name}`}`);
  return parts.length === 0 ? 'nothing' : parts.join(', ');
}

/** Before an account is deleted. */
export function aboutToDeleteText(account: string, counts: Readonly<Record<string, number>>): string {
  return `Account ${account} holds: ${storedText(counts)}. Deleting it cannot be undone.`;
}

/** `account delete` without a terminal to confirm on, and without `--yes`. */
export const DELETION_NEEDS_YES = 'Nothing was deleted. To delete it, add --yes.';

/** The question before an account is deleted. */
export function typeToDeleteText(account: string): string {
  return `Type ${account} to delete it: `;
}

/** The answer was not the ID of the account. */
export const NOTHING_DELETED = 'Nothing was deleted.';

/** After an account was deleted. `isDeclared`: whether creditwatch.yml still has it. */
export function deletedText(account: string, counts: Readonly<Record<string, number>>, isDeclared: boolean): readonly string[] {
  return [
    `Account ${account} is deleted, with ${storedText(counts)}.`,
    ...(isDeclared
      ? [
          `creditwatch.yml still has this account, so it exists again, empty. To end polls and pushes for it, remove it from creditwatch.yml and restart. If its ingest key was generated, the key is deleted too; the next start makes a new one.`,
        ]
      : []),
  ];
}

/** What was typed cannot be the ID of a person. */
export function notAPersonText(typed: string): string {
  return `"${typed}" is not the ID of a person.`;
}

/** After a person was forgotten. `isDeclared`: whether creditwatch.yml still names the person. */
export function forgottenText(typed: string, counts: Readonly<Record<string, number>>, isDeclared: boolean): readonly string[] {
  const isKnown = Object.keys(counts).length > 0;
  return [
    isKnown ? `${typed} is no longer in any record. Changed or deleted: ${storedText(counts)}.` : `Nothing is stored about ${typed}.`,
    ...(isDeclared ? [`creditwatch.yml still names ${typed}. Remove it there, or the next start stores it again.`] : []),
    ...(isKnown ? ['Posted messages remain. Delete them on the platform.'] : []),
  ];
}
