import type { Express } from 'express';
import { noChat } from '../chat/no-chat.ts';
import type { MessengerParts, OpenParts, OpenPlatform, PlatformAccount } from '../chat/platform.ts';
import { errorName } from '../core/error-name.ts';
import { publicAddress } from '../http/public-address.ts';
import type { Messenger } from '../ports/outbound/messenger.ts';
import type { SlackInstallationStore } from '../ports/stores/slack-installation-store.ts';
import { createSlackAdapter } from './adapter.ts';
import { fixedToken, type BotToken } from './api/bot-token.ts';
import { createCommandNames } from './api/command-names.ts';
import { createInstalledToken, type InstalledToken } from './api/installed-token.ts';
import { mayReadMessages } from './api/scopes.ts';
import { INSTALL_PATH } from './install/path.ts';
import { createInstallRoutes, type Granted } from './install/routes.ts';
import { SLACK } from './traits.ts';
import type { SlackSettings } from './settings.ts';

type TokenParts = Pick<MessengerParts, 'accounts' | 'clock' | 'log' | 'keyRemedy'> & {
  readonly store: { readonly slackInstallation: Pick<SlackInstallationStore, 'read'> };
};
type OAuth = Extract<SlackSettings['installation'], { kind: 'oauth' }>;

/** Connects the service to Slack. Imported only if Slack is set up, because it loads a large library. */
export async function openSlack(settings: SlackSettings, parts: OpenParts): Promise<OpenPlatform> {
  const { accounts, unverified, store, chat, welcome, clock, log, onInstalled, lookEveryMs } = parts;
  const { installation, ...connection } = settings;
  const accountOf = accountOfTeam(accounts);
  const isNamed = (teamId: string) => accounts.some(({ workspaces }) => workspaces.includes(teamId));
  const commandNames = createCommandNames({
    known: await store.commandNames(),
    remember: (account, name) => store.rememberCommandName(account, name),
    log,
  });
  const installed = installation.kind === 'oauth' ? await openInstalledToken(installation, parts) : null;
  const adapter = createSlackAdapter({
    ...connection,
    unverified,
    clock,
    log,
    chat,
    accountOf,
    isNamed,
    identity: {
      read: (token) => store.slackIdentity.read(token),
      async keep(token, identity) {
        const account = accountOf(identity.team);
        if (account !== null) await store.slackIdentity.keep(account, token, identity, clock.now());
      },
    },
    commandNames,
    claim: (id, claimant, expiresAt) => store.slackRequests.claim(id, claimant, expiresAt, clock.now()),
    token: installed ?? (await openBotToken(settings, parts)),
    onRemoved: async (account, why, told) => {
      await store.installationRemoved(account, SLACK.id, { ...why, now: clock.now(), ...(installed && { told }) });
      await installed?.refresh();
    },
  });
  const mountInstall = installation.kind === 'oauth' && installed ? openInstall(installation, installed) : null;
  const stopping = new AbortController();
  let watching: Promise<void> | undefined;

  /**
   * If Slack accepts the token, the app is installed: marks its destinations as working again, and welcomes the installer the first time.
   */
  async function greet(by: string | null): Promise<void> {
    try {
      const home = await adapter.home();
      const account = home && accountOf(home.team);
      if (!home || account === null) return;
      await store.installationWorks(account, SLACK.id, home.at);
      await welcome({
        account,
        kind: SLACK.id,
        team: home.team,
        command: commandNames.of(account),
        readsMessages: mayReadMessages(home.scopes),
        by: by === null ? null : { platform: SLACK.id, id: by },
      });
    } catch (error) {
      log.warn({ error: errorName(error) }, 'failed to record that the Slack token is valid');
    }
  }

  /** The installation is already stored. If a step fails here, the next start or the sweep repeats it. */
  async function resume(by: string): Promise<void> {
    await onInstalled().catch((error: unknown) => log.warn({ error: errorName(error) }, 'failed to store the routes of creditwatch.yml'));
    await greet(by);
  }

  function openInstall({ clientId, clientSecret, publicUrl }: OAuth, token: InstalledToken): (app: Express) => void {
    const ids = accounts.map(({ id }) => id);
    const onGranted = async (granted: Granted) => {
      const account = accountOf(granted.team);
      if (account === null) return 'unnamed';
      const saved = await store.slackInstallation.save(
        { account, team: granted.team, token: granted.token },
        { accounts: ids, takesOver: isNamed(granted.team), by: granted.by, now: clock.now() },
      );
      if (saved === 'other-workspace') return saved;
      await token.refresh();
      void resume(granted.by);
      return 'installed';
    };
    const useState = (state: string, expiresAt: Date) => store.slackInstallation.useState(state, expiresAt, clock.now());
    const command = () => commandNames.of(ids[0] ?? '');
    return createInstallRoutes({ clientId, clientSecret, publicUrl, apiUrl: connection.apiUrl, useState, onGranted, command, log });
  }

  return {
    messenger: adapter.messenger,
    status: () => adapter.requests(),
    mount(app) {
      adapter.mount(app);
      mountInstall?.(app);
    },
    async start() {
      await adapter.start();
      watching = installed?.watch(stopping.signal, lookEveryMs);
      void greet(null);
    },
    async stop() {
      stopping.abort();
      await Promise.all([adapter.stop(), watching]);
    },
  };
}

/** Opens the bot token: that of the environment, or that of the stored installation. */
export async function openBotToken({ installation }: SlackSettings, parts: TokenParts): Promise<BotToken> {
  return installation.kind === 'oauth' ? openInstalledToken(installation, parts) : fixedToken(installation.botToken);
}

/** Opens a messenger that only posts: no listeners, no receiver. */
export async function openSlackMessenger(settings: SlackSettings, parts: MessengerParts): Promise<Messenger> {
  const { clock, log } = parts;
  const token = await openBotToken(settings, parts);
  return createSlackAdapter({ ...settings, token, clock, log, chat: noChat, accountOf: () => null }).messenger;
}

async function openInstalledToken({ publicUrl }: OAuth, { accounts, store, clock, log, keyRemedy }: TokenParts): Promise<InstalledToken> {
  const token = createInstalledToken({
    store: store.slackInstallation,
    accounts: accounts.map(({ id }) => id),
    installAt: publicAddress({ publicUrl }, INSTALL_PATH),
    keyRemedy,
    clock,
    log,
  });
  await token.refresh();
  return token;
}

/**
 * Returns the account of a workspace. A single account without `slackTeams` serves the workspace of the token, which the adapter checks. Of
 * several accounts, the one that names the workspace.
 */
function accountOfTeam(accounts: readonly PlatformAccount[]): (teamId: string) => string | null {
  const [only] = accounts;
  if (accounts.length === 1 && only) return (teamId) => (only.workspaces.length === 0 || only.workspaces.includes(teamId) ? only.id : null);
  return (teamId) => accounts.find((account) => account.workspaces.includes(teamId))?.id ?? null;
}
