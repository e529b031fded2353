import { expect, test } from 'vitest';
import { runSql } from '../support/database.ts';
import { startPipeline } from '../support/pipeline.ts';

const FILE = `
routes: [{ slack: C0ALERTS, meters: all, digest: false }]
rules: [{ kind: threshold, levels: [50%, 80%, 100%] }, { kind: spike }, { kind: under-use }, { kind: forecast }]
`;
const november = { start: '2026-11-01T00:00:00Z', end: '2026-12-01T00:00:00Z' };
const december = { start: '2026-12-01T00:00:00Z', end: '2027-01-01T00:00:00Z' };

/** Every six hours from noon of 28 November on. */
const reading = (index: number, used: number, total = 1000, period = november) => ({
  meter: 'leads',
  used,
  total,
  period,
  observedAt: new Date(Date.UTC(2026, 10, 28, 12 + index * 6)).toISOString(),
});

const HISTORIES = {
  'rising through all levels, topped up, rising again': [100, 510, 820, 1000]
    .map((used, index) => reading(index, used))
    .concat([reading(4, 1010, 2500), reading(5, 2100, 2500), reading(6, 2500, 2500)]),
  'wavering on a line, a correction and the line once more': [790, 800, 760, 800, 700, 810].map((used, index) => reading(index, used)),
  'over, a new period, over again': [
    reading(0, 850),
    reading(4, 990),
    reading(10, 20, 1000, december),
    reading(11, 520, 1000, december),
    reading(12, 900, 1000, december),
  ],
  'used up, eased by a small top-up, cut again': [reading(0, 1000), reading(1, 1000, 1150), reading(2, 1000, 1000), reading(3, 1000, 2500)],
};
type Pushed = ReturnType<typeof reading>;

/** How the same readings may come: each list is one request. */
const BATCHES: Readonly<Record<string, (all: readonly Pushed[]) => readonly (readonly Pushed[])[]>> = {
  'one by one': (all) => all.map((one) => [one]),
  'all at once': (all) => [all],
  'all at once, in another order': (all) => [all.toReversed()],
  'in pairs, each with what came before again': (all) =>
    all.flatMap((_, index) => (index % 2 === 0 ? [all.slice(Math.max(0, index - 1), index + 2)] : [])),
};

async function stored(
  batches: readonly (readonly Pushed[])[],
): Promise<Readonly<Record<'firings' | 'alerts' | 'meter' | 'memories', readonly unknown[]>>> {
  const pipeline = await startPipeline(FILE, '2026-12-02T00:00:00Z');
  for (const batch of batches) await pipeline.push(batch);
  const firings = await runSql(pipeline.url, 'SELECT rule_id, period_began_at, condition, occurrence FROM firing ORDER BY 1, 2, 3, 4');
  const alerts = await runSql(
    pipeline.url,
    'SELECT topic, status, severity, resolution, opened_at, resolved_at FROM alert ORDER BY opened_at, topic, severity',
  );
  const meter = await runSql(pipeline.url, 'SELECT used, total, observed_at, period_began_at, history FROM meter');
  const memories = await runSql(pipeline.url, 'SELECT rule_id, state, firings FROM rule_memory ORDER BY 1');
  return { firings, alerts, meter, memories };
}

test.each(Object.entries(HISTORIES))('%s: what is decided does not depend on how the readings were sent', async (_what, readings) => {
  const expected = await stored(readings.map((one) => [one]));
  expect(expected.firings.length).toBeGreaterThan(1);
  for (const [, batch] of Object.entries(BATCHES).slice(1)) expect(await stored(batch(readings))).toEqual(expected);
});
