import { createEvaluator, type Evaluated, type Evaluator } from './evaluator.ts';

/**
 * A lane for the expressions of most sources, and one for those whose last ran away: each of these costs seconds, and whoever does
 * nothing wrong waits behind none of them, but for the first time.
 */
export function createLanes(create: () => Evaluator = createEvaluator): { of(source: string): Pick<Evaluator, 'evaluate'>; close(): void } {
  const usual = create();
  const suspect = create();
  const ranAway = new Set<string>();
  return {
    of: (source) => ({
      async evaluate(job) {
        const evaluation = await (ranAway.has(source) ? suspect : usual).evaluate(job);
        const runsAway = 'problem' in evaluation ? evaluation.problem === 'runs-away' : evaluation.results.some(isRunaway);
        if (runsAway) ranAway.add(source);
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

function isRunaway(result: Evaluated): boolean {
  return result.found === 'error' && result.runsAway;
}
