import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../src/app/load-config.ts';
import { environmentEncryption } from '../../src/datadir/encryption-key.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { startService } from '../../src/app/service.ts';
import { systemClock } from '../../src/app/system-clock.ts';
import { createDatabase, openTestStore } from '../support/database.ts';
import { recordedLog, type RecordedLog } from '../support/slack/recorded-log.ts';

export const INGEST_KEY = 'ingest-key-of-the-tests';
export const BEARER = { authorization: `Bearer ${INGEST_KEY}` };

export type RunningService = {
  readonly url: string;
  readonly databaseUrl: string;
  readonly log: RecordedLog;
  /** Sends `POST /v1/usage`. A body that is not a string is sent as JSON. */
  push(body: unknown, headers?: Record<string, string>): Promise<Response>;
  /** Sends `GET` to any path. */
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  stop(): Promise<void>;
};

/** Starts the web role of the service in this process, with its own database. */
export async function runningService(
  options: { readonly clock?: Clock; readonly through?: (databaseUrl: string) => Promise<string> } = {},
): Promise<RunningService> {
  const database = await createDatabase();
  const url = options.through ? await options.through(database.url) : database.url;
  const dataDir = mkdtempSync(join(tmpdir(), 'creditwatch-http-'));
  const encryptionKey = Buffer.alloc(32, 7);
  const config = loadConfig({
    env: { ROLE: 'web', PORT: '0', DATA_DIR: dataDir, DATABASE_URL: url, ENCRYPTION_KEY: encryptionKey.toString('base64'), INGEST_KEY },
    cwd: dataDir,
  });
  if (!config.ok) throw new Error(JSON.stringify(config.error));
  const store = openTestStore(url, encryptionKey);
  const log = recordedLog();
  const service = await startService({
    config: config.value,
    store,
    encryption: environmentEncryption({ current: encryptionKey, previous: null }),
    databaseUrl: url,
    clock: options.clock ?? systemClock,
    log,
    write: () => {},
  });
  if (!service.ok) throw new Error(service.error);
  return {
    url: service.value.url,
    databaseUrl: database.url,
    log,
    push: (body, headers = BEARER) =>
      fetch(`${service.value.url}/v1/usage`, { method: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body) }),
    get: (path, headers = {}) => fetch(`${service.value.url}${path}`, { headers }),
    async stop() {
      await service.value.stop();
      await store.close();
      await database.drop();
      rmSync(dataDir, { recursive: true });
    },
  };
}
