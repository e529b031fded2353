import type { AccountConfig, Config } from './config/config.ts';
import type { Chat } from './ports/answer.ts';
import type { Clock } from './ports/clock.ts';
import type { Log } from './ports/log.ts';
import type { InstallationStore } from './ports/setup-store.ts';
import type { Welcome } from './pipeline/welcome.ts';
import type { SlackRoom } from './slack/room.ts';
import { mayReadMessages } from './slack/scopes.ts';

/** The room for Slack, where it is set up. Loaded only then: it brings a library. */
export async function openSlack({ config, store, chat, welcome, clock, log }: { readonly config: Config; readonly store: InstallationStore; readonly chat: Chat; readonly welcome: Welcome; readonly clock: Clock; readonly log: Log }): Promise<SlackRoom | null> {
  if (config.slack === null) return null;
  const accountOf = accountOfTeam(config.accounts);
  const isNamed = (teamId: string) => config.accounts.some(({ slackTeams }) => slackTeams.includes(teamId));
  const [{ createSlackRoom }, { createCommandNames }] = await Promise.all([import('./slack/room.ts'), import('./slack/command-names.ts')]);
  const onRemoved = (account: string, reason: string) => store.installationRemoved(account, 'slack', { reason, now: clock.now() });
  const commandNames = createCommandNames({ known: await store.commandNames(), remember: (account, name) => store.rememberCommandName(account, name), log });
  const room = createSlackRoom({ ...config.slack, clock, log, chat, accountOf, isNamed, onRemoved, commandNames });

  /** A token that Slack takes says that the app is back, if it was removed; whoever installed it is welcomed the first time. */
  async function greet(): Promise<void> {
    const home = await room.home();
    const account = home && accountOf(home.team);
    if (!home || account === null) return;
    await store.installationWorks(account, 'slack', home.at);
    await welcome({ account, kind: 'slack', team: home.team, command: commandNames.of(account), readsMessages: mayReadMessages(home.scopes) });
  }

  return {
    ...room,
    async start() {
      await room.start();
      void greet().catch((error: unknown) => log.warn({ error: error instanceof Error ? error.name : typeof error }, 'it could not be noted that Slack takes the token'));
    },
  };
}

/** One account serves the workspace that the token belongs to, which the room knows; of several, the one that names the team. */
function accountOfTeam(accounts: readonly AccountConfig[]): (teamId: string) => string | null {
  const [only] = accounts;
  if (accounts.length === 1 && only) return (teamId) => (only.slackTeams.length === 0 || only.slackTeams.includes(teamId) ? only.id : null);
  return (teamId) => accounts.find((account) => account.slackTeams.includes(teamId))?.id ?? null;
}
