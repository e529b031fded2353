import { isDirect } from './route.ts';
import { SOMEBODY } from '../text/user-id.ts';

/** What the person is called, and the conversations that the person alone reads. */
export type Person = { readonly id: string; readonly places: readonly string[] };

/** Fields that hold whoever did something. A login name of a terminal may be the name of anything else as well. */
const WHO = /(?:^|_)(?:by|user|actor|person)$|By$/;
const MENTIONED = /@([\w:-]+)/g;

/** Whether a stored value, of any shape, names a person. */
export function namesPerson(value: unknown, person: Person, field = ''): boolean {
  if (typeof value === 'string') return nameIn(value, person, field) !== value;
  if (Array.isArray(value)) return value.some((one) => namesPerson(one, person, field));
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, one]) => namesPerson(one, person, key));
}

/** The same value where the person is `somebody`; out of a list the person is taken, for a list says whom to tell. */
export function withoutPerson(value: unknown, person: Person, field = ''): unknown {
  if (typeof value === 'string') return nameIn(value, person, field);
  if (Array.isArray(value))
    return value
      .filter((one) => typeof one !== 'string' || nameIn(one, person, field) === one)
      .map((one) => withoutPerson(one, person, field));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withoutPerson(one, person, key)]));
}

function nameIn(text: string, { id, places }: Person, field: string): string {
  const isPlatforms = isDirect({ kind: 'slack', address: id }) || isDirect({ kind: 'teams', address: id });
  if (!isPlatforms) return WHO.test(field) && text === id ? SOMEBODY : text;
  if (text === id || places.includes(text)) return SOMEBODY;
  return text.replaceAll(MENTIONED, (mention, user: string) => (user === id ? SOMEBODY : mention));
}

/**
 * Whether somebody may change anything at all. `guest`: may only look. `outsider`: of another organization, and may not even look.
 * `unknown`: the platform does not say now who they are.
 */
export type MayChange = 'yes' | 'guest' | 'outsider' | 'unknown';
