import { z } from 'zod';
import { problemText } from '../../messages/platforms/call-failure.ts';
import type { DisabledBecause } from '../../ports/stores/delivery-store.ts';
import { StoreUnavailable } from '../../ports/stores/store-errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { rejections } from '../api/error-codes.ts';
import type { WorkspaceLookup } from '../api/workspace.ts';
import { logIncomplete, type Once } from './listener-parts.ts';

/** The events that the app subscribes to, as in manifest.yml. None of them contains messages of people. */
export const botEvents = ['app_uninstalled', 'tokens_revoked'] as const;

/** The error code of a call with such a token. With the same code, people are notified only once, no matter which comes first. */
const MEANS = { app_uninstalled: 'account_inactive', tokens_revoked: 'token_revoked' } as const;

/** docs.slack.dev/reference/events/app_uninstalled and tokens_revoked. Either may come first, and both may be repeated. */
const removedSchema = z.object({
  team_id: z.string(),
  event_id: z.string(),
  /** In seconds. It is the same in each repetition of the event, which may come for hours. */
  event_time: z.number(),
  event: z.discriminatedUnion('type', [
    z.object({ type: z.literal('app_uninstalled') }),
    z.object({ type: z.literal('tokens_revoked'), tokens: z.object({ bot: z.array(z.string()).default([]) }) }),
  ]),
});

/**
 * Called when `account` lost its workspace. `why` says the reason and what to do about it; `told` is the workspace that Slack named, and
 * the time of the event.
 */
export type OnUninstalled = (account: string, why: DisabledBecause, told: { readonly team: string; readonly at: Date }) => Promise<void>;

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

/**
 * Creates the listener for a removed app or a revoked token. Slack has already been answered, so this tries until the change is stored.
 * Never throws.
 */
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
    if (!parsed.success) return logIncomplete('event', parsed.error, log);
    const { team_id: team, event_id: id, event_time: seconds, event } = parsed.data;
    // This is the token of a person. The app does not use such tokens.
    if (event.type === 'tokens_revoked' && event.tokens.bot.length === 0) return;
    const account = accountOf(team);
    const means = rejections.get(MEANS[event.type]);
    if (account === null || means === undefined) return;
    const isOurs = once(id);
    if (isOurs === null) return;
    if (!isNamed(team) && !(await isHome(team))) return log.info({ team, event: event.type }, 'ignored Slack event of another workspace');
    // The event belongs to an earlier installation: Slack accepts the current token.
    const known = home.known();
    // The event happened before the end of this second.
    const at = new Date((seconds + 1) * 1000);
    // If the clock was set back, the known time may be in the future and does not count.
    if (known !== null && known.team === team && at <= known.at && known.at <= clock.now())
      return log.info({ team, event: event.type }, 'ignored Slack event of a replaced installation');
    log.warn({ team, event: event.type }, 'Slack app removed from the workspace');
    const because = { code: means.code, reason: problemText({ reason: means.reason, remedy: remedy ?? means.remedy }) };
    while (!(await done(isOurs, account, because, { team, at }))) {
      await clock.sleep(AGAIN_AFTER_MS, stopping);
      if (stopping.aborted) return;
    }
  };

  /**
   * Whether the bot token belongs to the workspace. Waits until that is known, because Slack does not repeat an acknowledged event. A token
   * that Slack rejects belongs to no workspace, so the event is accepted.
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

  /** Returns false if the database cannot be reached. */
  async function done(isOurs: () => Promise<boolean>, ...removed: Parameters<OnUninstalled>): Promise<boolean> {
    try {
      if (await isOurs()) await onRemoved(...removed);
      return true;
    } catch (error) {
      if (error instanceof StoreUnavailable) return false;
      log.error({ error }, 'failed to disable the removed Slack app');
      return true;
    }
  }
}
