import { expect, test } from 'vitest';
import type { Evaluation } from '../../../src/sources/http/evaluator.ts';
import { createEvaluatorPool } from '../../../src/sources/http/evaluator-pool.ts';

const JOB = { text: '{}', headers: {}, expressions: ['a'] };
const RAN_AWAY = { problem: 'runs-away' as const };
const STOPPED = { results: [{ found: 'nothing' as const }, { found: 'error' as const, runsAway: true }] };
const WELL = { results: [{ found: 'value' as const, value: 1 }] };

/** The lanes with their next answers, and the lanes in which a source was evaluated. */
function pool() {
  const asked: string[] = [];
  const names = ['usual', 'suspect'];
  const next: Record<string, Evaluation> = {};
  const created = createEvaluatorPool(() => {
    const name = names.shift() ?? '';
    return {
      evaluate: async () => {
        asked.push(name);
        return next[name] ?? WELL;
      },
      close: () => undefined,
    };
  });
  const ask = async (source: string, usual: Evaluation, suspect: Evaluation = usual) => {
    Object.assign(next, { usual, suspect });
    const evaluation = await created.of(source).evaluate(JOB);
    return [...asked.splice(0), evaluation];
  };
  return { ask };
}

test('a source whose expression ran away is evaluated again in the slow lane, and only there until it succeeds; other sources are not', async () => {
  const { ask } = pool();
  expect(await ask('mine', RAN_AWAY)).toEqual(['usual', 'suspect', RAN_AWAY]);
  expect(await ask('yours', WELL)).toEqual(['usual', WELL]);
  expect(await ask('mine', WELL)).toEqual(['suspect', WELL]);
  expect(await ask('mine', WELL)).toEqual(['usual', WELL]);
});

test('a source whose expression stopped by itself is not evaluated again to classify it', async () => {
  const { ask } = pool();
  expect(await ask('mine', STOPPED)).toEqual(['usual', STOPPED]);
  expect(await ask('mine', WELL)).toEqual(['suspect', WELL]);
});

test('a slow expression gets its time in the slow lane, and returns its figures', async () => {
  const { ask } = pool();
  for (let poll = 0; poll < 2; poll += 1) expect(await ask('slow', RAN_AWAY, WELL)).toEqual(['usual', 'suspect', WELL]);
});
