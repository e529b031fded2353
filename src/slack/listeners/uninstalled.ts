import { z } from 'zod';
import { StoreUnavailable } from '../../ports/stores/store-errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { rejections } from '../api/error-codes.ts';
import type { WorkspaceLookup } from '../api/workspace.ts';
import type { Once } from './context.ts';

/** The events that the app subscribes to, as manifest.yml names them. Of nothing that people write there is any. */
export const botEvents = ['app_uninstalled', 'tokens_revoked'] as const;

/** The same that a call with such a token is answered with, so that people are told once, whichever comes first. */
const MEANS = { app_uninstalled: 'account_inactive', tokens_revoked: 'token_revoked' } as const;

/** docs.slack.dev/reference/events/app_uninstalled and tokens_revoked: either may come first, and again. */
const removedSchema = z.object({
  team_id: z.string(),
  event_id: z.string(),
  /** Seconds. It stays the same when Slack tells the event again, for hours. */
  event_time: z.number(),
  event: z.discriminatedUnion('type', [
    z.object({ type: z.literal('app_uninstalled') }),
    z.object({ type: z.literal('tokens_revoked'), tokens: z.object({ bot: z.array(z.string()).default([]) }) }),
  ]),
});

/** `account` lost its workspace: `reason` says why, and what to do about it; `told` which one Slack spoke of, and of when. */
export type OnUninstalled = (account: string, reason: string, told: { readonly team: string; readonly at: Date }) => Promise<void>;

const AGAIN_AFTER_MS = 5000;

export type UninstalledParts = {
  readonly accountOf: (teamId: string) => string | null;
  readonly remedy: string | null;
  readonly isNamed: (teamId: string) => boolean;
  readonly home: Pick<WorkspaceLookup, 'known' | 'whose'>;
  readonly onRemoved: OnUninstalled;
  readonly once: Once;
  readonly clock: Clock;
  readonly log: Log;
  readonly stopping: AbortSignal;
};

/** The app was removed from a workspace, or its token revoked. Slack has been answered by then, so this is kept until it is written. Never throws. */
export function uninstalledListener({
  accountOf,
  remedy,
  isNamed,
  home,
  onRemoved,
  once,
  clock,
  log,
  stopping,
}: UninstalledParts): (args: { body: unknown }) => Promise<void> {
  return async ({ body }) => {
    const parsed = removedSchema.safeParse(body);
    if (!parsed.success)
      return log.warn({ issues: parsed.error.issues.map((issue) => issue.path.join('.')) }, 'an event lacks what it needs');
    const { team_id: team, event_id: id, event_time: seconds, event } = parsed.data;
    // The token of a person, which is none of ours.
    if (event.type === 'tokens_revoked' && event.tokens.bot.length === 0) return;
    const account = accountOf(team);
    const means = rejections.get(MEANS[event.type]);
    if (account === null || means === undefined) return;
    const isOurs = once(id);
    if (isOurs === null) return;
    if (!isNamed(team) && !(await isHome(team)))
      return log.info({ team, event: event.type }, 'ignored what Slack told of another workspace');
    // Of an installation before this one: Slack takes the token that we have now.
    const known = home.known();
    // Seconds say of an event that it was not later than their end.
    const at = new Date((seconds + 1) * 1000);
    // By a clock that was set back since, what is known would be from the future.
    if (known !== null && known.team === team && at <= known.at && known.at <= clock.now())
      return log.info({ team, event: event.type }, 'Slack told late of an installation that has been replaced');
    log.warn({ team, event: event.type }, 'Slack says that the app is not in the workspace any more');
    while (!(await done(isOurs, account, `${means.reason}. ${remedy ?? means.remedy}`, { team, at }))) {
      await clock.sleep(AGAIN_AFTER_MS, stopping);
      if (stopping.aborted) return;
    }
  };

  /**
   * Whether the bot token is of that workspace. Waits until that is known: Slack has been told that the event arrived, and does not tell
   * it again. A token that Slack refuses serves no workspace any more, whichever it was of.
   */
  async function isHome(team: string): Promise<boolean> {
    for (;;) {
      const whose = await home.whose();
      if (whose.kind === 'known') return whose.team === team;
      if (whose.kind === 'refused') return true;
      await clock.sleep(AGAIN_AFTER_MS, stopping);
      if (stopping.aborted) return false;
    }
  }

  /** False when the store is away. */
  async function done(isOurs: () => Promise<boolean>, ...removed: Parameters<OnUninstalled>): Promise<boolean> {
    try {
      if (await isOurs()) await onRemoved(...removed);
      return true;
    } catch (error) {
      if (error instanceof StoreUnavailable) return false;
      log.error({ error }, 'what was removed could not be switched off');
      return true;
    }
  }
}
