/**
 * Measures polling: 200 sources with three meters each are polled at an interval, while a second process asks for /healthz every 5 ms.
 * The longest wait for that answer is the stall. The memory of each minute shows whether it grows. The vendors answer at
 * once, in this process.
 *
 *   npm run bench -- sources [minutes] [interval]
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { listen } from './support/listening.ts';
import { residentMb } from './support/memory.ts';
import { cpuMs, sharedOnceMb } from './support/process-usage.ts';
import { startService } from './support/service.ts';
import { watchStalls } from './support/stalls.ts';

const SOURCES = 200;
const MINUTE_MS = 60_000;

const [minutes = 5, interval = '30s'] = process.argv.slice(2);
await measure(z.coerce.number().int().min(1).parse(minutes), interval);

async function measure(minutes: number, interval: string): Promise<void> {
  let polls = 0;
  const vendor = await listen((request, response) => {
    polls += 1;
    const used = polls % 900;
    const plan = { searches: { used, limit: 1_000 }, exports: { used: used * 2, limit: 5_000 }, spend: `${String(used)}.25` };
    request
      .resume()
      .once('end', () =>
        response.setHeader('content-type', 'application/json').end(JSON.stringify({ data: { plan, resets_at: '2030-01-01' } })),
      );
  });
  const host = vendor.url.replace('http://', '');
  const dataDir = mkdtempSync(join(tmpdir(), 'creditwatch-bench-'));
  const sources = Array.from(
    { length: SOURCES },
    (_, nth) =>
      `  - { id: vendor-${String(nth)}, kind: http, every: ${interval}, url: "${vendor.url}/${String(nth)}", headers: { x-api-key: "key-${String(nth)}" }, periodEnd: data.resets_at, meters: { searches: { used: data.plan.searches.used, total: data.plan.searches.limit }, exports: { used: data.plan.exports.used, total: data.plan.exports.limit }, spend: { used: "$number(data.plan.spend)", budget: 2000, unit: USD } } }`,
  );
  writeFileSync(join(dataDir, 'creditwatch.yml'), `allowHosts: ["${host}"]\nsources:\n${sources.join('\n')}\n`);
  const service = startService({ dataDir, env: { CREDITWATCH_CONFIG: join(dataDir, 'creditwatch.yml') } });
  try {
    const url = await service.url;
    const stalls = await watchStalls(url);
    console.log(`${String(SOURCES)} sources with 3 meters each, polled every ${interval} for ${String(minutes)} minutes`);
    console.log('  minute    polls   longest stall   CPU       memory of the process   with its children');
    for (let minute = 1; minute <= minutes; minute += 1) {
      const [before, cpuBefore] = [polls, cpuMs(service.pid)];
      await wait(MINUTE_MS);
      const cpu = ((cpuMs(service.pid) - cpuBefore) / MINUTE_MS) * 100;
      const columns = [
        String(minute).padStart(8),
        String(polls - before).padStart(9),
        `${(await stalls.longest()).toFixed(1)} ms`.padStart(16),
        `${cpu.toFixed(1)}%`.padStart(8),
        `${String(residentMb(service.pid) ?? Number.NaN)} MB`.padStart(22),
        `${sharedOnceMb(service.pid).toFixed(0)} MB`.padStart(22),
      ];
      console.log(columns.join(''));
    }
    stalls.stop();
  } finally {
    await service.stop();
    vendor.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
