import { expect, test } from 'vitest';
import type { Evaluation } from '../../../src/sources/http/evaluator.ts';
import { createEvaluatorPool } from '../../../src/sources/http/evaluator-pool.ts';

const JOB = { text: '{}', headers: {}, expressions: ['a'] };
const RAN_AWAY = { problem: 'runs-away' as const };
const STOPPED = { results: [{ found: 'nothing' as const }, { found: 'error' as const, runsAway: true }] };
const WELL = { results: [{ found: 'value' as const, value: 1 }] };

/** The lanes, with what each answers next, and in which lanes a source was asked. */
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

test('a source whose expression was ended is asked again apart, and only there until it ends well again; the others are not', async () => {
  const { ask } = pool();
  expect(await ask('mine', RAN_AWAY)).toEqual(['usual', 'suspect', RAN_AWAY]);
  expect(await ask('yours', WELL)).toEqual(['usual', WELL]);
  expect(await ask('mine', WELL)).toEqual(['suspect', WELL]);
  expect(await ask('mine', WELL)).toEqual(['usual', WELL]);
});

test('one that was stopped by itself need not be asked again to be known', async () => {
  const { ask } = pool();
  expect(await ask('mine', STOPPED)).toEqual(['usual', STOPPED]);
  expect(await ask('mine', WELL)).toEqual(['suspect', WELL]);
});

test('one that only takes its time gets it apart, and brings its figures', async () => {
  const { ask } = pool();
  for (let poll = 0; poll < 2; poll += 1) expect(await ask('slow', RAN_AWAY, WELL)).toEqual(['usual', 'suspect', WELL]);
});
