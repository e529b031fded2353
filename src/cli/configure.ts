import type { Config } from '../config/config.ts';
import { describeProblems } from '../config/config.ts';
import { dataDirOf } from '../config/load.ts';
import { useProxies } from '../outbound/proxy.ts';
import { createLog } from '../app/log.ts';
import { loadConfig } from '../app/load-config.ts';
import type { Log } from '../ports/log.ts';
import { secretsOfUrl } from '../app/redact.ts';
import { redactor } from './secrets.ts';
import type { Terminal } from './terminal.ts';

/** Reads the configuration. Null if it has mistakes, which are then printed. */
export function configure(terminal: Terminal, options: { readonly defaultDataDir?: string } = {}): Config | null {
  const config = loadConfig({ ...here(terminal), platforms: terminal.platforms, ...options });
  if (config.ok) {
    useProxies(config.value.proxies);
    return config.value;
  }
  terminal.refuse(describeProblems(config.error));
  return null;
}

/** Returns the data folder, in which the running service is found. It needs none of the secrets in the configuration. */
export function dataDir(terminal: Terminal): string {
  return dataDirOf(here(terminal));
}

/** Returns the data folder of a demo. Null if DATA_DIR or DATABASE_URL is set. */
export function demoDataDir(terminal: Terminal): string | null {
  if (terminal.env['DATABASE_URL']) return null;
  const demo = dataDirOf({ ...here(terminal), defaultDataDir: 'data/demo' });
  return demo === dataDir(terminal) ? null : demo;
}

function here({ env, cwd }: Terminal) {
  return { env, cwd };
}

/** Creates a log for a command that prints its own results: without `info` lines. */
export function mutedLogFor(terminal: Terminal, config: Config): Log {
  return logFor(terminal, { ...config, logLevel: config.logLevel === 'info' ? 'warn' : config.logLevel });
}

/** Creates the log on standard error. No secret appears in it. */
export function logFor({ errors }: Pick<Terminal, 'errors'>, config: Config): Log {
  for (const secret of secretsOf(config)) redactor.register(secret);
  return createLog(config.logLevel, redactor, (line) => void errors.write(line));
}

/**
 * Returns every secret of the environment and creditwatch.yml. Secrets that are generated or arrive later are registered by the code that
 * has them.
 */
function secretsOf(config: Config): readonly (string | null | undefined)[] {
  const { platforms, ingestKey, encryptionKey, accounts, sourceSecrets, heartbeatUrl, proxies } = config;
  return [
    ...platforms.flatMap(({ connection }) => connection?.secrets ?? []),
    ingestKey,
    config.metricsToken,
    heartbeatUrl,
    ...[encryptionKey, config.encryptionKeyPrevious].flatMap((key) =>
      (['base64', 'base64url', 'hex'] as const).map((encoding) => key?.toString(encoding)),
    ),
    ...[config.databaseUrl, config.directDatabaseUrl, config.redisUrl, proxies.http, proxies.https].flatMap(secretsOfUrl),
    ...accounts.flatMap((account) => account.ingestKeys.map(({ key }) => key)),
    ...sourceSecrets,
    ...accounts.flatMap(({ secretAddresses }) => secretAddresses.map(({ written }) => written)),
  ];
}
