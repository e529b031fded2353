import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { inParts, postPatiently } from './batches.ts';
import { withDatabase } from './database.ts';
import { measure, type Outcome } from './outcome.ts';
import type { PretendSlack } from './pretend-slack.ts';
import { cpuMs } from './process-usage.ts';
import { withRedis } from './redis.ts';
import { BEARER, startService, withServer, type RunningService } from './service.ts';

const SOURCE = 'bench';
/** The readings before the alerts are an hour older. */
const BEFORE_MS = 3_600_000;
/** A process counts as idle if it used less CPU than this in a second. */
const IDLE_MS_PER_SECOND = 100;
const IDLE_WITHIN_S = 1_200;

export type Work = {
  readonly alerts: number;
  readonly perPush: number;
  /** Worker processes beside a web process, with Redis; 0 for one process that does everything. */
  readonly workers: number;
};

/**
 * The time from the start of the service with all routes in its file until it listened, and until it had nothing left to do. `idleMs`
 * is null if it was still busy after 20 minutes.
 */
export type StartTimes = { readonly listeningMs: number; readonly idleMs: number | null };

/**
 * Starts Creditwatch on an empty database, with one route per meter in `creditwatch.yml`, stores a reading at 10% of each meter, and
 * then pushes 85% for all of them.
 */
export async function runCreditwatch(slack: PretendSlack, work: Work): Promise<Outcome & StartTimes> {
  const withQueue = work.workers === 0 ? withoutRedis : withRedis;
  return withQueue((redis) =>
    withDatabase(async (databaseUrl, postgresPid) => {
      const dir = mkdtempSync(join(tmpdir(), 'creditwatch-bench-'));
      writeFileSync(join(dir, 'creditwatch.yml'), configuration(work.alerts));
      const roles = work.workers === 0 ? ['all'] : ['web', ...Array.from({ length: work.workers }, () => 'worker')];
      const started: Member[] = [];
      try {
        const startedAt = performance.now();
        for (const [nth, role] of roles.entries()) {
          started.push(await start({ dir, nth, role, databaseUrl, redisUrl: redis?.url ?? null, slackUrl: slack.url }));
        }
        const listeningMs = performance.now() - startedAt;
        const pids = [...started.map(({ pid }) => pid), postgresPid];
        const idleMs = (await idle(pids)) ? performance.now() - startedAt : null;
        const url = started[0]?.url ?? '';
        const at = Date.now();
        await pushAll(url, work, { used: 100, observedAt: new Date(at - BEFORE_MS) });
        await idle(pids);
        const servers = [{ name: 'postgresql', pid: postgresPid }, ...(redis === null ? [] : [{ name: 'redis', pid: redis.pid }])];
        const push = () => pushAll(url, work, { used: 850, observedAt: new Date() });
        const outcome = await measure({ main: started, servers, push }, slack, work.alerts);
        return { ...outcome, listeningMs, idleMs };
      } finally {
        for (const { stop } of started) await stop();
        rmSync(dir, { recursive: true, force: true });
      }
    }),
  );
}

function withoutRedis<T>(work: (redis: null) => Promise<T>): Promise<T> {
  return work(null);
}

function configuration(meters: number): string {
  const routes = Array.from(
    { length: meters },
    (_, nth) => `  - { slack: ${channelOf(nth)}, meters: [${SOURCE}/${meterOf(nth)}], digest: false }`,
  );
  return ['sources:', `  - { id: ${SOURCE}, kind: push }`, 'routes:', ...routes, ''].join('\n');
}

type Member = Pick<RunningService, 'pid' | 'stop'> & { readonly name: string; readonly url: string; readonly poster: string | null };

async function start(options: {
  readonly dir: string;
  readonly nth: number;
  readonly role: string;
  readonly databaseUrl: string;
  readonly redisUrl: string | null;
  readonly slackUrl: string;
}): Promise<Member> {
  const { dir, nth, role, databaseUrl, redisUrl, slackUrl } = options;
  const name = role === 'worker' ? `worker ${String(nth)}` : role === 'all' ? 'creditwatch' : role;
  const poster = `process${String(nth)}`;
  const { pid, url, stop } = startService({
    dataDir: join(dir, poster),
    slackApiUrl: `${slackUrl}/${poster}/api/`,
    env: {
      ...withServer(databaseUrl),
      ROLE: role,
      CREDITWATCH_CONFIG: join(dir, 'creditwatch.yml'),
      ...(redisUrl !== null && { REDIS_URL: redisUrl }),
    },
  });
  return { name, pid, stop, url: await url, poster: role === 'web' ? null : poster };
}

/** Pushes one reading of each meter, one push after the other. */
async function pushAll(
  url: string,
  { alerts, perPush }: Work,
  { used, observedAt }: { readonly used: number; readonly observedAt: Date },
): Promise<{ readonly beganAt: ReadonlyMap<string, number>; readonly repeated: number }> {
  const beganAt = new Map<string, number>();
  let repeated = 0;
  for (const part of inParts(alerts, perPush)) {
    const now = Date.now();
    for (const nth of part) beganAt.set(channelOf(nth), now);
    const readings = part.map((nth) => ({ meter: meterOf(nth), unit: 'credits', used, total: 1000, observedAt: observedAt.toISOString() }));
    repeated += await postPatiently(`${url}/v1/usage`, BEARER, { source: SOURCE, readings });
  }
  return { beganAt, repeated };
}

/** Waits until the processes have nothing left to do. Returns false if they stayed busy. */
async function idle(pids: readonly number[]): Promise<boolean> {
  const used = () => pids.reduce((sum, pid) => sum + cpuMs(pid), 0);
  for (let second = 0; second < IDLE_WITHIN_S; second += 1) {
    const before = used();
    await wait(1_000);
    if (used() - before < IDLE_MS_PER_SECOND) return true;
  }
  return false;
}

function meterOf(nth: number): string {
  return `meter_${String(nth).padStart(6, '0')}`;
}

function channelOf(nth: number): string {
  return `C0BENCH${String(nth).padStart(6, '0')}`;
}
