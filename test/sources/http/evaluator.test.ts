import { expect, onTestFinished, test } from 'vitest';
import { createEvaluator } from '../../../src/sources/http/evaluator.ts';

function evaluator() {
  const created = createEvaluator();
  onTestFinished(() => created.close());
  return (
    expressions: readonly string[],
    body: unknown = { data: { used: 5, list: [1, 2], none: null, name: 'x' } },
    headers: Record<string, string> = {},
  ) => created.evaluate({ text: typeof body === 'string' ? body : JSON.stringify(body), headers, expressions });
}

test('expressions find values, nothing, and results that are not values', async () => {
  const evaluate = evaluator();
  expect(
    await evaluate(
      ['data.used', 'data.none', 'data.name', 'data.missing', 'data.list', 'data', '$number("x")', '$headers."x-left"', 'data.used * 2'],
      undefined,
      { 'x-left': '7' },
    ),
  ).toEqual({
    results: [
      { found: 'value', value: 5 },
      { found: 'value', value: null },
      { found: 'value', value: 'x' },
      { found: 'nothing' },
      { found: 'other', type: 'list', size: 2 },
      { found: 'other', type: 'object' },
      { found: 'error', runsAway: false },
      { found: 'value', value: '7' },
      { found: 'value', value: 10 },
    ],
  });
});

test('$now and $millis return the time of the poll, also in other pictures and in other expressions of it', async () => {
  const created = createEvaluator();
  onTestFinished(() => created.close());
  const at = Date.UTC(2026, 6, 30, 23, 30);
  const expressions = ['$now()', '$millis()', '$now("[Y]-[M01]")', '$now("[H01]", "+0200")', '$substring($now(), 0, 7) & "-01"'];
  expect(await created.evaluate({ text: '{}', headers: {}, at, expressions })).toEqual({
    results: ['2026-07-30T23:30:00.000Z', at, '2026-07', '01', '2026-07-01'].map((value) => ({ found: 'value', value })),
  });
});

test('reports text that is not JSON, or nested too deeply', async () => {
  const evaluate = evaluator();
  expect(await evaluate(['a'], '<html>')).toEqual({ problem: 'not-json' });
  expect(await evaluate(['a'], '['.repeat(400_000) + ']'.repeat(400_000))).toEqual({ problem: 'too-deep' });
  expect(await evaluate(['$headers.left'], '', { left: '3' })).toEqual({ results: [{ found: 'value', value: '3' }] });
});

test('__proto__ in an answer is an ordinary key and changes nothing', async () => {
  const evaluate = evaluator();
  expect(
    await evaluate(['used', 'polluted'], '{"__proto__":{"used":1,"polluted":true},"constructor":{"prototype":{"polluted":true}}}'),
  ).toMatchObject({ results: [{ found: 'nothing' }, { found: 'nothing' }] });
  expect(await evaluate(['polluted'], '{}')).toEqual({ results: [{ found: 'nothing' }] });
});

test.each([
  ['without end', '($f := function(){$f()}; $f())'],
  ['ever deeper', '($f := function(){1 + $f()}; $f())'],
  ['over a huge range', '[1..10000000]'],
])('an expression that runs %s is stopped by itself, and the others of the source still count', async (_how, expression) => {
  const evaluate = evaluator();
  expect(await evaluate([expression, 'data.used'])).toEqual({
    results: [
      { found: 'error', runsAway: true },
      { found: 'value', value: 5 },
    ],
  });
});

test.each([
  ['a regular expression that backtracks for ever', `$match("${'a'.repeat(50)}!", /^(a+)+$/)`],
  ['a text of half a gigabyte', '$length($pad("a", 500000000))'],
  ['lists of lists of lists', '($f := function($n, $o){$n = 0 ? $o : $f($n - 1, [[$o], [$o]])}; $string($f(40, [1..9000])))'],
])('%s ends its own process; the event loop stays free, and the next expression is evaluated', async (_what, expression) => {
  const evaluate = evaluator();
  await evaluate(['data.used']);
  const before = process.memoryUsage().rss;
  let turns = 0;
  const watch = setInterval(() => (turns += 1), 10);
  const [runaway, next] = await Promise.all([evaluate([expression]), evaluate(['data.used'])]);
  clearInterval(watch);
  expect(runaway).toEqual(
    expect.toSatisfy((one: Awaited<ReturnType<typeof evaluate>>) =>
      'problem' in one ? one.problem === 'runs-away' : one.results[0]?.found === 'error',
    ),
  );
  expect(next).toEqual({ results: [{ found: 'value', value: 5 }] });
  expect(turns).toBeGreaterThan(5);
  expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
});

test('an expression cannot read environment variables or modules', async () => {
  const evaluate = evaluator();
  expect(await evaluate(['$process', 'process.env', '$eval("require(\\"fs\\")")', '$constructor'])).toEqual({
    results: [{ found: 'nothing' }, { found: 'nothing' }, { found: 'error', runsAway: false }, { found: 'nothing' }],
  });
});

test('after close nothing is evaluated, and no caller waits', async () => {
  const created = createEvaluator();
  created.close();
  expect(await created.evaluate({ text: '1', headers: {}, expressions: ['$'] })).toEqual({ problem: 'runs-away' });
});
