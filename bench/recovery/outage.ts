import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Pool } from 'pg';
import { z } from 'zod';
import { postPatiently } from '../support/batches.ts';
import { withDatabase } from '../support/database.ts';
import { cpuMs } from '../support/process-usage.ts';
import { startPretendSlack } from '../support/pretend-slack.ts';
import { BEARER, startService, withServer } from '../support/service.ts';

const OUTAGE_MS = 10_000;
/** Meters with an open alert when the new routes come. */
const OPEN_ALERTS = 10;
/** Alerts that are raised in the outage, of one reading a second. */
const ALERTS_IN_OUTAGE = 8;
/** The run ends when nothing is pending, or this long after the outage. */
const WITHIN_MS = 180_000;
const LOOK_EVERY_MS = 500;

const triedSchema = z.array(z.object({ id: z.string(), due_at: z.date(), failed: z.coerce.number() }));

export type AfterOutage = {
  /** For each message that failed in the outage: from its last due time to its arrival. */
  readonly lateMs: readonly number[];
  readonly retries: number;
  /** Messages whose first attempt was after the outage. */
  readonly newOnes: number;
  readonly leftOver: number;
  readonly tooFast: number;
  /** Of the process, from its start in the outage to the last message. */
  readonly cpuMs: number;
};

/**
 * Starts the service with open alerts and one route, and again with many new routes while Slack is away. Each new route gets the open
 * alerts, and further alerts are raised meanwhile.
 */
export async function runOutage(
  benchmark: string,
  { routes, isRefused }: { readonly routes: number; readonly isRefused: boolean },
): Promise<AfterOutage> {
  let slack = await startPretendSlack(benchmark);
  const dir = mkdtempSync(join(tmpdir(), 'creditwatch-bench-'));
  const file = join(dir, 'creditwatch.yml');
  const outcome = await withDatabase(async (databaseUrl) => {
    const start = () =>
      startService({
        dataDir: dir,
        slackApiUrl: `${slack.url}/process/api/`,
        env: { ...withServer(databaseUrl), CREDITWATCH_CONFIG: file },
      });
    const push = async (url: string, meters: readonly string[]) =>
      postPatiently(`${url}/v1/usage`, BEARER, { source: 'bench', readings: meters.map((meter) => ({ meter, used: 850, total: 1000 })) });
    const pool = new Pool({ connectionString: databaseUrl, max: 1 });
    const pending = async () => (await pool.query("SELECT 1 FROM delivery WHERE status = 'pending'")).rowCount ?? 0;

    writeFileSync(file, fileFor(0));
    const before = start();
    await push(
      await before.url,
      Array.from({ length: OPEN_ALERTS }, (_, nth) => `open_${String(nth)}`),
    );
    while ((await slack.channels()) === 0 || (await pending()) > 0) await wait(LOOK_EVERY_MS);
    await before.stop();

    writeFileSync(file, fileFor(routes));
    await slack.forget();
    const { port } = new URL(slack.url);
    if (isRefused) await slack.stop();
    else await slack.behave('away');
    const backAt = Date.now() + OUTAGE_MS;
    const service = start();
    const url = await service.url;
    for (let nth = 0; nth < ALERTS_IN_OUTAGE && Date.now() < backAt; nth += 1) {
      await push(url, [`new_${String(nth)}`]);
      await wait(Math.min(1_000, Math.max(0, backAt - Date.now())));
    }
    await wait(Math.max(0, backAt - Date.now()));
    if (isRefused) slack = await startPretendSlack(benchmark, Number(port));
    else await slack.behave('well');
    while ((await pending()) > 0 && Date.now() < backAt + WITHIN_MS) await wait(LOOK_EVERY_MS);

    const leftOver = await pending();
    const { posted } = await slack.arrivals();
    const tried = triedSchema.parse(
      (
        await pool.query(`SELECT delivery.id, due_at, count(attempt.*) FILTER (WHERE outcome <> 'sent') AS failed
          FROM delivery JOIN attempt ON attempt.delivery_id = delivery.id WHERE delivery.status = 'sent' GROUP BY 1, 2`)
      ).rows,
    );
    const usedMs = cpuMs(service.pid);
    await pool.end();
    await service.stop();
    const byId = new Map(tried.map((one) => [one.id, one]));
    const failed = posted.flatMap(({ deliveryId, at }) => {
      const one = byId.get(deliveryId);
      return one === undefined || one.failed === 0 ? [] : [{ lateMs: at - one.due_at.getTime(), failed: one.failed }];
    });
    return {
      lateMs: failed.map(({ lateMs }) => lateMs),
      retries: failed.reduce((sum, one) => sum + one.failed, 0),
      newOnes: posted.length - failed.length,
      leftOver,
      cpuMs: usedMs,
      tooFast: (await slack.posts()).tooFast,
    };
  });
  await slack.stop();
  rmSync(dir, { recursive: true, force: true });
  return outcome;
}

function fileFor(routes: number): string {
  const channels = ['C0FIRST', ...Array.from({ length: routes }, (_, nth) => `C0BENCH${String(nth).padStart(6, '0')}`)];
  return ['routes:', ...channels.map((channel) => `  - { slack: ${channel}, meters: all, digest: false }`), ''].join('\n');
}
