import { randomBytes } from 'node:crypto';
import type { AccountConfig, Config } from './config/config.ts';
import { USUAL_LIMITS, type Limits } from './core/limits.ts';
import { err, ok, type Result } from './core/result.ts';
import { TERMINAL, type DestinationAddress } from './core/route.ts';
import { describeMeter } from './core/vendors/describe.ts';
import { putKeyBack } from './datadir/encryption-key.ts';
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

/** How much each account may hold, as the file says. */
export function limitsIn({ accounts }: Pick<Config, 'accounts'>): (account: string) => Limits {
  const of = new Map(accounts.map(({ id, limits }) => [id, limits]));
  return (account) => of.get(account) ?? USUAL_LIMITS;
}

const STORED_KEY = 'ingest-key';

/** The keys of every account: those of the file, else one that is made once and kept; the error is for the operator. */
export async function ingestKeys(
  config: Config,
  store: Pick<Store, 'secret'>,
  clock: Clock,
): Promise<Result<{ readonly all: readonly IngestKey[]; readonly made: readonly IngestKey[] }, string>> {
  const all: IngestKey[] = [];
  const made: IngestKey[] = [];
  for (const account of config.accounts) {
    all.push(...account.ingestKeys.map((one): IngestKey => ({ ...one, account: account.id })));
    const from = keyComesFrom(config, account);
    if (from === 'file') continue;
    const whole = (key: string): IngestKey => ({ account: account.id, source: null, key });
    if (from !== 'store') {
      all.push(whole(from.environment));
      continue;
    }
    const secret = await store.secret(account.id, STORED_KEY, () => `cw_${randomBytes(24).toString('base64url')}`, clock.now());
    if (!secret.ok) return err(unreadableKey(secret.error, config));
    all.push(whole(secret.value.value));
    if (secret.value.made) made.push(whole(secret.value.value));
  }
  return ok({ all, made });
}

/** Whether every account has its key, or the next start makes one; the error is for the operator, of a stored one that cannot be read. */
export async function lookAtKeys(config: Config, store: Pick<Store, 'storedSecret'>): Promise<Result<'complete' | 'to-make', string>> {
  let isComplete = true;
  for (const account of config.accounts) {
    if (keyComesFrom(config, account) !== 'store') continue;
    const secret = await store.storedSecret(account.id, STORED_KEY);
    if (!secret.ok) return err(unreadableKey(secret.error, config));
    isComplete &&= secret.value !== null;
  }
  return ok(isComplete ? 'complete' : 'to-make');
}

/** Where an account's key for all sources comes from. INGEST_KEY is that of the one account of a simple deployment. */
export function keyComesFrom({ ingestKey, accounts }: Config, account: AccountConfig): 'file' | 'store' | { readonly environment: string } {
  if (account.ingestKeys.some(({ source }) => source === null)) return 'file';
  return ingestKey !== null && accounts.length === 1 ? { environment: ingestKey } : 'store';
}

function unreadableKey(reason: string, config: Config): string {
  return `The stored ingest key cannot be read: ${reason}. ${putKeyBack(config)}`;
}
