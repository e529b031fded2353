import { errorName } from '../../core/error-name.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { SlackInstallationStore, StoredInstallation } from '../../ports/stores/slack-installation-store.ts';
import { installAppText, notInstalled, tokenUnreadable } from '../../messages/platforms/slack-errors.ts';
import type { BotToken } from './bot-token.ts';

/** How often a process looks for an installation that another process stored. */
const LOOK_EVERY_MS = 3000;

export type InstalledToken = BotToken & {
  /** Reads the stored token at an interval until the signal aborts. */
  watch(signal: AbortSignal, everyMs?: number): Promise<void>;
};

/**
 * Creates the bot token of the stored installation.
 *
 * @param installAt the URL at which the app is installed
 * @param keyRemedy what the operator can do if the token was encrypted with another key
 */
export function createInstalledToken({
  store,
  accounts,
  installAt,
  keyRemedy,
  clock,
  log,
}: {
  readonly store: Pick<SlackInstallationStore, 'read'>;
  readonly accounts: readonly string[];
  readonly installAt: string;
  readonly keyRemedy: string;
  readonly clock: Clock;
  readonly log: Log;
}): InstalledToken {
  let installed: StoredInstallation | null = null;
  const remedy = installAppText(installAt);
  let isReadable = true;
  const unreadable = tokenUnreadable(installAt, keyRemedy);

  async function refresh(): Promise<string | null> {
    try {
      installed = await store.read(accounts);
      if (installed?.token) log.conceal(installed.token);
      if (isReadable && installed?.token === null)
        log.error({ team: installed.team, remedy: unreadable.remedy }, 'stored Slack token unreadable');
      isReadable = installed?.token !== null;
    } catch (error) {
      // The last known token is used until the database answers again.
      log.debug({ error: errorName(error) }, 'failed to read the Slack installation');
    }
    return installed?.token ?? null;
  }

  return {
    current: () => installed?.token ?? null,
    absence() {
      if (installed === null) return notInstalled(installAt);
      return installed.token === null ? unreadable : null;
    },
    team: () => installed?.team ?? null,
    serves: (teamId) => installed?.team === teamId,
    refresh,
    remedy,
    async watch(signal, everyMs = LOOK_EVERY_MS) {
      while (!signal.aborted) {
        await refresh();
        await clock.sleep(everyMs, signal);
      }
    },
  };
}
