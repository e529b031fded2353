/**
 * Measures alerts from the push of the readings to the messages in Slack, through the real process: all meters cross a level at once,
 * and each alert goes to its own channel, because Slack accepts one message per second and channel. Prometheus Alertmanager posts
 * the same number of alerts to the same pretend Slack, in turns with Creditwatch in one run, so that the ratios are comparable
 * between machines. BENCHMARKS.md explains the figures. Needs Linux.
 *
 *   npm run bench -- alerts [number] [--runs 3] [--per-push 500] [--no-peer]
 *   npm run bench -- alerts [number] --workers 2     one process against a web process and two workers with Redis
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { alertmanagerVersion, runAlertmanager } from './support/alertmanager.ts';
import { runCreditwatch, type StartTimes, type Work } from './support/creditwatch.ts';
import type { Outcome } from './support/outcome.ts';
import { servePretendSlack, startPretendSlack, type PretendSlack } from './support/pretend-slack.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '3' },
    'per-push': { type: 'string', default: '500' },
    workers: { type: 'string', default: '0' },
    'no-peer': { type: 'boolean', default: false },
  },
});
const count = z.coerce.number().int().positive();

type Contender = { readonly name: string; run(): Promise<Outcome & Partial<StartTimes>> };

if (positionals[0] === 'slack') await servePretendSlack();
else await compare();

async function compare(): Promise<void> {
  const alerts = count.parse(positionals[0] ?? 10_000);
  const perPush = count.parse(values['per-push']);
  const workers = count.or(z.literal('0').transform(() => 0)).parse(values.workers);
  console.log(`${whole(alerts)} alerts to ${whole(alerts)} channels, ${whole(perPush)} per push`);
  const slack = await startPretendSlack(fileURLToPath(import.meta.url));
  try {
    const contenders = contendersFor(slack, { alerts, perPush, workers });
    const outcomes = new Map(contenders.map(({ name }): [string, Outcome[]] => [name, []]));
    for (let run = 0; run < count.parse(values.runs); run += 1) {
      for (const contender of run % 2 === 0 ? contenders : contenders.toReversed()) {
        const outcome = await contender.run();
        outcomes.get(contender.name)?.push(outcome);
        print(contender.name, outcome, alerts);
      }
    }
    const [first, second] = contenders.map(({ name }) => ({ name, outcomes: outcomes.get(name) ?? [] }));
    if (first !== undefined && second !== undefined) printRatios(first, second);
  } finally {
    await slack.stop();
  }
}

/** Returns what is measured, and after it what it is compared with. */
function contendersFor(slack: PretendSlack, work: Work): readonly Contender[] {
  const one: Contender = { name: 'Creditwatch', run: () => runCreditwatch(slack, { ...work, workers: 0 }) };
  if (work.workers > 0) {
    return [
      { name: `web + ${String(work.workers)} workers`, run: () => runCreditwatch(slack, work) },
      { ...one, name: 'one process' },
    ];
  }
  const version = alertmanagerVersion();
  if (values['no-peer'] || version === null) {
    if (version === null) console.log('prometheus-alertmanager is not installed: nothing to compare with');
    return [one];
  }
  return [one, { name: `Alertmanager ${version}`, run: () => runAlertmanager(slack, work) }];
}

function print(name: string, outcome: Outcome & Partial<StartTimes>, alerts: number): void {
  const figures = [
    `${whole(outcome.postsPerSecond).padStart(6)} posts/s`,
    `p50 ${ms(outcome.p50Ms)}`,
    `p99 ${ms(outcome.p99Ms)}`,
    `CPU per post ${outcome.mainCpuMsPerPost.toFixed(2)} ms, all in ${outcome.allCpuMsPerPost.toFixed(2)} ms`,
    `peak ${whole(outcome.mainPeakMb)} MB, all in ${whole(outcome.allPeakMb)} MB`,
  ];
  console.log(`  ${name.padEnd(20)} ${figures.join('  ')}`);
  const { listeningMs, idleMs } = outcome;
  const remarks = [
    ...(listeningMs !== undefined && idleMs !== undefined
      ? [
          `listened ${ms(listeningMs)} after its start, ${idleMs === null ? 'was still busy after 20 minutes' : `was idle after ${ms(idleMs)}`}`,
        ]
      : []),
    ...(outcome.posts < alerts ? [`ONLY ${whole(outcome.posts)} of ${whole(alerts)} channels got a message`] : []),
    ...(outcome.repeatedPushes > 0 ? [`${whole(outcome.repeatedPushes)} pushes were answered 429 or 503 and repeated`] : []),
    ...(outcome.more > 0 ? [`${whole(outcome.more)} further messages`] : []),
    ...(outcome.tooFast > 0 ? [`${whole(outcome.tooFast)} messages sooner than Slack allows`] : []),
  ];
  if (remarks.length > 0) console.log(`    ${remarks.join('; ')}`);
  if (outcome.processes.length < 2) return;
  for (const { name: process, cpuMsPerPost, share } of outcome.processes) {
    const posted = share > 0 ? `  posted ${(share * 100).toFixed(0)}%` : '';
    console.log(`    ${process.padEnd(18)} CPU per post ${cpuMsPerPost.toFixed(2)} ms${posted}`);
  }
}

type Measured = { readonly name: string; readonly outcomes: readonly Outcome[] };

function printRatios(one: Measured, other: Measured): void {
  console.log(`${one.name} divided by ${other.name} (medians; runs of each: ${String(one.outcomes.length)}):`);
  const ratio = (label: string, of: (outcome: Outcome) => number) => {
    const value = median(one.outcomes.map(of)) / median(other.outcomes.map(of));
    console.log(`  ${label.padEnd(36)} ${value.toFixed(2)}`);
  };
  ratio('posts a second', ({ postsPerSecond }) => postsPerSecond);
  ratio('reading to post, p50', ({ p50Ms }) => p50Ms);
  ratio('reading to post, p99', ({ p99Ms }) => p99Ms);
  ratio('CPU per post, without servers', ({ mainCpuMsPerPost }) => mainCpuMsPerPost);
  ratio('CPU per post, all in', ({ allCpuMsPerPost }) => allCpuMsPerPost);
  ratio('peak memory, without servers', ({ mainPeakMb }) => mainPeakMb);
  ratio('peak memory, all in', ({ allPeakMb }) => allPeakMb);
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

function whole(number: number): string {
  return Math.round(number).toLocaleString('en');
}

function ms(number: number): string {
  return number < 10_000 ? `${whole(number)} ms` : `${(number / 1000).toFixed(1)} s`;
}
