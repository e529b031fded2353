import { randomBytes } from 'node:crypto';
import type { AccountConfig, Config } from './config/config.ts';
import { TERMINAL, type DestinationAddress } from './core/route.ts';
import { describeMeter } from './core/vendors/describe.ts';
import type { Clock } from './ports/clock.ts';
import type { AccountDeclaration } from './ports/setup-store.ts';
import type { Store } from './ports/store.ts';
import type { IngestKey } from './sources/push/authorize.ts';
import { isTeamsUser } from './teams/views/people.ts';

/** What the file says of an account, with the catalogue's knowledge of its meters. Routes to a platform that is off are left out. */
export function declarationOf(account: AccountConfig, config: Pick<Config, 'slack' | 'teams'>): AccountDeclaration {
  const isConnected = ({ kind }: DestinationAddress) =>
    (kind !== 'slack' || config.slack !== null) && (kind !== 'teams' || config.teams !== null);
  const admins = account.admins
    .map((address): DestinationAddress => ({ kind: isTeamsUser(address) ? 'teams' : 'slack', address }))
    .filter(isConnected);
  return {
    id: account.id,
    timeZone: account.timeZone,
    admins: account.admins,
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

/** The keys of every account: those of the file, else one that is made once and kept. */
export async function ingestKeys(
  config: Config,
  store: Store,
  clock: Clock,
): Promise<{ all: readonly IngestKey[]; made: readonly IngestKey[] }> {
  const all: IngestKey[] = [];
  const made: IngestKey[] = [];
  for (const { id, ingestKeys: declared } of config.accounts) {
    all.push(...declared.map((one): IngestKey => ({ ...one, account: id })));
    if (declared.some(({ source }) => source === null)) continue;
    const whole = (key: string): IngestKey => ({ account: id, source: null, key });
    // INGEST_KEY is the key of the one account of a simple deployment.
    if (config.ingestKey !== null && config.accounts.length === 1) {
      all.push(whole(config.ingestKey));
      continue;
    }
    const secret = await store.secret(id, 'ingest-key', () => `cw_${randomBytes(24).toString('base64url')}`, clock.now());
    all.push(whole(secret.value));
    if (secret.made) made.push(whole(secret.value));
  }
  return { all, made };
}
