import { z } from 'zod';
import { FOR_MEMBERS, NOT_FOR_GUESTS } from '../../core/words/sorry.ts';
import type { Message } from '../../core/words/message.ts';
import type { HomeLookup } from '../home.ts';
import type { StandingOf } from '../people.ts';

/** Who did something, and in which workspace: the same in what is pressed and what is filled in, and made of what is typed. */
export const originSchema = z.object({
  user: z.object({ id: z.string(), team_id: z.string().optional() }),
  /** Null where the app is installed for a whole organisation. */
  team: z.object({ id: z.string() }).nullish(),
  enterprise: z.object({ id: z.string() }).nullish(),
});
export type Origin = z.infer<typeof originSchema>;

/** The workspace that something happened in. */
export function teamOf({ user, team, enterprise }: Origin): string {
  return team?.id ?? enterprise?.id ?? user.team_id ?? '';
}

/** Null for whoever may, else what to tell them. */
export type Gate = (origin: Origin, wants: { readonly change: boolean }) => Promise<Message | null>;

export type GateParts = {
  readonly home: HomeLookup;
  readonly standingOf: StandingOf;
  /** creditwatch.yml names the workspace. Of those that it does not name, the bot token's own is served alone. */
  readonly isNamed: (teamId: string) => boolean;
};

/**
 * A channel may be shared with another company (Slack Connect), whose people see the buttons too, and guests may be in it.
 * Strangers may do nothing; guests may look. Which of them is a guest Slack says only to whom `users:read` was granted.
 */
export function createGate({ home, standingOf, isNamed }: GateParts): Gate {
  return async (origin, { change }) => {
    const theirs = origin.user.team_id ?? teamOf(origin);
    const isNamedThere = theirs === teamOf(origin) && isNamed(theirs);
    const ours = isNamedThere ? null : await home.find();
    const isMember = ours === null ? theirs === teamOf(origin) : theirs === ours.team || theirs === ours.enterprise;
    if (!isMember) return FOR_MEMBERS;
    if (!change) return null;
    return (await standingOf(origin.user.id))?.guest === true ? NOT_FOR_GUESTS : null;
  };
}
