import type { Person } from '../../core/text/person.ts';
import { TEAMS } from '../traits.ts';

/** The IDs that a card can mention: those of the directory (learn.microsoft.com/entra: object IDs are GUIDs) and Teams' own. */
const TEAMS_USER = /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|29:\S+)$/i;

/** Whether an ID has the form of a person's ID in Teams. */
export function isTeamsUser(id: string): boolean {
  return TEAMS_USER.test(id);
}

/** The names of people by ID. A mention in a card needs the name. */
export type Names = ReadonlyMap<string, string>;

/** Whether a card can mention a person: only people of Teams, with an ID that Teams accepts. */
export function canMention({ platform, id }: Person): boolean {
  return platform === TEAMS.id && isTeamsUser(id);
}

/** Returns the name of a person in Teams, or the ID of a person elsewhere. */
export function nameOf(person: Person, names: Names, unknown = 'somebody'): string {
  const name = person.platform === TEAMS.id ? names.get(person.id) : undefined;
  return name ?? (canMention(person) ? unknown : person.id);
}
