import { accessSync, constants } from 'node:fs';
import type { ConfiguredPlatform, Finding } from '../chat/platform.ts';
import type { Config } from '../config/config.ts';
import { putKeyBackText } from '../messages/failures/data-folder.ts';
import { storageOutlook } from '../core/status/storage-outlook.ts';
import type { Checked } from '../messages/replies/doctor.ts';
import { encryptionState } from '../messages/replies/encryption.ts';
import { keyOriginText } from '../messages/replies/keys.ts';
import { platformStatus } from '../local-api/client.ts';
import { freeBytesOf } from '../datadir/folder.ts';
import { findService } from '../local-api/service-file.ts';
import { createWakeQueue } from '../queue/wake-queue.ts';
import { accountsFor } from '../app/accounts.ts';
import { lookAtKeys } from '../app/keys.ts';
import { systemClock } from '../app/system-clock.ts';
import { configure, logFor } from './configure.ts';
import { routeFindings } from './doctor-routes.ts';
import { finding } from './doctor-finding.ts';
import { captureSourceFindings, futureFindings, keyExpiryFindings, mailFindings, sourceFindings } from './doctor-sources.ts';
import { bringUpToDate, lookAtDatabase, type OpenDatabase } from './open-database.ts';
import { keyOrigins } from './key-origins.ts';
import { EXIT_FAILED, type Terminal } from './terminal.ts';
import { errorText } from './error-text.ts';
import { currentOperator } from './current-operator.ts';

const SIGNS = { ok: '✅', off: '⚪', bad: '❌' } as const;
/** If the disk is full sooner than this, there is something to do. */
const SHORT_DAYS = 30;
const LITTLE_SPACE_BYTES = 200 * 1024 * 1024;

/** `creditwatch doctor`: checks everything that can be wrong. Exits with 1 if something is wrong. */
export async function doctor(terminal: Terminal, { json }: { readonly json: boolean }): Promise<void> {
  const config = configure(terminal);
  if (config === null) return;
  const found = await database(terminal, config);
  const findings: Finding[] = [
    finding('ok', { kind: 'configuration', file: config.file }),
    ...config.notices.map((notice) => finding('off', { kind: 'notice', notice })),
    dataFolder(config),
    await service(config),
    ...found.findings,
    ...keyExpiryFindings(config),
  ];
  for (const platform of config.platforms) findings.push(...(await platformFindings(terminal, config, platform)));
  findings.push(heartbeat(config));
  if (json) terminal.print(JSON.stringify({ findings, storage: found.storage }, null, 2));
  else for (const { what, state, says } of findings) terminal.print(`${SIGNS[state]} ${what}: ${says}`);
  if (findings.some(({ state }) => state === 'bad')) terminal.endWith(EXIT_FAILED);
}

function dataFolder({ dataDir }: Config): Finding {
  const folder = (state: Finding['state'], problem: Extract<Checked, { kind: 'data-folder' }>['problem']) =>
    finding(state, { kind: 'data-folder', dataDir, problem });
  try {
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
    const free = freeBytesOf(dataDir);
    return free < LITTLE_SPACE_BYTES ? folder('bad', { freeMb: Math.floor(free / 1024 / 1024) }) : folder('ok', null);
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return missing ? folder('off', 'missing') : folder('bad', 'unusable');
  }
}

async function service({ dataDir }: Config): Promise<Finding> {
  const running = await findService(dataDir);
  return finding(running === null ? 'off' : 'ok', { kind: 'service', running });
}

type FoundInDatabase = { readonly findings: readonly Finding[]; /** Null without a database. */ readonly storage: object | null };

async function database(terminal: Terminal, config: Config): Promise<FoundInDatabase> {
  const without = (one: Finding) => ({ findings: [one], storage: null });
  const failed = (problem: string) => without(finding('bad', { kind: 'database', found: { problem } }));
  const opened = await lookAtDatabase(config, { openStore: terminal.openStore });
  if (!opened.ok) return failed(opened.error);
  if (opened.value === null) return without(finding('off', { kind: 'database', found: 'stopped' }));
  const open = opened.value;
  try {
    const migrated = await bringUpToDate(open.url, currentOperator());
    if (!migrated.ok) return failed(migrated.error);
    const skewMs = await open.store.clockSkewMs(() => systemClock.now());
    const stored = await storage(config, open);
    const findings = [
      finding('ok', { kind: 'database', found: config.databaseUrl === null ? 'embedded' : 'server' }),
      ...(Math.abs(skewMs) > 60_000 ? [finding('bad', { kind: 'clock', aheadMs: skewMs })] : []),
      stored.finding,
      await queue(terminal, config, open),
      await ingestKey(config, open),
      ...(await captureKeys(open)),
      await encryptionKeys(open),
      ...(await sourceFindings(open.store, config)),
      ...(await mailFindings(open.store.mails, config)),
      ...(await captureSourceFindings(open.store, config)),
      ...(await futureFindings(open.store, config)),
      ...(await routeFindings(open.store)),
    ];
    return { findings, storage: stored.figures };
  } catch (error) {
    return failed(errorText(error));
  } finally {
    await open.close();
  }
}

/** Only the disk of the embedded database is known. */
async function storage(config: Config, { store }: OpenDatabase): Promise<{ readonly finding: Finding; readonly figures: object }> {
  const use = await store.retention.storageUse(systemClock.now());
  const freeBytes = config.databaseUrl === null ? freeBytesOf(config.dataDir) : null;
  const outlook = storageOutlook(use, config.retention, freeBytes);
  const isShort = outlook.lastsDays !== null && outlook.lastsDays < SHORT_DAYS;
  return {
    finding: finding(isShort ? 'bad' : 'ok', { kind: 'storage', use, outlook, freeBytes }),
    figures: {
      databaseBytes: use.databaseBytes,
      readings: { rows: use.readings.rows, bytes: use.readings.bytes },
      freeBytes,
      ...outlook,
    },
  };
}

async function ingestKey(config: Config, { store }: OpenDatabase): Promise<Finding> {
  const keys = await lookAtKeys(config, store);
  if (!keys.ok) return finding('bad', { kind: 'ingest-key', found: { says: keys.error } });
  if (keys.value === 'to-make') return finding('off', { kind: 'ingest-key', found: 'to-make' });
  return finding('ok', { kind: 'ingest-key', found: { says: keyOriginText(keyOrigins(config)) } });
}

async function captureKeys({ store }: OpenDatabase): Promise<readonly Finding[]> {
  const keys = await store.captures.list(null);
  return keys.length === 0 ? [] : [finding('ok', { kind: 'capture-keys', keys })];
}

async function encryptionKeys({ store, encryption }: OpenDatabase): Promise<Finding> {
  const { state, says } = encryptionState(await store.encryption.count(), {
    from: encryption.from,
    hasPrevious: encryption.keys().previous !== null,
  });
  return finding(state, { kind: 'encryption', says });
}

async function queue(terminal: Terminal, config: Config, { url, queueSchema }: OpenDatabase): Promise<Finding> {
  const wakes = await createWakeQueue({
    redisUrl: config.redisUrl,
    databaseUrl: url,
    schema: queueSchema,
    log: logFor(terminal, { ...config, logLevel: 'silent' }),
  });
  const problems = config.redisUrl === null ? [] : await (await import('../queue/redis-backend.ts')).redisProblems(config.redisUrl);
  const ready = await wakes.isReady();
  await wakes.close();
  const isRedis = config.redisUrl !== null;
  if (problems.length > 0) return finding('bad', { kind: 'queue', isRedis, problem: problems });
  return ready
    ? finding('ok', { kind: 'queue', isRedis, problem: null })
    : finding('bad', { kind: 'queue', isRedis, problem: 'no-answer' });
}

/** Returns the findings of a platform. If it is not set up, returns how to set it up. */
async function platformFindings(terminal: Terminal, config: Config, platform: ConfiguredPlatform): Promise<readonly Finding[]> {
  const { id, name, setUp, connection } = platform;
  if (connection === null)
    return setUp === null ? [] : [finding('off', { kind: 'not-connected', platform: name, variable: setUp.variable, steps: setUp.steps })];
  return connection.check({
    publicUrl: config.publicUrl,
    clock: systemClock,
    log: logFor(terminal, { ...config, logLevel: 'silent' }),
    keyRemedy: putKeyBackText(config),
    accounts: accountsFor(id, config),
    async openStore() {
      const opened = await lookAtDatabase(config, { openStore: terminal.openStore });
      return opened.ok ? opened.value : null;
    },
    async status() {
      const running = await findService(config.dataDir);
      return running === null ? 'stopped' : platformStatus(running, id);
    },
  });
}

/** Checks only the setting. A call to the URL would count as a heartbeat of the service. */
function heartbeat({ heartbeatUrl }: Config): Finding {
  const host = heartbeatUrl === null ? null : new URL(heartbeatUrl).host;
  return finding(host === null ? 'off' : 'ok', { kind: 'heartbeat', host });
}
