import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { withDatabase } from '../support/database.ts';
import { startPretendSlack } from '../support/pretend-slack.ts';
import { startService, withServer } from '../support/service.ts';

const PACE_MS = 1_000;
const LOOK_EVERY_MS = 500;
const CHANNEL = 'C0BENCH';

/**
 * Asks the service for many test messages to one channel at once, as `creditwatch test` does, because these are not combined into one
 * message. Returns which share of one message a second was used between the first and the last message.
 */
export async function runBacklog(
  benchmark: string,
  messages: number,
): Promise<{ readonly share: number; readonly gapsMs: readonly number[]; readonly tooFast: number }> {
  const slack = await startPretendSlack(benchmark);
  const dir = mkdtempSync(join(tmpdir(), 'creditwatch-bench-'));
  const file = join(dir, 'creditwatch.yml');
  writeFileSync(file, `routes:\n  - { slack: ${CHANNEL}, meters: all, digest: false }\n`);
  const outcome = await withDatabase(async (databaseUrl) => {
    const service = startService({
      dataDir: dir,
      slackApiUrl: `${slack.url}/process/api/`,
      env: { ...withServer(databaseUrl), CREDITWATCH_CONFIG: file },
    });
    const url = await service.url;
    const { token } = z.object({ token: z.string() }).parse(JSON.parse(readFileSync(join(dir, 'service.json'), 'utf8')));
    const ask = () =>
      fetch(`${url}/local/test`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ account: null, actor: { platform: 'terminal', id: 'bench' }, route: CHANNEL }),
      });
    // Each is answered when its message was posted, or after a while.
    const asked = Promise.allSettled(Array.from({ length: messages }, ask));
    const giveUpAt = Date.now() + 2 * messages * PACE_MS + 10_000;
    while ((await slack.arrivals()).posted.length < messages && Date.now() < giveUpAt) await wait(LOOK_EVERY_MS);
    const at = (await slack.arrivals()).posted.map((one) => one.at);
    await service.stop();
    await asked;
    const gapsMs = at.slice(1).map((one, index) => one - (at[index] ?? one));
    return {
      share: (gapsMs.length * PACE_MS) / ((at.at(-1) ?? Number.NaN) - (at[0] ?? Number.NaN)),
      gapsMs,
      tooFast: (await slack.posts()).tooFast,
    };
  });
  await slack.stop();
  rmSync(dir, { recursive: true, force: true });
  return outcome;
}
