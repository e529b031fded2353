import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { AnswerFormat } from '../../core/meters/poll.ts';

const otherTypes = ['list', 'long-text', 'object'] as const;
type OtherType = (typeof otherTypes)[number];

export type Evaluated =
  | { readonly found: 'value'; readonly value: string | number | boolean | null }
  | { readonly found: 'nothing' }
  /** A list, an object or a long text, which is not a figure. `size`: its entries or characters. */
  | { readonly found: 'other'; readonly type: OtherType; readonly size?: number | undefined }
  | { readonly found: 'error'; readonly runsAway: boolean };

export type Evaluation = { readonly results: readonly Evaluated[] } | { readonly problem: 'not-json' | 'too-deep' | 'runs-away' };

/**
 * `text`: the body of an answer, or of several, which become a list. `named`: bodies of earlier answers, which expressions see as `$name`.
 * `at`: the time that `$now()` and `$millis()` return, in milliseconds since 1970; without it, that of the evaluation.
 */
export type Job = {
  readonly text: string | readonly string[];
  readonly format?: AnswerFormat;
  readonly named?: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly at?: number;
  readonly expressions: readonly string[];
  /** A longer text is not a value. Tokens are long, figures are not. */
  readonly longestText?: number;
};

export type Evaluator = {
  /** Evaluates expressions over an answer. The time limit of a job starts when it runs, not when it is queued. */
  evaluate(job: Job): Promise<Evaluation>;
  close(): void;
};

export type EvaluatorOptions = { readonly jobWithinMs?: number; readonly mostProcesses?: number };

const CHILD = fileURLToPath(new URL('./evaluate-child.mjs', import.meta.url));
/** Enough for an answer of 8 MiB. */
const MEMORY_MB = 160;
/** The time limit for all expressions of one source. */
const JOB_WITHIN_MS = 2_000;
/** Usually one process serves all jobs. Others start if a job has waited for this long. */
const HELP_AFTER_MS = 500;
const MOST_PROCESSES = 2;
const START_WITHIN_MS = 15_000;
/** Kept for the next poll, but not forever: most sources are polled every few minutes. */
const IDLE_MS = 20_000;

const evaluationSchema = z.union([
  z.object({
    results: z.array(
      z.discriminatedUnion('found', [
        z.object({ found: z.literal('value'), value: z.union([z.string(), z.number(), z.boolean(), z.null()]) }),
        z.object({ found: z.literal('nothing') }),
        z.object({ found: z.literal('other'), type: z.enum(otherTypes), size: z.int().optional() }),
        z.object({ found: z.literal('error'), runsAway: z.boolean() }),
      ]),
    ),
  }),
  z.object({ problem: z.enum(['not-json', 'too-deep']) }),
]);

type Waiting = {
  readonly job: Job;
  readonly since: number;
  readonly resolve: (evaluation: Evaluation) => void;
  readonly reject: (error: unknown) => void;
};

/**
 * Creates an evaluator that runs expressions in separate processes and ends a process that takes too much time or memory. Jobs that
 * wait for a busy process are given to an additional one.
 *
 * @param jobWithinMs the time limit of one job, in milliseconds
 */
export function createEvaluator({ jobWithinMs = JOB_WITHIN_MS, mostProcesses = MOST_PROCESSES }: EvaluatorOptions = {}): Evaluator {
  const processes = Array.from({ length: mostProcesses }, () => createProcess(jobWithinMs));
  const waiting: Waiting[] = [];
  let help: NodeJS.Timeout | undefined;
  let isClosed = false;

  function startNext(): void {
    clearTimeout(help);
    const [oldest] = waiting;
    const free = processes.findIndex((one) => !one.isBusy());
    if (oldest === undefined || free === -1) return;
    const helpsInMs = free === 0 ? 0 : oldest.since + HELP_AFTER_MS - performance.now();
    if (helpsInMs > 0) {
      help = setTimeout(startNext, helpsInMs);
      return;
    }
    waiting.shift();
    void processes[free]?.run(oldest.job).then(oldest.resolve, oldest.reject).finally(startNext);
    startNext();
  }

  return {
    evaluate: (job) =>
      new Promise((resolve, reject) => {
        if (isClosed) {
          resolve({ problem: 'runs-away' });
          return;
        }
        waiting.push({ job, since: performance.now(), resolve, reject });
        startNext();
      }),
    close() {
      isClosed = true;
      clearTimeout(help);
      // Their polls have been abandoned.
      for (const { resolve } of waiting.splice(0)) resolve({ problem: 'runs-away' });
      for (const one of processes) one.close();
    },
  };
}

/** Manages at most one process, started when there is a job. */
function createProcess(jobWithinMs: number): { isBusy(): boolean; run(job: Job): Promise<Evaluation>; close(): void } {
  let child: ChildProcess | null = null;
  let idle: NodeJS.Timeout | undefined;
  let isBusy = false;

  function end(): void {
    child?.kill('SIGKILL');
    child = null;
  }

  async function started(): Promise<ChildProcess> {
    if (child?.connected) return child;
    const fresh = fork(CHILD, {
      env: {},
      execArgv: [`--max-old-space-size=${MEMORY_MB}`],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      serialization: 'json',
    });
    child = fresh;
    fresh.unref();
    fresh.once('exit', () => {
      if (child === fresh) child = null;
    });
    await once(fresh, 'message', { signal: AbortSignal.timeout(START_WITHIN_MS) });
    return fresh;
  }

  async function run(job: Job): Promise<Evaluation> {
    clearTimeout(idle);
    isBusy = true;
    const over = new AbortController();
    try {
      const process = await started();
      const answer = once(process, 'message', { signal: over.signal }).then(([message]) => evaluationSchema.parse(message));
      const died = once(process, 'exit', { signal: over.signal }).then((): Evaluation => ({ problem: 'runs-away' }));
      const late = new Promise<Evaluation>((resolve) => {
        const timer = setTimeout(() => resolve({ problem: 'runs-away' }), jobWithinMs);
        over.signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
      });
      for (const one of [answer, died]) one.catch(() => {});
      process.send(job);
      const evaluation = await Promise.race([answer, died, late]);
      if ('problem' in evaluation && evaluation.problem === 'runs-away') end();
      return evaluation;
    } catch (error) {
      end();
      throw error;
    } finally {
      isBusy = false;
      over.abort();
      idle = setTimeout(end, IDLE_MS).unref();
    }
  }

  return {
    isBusy: () => isBusy,
    run,
    close() {
      clearTimeout(idle);
      end();
    },
  };
}
