import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { samplePeriods, sampleReadings } from '../../src/cli/sample.ts';
import { loadConfig } from '../../src/app/load-config.ts';
import { environmentEncryption } from '../../src/datadir/encryption-key.ts';
import { createLog } from '../../src/app/log.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { embeddedFailureText } from '../../src/messages/failures/embedded-database.ts';
import { startEmbedded } from '../../src/postgres/embedded/server.ts';
import { migrate } from '../../src/postgres/migrate.ts';
import { openStore } from '../../src/postgres/store/store.ts';
import { startService, type Service } from '../../src/app/service.ts';
import { startConnected, type ConnectedSlack, type Transport } from '../../test/support/slack/hand-over.ts';
import { migrationFailureText } from '../../src/messages/failures/migration.ts';

/** A local Slack with the real service and the sample's readings. */
export type LocalWorkspace = {
  readonly slack: ConnectedSlack;
  readonly service: Service;
  readonly clock: Clock;
  /** Pushes readings as a source does. */
  push(readings: readonly unknown[]): Promise<void>;
  stop(): Promise<void>;
};

/** The people to play: id, name, and their Slack profile. */
export const PEOPLE = [
  { id: 'U0ANNA', name: 'anna', standing: {} },
  { id: 'U0TOM', name: 'tom', standing: {} },
  { id: 'U0OLGA', name: 'olga', standing: { is_admin: true } },
  { id: 'U0GUEST', name: 'gil (guest)', standing: { is_restricted: true } },
] as const;

export const CHANNELS = [
  { id: 'C0MARKETING', name: 'marketing' },
  { id: 'C0SALES', name: 'sales' },
  { id: 'C0OPERATIONS', name: 'credit-operations' },
] as const;

export const TIME_ZONE = 'Europe/Berlin';

/** Shifts the sample's periods to fit the day of the start. */
function fileFor(now: Date): string {
  return `
timezone: ${TIME_ZONE}
sources:
  - { id: abmatic, kind: push, period: { every: month, day: ${String(samplePeriods(now, TIME_ZONE).day)} } }
routes:
  - { slack: C0SALES, meters: [apollo_contacts, abmatic_contacts] }
  - { slack: C0OPERATIONS, meters: all, operations: true, digest: { weekday: monday, at: "09:00" } }
`;
}

/** Starts both in a temporary folder, which `stop` removes. */
export async function startWorkspace({
  transport,
  clock,
  logLevel,
}: {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly logLevel: string;
}): Promise<LocalWorkspace> {
  const dataDir = mkdtempSync(join(tmpdir(), 'creditwatch-slack-'));
  const file = join(dataDir, 'creditwatch.yml');
  writeFileSync(file, fileFor(clock.now()));
  const slack = await startConnected({
    transport,
    now: () => clock.now(),
    people: Object.fromEntries(PEOPLE.map(({ id, standing }) => [id, standing])),
  });
  const config = loadConfig({
    env: { ...slack.env, DATA_DIR: dataDir, PORT: '0', CREDITWATCH_CONFIG: file, LOG_LEVEL: logLevel },
    cwd: dataDir,
  });
  if (!config.ok) throw new Error(config.error.map(({ where, message }) => `${where} ${message}`).join('\n'));
  const server = await startEmbedded({ dataDir });
  if (!server.ok) throw new Error(embeddedFailureText(server.error));
  const migrated = await migrate({ url: server.value.url, migrationsDir: resolve('prisma/migrations') });
  if (!migrated.ok) throw new Error(migrationFailureText(migrated.error));
  const encryption = environmentEncryption({ current: Buffer.alloc(32, 7), previous: null });
  const store = openStore(server.value.url, () => encryption.keys());
  const started = await startService({
    config: config.value,
    store,
    encryption,
    databaseUrl: server.value.url,
    clock,
    log: createLog(logLevel),
    write: (text) => void process.stdout.write(text),
  });
  if (!started.ok) throw new Error(started.error);
  const service = started.value;
  const push = async (readings: readonly unknown[]): Promise<void> => {
    const { rejected } = await service.ingest({
      account: 'default',
      source: 'abmatic',
      via: 'push',
      eventId: null,
      arrivedAt: clock.now(),
      readings,
    });
    if (rejected.length > 0) throw new Error(rejected.map(({ reason }) => reason).join('\n'));
  };
  await push(sampleReadings(clock.now(), TIME_ZONE));
  return {
    slack,
    service,
    clock,
    push,
    async stop() {
      await service.stop();
      await store.close();
      await server.value.stop();
      await slack.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
