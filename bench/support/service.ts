import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { addressOf } from './address.ts';
import { SIGNING_SECRET } from './slash-command.ts';

const MAIN = resolve('dist/main.js');
const INGEST_KEY = 'the-ingest-key-of-the-benchmark';
/** The header that a push needs. */
export const BEARER = { authorization: `Bearer ${INGEST_KEY}` };

export type RunningService = {
  readonly child: ChildProcess;
  readonly pid: number;
  /** Resolves when the service listens. */
  readonly url: Promise<string>;
  /** SIGTERM, and waits for the end. */
  readonly stop: () => Promise<void>;
  /** SIGKILL, and waits for the end. */
  readonly kill: () => Promise<void>;
};

/**
 * Starts the built service as an operator would, with Slack. All that it needs comes from here, and not from the environment of the
 * benchmark.
 *
 * @param options.slackApiUrl the base URL of the Web API; by default, a port where nothing listens
 * @param options.env more variables, or other values
 * @param options.node options of Node itself. With them, standard error is a pipe
 */
export function startService(options: {
  readonly dataDir: string;
  readonly slackApiUrl?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly node?: readonly string[];
}): RunningService {
  const { dataDir, slackApiUrl = 'http://127.0.0.1:9/api/', env = {}, node = [] } = options;
  const child = spawn(process.execPath, [...node, MAIN, 'start'], {
    env: {
      PATH: process.env['PATH'],
      DATA_DIR: dataDir,
      PORT: '0',
      CREDITWATCH_CONFIG: '',
      LOG_LEVEL: 'error',
      INGEST_KEY,
      SLACK_BOT_TOKEN: 'xoxb-of-the-benchmark',
      SLACK_SIGNING_SECRET: SIGNING_SECRET,
      SLACK_API_URL: slackApiUrl,
      ...env,
    },
    stdio: ['ignore', 'pipe', node.length > 0 ? 'pipe' : 'inherit'],
  });
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  };
  return { child, pid: child.pid ?? 0, url: addressOf(child), stop: () => end('SIGTERM'), kill: () => end('SIGKILL') };
}

/** The variables of a service that uses a PostgreSQL server. */
export function withServer(databaseUrl: string): Readonly<Record<string, string>> {
  return { DATABASE_URL: databaseUrl, ENCRYPTION_KEY: Buffer.alloc(32).toString('base64') };
}
