import { isTerminal } from './route.ts';
import { encodePerson, SOMEBODY, type Person } from '../text/person.ts';

/** A person, and the conversations that only this person reads. */
export type PersonWithPlaces = Person & { readonly places: readonly string[] };

/** Where a text stands: its field, and the platform that the same object names, if it names one. */
type Where = { readonly field: string; readonly platform: unknown };
const NOWHERE: Where = { field: '', platform: null };

/** Fields that hold a person who acted. Elsewhere, the login name of a terminal user may be an ordinary word. */
const WHO = /(?:^|_)(?:by|user|actor|person)$|By$/;
const MENTIONED = /@([\w:-]+)/g;

/** Whether a stored value, of any shape, names a person. */
export function namesPerson(value: unknown, person: PersonWithPlaces, where = NOWHERE): boolean {
  if (typeof value === 'string') return nameIn(value, person, where) !== value;
  if (Array.isArray(value)) return value.some((one) => namesPerson(one, person, where));
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([field, one]) => namesPerson(one, person, { field, platform: platformIn(value) }));
}

/** Replaces a person in a value with `somebody`. Lists drop the person, because they hold the people to notify. */
export function withoutPerson(value: unknown, person: PersonWithPlaces, where = NOWHERE): unknown {
  if (typeof value === 'string') return nameIn(value, person, where);
  if (Array.isArray(value))
    return value
      .filter((one) => typeof one !== 'string' || nameIn(one, person, where) === one)
      .map((one) => withoutPerson(one, person, where));
  if (typeof value !== 'object' || value === null) return value;
  const platform = platformIn(value);
  return Object.fromEntries(Object.entries(value).map(([field, one]) => [field, withoutPerson(one, person, { field, platform })]));
}

/** The platform of an actor, as a row names it, or of an address; null in other objects. */
function platformIn(value: object): unknown {
  if ('platform' in value) return value.platform;
  return 'kind' in value && 'address' in value ? value.kind : null;
}

function nameIn(text: string, person: PersonWithPlaces, where: Where): string {
  const { platform, id, places } = person;
  if (text === encodePerson(person)) return SOMEBODY.id;
  // The same text may be the id of another person on another platform.
  if (where.platform !== null && where.platform !== platform) return text;
  if (isTerminal(platform)) return WHO.test(where.field) && text === id ? SOMEBODY.id : text;
  if (text === id || places.includes(text)) return SOMEBODY.id;
  return text.replaceAll(MENTIONED, (mention, named: string) => (named === id ? SOMEBODY.id : mention));
}
