/**
 * Measures how long a read holds up everything else: while each read is asked of a service with 10,000 meters, a second process asks
 * for /healthz every 5 ms on its own connection. The longest wait for that answer is the stall. Also compares `/usage <meter>` with
 * the same command at 10 meters.
 *
 *   npm run bench -- stall [meters]
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { inParts, postPatiently } from './support/batches.ts';
import { listen } from './support/listening.ts';
import { BEARER, startService } from './support/service.ts';
import { HEALTH_EVERY_MS, watchStalls } from './support/stalls.ts';
import { slashCommand } from './support/slash-command.ts';

const READINGS_PER_PUSH = 1_000;
const FEW_METERS = 10;
const WARM_UP_READS = 5;
const READS = 10;
/** Commands for the comparison between few and many meters. */
const COMMANDS = 50;
const QUIET_MS = 3_000;
/** A meter that exists also with few meters. */
const METER = meterOf(5);

const [meters = 10_000] = process.argv.slice(2);
await measure(z.coerce.number().int().min(FEW_METERS).parse(meters));

async function measure(meters: number): Promise<void> {
  const slack = await receiveAnswers();
  const dataDir = mkdtempSync(join(tmpdir(), 'creditwatch-bench-'));
  const service = startService({ dataDir, slackApiUrl: `${slack.url}/api/` });
  try {
    const url = await service.url;
    const command = (text: string) => slack.answered((responseUrl) => send(url, slashCommand(text, responseUrl)));
    await push(url, 0, FEW_METERS);
    const few = await timesOf(() => command(METER), COMMANDS);
    await push(url, FEW_METERS, meters);
    const many = await timesOf(() => command(METER), COMMANDS);
    console.log(
      `${meters.toLocaleString('en')} meters, /healthz every ${String(HEALTH_EVERY_MS)} ms, ${String(READS)} reads of each kind, one after the other`,
    );
    const stalls = await watchStalls(url);
    await wait(QUIET_MS);
    console.log(`  ${'no read'.padEnd(28)} longest stall ${ms(await stalls.longest())}`);
    const reads: readonly (readonly [string, () => Promise<void>])[] = [
      ['/usage', () => command('')],
      ['/usage <meter>', () => command(METER)],
      ['/usage history <meter>', () => command(`history ${METER}`)],
      ['/usage check <meter> 100', () => command(`check ${METER} 100`)],
      ['/usage digest now', () => command('digest now')],
      ['/usage alerts', () => command('alerts')],
      ['GET /v1/usage', () => read(`${url}/v1/usage`, BEARER)],
      ['GET /metrics', () => read(`${url}/metrics`, {})],
    ];
    for (const [name, ask] of reads) {
      await stalls.longest();
      const times = await timesOf(ask, READS);
      console.log(`  ${name.padEnd(28)} longest stall ${ms(await stalls.longest())}   answer p50 ${ms(median(times))}`);
    }
    stalls.stop();
    console.log(
      `/usage <meter>: p50 ${ms(median(few))} at ${String(FEW_METERS)} meters, ${ms(median(many))} at ${meters.toLocaleString('en')} = ${(median(many) / median(few)).toFixed(2)} times`,
    );
  } finally {
    await service.stop();
    slack.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Pushes a reading far below all levels for the meters from `first` to below `end`. */
async function push(url: string, first: number, end: number): Promise<void> {
  for (const part of inParts(end - first, READINGS_PER_PUSH)) {
    const readings = part.map((nth) => ({ meter: meterOf(first + nth), unit: 'credits', used: 100, total: 1_000 }));
    await postPatiently(`${url}/v1/usage`, BEARER, { source: 'bench', readings });
  }
}

async function timesOf(ask: () => Promise<void>, count: number): Promise<readonly number[]> {
  for (let nth = 0; nth < WARM_UP_READS; nth += 1) await ask();
  const times: number[] = [];
  for (let nth = 0; nth < count; nth += 1) {
    const startedAt = performance.now();
    await ask();
    times.push(performance.now() - startedAt);
  }
  return times;
}

async function send(
  url: string,
  { headers, body }: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
): Promise<void> {
  const response = await fetch(`${url}/slack/events`, { method: 'POST', headers, body });
  await response.text();
  if (!response.ok) throw new Error(`POST ${url}/slack/events: ${String(response.status)}`);
}

async function read(url: string, headers: Readonly<Record<string, string>>): Promise<void> {
  const response = await fetch(url, { headers });
  await response.text();
  if (!response.ok) throw new Error(`GET ${url}: ${String(response.status)}`);
}

/** Plays Slack: accepts all calls, and notes the answers at response URLs. */
async function receiveAnswers(): Promise<{
  readonly url: string;
  answered(ask: (responseUrl: string) => Promise<void>): Promise<void>;
  close(): void;
}> {
  const waiting = new Map<string, () => void>();
  const { url, close } = await listen((request, response) => {
    request.resume().once('end', () => {
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ ok: true, team_id: 'T0BENCH', user: { id: 'U0BENCH' } }));
      waiting.get(request.url ?? '')?.();
    });
  });
  return {
    url,
    async answered(ask) {
      const path = `/${randomUUID()}`;
      const answer = new Promise<void>((resolve) => waiting.set(path, resolve));
      await ask(`${url}${path}`);
      await answer;
      waiting.delete(path);
    },
    close,
  };
}

function meterOf(nth: number): string {
  return `meter_${String(nth).padStart(6, '0')}`;
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

function ms(number: number): string {
  return `${number.toFixed(1).padStart(7)} ms`;
}
