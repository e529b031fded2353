import type { webApi } from '@slack/bolt';
import { z } from 'zod';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { classifyFailure } from './errors.ts';

/** What a workspace thinks of somebody. */
type Standing = { readonly admin: boolean; readonly guest: boolean };

/** Null when Slack does not say: without the optional scope `users:read`, or while it fails. */
export type StandingOf = (user: string) => Promise<Standing | null>;

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

/** Asks Slack who somebody is (docs.slack.dev/reference/methods/users.info), once in ten minutes. */
export function createStandingOf({
  client,
  clock,
  log,
}: {
  readonly client: webApi.WebClient;
  readonly clock: Clock;
  readonly log: Log;
}): StandingOf {
  const known = new Map<string, { readonly standing: Standing; readonly until: number }>();
  let askFrom = 0;

  return async (user) => {
    const now = clock.now().getTime();
    const remembered = known.get(user);
    if (remembered !== undefined && isAhead(remembered.until, now)) return remembered.standing;
    if (isAhead(askFrom, now)) return null;
    try {
      const { user: said } = answerSchema.parse(await client.users.info({ user }));
      const standing = { admin: said.is_admin || said.is_owner, guest: said.is_restricted || said.is_ultra_restricted };
      if (known.size >= MOST_KNOWN) known.clear();
      known.set(user, { standing, until: now + KNOWN_FOR_MS });
      return standing;
    } catch (error) {
      const { reason } = classifyFailure(error);
      // The scope was declined, which only installing the app again changes.
      if (reason.includes('missing_scope')) askFrom = now + KNOWN_FOR_MS;
      log.debug({ reason }, 'Slack does not say who somebody is');
      return null;
    }
  };
}

/** A clock that was set back makes nothing last for longer. */
function isAhead(until: number, now: number): boolean {
  return until > now && until - now <= KNOWN_FOR_MS;
}
