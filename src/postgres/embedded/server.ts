import { chmodSync, mkdirSync, readFileSync, realpathSync, rmSync, statSync, truncateSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import { err, ok, type Result } from '../../core/result.ts';
import { findBinaries, type Binaries } from './binaries.ts';
import { DATABASE, isAlive, makeCluster, readCluster, USER, type Cluster } from './cluster.ts';
import { explainFailure, type EmbeddedFailure } from './failure.ts';

export type EmbeddedServer = {
  /** For the database `creditwatch`, on loopback. */
  readonly url: string;
  /** It was running already: left by a `kill -9`, or another process started it. */
  readonly adopted: boolean;
  /** Stops the server unless another client is connected. Never throws. */
  stop(): Promise<void>;
};

const START_PATIENCE_MS = 60_000;
/** How long a server that wrote its pid file may take to answer before the file is taken for a stale one. */
const STALE_AFTER_MS = 5_000;
const LOG_LIMIT_BYTES = 5_000_000;

/**
 * Starts the PostgreSQL of the platform package in `dataDir/postgres`, or adopts the one that runs there. Two calls at
 * once, here or in two processes, end with one server and two working URLs.
 */
export async function startEmbedded({ dataDir, binaries }: { dataDir: string; binaries?: Binaries }): Promise<Result<EmbeddedServer, EmbeddedFailure>> {
  const found = binaries ? ok(binaries) : await findBinaries();
  if (!found.ok) return err({ kind: 'unsupported-platform', message: found.error });
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    // The other user has to get through to the cluster; what is secret beside it has modes of its own.
    if (found.value.owner !== null) chmodSync(dataDir, 0o711);
  } catch (error) {
    return err(explainFailure(dataDir, error instanceof Error ? error.message : String(error)));
  }
  const deadline = Date.now() + START_PATIENCE_MS;
  let last: EmbeddedFailure = explainFailure(dataDir, '');
  while (Date.now() < deadline) {
    const cluster = readCluster(dataDir);
    if (cluster === null) {
      const made = await makeCluster(dataDir, found.value);
      if (!made.ok) return made;
      continue;
    }
    const running = await joinRunning(cluster, found.value, deadline);
    if (running !== null) return ok(running);
    const started = await startServer(dataDir, cluster, found.value);
    if (started.ok) {
      const server = await joinRunning(cluster, found.value, deadline);
      if (server !== null) return ok({ ...server, adopted: false });
    } else if (started.error.kind !== 'start-failed') {
      return started;
    } else {
      last = started.error;
      // Most likely another start was quicker, or the port was taken in between: look again.
      await wait(200);
      if (!/already exists|could not bind|another postmaster|could not create listen/.test(started.error.message)) return started;
    }
  }
  return err(last);
}

/** Uses the server that runs in `dataDir`, and never starts one; null when none does. */
export async function adoptEmbedded({ dataDir }: { dataDir: string }): Promise<Result<EmbeddedServer | null, EmbeddedFailure>> {
  const cluster = readCluster(dataDir);
  if (cluster === null) return ok(null);
  const found = await findBinaries();
  if (!found.ok) return err({ kind: 'unsupported-platform', message: found.error });
  return ok(await joinRunning(cluster, found.value, Date.now() + STALE_AFTER_MS));
}

/** Connects to the server that postmaster.pid speaks of; null when there is none, and then the file is no hindrance any more. */
async function joinRunning(cluster: Cluster, binaries: Binaries, deadline: number): Promise<EmbeddedServer | null> {
  const staleAt = Math.min(deadline, Date.now() + STALE_AFTER_MS);
  for (;;) {
    const postmaster = readPostmaster(cluster);
    if (postmaster === null || !isAlive(postmaster.pid)) return null;
    const answer = postmaster.port === null ? 'starting' : await tryConnect(cluster, postmaster.port);
    if (typeof answer === 'object') return answer.url === null ? null : server(cluster, binaries, answer.url);
    if (answer === 'other' || (answer === 'silent' && Date.now() > staleAt)) {
      // The pid belongs to somebody else by now. PostgreSQL would refuse to start for as long as that process lives.
      if (!isPostgres(postmaster.pid)) rmSync(join(cluster.dir, 'postmaster.pid'), { force: true });
      return null;
    }
    if (Date.now() > deadline) return null;
    await wait(50);
  }
}

function server(cluster: Cluster, binaries: Binaries, url: string): EmbeddedServer {
  return {
    url,
    adopted: true,
    async stop() {
      if ((await othersConnected(url)) === 0) await binaries.run(binaries.pgCtl, ['stop', '-D', cluster.dir, '-m', 'fast', '-w', '-t', '8']);
    },
  };
}

async function startServer(dataDir: string, cluster: Cluster, binaries: Binaries): Promise<Result<null, EmbeddedFailure>> {
  const logStart = prepareLog(cluster.logFile);
  const log = binaries.owner === null ? cluster.logFile : join(cluster.dir, 'start.log');
  const { code, output } = await binaries.run(binaries.pgCtl, ['start', '-D', cluster.dir, '-w', '-t', '50', '-s', '-l', log, '-o', `-p ${await freePort()}`]);
  if (code === 0) return ok(null);
  return err(explainFailure(dataDir, `${output}\n${tail(log, logStart)}`));
}

/** Keeps the log bounded; returns where the next start begins in it. */
function prepareLog(path: string): number {
  try {
    const { size } = statSync(path);
    if (size < LOG_LIMIT_BYTES) return size;
    truncateSync(path);
  } catch {
    // There is none yet.
  }
  return 0;
}

function tail(path: string, from: number): string {
  try {
    return readFileSync(path).subarray(from).toString();
  } catch {
    return '';
  }
}

/** Lines 1 and 4 of postmaster.pid: https://www.postgresql.org/docs/18/storage-file-layout.html */
function readPostmaster({ dir }: Cluster): { readonly pid: number; readonly port: number | null } | null {
  try {
    const lines = readFileSync(join(dir, 'postmaster.pid'), 'utf8').split('\n');
    const pid = Number(lines[0]);
    const port = Number(lines[3]);
    return Number.isInteger(pid) && pid > 0 ? { pid, port: Number.isInteger(port) && port > 0 ? port : null } : null;
  } catch {
    return null;
  }
}

/** The URL when it is our server; `starting` while it is not ready, `silent` when nobody answers, `other` when somebody else does. */
async function tryConnect(cluster: Cluster, port: number): Promise<{ url: string | null } | 'starting' | 'silent' | 'other'> {
  const client = new Client({ host: '127.0.0.1', port, user: USER, password: cluster.password, database: 'postgres', connectionTimeoutMillis: 2_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
    if (realpathSync(rows[0]?.data_directory ?? '/') !== realpathSync(cluster.dir)) return 'other';
    try {
      const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
      if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
    } catch (error) {
      if (!/already exists|duplicate key/.test(String(error))) throw error;
    }
    return { url: `postgresql://${USER}:${cluster.password}@127.0.0.1:${port}/${DATABASE}` };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === '57P03' || code === '57P01') return 'starting';
    return code === '28P01' || code === '28000' ? 'other' : 'silent';
  } finally {
    await client.end().catch(() => {});
  }
}

async function othersConnected(url: string): Promise<number> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ others: number }>(
      "SELECT count(*)::int AS others FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()",
    );
    return rows[0]?.others ?? 0;
  } catch {
    return 1;
  } finally {
    await client.end().catch(() => {});
  }
}

/** Where the system does not tell, the process is taken for a postgres: then nothing is removed. */
function isPostgres(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('postgres');
  } catch {
    return true;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}
