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

/** The configuration, or null after its mistakes were said. */
export function configure(terminal: Terminal, options: { readonly defaultDataDir?: string } = {}): Config | null {
  const config = loadConfig({ ...here(terminal), platforms: terminal.platforms, ...options });
  if (config.ok) {
    useProxies(config.value.proxies);
    return config.value;
  }
  terminal.refuse(describeProblems(config.error));
  return null;
}

/** Where the running service is found, also for whoever has none of the secrets that its configuration names. */
export function dataDir(terminal: Terminal): string {
  return dataDirOf(here(terminal));
}

/** Where a demo keeps its data; null when DATA_DIR or DATABASE_URL says where everything is. */
export function demoDataDir(terminal: Terminal): string | null {
  if (terminal.env['DATABASE_URL']) return null;
  const demo = dataDirOf({ ...here(terminal), defaultDataDir: 'data/demo' });
  return demo === dataDir(terminal) ? null : demo;
}

function here({ env, cwd }: Terminal) {
  return { env, cwd };
}

/** For a command that says itself what it does: its log is for what goes wrong. */
export function mutedLogFor(terminal: Terminal, config: Config): Log {
  return logFor(terminal, { ...config, logLevel: config.logLevel === 'info' ? 'warn' : config.logLevel });
}

/** The log, on standard error, in which no secret can appear. */
export function logFor({ errors }: Pick<Terminal, 'errors'>, config: Config): Log {
  for (const secret of secretsOf(config)) redactor.register(secret);
  return createLog(config.logLevel, redactor, (line) => void errors.write(line));
}

/** Every secret that the environment and creditwatch.yml hold. What is made or comes in later is told to the log by whoever has it. */
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
