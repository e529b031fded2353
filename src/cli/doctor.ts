import { accessSync, constants, statfsSync } from 'node:fs';
import type { ConfiguredPlatform, Finding } from '../chat/platform.ts';
import type { Config } from '../config/config.ts';
import { putKeyBack } from '../datadir/encryption-key.ts';
import { encryptionState } from '../messages/replies/encryption.ts';
import { platformStatus } from '../local-api/client.ts';
import { findService } from '../local-api/service-file.ts';
import { createWakeQueue } from '../queue/wake-queue.ts';
import { accountsFor } from '../app/accounts.ts';
import { lookAtKeys } from '../app/keys.ts';
import { systemClock } from '../app/system-clock.ts';
import { configure, logFor } from './configure.ts';
import { routeFindings } from './doctor-routes.ts';
import { futureFindings, sourceFindings } from './doctor-sources.ts';
import { bringUpToDate, lookAtDatabase, type OpenDatabase } from './open-database.ts';
import { keyOrigins } from './key-origins.ts';
import { EXIT_FAILED, type Terminal } from './terminal.ts';
import { actorHere } from './user-name.ts';

const SIGNS = { ok: '✅', off: '⚪', bad: '❌' } as const;
const LITTLE_SPACE_BYTES = 200 * 1024 * 1024;

/** `creditwatch doctor`: checks everything that can be wrong. Exits with 1 if something is. */
export async function doctor(terminal: Terminal, { json }: { readonly json: boolean }): Promise<void> {
  const config = configure(terminal);
  if (config === null) return;
  const findings: Finding[] = [
    { what: 'Configuration', state: 'ok', says: config.file ?? 'no creditwatch.yml: everything has its default' },
    ...config.notices.map((notice): Finding => ({ what: 'Configuration', state: 'off', says: notice })),
    dataFolder(config),
    await service(config),
    ...(await database(terminal, config)),
  ];
  for (const platform of config.platforms) findings.push(...(await platformFindings(terminal, config, platform)));
  findings.push(heartbeat(config));
  if (json) terminal.print(JSON.stringify({ findings }, null, 2));
  else for (const { what, state, says } of findings) terminal.print(`${SIGNS[state]} ${what}: ${says}`);
  if (findings.some(({ state }) => state === 'bad')) terminal.endWith(EXIT_FAILED);
}

function dataFolder({ dataDir }: Config): Finding {
  const what = 'Data folder';
  try {
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
    const { bavail, bsize } = statfsSync(dataDir);
    const free = bavail * bsize;
    if (free < LITTLE_SPACE_BYTES)
      return { what, state: 'bad', says: `${dataDir} has only ${Math.floor(free / 1024 / 1024)} MB left. Free some space.` };
    return { what, state: 'ok', says: dataDir };
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return missing
      ? { what, state: 'off', says: `${dataDir} is made at the first start` }
      : { what, state: 'bad', says: `${dataDir} cannot be used by this user. Make it writable, or set DATA_DIR.` };
  }
}

async function service({ dataDir }: Config): Promise<Finding> {
  const found = await findService(dataDir);
  if (found === null) return { what: 'Service', state: 'off', says: 'not running. Start it: npm start' };
  return { what: 'Service', state: 'ok', says: `${found.url}, process ${found.pid}` };
}

async function database(terminal: Terminal, config: Config): Promise<readonly Finding[]> {
  const what = 'Database';
  const opened = await lookAtDatabase(config, { openStore: terminal.openStore });
  if (!opened.ok) return [{ what, state: 'bad', says: opened.error }];
  if (opened.value === null) return [{ what, state: 'off', says: 'the embedded PostgreSQL is not running; it starts with the service' }];
  const open = opened.value;
  try {
    const migrated = await bringUpToDate(open.url, actorHere());
    if (!migrated.ok) return [{ what, state: 'bad', says: migrated.error }];
    const skewMs = await open.store.clockSkewMs(() => systemClock.now());
    const clocks: Finding[] =
      Math.abs(skewMs) > 60_000
        ? [
            {
              what: 'Clock',
              state: 'bad',
              says: `the database is ${Math.round(Math.abs(skewMs) / 1000)} s ${skewMs > 0 ? 'ahead of' : 'behind'} this machine. Correct one of the clocks.`,
            },
          ]
        : [];
    return [
      {
        what,
        state: 'ok',
        says:
          config.databaseUrl === null
            ? 'embedded PostgreSQL, up to date. It is for one machine and for trying out; for production set DATABASE_URL'
            : 'PostgreSQL of DATABASE_URL, up to date',
      },
      ...clocks,
      await queue(terminal, config, open),
      await ingestKey(config, open),
      await encryptionKeys(open),
      ...(await sourceFindings(open.store, config)),
      ...(await futureFindings(open.store, config)),
      ...(await routeFindings(open.store)),
    ];
  } catch (error) {
    return [{ what, state: 'bad', says: error instanceof Error ? error.message : String(error) }];
  } finally {
    await open.close();
  }
}

async function ingestKey(config: Config, { store }: OpenDatabase): Promise<Finding> {
  const what = 'Ingest key';
  const keys = await lookAtKeys(config, store);
  if (!keys.ok) return { what, state: 'bad', says: keys.error };
  if (keys.value === 'to-make') return { what, state: 'off', says: 'not made yet: the next start makes one' };
  return { what, state: 'ok', says: keyOrigins(config) };
}

async function encryptionKeys({ store, encryption }: OpenDatabase): Promise<Finding> {
  return {
    what: 'Encryption',
    ...encryptionState(await store.encryption.count(), { from: encryption.from, hasPrevious: encryption.keys().previous !== null }),
  };
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
  const name = config.redisUrl === null ? 'in PostgreSQL' : 'Redis of REDIS_URL';
  if (problems.length > 0) return { what: 'Queue', state: 'bad', says: problems.join(' ') };
  return ready
    ? { what: 'Queue', state: 'ok', says: name }
    : { what: 'Queue', state: 'bad', says: `${name} does not answer. Alerts go out more slowly; check REDIS_URL and that Redis runs.` };
}

/** Returns the findings of a platform. If it is not set up, returns how to set it up. */
async function platformFindings(terminal: Terminal, config: Config, platform: ConfiguredPlatform): Promise<readonly Finding[]> {
  const { id, name, setUp, connection } = platform;
  if (connection === null)
    return setUp === null ? [] : [{ what: name, state: 'off', says: `${setUp.variable} is not set. ${setUp.steps}` }];
  return connection.check({
    publicUrl: config.publicUrl,
    clock: systemClock,
    log: logFor(terminal, { ...config, logLevel: 'silent' }),
    keyRemedy: putKeyBack(config),
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
  if (heartbeatUrl === null)
    return { what: 'Heartbeat', state: 'off', says: 'HEARTBEAT_URL is not set: no one is alerted when this machine is down' };
  return { what: 'Heartbeat', state: 'ok', says: `goes to ${new URL(heartbeatUrl).host} once a minute while the service is well` };
}
