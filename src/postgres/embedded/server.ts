import { closeSync, fstatSync, ftruncateSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import { err, ok, type Result } from '../../core/result.ts';
import { isAlive } from '../../datadir/system-errors.ts';
import { openPrivateLog, readPrivateFile } from '../../datadir/private-file.ts';
import { probe, type Running } from './probe.ts';
import { findBinaries, type Binaries, type Machine } from './binaries.ts';
import { clusterOwner, handOver, inCluster, makeCluster, passwordFile, readCluster, type Cluster } from './cluster.ts';
import { explainError, explainFailure, type EmbeddedFailure } from './failure.ts';
import { forgetPostmaster, isServerOf, readPostmaster } from './postmaster.ts';
import { supervise } from './supervise.ts';

export type EmbeddedServer = {
  /** The URL of the database `creditwatch`, on loopback. */
  readonly url: string;
  /** Whether the server was already running: left by a `kill -9`, or started by another process. */
  readonly adopted: boolean;
  /** Stops the server unless another client is connected. Never throws. */
  stop(): Promise<void>;
};

const START_PATIENCE_MS = 60_000;
/** How long a server with a pid file may take to answer before the file counts as stale. */
const STALE_AFTER_MS = 5_000;
const LOG_LIMIT_BYTES = 5_000_000;
/**
 * Temporary errors: another start was faster or has only begun to write its pid file, the port was taken in between, or a killed
 * server's processes are still ending.
 */
const PASSING =
  /already exists|another postmaster|(?:lock|PID) file "[^"]{0,400}" is empty|invalid data in PID file|could not bind|could not create any TCP|pre-existing shared memory block/i;

/**
 * Starts PostgreSQL in `dataDir/postgres`, or adopts the server that already runs there. Two calls at once, even in two processes,
 * end with one server and two working URLs. Until `stop`, a server that dies is restarted at the same URL.
 */
export async function startEmbedded({
  dataDir,
  machine = {},
}: {
  dataDir: string;
  machine?: Partial<Machine>;
}): Promise<Result<EmbeddedServer, EmbeddedFailure>> {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  } catch (error) {
    return err(explainError(dataDir, error));
  }
  const found = await findBinaries(clusterOwner(dataDir), machine);
  if (!found.ok) return found;
  const brought = await bringUp(dataDir, found.value, { mayMake: true, port: null });
  return brought.ok ? ok(serve(dataDir, found.value, brought.value)) : brought;
}

/** Uses the server that runs in `dataDir` and never starts one; null if none runs. */
export async function adoptEmbedded({ dataDir }: { dataDir: string }): Promise<Result<EmbeddedServer | null, EmbeddedFailure>> {
  const cluster = readCluster(dataDir);
  if (!cluster.ok || cluster.value === null) return cluster.ok ? ok(null) : cluster;
  const found = await findBinaries(clusterOwner(dataDir));
  if (!found.ok) return found;
  const joined = await joinRunning(dataDir, cluster.value, performance.now() + STALE_AFTER_MS);
  if (!joined.ok || joined.value === null) return joined.ok ? ok(null) : joined;
  return ok(serve(dataDir, found.value, { ...joined.value, adopted: true }));
}

function serve(dataDir: string, binaries: Binaries, running: Running & { readonly adopted: boolean }): EmbeddedServer {
  const port = Number(new URL(running.url).port);
  const upkeep = supervise(running, async () => {
    const again = await bringUp(dataDir, binaries, { mayMake: false, port });
    return again.ok ? again.value : null;
  });
  return {
    url: running.url,
    adopted: running.adopted,
    async stop() {
      await upkeep.release();
      const cluster = readCluster(dataDir);
      if (!cluster.ok || cluster.value === null || (await isUsed(running.url))) return;
      await stopServer(cluster.value, binaries, 'fast');
    },
  };
}

/** @param to.port the port to use; null for any free port */
async function bringUp(
  dataDir: string,
  binaries: Binaries,
  to: { mayMake: boolean; port: number | null },
): Promise<Result<Running & { readonly adopted: boolean }, EmbeddedFailure>> {
  const deadline = performance.now() + START_PATIENCE_MS;
  let adopted = true;
  for (;;) {
    const cluster = readCluster(dataDir);
    if (!cluster.ok) return cluster;
    if (cluster.value === null) {
      const made = to.mayMake ? await makeCluster(dataDir, binaries) : err(explainFailure(dataDir, 'the folder was removed'));
      if (!made.ok) return made;
      continue;
    }
    const joined = await joinRunning(dataDir, cluster.value, deadline);
    if (!joined.ok) {
      // An orderly stop would never end on a full disk.
      if (!adopted) await stopServer(cluster.value, binaries, 'immediate');
      return joined;
    }
    if (joined.value !== null) return ok({ ...joined.value, adopted });
    const started = await startServer(dataDir, cluster.value, binaries, to.port ?? (await freePort()));
    adopted = !started.ok;
    if (!started.ok && (!started.error.passing || performance.now() > deadline)) return err(started.error.failure);
    if (!started.ok) await wait(200);
  }
}

/** Connects to the server that postmaster.pid names. Returns null if there is none, and removes a pid file that would block a start. */
async function joinRunning(dataDir: string, cluster: Cluster, deadline: number): Promise<Result<Running | null, EmbeddedFailure>> {
  const staleAt = Math.min(deadline, performance.now() + STALE_AFTER_MS);
  for (;;) {
    const postmaster = readPostmaster(cluster.dir);
    if (postmaster === null) return ok(null);
    if (postmaster === 'unclear') {
      if (performance.now() > staleAt) forgetPostmaster(cluster.dir);
    } else {
      if (!isAlive(postmaster.pid)) return ok(null);
      const owned = isServerOf(cluster.dir, postmaster.pid);
      const answer = owned === 'no' ? null : await probe(cluster, postmaster.port);
      if (answer?.kind === 'ours') return ok(answer);
      if (answer?.kind === 'failed') return err(explainFailure(dataDir, answer.reason, cluster.logFile));
      if (answer?.kind === 'refused') return err({ kind: 'password-refused', dir: cluster.dir, file: passwordFile(cluster.dir) });
      // PostgreSQL would refuse to start as long as another process has the pid in the file.
      if (answer === null || answer.kind === 'stranger') forgetPostmaster(cluster.dir);
      if (answer?.kind === 'silent' && performance.now() > staleAt) return ok(null);
    }
    if (performance.now() > deadline) return ok(null);
    await wait(50);
  }
}

async function startServer(
  dataDir: string,
  cluster: Cluster,
  binaries: Binaries,
  port: number,
): Promise<Result<null, { failure: EmbeddedFailure; passing: boolean }>> {
  let log: number | null = null;
  try {
    handOver(cluster, binaries);
    // Readable for the cluster's user when root starts it.
    log = openPrivateLog(cluster.logFile, binaries.owner);
    const logStart = boundLog(log);
    const { pgdata, ...place } = inCluster(cluster.dir, binaries);
    const { code, output } = await binaries.run(binaries.pgCtl, ['start', '-D', pgdata, '-w', '-t', '50', '-s', '-o', `-p ${port}`], {
      ...place,
      output: log,
    });
    if (code === 0) return ok(null);
    const said = output + Buffer.from(readPrivateFile(cluster.logFile)).subarray(logStart).toString();
    return err({ failure: explainFailure(dataDir, said, cluster.logFile), passing: PASSING.test(said) });
  } catch (error) {
    return err({ failure: explainError(dataDir, error), passing: false });
  } finally {
    if (log !== null) closeSync(log);
  }
}

/** @param how `immediate` does not wait for the disk; the next start recovers, as after a power cut */
async function stopServer({ dir }: Cluster, binaries: Binaries, how: 'fast' | 'immediate'): Promise<void> {
  const { pgdata, ...place } = inCluster(dir, binaries);
  const stop = (mode: string, seconds: number) =>
    binaries.run(binaries.pgCtl, ['stop', '-D', pgdata, '-m', mode, '-w', '-t', `${seconds}`], place);
  const { code } = await stop(how, 6);
  if (code !== 0 && how === 'fast' && readPostmaster(dir) !== null) await stop('immediate', 2);
}

/** Truncates a large log; returns the offset at which the next start begins. */
function boundLog(log: number): number {
  const { size } = fstatSync(log);
  if (size < LOG_LIMIT_BYTES) return size;
  ftruncateSync(log);
  return 0;
}

const STOPPING = 'creditwatch stop';
/** A closed connection, or one of a killed process, is counted a moment longer. */
const COUNT_AGAIN_MS = [100, 300];

async function isUsed(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000, application_name: STOPPING });
  client.on('error', () => {});
  // When two processes stop at once, neither counts the other's query as a client.
  const othersConnected = async (): Promise<boolean> => {
    const { rowCount } = await client.query(
      "SELECT FROM pg_stat_activity WHERE backend_type = 'client backend' AND application_name <> $1",
      [STOPPING],
    );
    return rowCount !== 0;
  };
  try {
    await client.connect();
    for (const pauseMs of COUNT_AGAIN_MS) {
      if (!(await othersConnected())) return false;
      await wait(pauseMs);
    }
    return await othersConnected();
  } catch {
    return true;
  } finally {
    await client.end().catch(() => {});
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
