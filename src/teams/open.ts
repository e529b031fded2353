import { problemText } from '../messages/platforms/call-failure.ts';
import { teamsCheckedText } from '../messages/platforms/connection-check.ts';
import { noChat } from '../chat/no-chat.ts';
import type { CheckParts, Finding, MessengerParts, OpenParts, PlatformAccount } from '../chat/platform.ts';
import { publicAddress } from '../http/public-address.ts';
import type { Messenger } from '../ports/outbound/messenger.ts';
import { createTeamsAdapter, type TeamsAdapter } from './adapter.ts';
import { checkCredentials } from './api/credentials.ts';
import { createAccessToken } from './auth/access-token.ts';
import type { TeamsSettings } from './settings.ts';

type TeamsParts = MessengerParts & Pick<OpenParts, 'chat' | 'currentMessage'> & Partial<Pick<OpenParts, 'unverified'>>;

/** Connects the service to Teams. Imported only if Teams is set up, because it loads large libraries. */
export async function openTeams(
  settings: TeamsSettings,
  { accounts, unverified, store, chat, currentMessage, clock, log }: TeamsParts,
): Promise<TeamsAdapter> {
  const home = settings.identity.kind === 'anonymous' ? null : settings.identity.tenantId;
  return createTeamsAdapter({
    ...settings,
    ...(unverified && { unverified }),
    chat,
    clock,
    log,
    store: store.teams,
    currentMessage,
    accountOf: accountOfTenant(accounts, home),
    timeZoneOf: (id) => (accounts.find((account) => account.id === id) ?? accounts[0])?.timeZone ?? 'UTC',
  });
}

/** Opens a messenger that only posts: no listeners, no endpoint. */
export async function openTeamsMessenger(settings: TeamsSettings, parts: MessengerParts): Promise<Messenger> {
  const { messenger } = await openTeams(settings, {
    ...parts,
    chat: noChat,
    currentMessage: async () => null,
  });
  return messenger;
}

/** Checks the credentials, without the database: a token needs none of the stored conversations. */
export async function checkTeams({ identity }: TeamsSettings, parts: CheckParts): Promise<readonly Finding[]> {
  const what = 'Teams';
  if (identity.kind === 'anonymous') return [{ what, state: 'off', says: teamsCheckedText('anonymous') }];
  const checked = await checkCredentials(createAccessToken(identity, { clock: parts.clock }));
  if (!checked.ok) return [{ what, state: 'bad', says: problemText(checked.error) }];
  return [{ what, state: 'ok', says: teamsCheckedText({ appId: identity.appId, at: publicAddress(parts, '/api/messages') }) }];
}

/**
 * Returns the account of an organization. A single account serves the organization in which the bot is registered, unless it names others.
 * Of several accounts, the one that names the organization. An emulator may name none and gets the single account.
 */
function accountOfTenant(accounts: readonly PlatformAccount[], home: string | null): (tenant: string | null) => string | null {
  const [only] = accounts;
  return (tenant) => {
    const named = tenant === null ? undefined : accounts.find((account) => account.workspaces.includes(tenant));
    if (named) return named.id;
    if (accounts.length !== 1 || !only || only.workspaces.length > 0) return null;
    return home === null || tenant === home ? only.id : null;
  };
}
