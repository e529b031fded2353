import { resolve } from 'node:path';
import type { Platform, PlatformEnvironment } from '../chat/platform.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { SettingName } from '../core/setting-names.ts';
import type { Config, ConfigProblem } from './config.ts';
import { createEnvironment, trimmed, type Env, type Environment } from './environment.ts';
import { readFile } from './file.ts';
import { ingestKeySchema } from './ingest-key.ts';
import { oneOfText } from '../core/text/join-list.ts';
import { levelNotices } from './level-notices.ts';
import { proxyNotices, readProxies } from './proxies.ts';
import { readPublicUrl } from './public-url.ts';

const SHORTEST_TOKEN = 16;
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/** Returns the absolute path of the data folder, which is all that is needed to find the running service. */
export function dataDirOf({
  env,
  cwd,
  defaultDataDir = 'data',
}: {
  readonly env: Env;
  readonly cwd: string;
  readonly defaultDataDir?: string;
}): string {
  return resolve(cwd, trimmed(env['DATA_DIR']) ?? defaultDataDir);
}

/**
 * Reads the environment and creditwatch.yml. Returns all mistakes at once, each with its place and what to do. An empty variable counts as
 * not set. Never throws.
 *
 * @param platforms all platforms
 */
export function readConfig({
  env,
  cwd,
  platforms,
  defaultDataDir,
}: {
  readonly platforms: readonly Platform[];
  readonly env: Env;
  readonly cwd: string;
  readonly defaultDataDir?: string;
}): Result<Config, readonly ConfigProblem[]> {
  const problems: ConfigProblem[] = [];
  const problem = (where: string, message: string) => void problems.push({ where, message });
  const anyEnvironment = createEnvironment(env, problem);
  const environment: Environment<SettingName> = anyEnvironment;
  const { get } = environment;
  const url: PlatformEnvironment<SettingName>['url'] = urlOf;
  environment.path('DATA_DIR');

  const role = oneOf('ROLE', ['all', 'web', 'worker'] as const, 'all');
  const logLevel = oneOf('LOG_LEVEL', LOG_LEVELS, 'info');
  const port = wholeNumber('PORT', 3000, 65_535);
  const metricsToken = environment.secret('METRICS_TOKEN') ?? null;
  if (metricsToken !== null && metricsToken.length < SHORTEST_TOKEN)
    problem('METRICS_TOKEN', `must have ${SHORTEST_TOKEN} characters or more. Make one: openssl rand -hex 24`);
  const metricsPort = get('METRICS_PORT') === undefined ? null : wholeNumber('METRICS_PORT', 0, 65_535);
  if (metricsPort !== null && metricsPort !== 0 && metricsPort === port) problem('METRICS_PORT', 'must be another port than PORT');
  const databaseUrl = url('DATABASE_URL', ['postgresql:', 'postgres:'], 'postgresql://user:password@host:5432/creditwatch');
  const directDatabaseUrl = url('DIRECT_DATABASE_URL', ['postgresql:', 'postgres:'], 'postgresql://user:password@host:5432/creditwatch');
  if (directDatabaseUrl !== null && databaseUrl === null) problem('DIRECT_DATABASE_URL', 'needs DATABASE_URL, which is not set');
  const redisUrl = url('REDIS_URL', ['redis:', 'rediss:'], 'redis://host:6379');
  if (role !== 'all' && databaseUrl === null)
    problem('ROLE', `${role} needs a database that all processes share: set DATABASE_URL, or use ROLE=all`);
  const encryptionKey = readEncryptionKey('ENCRYPTION_KEY');
  const previousKey = readEncryptionKey('ENCRYPTION_KEY_PREVIOUS');
  if (previousKey !== null && get('ENCRYPTION_KEY') === undefined)
    problem('ENCRYPTION_KEY_PREVIOUS', 'needs ENCRYPTION_KEY, which is not set');
  if (encryptionKey === null && databaseUrl !== null && get('ENCRYPTION_KEY') === undefined) {
    problem(
      'ENCRYPTION_KEY',
      'is required with DATABASE_URL, so that all processes can read what is stored. Make one: openssl rand -base64 32',
    );
  }
  const ingestKey = get('INGEST_KEY') ?? null;
  for (const { message } of ingestKey === null ? [] : (ingestKeySchema.safeParse(ingestKey).error?.issues ?? []))
    problem('INGEST_KEY', message);
  const publicUrl = readPublicUrl({ get, problem });
  const heartbeatUrl = url('HEARTBEAT_URL', ['https:', 'http:'], 'https://hc-ping.com/your-check');
  const proxies = readProxies({ get, problem });
  const host = get('HOST') ?? '127.0.0.1';
  const configured = platforms.map((platform) => ({
    ...platform,
    connection: platform.configure({ ...anyEnvironment, url: urlOf, problem, publicUrl, host, cwd }),
  }));
  const named = environment.path('CREDITWATCH_CONFIG');
  const file = readFile(resolve(cwd, named ?? 'creditwatch.yml'), named !== undefined, cwd, env, platforms);
  if (!file.ok) return err([...problems, ...file.error]);
  if (problems.length > 0) return err(problems);

  const isSameKey = encryptionKey !== null && previousKey?.equals(encryptionKey) === true;
  const notices: string[] = [...proxyNotices(proxies), ...levelNotices(file.value.accounts)];
  for (const { id, name, setUp, connection } of configured) {
    const isRouted = file.value.accounts.some(({ routes }) => routes.some(({ destination }) => destination.kind === id));
    if (setUp !== null && connection === null && isRouted)
      notices.push(
        `There are routes to ${name}, but ${setUp.variable} is not set. Until you set it, their alerts are printed in the terminal.`,
      );
  }
  if (isSameKey) notices.push('ENCRYPTION_KEY_PREVIOUS is the same as ENCRYPTION_KEY: it has no effect.');
  if (ingestKey !== null && file.value.accounts.length > 1)
    notices.push('INGEST_KEY is set, but each of several accounts has a key of its own (npx creditwatch key): it is ignored.');
  else if (ingestKey !== null && file.value.accounts.some((account) => account.ingestKeys.some(({ source }) => source === null)))
    notices.push('INGEST_KEY is set, but creditwatch.yml has ingestKeys: those count, and it is ignored.');
  return ok({
    role,
    host,
    port,
    metricsToken,
    metricsPort,
    logLevel,
    dataDir: dataDirOf({ env, cwd, ...(defaultDataDir !== undefined && { defaultDataDir }) }),
    databaseUrl,
    directDatabaseUrl,
    redisUrl,
    encryptionKey,
    encryptionKeyPrevious: isSameKey ? null : previousKey,
    ingestKey,
    publicUrl,
    heartbeatUrl,
    proxies,
    platforms: configured,
    file: file.value.path,
    accounts: file.value.accounts,
    retention: file.value.retention,
    sourceSecrets: file.value.sourceSecrets,
    notices,
  });

  function oneOf<T extends string>(name: SettingName, values: readonly T[], usual: T): T {
    const value = get(name);
    const known = values.find((one) => one === value);
    if (value !== undefined && known === undefined) problem(name, `must be ${oneOfText(values)}`);
    return known ?? usual;
  }

  function wholeNumber(name: SettingName, usual: number, most: number): number {
    const value = get(name) ?? String(usual);
    const number = Number(value);
    if (!/^\d+$/.test(value) || number > most) problem(name, `must be a whole number up to ${most}`);
    return number;
  }

  function urlOf(name: string, protocols: readonly string[], example: string): string | null {
    const value = anyEnvironment.get(name);
    if (value === undefined) return null;
    if (!URL.canParse(value) || !protocols.includes(new URL(value).protocol)) problem(name, `must be a URL such as ${example}`);
    return value;
  }

  function readEncryptionKey(name: SettingName): Buffer | null {
    const value = get(name);
    if (value === undefined) return null;
    const key = /^[0-9a-f]{64}$/i.test(value) ? Buffer.from(value, 'hex') : Buffer.from(value, 'base64');
    // Buffer.from skips characters that are not base64, so a mistyped key would become another key.
    if (key.length === 32 && /^[\w+/-]+={0,2}$/.test(value)) return key;
    problem(name, 'must be 32 bytes in base64 or hex. Make one: openssl rand -base64 32');
    return null;
  }
}
