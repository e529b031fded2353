/** The directory's ids (learn.microsoft.com/entra: object ids are GUIDs), and Teams' own: whom a card can mention. */
const TEAMS_USER = /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|29:\S+)$/i;

/** Whether Teams can mention this id; of another platform, or a name, it can not. */
export function isTeamsUser(id: string): boolean {
  return TEAMS_USER.test(id);
}

/** What people are called, by their ids: a mention in a card carries the name that is shown. */
export type Names = ReadonlyMap<string, string>;

export function nameOf(user: string, names: Names): string {
  return names.get(user) ?? (isTeamsUser(user) ? 'somebody' : user);
}
