import type { Bodies } from '../http/request-bodies.ts';
import type { AccountConfig, Config } from '../config/config.ts';
import { createCurrentMessage } from '../pipeline/deliver/current-message.ts';
import type { Chat } from '../ports/inbound/chat.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Messenger } from '../ports/outbound/messenger.ts';
import type { Store } from '../ports/stores/store.ts';
import type { TeamsAdapter } from '../teams/adapter.ts';

/** The room for Teams; null when Teams is off. Its libraries are only loaded when they are needed. */
export async function openTeams({
  config,
  unverified,
  store,
  chat,
  clock,
  log,
}: {
  readonly config: Pick<Config, 'teams' | 'accounts'>;
  /** Shared by all that reads what nobody vouches for yet. */
  readonly unverified?: Bodies;
  readonly store: Store;
  readonly chat: Chat;
  readonly clock: Clock;
  readonly log: Log;
}): Promise<TeamsAdapter | null> {
  const { teams, accounts } = config;
  if (teams === null) return null;
  const { createTeamsAdapter } = await import('../teams/adapter.ts');
  const home = teams.identity.kind === 'anonymous' ? null : teams.identity.tenantId;
  return createTeamsAdapter({
    ...teams,
    ...(unverified && { unverified }),
    chat,
    clock,
    log,
    store: store.teams,
    currentMessage: createCurrentMessage(store, 'teams'),
    accountOf: accountOfTenant(accounts, home),
    timeZoneOf: (id) => (accounts.find((account) => account.id === id) ?? accounts[0])?.timeZone ?? 'UTC',
  });
}

/** Posts through flows; null when no route leads to one. */
export async function openWorkflows({ accounts }: Pick<Config, 'accounts'>, clock: Clock): Promise<Messenger | null> {
  const urls = new Map(accounts.flatMap(({ workflows }) => workflows.map(({ address, url }) => [address, url] as const)));
  if (urls.size === 0) return null;
  const { createWorkflowMessenger } = await import('../teams/workflow/messenger.ts');
  return createWorkflowMessenger({ urlOf: (address) => urls.get(address) ?? null, timeZone: accounts[0]?.timeZone ?? 'UTC', clock });
}

/**
 * One account serves the organisation that the bot is registered in, unless it names others; of several, the one that names
 * it. An emulator may name none, and is of the one account.
 */
function accountOfTenant(accounts: readonly AccountConfig[], home: string | null): (tenant: string | null) => string | null {
  const [only] = accounts;
  return (tenant) => {
    const named = tenant === null ? undefined : accounts.find((account) => account.teamsTenants.includes(tenant));
    if (named) return named.id;
    if (accounts.length !== 1 || !only || only.teamsTenants.length > 0) return null;
    return home === null || tenant === home ? only.id : null;
  };
}
