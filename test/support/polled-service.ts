import { join } from 'node:path';
import { commandLine } from './cli.ts';
import { runSql } from './database.ts';

/** The key of the vendor, which nothing may show. */
export const VENDOR_KEY = 'key-of-the-vendor-1234';

/** Runs a command of an operator in the folder of a service. Returns what it prints to both streams. */
export async function typed(dataDir: string, env: Readonly<Record<string, string>>, ...args: string[]): Promise<string> {
  const variables = { CREDITWATCH_CONFIG: join(dataDir, 'creditwatch.yml'), INGEST_KEY: 'ingest-key-of-the-tests', ...env };
  const { out, err } = await commandLine({ dataDir, env: variables }).run(args);
  return out + err;
}

/** Sources that begin together come apart by up to half a minute: after this none waits for its turn. */
export const pollAtOnce = (url: string) =>
  runSql(url, 'UPDATE poll SET due_at = now() WHERE last_attempt_at IS NULL AND lease_owner IS NULL');
