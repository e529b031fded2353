import type { Config } from '../config/config.ts';
import { describeProblems } from '../config/config.ts';
import { dataDirOf, loadConfig } from '../config/load.ts';
import { useProxies } from '../outbound/proxy.ts';
import { createLog } from '../log.ts';
import type { Log } from '../ports/log.ts';
import { createRedactor, secretsOfUrl } from '../redact.ts';
import { complain } from './terminal.ts';

/** What must not appear in anything that this process complains of or logs. */
const redactor = createRedactor();

/** A secret that was made or read just now: it is not shown from here on. */
export function conceal(secret: string): void {
  redactor.register(secret);
}

/** Exit codes: 0 done, 1 failed, 2 the configuration or the call is wrong. */
export const EXIT_FAILED = 1;
export const EXIT_USAGE = 2;

/** Says what went wrong; the process then ends with 1. */
export function fail(message: string): void {
  complain(redactor.redact(message));
  process.exitCode = EXIT_FAILED;
}

/** The configuration, or null after its mistakes were said. */
export function configure(options: { readonly defaultDataDir?: string } = {}): Config | null {
  const config = loadConfig({ ...here(), ...options });
  if (config.ok) {
    useProxies(config.value.proxies);
    return config.value;
  }
  complain(describeProblems(config.error));
  process.exitCode = EXIT_USAGE;
  return null;
}

/** Where the running service is found, also for whoever has none of the secrets that its configuration names. */
export function dataDir(): string {
  return dataDirOf(here());
}

/** Where a demo keeps its data; null when DATA_DIR or DATABASE_URL says where everything is. */
export function demoDataDir(): string | null {
  if (here().env['DATABASE_URL']) return null;
  const demo = dataDirOf({ ...here(), defaultDataDir: 'data/demo' });
  return demo === dataDir() ? null : demo;
}

function here() {
  return { env: process.env, cwd: process.cwd() };
}

/** For a command that says itself what it does: its log is for what goes wrong. */
export function quietLogFor(config: Config): Log {
  return logFor({ ...config, logLevel: config.logLevel === 'info' ? 'warn' : config.logLevel });
}

/** The log of this process, in which none of its secrets can appear. */
export function logFor(config: Config, write?: (line: string) => void): Log {
  for (const secret of secretsOf(config)) redactor.register(secret);
  return createLog(config.logLevel, redactor, write);
}

/** Every secret that the environment and creditwatch.yml hold. What is made or comes in later is told to the log by whoever has it. */
function secretsOf(config: Config): readonly (string | null | undefined)[] {
  const { slack, teams, ingestKey, encryptionKey, accounts, sourceSecrets, heartbeatUrl, proxies } = config;
  const identity = teams?.identity;
  return [
    slack?.installation.kind === 'oauth' ? slack.installation.clientSecret : slack?.installation.botToken,
    slack?.transport.kind === 'http' ? slack.transport.signingSecret : slack?.transport.appToken,
    identity?.kind === 'password' ? identity.password : identity?.kind === 'certificate' ? identity.privateKey : null,
    ingestKey,
    config.metricsToken,
    heartbeatUrl,
    ...[encryptionKey, config.encryptionKeyPrevious].flatMap((key) =>
      (['base64', 'base64url', 'hex'] as const).map((encoding) => key?.toString(encoding)),
    ),
    ...[config.databaseUrl, config.directDatabaseUrl, config.redisUrl, proxies.http, proxies.https].flatMap(secretsOfUrl),
    ...accounts.flatMap((account) => account.ingestKeys.map(({ key }) => key)),
    ...sourceSecrets,
    ...accounts.flatMap(({ workflows }) => workflows.map(({ url }) => url)),
  ];
}
