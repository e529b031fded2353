import { setTimeout as wait } from 'node:timers/promises';
import type { PretendSlack } from './pretend-slack.ts';
import { cpuMs, sharedOnceMb } from './process-usage.ts';
import { residentMb } from './memory.ts';

/** One run of one program. `main` is what decides and posts; `all` includes the servers that it needs. */
export type Outcome = {
  readonly posts: number;
  readonly postsPerSecond: number;
  /** From the start of the push that brought the reading to the arrival of its message, in milliseconds. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly mainCpuMsPerPost: number;
  readonly allCpuMsPerPost: number;
  readonly mainPeakMb: number;
  readonly allPeakMb: number;
  /** Pushes that had to be repeated, because the answer was 429 or 503. */
  readonly repeatedPushes: number;
  readonly tooFast: number;
  /** Messages beyond one per channel. */
  readonly more: number;
  readonly processes: readonly { readonly name: string; readonly cpuMsPerPost: number; readonly share: number }[];
};

/** A running program that posts to the pretend Slack. */
export type Running = {
  /** `poster` is its part of the path at the pretend Slack; null if it posts nothing. */
  readonly main: readonly { readonly name: string; readonly pid: number; readonly poster: string | null }[];
  readonly servers: readonly { readonly name: string; readonly pid: number }[];
  /** Sends all alerts, and returns when the push with each channel's alert began, and the number of repeated pushes. */
  push(): Promise<{ readonly beganAt: ReadonlyMap<string, number>; readonly repeated: number }>;
};

const LOOK_EVERY_MS = 100;
const MEMORY_EVERY_MS = 1_000;
/** The run ends when no message has arrived for this long. */
const GIVE_UP_AFTER_MS = 60_000;

/** Pushes all alerts and measures from the first push to the last message. */
export async function measure(running: Running, slack: PretendSlack, alerts: number): Promise<Outcome> {
  await slack.forget();
  const processes = [...running.main, ...running.servers];
  const usedMs = () => new Map(processes.map(({ pid }) => [pid, cpuMs(pid)]));
  const before = usedMs();
  const serversPeakMb = peakOf(running.servers.map(({ pid }) => pid));
  const [{ beganAt, repeated }] = await Promise.all([running.push(), allArrived(slack, alerts)]);
  const after = usedMs();
  const mainPeakMb = sum(running.main.map(({ pid }) => residentMb(pid, 'most') ?? 0));
  const allPeakMb = mainPeakMb + serversPeakMb.stop();

  const { firstAt, more, tooFast, posters } = await slack.posts();
  const waits = Object.entries(firstAt)
    .map(([channel, at]) => at - (beganAt.get(channel) ?? Number.NaN))
    .toSorted((a, b) => a - b);
  const posts = waits.length;
  const tookMs = Math.max(...Object.values(firstAt)) - Math.min(...beganAt.values());
  const perPost = (pid: number) => ((after.get(pid) ?? 0) - (before.get(pid) ?? 0)) / posts;
  const posted = sum(Object.values(posters));
  return {
    posts,
    postsPerSecond: (posts / tookMs) * 1000,
    p50Ms: waits[Math.floor(posts * 0.5)] ?? Number.NaN,
    p99Ms: waits[Math.floor(posts * 0.99)] ?? Number.NaN,
    mainCpuMsPerPost: sum(running.main.map(({ pid }) => perPost(pid))),
    allCpuMsPerPost: sum(processes.map(({ pid }) => perPost(pid))),
    mainPeakMb,
    allPeakMb,
    repeatedPushes: repeated,
    tooFast,
    more,
    processes: [
      ...running.main.map(({ name, pid, poster }) => ({
        name,
        cpuMsPerPost: perPost(pid),
        share: poster === null ? 0 : (posters[poster] ?? 0) / posted,
      })),
      ...running.servers.map(({ name, pid }) => ({ name, cpuMsPerPost: perPost(pid), share: 0 })),
    ],
  };
}

async function allArrived(slack: PretendSlack, alerts: number): Promise<void> {
  let arrived = 0;
  let lastAt = performance.now();
  while (arrived < alerts && performance.now() - lastAt < GIVE_UP_AFTER_MS) {
    await wait(LOOK_EVERY_MS);
    const now = await slack.channels();
    if (now > arrived) lastAt = performance.now();
    arrived = now;
  }
}

/** Looks at the memory of some processes now and then. `stop` returns the most it saw, in MB. */
function peakOf(pids: readonly number[]): { stop(): number } {
  let most = 0;
  const look = () => {
    most = Math.max(most, sum(pids.map(sharedOnceMb)));
  };
  look();
  const timer = setInterval(look, MEMORY_EVERY_MS);
  return {
    stop() {
      clearInterval(timer);
      look();
      return most;
    },
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
