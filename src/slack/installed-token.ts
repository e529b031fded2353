import { errorName } from '../core/error-name.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { SlackInstallation, SlackInstallationStore } from '../ports/slack-installation-store.ts';
import type { BotToken } from './bot-token.ts';

/** So soon a process knows of an install that another one took. */
const LOOK_EVERY_MS = 3000;

export type InstalledToken = BotToken & {
  /** Keeps looking until it is told to stop. */
  watch(signal: AbortSignal): Promise<void>;
};

/**
 * The token of the stored installation.
 *
 * @param installAt the address at which the app is installed
 */
export function createInstalledToken({ store, accounts, installAt, clock, log }: { readonly store: Pick<SlackInstallationStore, 'read'>; readonly accounts: readonly string[]; readonly installAt: string; readonly clock: Clock; readonly log: Log }): InstalledToken {
  let installed: SlackInstallation | null = null;

  async function refresh(): Promise<string | null> {
    try {
      installed = await store.read(accounts);
    } catch (error) {
      // What was known still holds, as far as anybody knows.
      log.debug({ error: errorName(error) }, 'it could not be looked up whether the app is installed in Slack');
    }
    return installed?.token ?? null;
  }

  return {
    current: () => installed?.token ?? null,
    serves: (teamId) => installed?.team === teamId,
    refresh,
    remedy: `Install the app: ${installAt}`,
    async watch(signal) {
      while (!signal.aborted) {
        await refresh();
        await clock.sleep(LOOK_EVERY_MS, signal);
      }
    },
  };
}
