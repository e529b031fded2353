import { z } from 'zod';

/** The id of a platform: slack, teams. `src/app/platforms.ts` lists them. */
export type PlatformId = string;

/** A person by the id that a platform knows the person by; in the terminal, by the login name. */
export type Person = { readonly platform: PlatformId; readonly id: string };

/** The platform of a person who is anonymized, or who was stored without a platform. No platform mentions such a person. */
const NO_PLATFORM = 'none';

/** Replaces a person who is anonymized. */
export const SOMEBODY: Person = { platform: NO_PLATFORM, id: 'somebody' };

/** A platform's id of a person, in what an operator or a caller writes. Directory ids are case-insensitive and stored in lower case, as Teams sends them. */
export const userIdSchema = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .transform((id) => (DIRECTORY_ID.test(id) ? id.toLowerCase() : id));
const DIRECTORY_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function isSamePerson(one: Person, other: Person): boolean {
  return one.platform === other.platform && one.id === other.id;
}

/** Whether a platform can be asked about a person: the person is neither anonymized nor stored without a platform. */
export function hasPlatform({ platform }: Person): boolean {
  return platform !== NO_PLATFORM;
}

/** Drops repeated people; the first of each stays. */
export function uniquePeople(people: readonly Person[]): readonly Person[] {
  return people.filter((person, index) => people.findIndex((one) => isSamePerson(one, person)) === index);
}

const WITH_PLATFORM = /^([a-z][\w-]*):(.+)$/s;

/** Encodes a person as text for the database: `slack:U0AB12CD3`. */
export function encodePerson({ platform, id }: Person): string {
  return platform === NO_PLATFORM ? id : `${platform}:${id}`;
}

/** Decodes a stored person. An id without a platform, as older versions stored it, belongs to a person whom no platform mentions. */
export function decodePerson(stored: string): Person {
  const [, platform, id] = WITH_PLATFORM.exec(stored) ?? [];
  return platform === undefined || id === undefined ? { platform: NO_PLATFORM, id: stored } : { platform, id };
}

/** Reads and writes a person in stored JSON. */
export const storedPerson = z.codec(z.string(), z.object({ platform: z.string(), id: z.string() }), {
  decode: decodePerson,
  encode: encodePerson,
});

/**
 * Whether a person may change anything. `guest`: may only look. `outsider`: from another organization, and may not even look.
 * `unknown`: the platform does not answer now.
 */
export type MayChange = 'yes' | 'guest' | 'outsider' | 'unknown';
