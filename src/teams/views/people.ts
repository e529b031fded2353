/** The IDs that a card can mention: those of the directory (learn.microsoft.com/entra: object IDs are GUIDs) and Teams' own. */
const TEAMS_USER = /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|29:\S+)$/i;

/** Whether Teams can mention this ID. It cannot mention a name, or an ID of another platform. */
export function isTeamsUser(id: string): boolean {
  return TEAMS_USER.test(id);
}

/** The names of people by ID. A mention in a card needs the name. */
export type Names = ReadonlyMap<string, string>;

/** Returns the name of a person, or the ID if the name is unknown. */
export function nameOf(user: string, names: Names): string {
  return names.get(user) ?? (isTeamsUser(user) ? 'somebody' : user);
}
