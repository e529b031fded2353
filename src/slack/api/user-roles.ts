import type { webApi } from '@slack/bolt';
import { z } from 'zod';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { classifyFailure, isMissingScope } from './errors.ts';

/**
 * What a workspace thinks of somebody. `undisclosed`: the app was installed without the optional scope `users:read`, so that everybody of
 * the workspace counts as a member. `unknown`: Slack does not answer, or knows nobody of that id.
 */
type Roles = { readonly admin: boolean; readonly guest: boolean } | 'undisclosed' | 'unknown';

export type RolesOf = (user: string) => Promise<Roles>;

/** An admin who was made one a moment ago tries again; nobody presses buttons for hours. */
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

/** Asks Slack who somebody is (docs.slack.dev/reference/methods/users.info), once in ten minutes. */
export function createUserRoles({
  client,
  scopes,
  clock,
  log,
}: {
  readonly client: webApi.WebClient;
  /** What the token may do, as far as Slack has said; null while it has not. */
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
      // The scope was declined, which only installing the app again changes.
      const isDeclined = isMissingScope(error);
      if (isDeclined) askFrom = now + KNOWN_FOR_MS;
      log.debug({ reason }, 'Slack does not say who somebody is');
      // While Slack does not answer, what it said of the token before it fell silent still holds.
      return isDeclined || scopes()?.includes(PEOPLE_SCOPE) === false ? 'undisclosed' : 'unknown';
    }
  };
}

/** A clock that was set back makes nothing last for longer. */
function lasts(until: number, now: number): boolean {
  return until > now && until - now <= KNOWN_FOR_MS;
}
