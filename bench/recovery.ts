/**
 * Measures how soon messages go out that could not be posted at once, through the real process: after an outage of Slack, after the
 * death of the process that was posting, and as the next of a backlog in one channel. BENCHMARKS.md explains the figures. Needs Linux.
 *
 *   npm run bench -- recovery                        all three
 *   npm run bench -- recovery outage [routes]        503 for 10 s while 500 routes are new
 *   npm run bench -- recovery outage [routes] --refused     the same, but nothing listens at Slack's address
 *   npm run bench -- recovery kill [--runs 5]        kill -9 in the middle of a post
 *   npm run bench -- recovery pace [--messages 60]   one channel with a backlog
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { runBacklog } from './recovery/backlog.ts';
import { killRounds, type Killed } from './recovery/kill.ts';
import { runOutage } from './recovery/outage.ts';
import { servePretendSlack } from './support/pretend-slack.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '5' },
    messages: { type: 'string', default: '60' },
    refused: { type: 'boolean', default: false },
  },
});
const count = z.coerce.number().int().positive();
const benchmark = fileURLToPath(import.meta.url);
const [part = 'all', argument] = positionals;

if (part === 'slack') await servePretendSlack(Number(argument ?? 0));
if (part === 'outage' || part === 'all') await outage(count.parse(part === 'all' ? 500 : (argument ?? 500)));
if (part === 'kill' || part === 'all') await kill(count.parse(values.runs));
if (part === 'pace' || part === 'all') await pace(count.parse(values.messages));

async function outage(routes: number): Promise<void> {
  const isRefused = values.refused;
  console.log(`Slack ${isRefused ? 'refuses connections' : 'answers 503'} for 10 s while ${whole(routes)} routes are new`);
  const { lateMs, retries, newOnes, leftOver, tooFast, cpuMs } = await runOutage(benchmark, { routes, isRefused });
  const sorted = lateMs.toSorted((a, b) => a - b);
  const late = [0.5, 0.99].map((share) => `p${String(share * 100)} ${seconds(sorted[Math.floor(sorted.length * share)])}`).join(', ');
  console.log(
    `  ${whole(lateMs.length)} messages that had failed in the outage: late by ${late}, last one ${seconds(sorted.at(-1))}; ${whole(retries)} failed attempts`,
  );
  console.log(
    `  ${whole(newOnes)} first attempts after the outage; ${whole(leftOver)} not delivered; ${whole(tooFast)} sooner than Slack allows; CPU of the process ${seconds(cpuMs)}`,
  );
}

async function kill(rounds: number): Promise<void> {
  console.log(`kill -9 while Slack has the request and has not answered, ${whole(rounds)} times each, from the kill to the next request`);
  for (const who of ['another worker', 'the same process'] as const)
    for (const history of [false, true]) {
      const killed = await killRounds(benchmark, { rounds, who, history });
      const what = `${who === 'another worker' ? 'another worker runs' : 'the same process starts again'}, history ${history ? 'readable' : 'not readable'}`;
      const times = (of: (one: Killed) => number) => killed.map((one) => seconds(of(one))).join(' ');
      console.log(
        `  ${what.padEnd(55)} ${times(({ againMs }) => againMs)}   longest ${seconds(Math.max(...killed.map(({ againMs }) => againMs)))}`,
      );
      if (who === 'the same process') console.log(`  ${'of which until it listened'.padEnd(55)} ${times(({ startMs }) => startMs)}`);
    }
}

async function pace(messages: number): Promise<void> {
  console.log(`${whole(messages)} messages that wait in one channel, which takes one a second`);
  const { share, gapsMs, tooFast } = await runBacklog(benchmark, messages);
  const sorted = gapsMs.toSorted((a, b) => a - b);
  console.log(
    `  share of the pace used ${share.toFixed(4)}   between arrivals: shortest ${whole(sorted[0])} ms, p50 ${whole(sorted[Math.floor(sorted.length / 2)])} ms, longest ${whole(sorted.at(-1))} ms   ${whole(tooFast)} sooner than Slack allows`,
  );
}

function whole(number = Number.NaN): string {
  return Math.round(number).toLocaleString('en');
}

function seconds(ms = Number.NaN): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
