import { findPlatform, type PlatformAccount } from '../chat/platform.ts';
import type { AccountConfig, Config } from '../config/config.ts';
import { USUAL_LIMITS, type Limits } from '../core/meters/limits.ts';
import { TERMINAL, type DestinationAddress } from '../core/notifications/route.ts';
import { describeMeter } from '../core/vendors/describe.ts';
import type { AccountDeclaration } from '../ports/stores/setup-store.ts';

/** What the file says of an account, with the catalogue's knowledge of its meters. Routes to a platform that is off are left out. */
export function declarationOf(account: AccountConfig, { platforms }: Pick<Config, 'platforms'>): AccountDeclaration {
  const isConnected = ({ kind }: DestinationAddress) => findPlatform(platforms, kind)?.connection !== null;
  const admins = account.admins
    .flatMap((address): readonly DestinationAddress[] => {
      const platform = platforms.find(({ isPerson }) => isPerson(address));
      return platform ? [{ kind: platform.id, address }] : [];
    })
    .filter(isConnected);
  return {
    id: account.id,
    timeZone: account.timeZone,
    admins: account.admins,
    viewers: account.viewers,
    sources: account.sources.map((source) => ({
      id: source.id,
      kind: source.kind,
      period: source.period,
      contacts: source.contacts,
      // How it is polled stays here: it holds keys.
      poll: source.kind === 'http' ? { everyMs: source.poll.everyMs, leastGapMs: source.poll.leastGapMs } : null,
      meters: Object.fromEntries(
        Object.entries(source.meters).map(([key, said]) => [key, { said, initial: describeMeter(source.id, key, said) }]),
      ),
    })),
    rules: account.rules,
    routes: account.routes.filter((route) => isConnected(route.destination)),
    fallback: admins.length > 0 ? admins : [TERMINAL],
  };
}

/** What the file says of the accounts in so far as it concerns one platform. */
export function accountsFor(platform: string, { accounts }: Pick<Config, 'accounts'>): readonly PlatformAccount[] {
  return accounts.map(({ id, timeZone, workspaces, secretAddresses }) => ({
    id,
    timeZone,
    workspaces: workspaces[platform] ?? [],
    secretAddresses: secretAddresses.filter((one) => one.platform === platform),
  }));
}

/** How much each account may hold, as the file says. */
export function limitsIn({ accounts }: Pick<Config, 'accounts'>): (account: string) => Limits {
  const of = new Map(accounts.map(({ id, limits }) => [id, limits]));
  return (account) => of.get(account) ?? USUAL_LIMITS;
}
