import type { webApi } from '@slack/bolt';
import { z } from 'zod';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { classifyFailure, isMissingScope } from './errors.ts';

/**
 * The roles of a person in a workspace. `undisclosed`: the app was installed without the optional scope `users:read`, so all people of the
 * workspace count as members. `unknown`: Slack did not answer, or does not know the user ID.
 */
type Roles = { readonly admin: boolean; readonly guest: boolean } | 'undisclosed' | 'unknown';

export type RolesOf = (user: string) => Promise<Roles>;

/** A new admin has to wait this long at most. Roles are kept for a short time, because a person rarely clicks for hours. */
const KNOWN_FOR_MS = 10 * 60_000;
const MOST_KNOWN = 5000;

const answerSchema = z.object({
  user: z.object({
    is_admin: z.boolean().default(false),
    is_owner: z.boolean().default(false),
    is_restricted: z.boolean().default(false),
    is_ultra_restricted: z.boolean().default(false),
  }),
});

const PEOPLE_SCOPE = 'users:read';

/**
 * Creates a lookup of people's roles (docs.slack.dev/reference/methods/users.info). It asks Slack at most once in 10 minutes for each
 * person, and never throws.
 */
export function createUserRoles({
  client,
  scopes,
  clock,
  log,
}: {
  readonly client: webApi.WebClient;
  /** The scopes of the token. Null as long as Slack has not answered. */
  readonly scopes: () => readonly string[] | null;
  readonly clock: Clock;
  readonly log: Log;
}): RolesOf {
  const known = new Map<string, { readonly role: Exclude<Roles, string>; readonly until: number }>();
  let askFrom = 0;

  return async (user) => {
    const now = clock.now().getTime();
    const remembered = known.get(user);
    if (remembered !== undefined && lasts(remembered.until, now)) return remembered.role;
    if (lasts(askFrom, now)) return 'undisclosed';
    try {
      const { user: said } = answerSchema.parse(await client.users.info({ user }));
      const role = { admin: said.is_admin || said.is_owner, guest: said.is_restricted || said.is_ultra_restricted };
      if (known.size >= MOST_KNOWN) known.clear();
      known.set(user, { role, until: now + KNOWN_FOR_MS });
      return role;
    } catch (error) {
      const { reason } = classifyFailure(error);
      // The scope was declined. This can change only if the app is installed again.
      const isDeclined = isMissingScope(error);
      if (isDeclined) askFrom = now + KNOWN_FOR_MS;
      log.debug({ reason }, 'Slack user lookup failed');
      // If Slack does not answer, its last list of scopes still holds.
      return isDeclined || scopes()?.includes(PEOPLE_SCOPE) === false ? 'undisclosed' : 'unknown';
    }
  };
}

/** Limits the time in case the clock was set back. */
function lasts(until: number, now: number): boolean {
  return until > now && until - now <= KNOWN_FOR_MS;
}
