import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { postPatiently } from '../support/batches.ts';
import { withDatabase } from '../support/database.ts';
import { startPretendSlack, type PretendSlack } from '../support/pretend-slack.ts';
import { BEARER, startService, withServer, type RunningService } from '../support/service.ts';

const LOOK_EVERY_MS = 5;
const WITHIN_MS = 60_000;
/** How long the service is left alone before each round. */
const QUIET_MS = 1_000;
const CHANNEL = 'C0BENCH';

/** `againMs`: from the kill until Slack had the message again. `startMs`: from the kill until the process that posts it listened. */
export type Killed = { readonly againMs: number; readonly startMs: number };

/**
 * Kills the process that has a request at Slack without an answer, in each round. `another worker`: a web process and two workers run,
 * and the worker is started again after the round. `the same process`: one process does everything and is started again at once.
 */
export async function killRounds(
  benchmark: string,
  { rounds, who, history }: { readonly rounds: number; readonly who: 'another worker' | 'the same process'; readonly history: boolean },
): Promise<readonly Killed[]> {
  const slack = await startPretendSlack(benchmark);
  const dir = mkdtempSync(join(tmpdir(), 'creditwatch-bench-'));
  const file = join(dir, 'creditwatch.yml');
  writeFileSync(file, `routes:\n  - { slack: ${CHANNEL}, meters: all, digest: false }\n`);
  const killed = await withDatabase(async (databaseUrl) => {
    const start = (name: string, role: string) =>
      startService({
        dataDir: join(dir, name),
        slackApiUrl: `${slack.url}/${name}/api/`,
        env: { ...withServer(databaseUrl), CREDITWATCH_CONFIG: file, ROLE: role },
      });
    const isAlone = who === 'the same process';
    const role = isAlone ? 'all' : 'worker';
    const web = isAlone ? null : start('web', 'web');
    const workers = new Map<string, RunningService>((isAlone ? ['one'] : ['one', 'two']).map((name) => [name, start(name, role)]));
    const all = [...(web ? [web] : []), ...workers.values()];
    await Promise.all(all.map(({ url }) => url));
    const results: Killed[] = [];
    for (let round = 0; round < rounds; round += 1) {
      await wait(QUIET_MS);
      await slack.forget();
      await slack.behave('hold', { history });
      const url = await (web ?? workers.get('one'))?.url;
      await postPatiently(`${url ?? ''}/v1/usage`, BEARER, {
        source: 'bench',
        readings: [{ meter: `meter_${String(round)}`, used: 850, total: 1000 }],
      });
      const poster = await posterOfHeld(slack);
      await workers.get(poster)?.kill();
      const killedAt = Date.now();
      await slack.behave('well', { history });
      let startMs = 0;
      if (isAlone) {
        const again = start(poster, role);
        workers.set(poster, again);
        await again.url;
        startMs = Date.now() - killedAt;
      }
      results.push({ againMs: (await postedAt(slack)) - killedAt, startMs });
      if (isAlone) continue;
      const again = start(poster, role);
      workers.set(poster, again);
      await again.url;
    }
    await Promise.all([web?.stop(), ...[...workers.values()].map(({ stop }) => stop())]);
    return results;
  });
  await slack.stop();
  rmSync(dir, { recursive: true, force: true });
  return killed;
}

async function posterOfHeld(slack: PretendSlack): Promise<string> {
  return until(async () => (await slack.arrivals()).held[0]?.poster);
}

async function postedAt(slack: PretendSlack): Promise<number> {
  return until(async () => (await slack.arrivals()).posted[0]?.at);
}

async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  const giveUpAt = Date.now() + WITHIN_MS;
  while (Date.now() < giveUpAt) {
    const seen = await look();
    if (seen !== undefined) return seen;
    await wait(LOOK_EVERY_MS);
  }
  throw new Error('the message did not come within a minute');
}
