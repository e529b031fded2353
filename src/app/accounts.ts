import type { KeyExpiry } from '../core/meters/key-expiry.ts';
import { findPlatform, type PlatformAccount } from '../chat/platform.ts';
import type { AccountConfig, Config } from '../config/config.ts';
import { USUAL_LIMITS, type Limits } from '../core/meters/limits.ts';
import { directTo, TERMINAL, type DestinationAddress } from '../core/notifications/route.ts';
import { describeMeter } from '../core/vendors/describe.ts';
import type { StatedInFile } from '../pipeline/schedule/waiting-notices.ts';
import type { AccountDeclaration } from '../ports/stores/setup-store.ts';

/**
 * Builds the declaration of an account from creditwatch.yml and the catalogue's data on its meters. Routes to a platform that is
 * not connected are left out.
 */
export function declarationOf(account: AccountConfig, { platforms }: Pick<Config, 'platforms'>): AccountDeclaration {
  const isConnected = ({ kind }: DestinationAddress) => findPlatform(platforms, kind)?.connection !== null;
  const admins = account.admins.map(directTo).filter(isConnected);
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
      // The rest of the poll definition stays in memory, because it contains keys.
      poll: pollOf(source),
      keyExpiry: source.expires === null ? null : { on: source.expires, ...keyPlaceOf(source) },
      meters: Object.fromEntries(
        Object.entries(source.meters).map(([key, details]) => [key, { details, initial: describeMeter(source.id, key, details) }]),
      ),
    })),
    rules: account.rules,
    routes: account.routes.filter((route) => isConnected(route.destination)),
    fallback: admins.length > 0 ? admins : [TERMINAL],
  };
}

function pollOf(source: AccountConfig['sources'][number]): AccountDeclaration['sources'][number]['poll'] {
  if (source.kind === 'http') return { everyMs: source.poll.everyMs, leastGapMs: source.poll.leastGapMs };
  return source.kind === 'mail' && source.everyMs !== null ? { everyMs: source.everyMs, leastGapMs: 1 } : null;
}

/** Where the key of a source is, and where a new one is made. */
export function keyPlaceOf(source: AccountConfig['sources'][number]): Pick<KeyExpiry, 'variables' | 'page'> {
  if (source.kind === 'mail') return { variables: source.mailbox?.keyVariables ?? [], page: null };
  return source.kind === 'http' ? { variables: source.poll.keyVariables, page: source.keyPage } : { variables: [], page: null };
}

/** Returns the accounts with the parts of their configuration that concern one platform. */
export function accountsFor(platform: string, { accounts }: Pick<Config, 'accounts'>): readonly PlatformAccount[] {
  return accounts.map(({ id, timeZone, workspaces, secretAddresses }) => ({
    id,
    timeZone,
    workspaces: workspaces[platform] ?? [],
    secretAddresses: secretAddresses.filter((one) => one.platform === platform),
  }));
}

/** Returns the limits of each account, as creditwatch.yml sets them. */
export function limitsIn({ accounts }: Pick<Config, 'accounts'>): (account: string) => Limits {
  const of = new Map(accounts.map(({ id, limits }) => [id, limits]));
  return (account) => of.get(account) ?? USUAL_LIMITS;
}

/** Returns the totals that creditwatch.yml states for the meters of posted mails. */
export function totalsOfMailSources(config: Pick<Config, 'accounts'>): StatedInFile {
  const bySource = new Map(mailSourcesOf(config).map(({ account, source, rules }) => [JSON.stringify([account, source]), rules.meters]));
  return (account, source, key) => {
    const meter = bySource.get(JSON.stringify([account, source]))?.[key];
    return meter && (meter.total ?? null);
  };
}

/** Lists the sources of all accounts that take mails by `POST /v1/mail`. */
export function mailSourcesOf({ accounts }: Pick<Config, 'accounts'>) {
  return accounts.flatMap(({ id: account, sources }) =>
    sources.flatMap((source) =>
      source.kind === 'mail' && source.keys.length > 0 ? [{ account, source: source.id, rules: source.rules, keys: source.keys }] : [],
    ),
  );
}
