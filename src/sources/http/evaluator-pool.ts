import { createEvaluator, type Evaluation, type Evaluator, type EvaluatorOptions } from './evaluator.ts';

/** Nearly all expressions take a hundredth of this. */
const AT_ONCE_WITHIN_MS = 250;
/** Twenty polls that run at once may all have endless expressions. Each must finish before the lease of its poll ends. */
const PROCESSES_APART = 3;

/**
 * Runs fast expressions in one lane and all others in a second one. A job that takes too long in the fast lane runs again in the
 * slow lane with the full time limit. A source whose last job ran away only uses the slow lane. So well-behaved sources never wait
 * for two seconds behind a bad one, not even in the first round after a start.
 */
export function createEvaluatorPool(create: (options: EvaluatorOptions) => Evaluator = createEvaluator): {
  of(source: string): Pick<Evaluator, 'evaluate'>;
  close(): void;
} {
  const usual = create({ jobWithinMs: AT_ONCE_WITHIN_MS });
  const suspect = create({ mostProcesses: PROCESSES_APART });
  const ranAway = new Set<string>();
  return {
    of: (source) => ({
      async evaluate(job) {
        const atOnce = ranAway.has(source) ? null : await usual.evaluate(job);
        const evaluation = atOnce === null || wasEnded(atOnce) ? await suspect.evaluate(job) : atOnce;
        if (wasEnded(evaluation) || wasStopped(evaluation)) ranAway.add(source);
        else ranAway.delete(source);
        return evaluation;
      },
    }),
    close() {
      usual.close();
      suspect.close();
    },
  };
}

function wasEnded(evaluation: Evaluation): boolean {
  return 'problem' in evaluation && evaluation.problem === 'runs-away';
}

function wasStopped(evaluation: Evaluation): boolean {
  return 'results' in evaluation && evaluation.results.some((result) => result.found === 'error' && result.runsAway);
}
