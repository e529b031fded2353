import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

export type Evaluated =
  | { readonly found: 'value'; readonly value: string | number | boolean | null }
  | { readonly found: 'nothing' }
  /** A list or a group, which is no figure. */
  | { readonly found: 'other'; readonly type: string }
  | { readonly found: 'error'; readonly runsAway: boolean };

type Evaluation = { readonly results: readonly Evaluated[] } | { readonly problem: 'not-json' | 'too-deep' | 'runs-away' };

type Job = { readonly text: string; readonly headers: Readonly<Record<string, string>>; readonly expressions: readonly string[] };

export type Evaluator = {
  /** Evaluates expressions over the JSON in `text`; one job after the other, none for longer than three seconds. */
  evaluate(job: Job): Promise<Evaluation>;
  close(): void;
};

const CHILD = fileURLToPath(new URL('./evaluate-child.mjs', import.meta.url));
const MEMORY_MB = 64;
const JOB_WITHIN_MS = 3_000;
const START_WITHIN_MS = 15_000;
/** It is kept for the next poll, and not for ever: most sources are polled every few minutes. */
const IDLE_MS = 20_000;

const evaluationSchema = z.union([
  z.object({
    results: z.array(
      z.discriminatedUnion('found', [
        z.object({ found: z.literal('value'), value: z.union([z.string(), z.number(), z.boolean(), z.null()]) }),
        z.object({ found: z.literal('nothing') }),
        z.object({ found: z.literal('other'), type: z.string() }),
        z.object({ found: z.literal('error'), runsAway: z.boolean() }),
      ]),
    ),
  }),
  z.object({ problem: z.enum(['not-json', 'too-deep']) }),
]);

/** Expressions run in a process of their own, which is ended when it takes too long or too much. */
export function createEvaluator(): Evaluator {
  let child: ChildProcess | null = null;
  let idle: NodeJS.Timeout | undefined;
  let last: Promise<unknown> = Promise.resolve();

  function end(): void {
    child?.kill('SIGKILL');
    child = null;
  }

  async function started(): Promise<ChildProcess> {
    if (child?.connected) return child;
    const fresh = fork(CHILD, { env: {}, execArgv: [`--max-old-space-size=${MEMORY_MB}`], stdio: ['ignore', 'ignore', 'ignore', 'ipc'], serialization: 'json' });
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
    const process = await started();
    const over = new AbortController();
    try {
      const answer = once(process, 'message', { signal: over.signal }).then(([message]) => evaluationSchema.parse(message));
      const died = once(process, 'exit', { signal: over.signal }).then((): Evaluation => ({ problem: 'runs-away' }));
      const late = new Promise<Evaluation>((resolve) => {
        const timer = setTimeout(() => resolve({ problem: 'runs-away' }), JOB_WITHIN_MS);
        over.signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
      });
      for (const one of [answer, died]) one.catch(() => {});
      process.send(job);
      const evaluation = await Promise.race([answer, died, late]);
      if ('problem' in evaluation && evaluation.problem === 'runs-away') end();
      return evaluation;
    } finally {
      over.abort();
      idle = setTimeout(end, IDLE_MS).unref();
    }
  }

  return {
    evaluate(job) {
      const mine = last.then(() => run(job));
      last = mine.catch(end);
      return mine;
    },
    close() {
      clearTimeout(idle);
      end();
    },
  };
}
