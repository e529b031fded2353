import { expect, test } from 'vitest';
import type { Evaluator } from '../../../src/sources/http/evaluator.ts';
import { createLanes } from '../../../src/sources/http/lanes.ts';

const JOB = { text: '{}', headers: {}, expressions: ['a'] };
const RAN_AWAY = { problem: 'runs-away' as const };
const STOPPED = { results: [{ found: 'nothing' as const }, { found: 'error' as const, runsAway: true }] };
const WELL = { results: [{ found: 'value' as const, value: 1 }] };

/** The lanes, with what is answered next, and in which lane each was asked. */
function lanes() {
  const asked: string[] = [];
  const names = ['usual', 'suspect'];
  let next: Awaited<ReturnType<Evaluator['evaluate']>> = WELL;
  const created = createLanes(() => {
    const name = names.shift() ?? '';
    return {
      evaluate: async () => {
        asked.push(name);
        return next;
      },
      close: () => undefined,
    };
  });
  const ask = async (source: string, answer: typeof next) => {
    next = answer;
    await created.of(source).evaluate(JOB);
    return asked.at(-1);
  };
  return { ask };
}

test.each([['was ended', RAN_AWAY], ['was stopped by itself', STOPPED]])('a source whose expression %s is asked apart from then on, until it ends well again; the others are not', async (_, outcome) => {
  const { ask } = lanes();
  expect(await ask('mine', outcome)).toBe('usual');
  expect(await ask('mine', outcome)).toBe('suspect');
  expect(await ask('yours', WELL)).toBe('usual');
  expect(await ask('mine', WELL)).toBe('suspect');
  expect(await ask('mine', WELL)).toBe('usual');
});
