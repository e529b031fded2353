import type { Express } from 'express';
import type { Bodies } from '../http/request-bodies.ts';
import { publicAddress, type AccountConfig, type Config, type SlackConfig } from '../config/config.ts';
import { errorName } from '../core/error-name.ts';
import { putKeyBack } from '../datadir/encryption-key.ts';
import type { Chat } from '../ports/inbound/chat.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { InstallationStore } from '../ports/stores/setup-store.ts';
import type { Welcome } from '../pipeline/notify/welcome.ts';
import type { SlackIdentityStore } from '../ports/stores/slack-identity-store.ts';
import type { SlackInstallationStore } from '../ports/stores/slack-installation-store.ts';
import type { SlackRequestStore } from '../ports/stores/slack-request-store.ts';
import type { BotToken } from '../slack/api/bot-token.ts';
import type { Granted } from '../slack/install/routes.ts';
import type { InstalledToken } from '../slack/api/installed-token.ts';
import type { SlackAdapter } from '../slack/adapter.ts';
import { mayReadMessages } from '../slack/api/scopes.ts';

type SlackStore = InstallationStore & {
  readonly slackInstallation: SlackInstallationStore;
  readonly slackIdentity: SlackIdentityStore;
  readonly slackRequests: SlackRequestStore;
};
type TokenParts = {
  readonly config: Config;
  readonly store: { readonly slackInstallation: Pick<SlackInstallationStore, 'read'> };
  readonly clock: Clock;
  readonly log: Log;
};
type OAuth = Extract<SlackConfig['installation'], { kind: 'oauth' }>;

/** The room for Slack, where it is set up. Loaded only then: it brings a library. `onInstalled` is called once an install is stored: what was purged meanwhile is declared anew, and sent. */
export async function openSlack({
  config,
  unverified,
  store,
  chat,
  welcome,
  clock,
  log,
  onInstalled,
  lookEveryMs,
}: TokenParts & {
  readonly store: SlackStore;
  /** Shared by all that reads what nobody vouches for yet. */
  readonly unverified?: Bodies;
  readonly chat: Chat;
  readonly welcome: Welcome;
  readonly onInstalled: () => Promise<void>;
  readonly lookEveryMs?: number | undefined;
}): Promise<SlackAdapter | null> {
  if (config.slack === null) return null;
  const { installation, ...connection } = config.slack;
  const accountOf = accountOfTeam(config.accounts);
  const isNamed = (teamId: string) => config.accounts.some(({ slackTeams }) => slackTeams.includes(teamId));
  const [{ createSlackAdapter }, { createCommandNames }] = await Promise.all([
    import('../slack/adapter.ts'),
    import('../slack/api/command-names.ts'),
  ]);
  const commandNames = createCommandNames({
    known: await store.commandNames(),
    remember: (account, name) => store.rememberCommandName(account, name),
    log,
  });
  const installed = installation.kind === 'oauth' ? await openInstalledToken(installation, { config, store, clock, log }) : null;
  const adapter = createSlackAdapter({
    ...connection,
    ...(unverified && { unverified }),
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
    token: installed ?? (await openBotToken(config.slack, { config, store, clock, log })),
    onRemoved: async (account, reason, told) => {
      await store.installationRemoved(account, 'slack', { reason, now: clock.now(), ...(installed && { told }) });
      await installed?.refresh();
    },
  });
  const mountInstall = installation.kind === 'oauth' && installed ? await openInstall(installation, installed) : null;
  const stopping = new AbortController();
  let watching: Promise<void> | undefined;

  /** A token that Slack takes says that the app is back, if it was removed; whoever installed it is welcomed the first time. */
  async function greet(by: string | null): Promise<void> {
    try {
      const home = await adapter.home();
      const account = home && accountOf(home.team);
      if (!home || account === null) return;
      await store.installationWorks(account, 'slack', home.at);
      await welcome({
        account,
        kind: 'slack',
        team: home.team,
        command: commandNames.of(account),
        readsMessages: mayReadMessages(home.scopes),
        by,
      });
    } catch (error) {
      log.warn({ error: errorName(error) }, 'it could not be noted that Slack takes the token');
    }
  }

  /** The install is stored by now: what fails here is done by the next start, or by the sweep. */
  async function resume(by: string): Promise<void> {
    await onInstalled().catch((error: unknown) =>
      log.warn({ error: errorName(error) }, 'the routes of creditwatch.yml could not be declared anew'),
    );
    await greet(by);
  }

  async function openInstall({ clientId, clientSecret, publicUrl }: OAuth, token: InstalledToken): Promise<(app: Express) => void> {
    const { createInstallRoutes } = await import('../slack/install/routes.ts');
    const accounts = config.accounts.map(({ id }) => id);
    const onGranted = async (granted: Granted) => {
      const account = accountOf(granted.team);
      if (account === null) return 'unnamed';
      const saved = await store.slackInstallation.save(
        { account, team: granted.team, token: granted.token },
        { accounts, takesOver: isNamed(granted.team), by: granted.by, now: clock.now() },
      );
      if (saved === 'other-workspace') return saved;
      await token.refresh();
      void resume(granted.by);
      return 'installed';
    };
    const useState = (state: string, expiresAt: Date) => store.slackInstallation.useState(state, expiresAt, clock.now());
    const command = () => commandNames.of(accounts[0] ?? '');
    return createInstallRoutes({ clientId, clientSecret, publicUrl, apiUrl: connection.apiUrl, useState, onGranted, command, log });
  }

  return {
    ...adapter,
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

/** Whose token a process posts with: that of the environment, or that of the stored installation. */
export async function openBotToken({ installation }: SlackConfig, parts: TokenParts): Promise<BotToken> {
  if (installation.kind === 'oauth') return openInstalledToken(installation, parts);
  const { fixedToken } = await import('../slack/api/bot-token.ts');
  return fixedToken(installation.botToken);
}

async function openInstalledToken({ publicUrl }: OAuth, { config, store, clock, log }: TokenParts): Promise<InstalledToken> {
  const [{ createInstalledToken }, { INSTALL_PATH }] = await Promise.all([
    import('../slack/api/installed-token.ts'),
    import('../slack/install/path.ts'),
  ]);
  const token = createInstalledToken({
    store: store.slackInstallation,
    accounts: config.accounts.map(({ id }) => id),
    installAt: publicAddress({ publicUrl }, INSTALL_PATH),
    keyRemedy: putKeyBack(config),
    clock,
    log,
  });
  await token.refresh();
  return token;
}

/** One account serves the workspace that the token belongs to, which the room knows; of several, the one that names the team. */
function accountOfTeam(accounts: readonly AccountConfig[]): (teamId: string) => string | null {
  const [only] = accounts;
  if (accounts.length === 1 && only) return (teamId) => (only.slackTeams.length === 0 || only.slackTeams.includes(teamId) ? only.id : null);
  return (teamId) => accounts.find((account) => account.slackTeams.includes(teamId))?.id ?? null;
}
