import { isTerminal, type DestinationKind } from './route.ts';
import { SOMEBODY } from '../text/user-id.ts';

/** A person by the id that a platform knows the person by; in the terminal, by the login name. */
export type PersonId = { readonly platform: DestinationKind; readonly id: string };

/** A person, and the conversations that only this person reads. */
export type Person = PersonId & { readonly places: readonly string[] };

/** Fields that hold a person who acted. Elsewhere, the login name of a terminal user may be an ordinary word. */
const WHO = /(?:^|_)(?:by|user|actor|person)$|By$/;
const MENTIONED = /@([\w:-]+)/g;

/** Whether a stored value, of any shape, names a person. */
export function namesPerson(value: unknown, person: Person, field = ''): boolean {
  if (typeof value === 'string') return nameIn(value, person, field) !== value;
  if (Array.isArray(value)) return value.some((one) => namesPerson(one, person, field));
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, one]) => namesPerson(one, person, key));
}

/** Replaces a person in a value with `somebody`. Lists drop the person, because they hold the people to notify. */
export function withoutPerson(value: unknown, person: Person, field = ''): unknown {
  if (typeof value === 'string') return nameIn(value, person, field);
  if (Array.isArray(value))
    return value
      .filter((one) => typeof one !== 'string' || nameIn(one, person, field) === one)
      .map((one) => withoutPerson(one, person, field));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withoutPerson(one, person, key)]));
}

function nameIn(text: string, { platform, id, places }: Person, field: string): string {
  if (isTerminal(platform)) return WHO.test(field) && text === id ? SOMEBODY : text;
  if (text === id || places.includes(text)) return SOMEBODY;
  return text.replaceAll(MENTIONED, (mention, user: string) => (user === id ? SOMEBODY : mention));
}

/**
 * Whether a person may change anything. `guest`: may only look. `outsider`: from another organization, and may not even look.
 * `unknown`: the platform does not answer now.
 */
export type MayChange = 'yes' | 'guest' | 'outsider' | 'unknown';
