import { createEvaluator, type Evaluation, type Evaluator, type EvaluatorOptions } from './evaluator.ts';

/** Nearly all expressions take a hundredth of this. */
const AT_ONCE_WITHIN_MS = 250;
/** The twenty that are polled at once may all run away, and each must be through before the lease of its poll ends. */
const PROCESSES_APART = 3;

/**
 * A lane for the expressions that are done at once, and one for all others: who takes longer is asked again there, with all the time
 * a job may take, and whose last ran away is asked nowhere else. So whoever does nothing wrong waits behind nobody's two seconds, in
 * the first round after a start too, when nobody is known yet.
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
