import { expect, test } from 'vitest';
import { startPipeline, type Pipeline } from '../support/pipeline.ts';

const FILE =
  'sources: [{ id: import, kind: import, period: { every: month, day: 1 } }]\nroutes:\n  - { slack: C0ALERTS, meters: all, digest: false }\n';
const NOW = '2026-11-23T09:00:00Z';
const DAY_MS = 24 * 60 * 60_000;

/** A reading a day: each month begins at 0 and uses so much a day of 1,000. */
function history(from: string, to: string, perDay: number): readonly Record<string, unknown>[] {
  const days = Array.from(
    { length: Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1 },
    (_, index) => new Date(Date.parse(from) + index * DAY_MS),
  );
  return days.map((day) => ({ meter: 'leads', used: String(day.getUTCDate() * perDay), total: '1000', observedAt: day.toISOString() }));
}

const load = (pipeline: Pipeline, readings: readonly Record<string, unknown>[]) =>
  pipeline.push(readings, { source: 'import', via: 'import' });

test('history that was over every level in months gone by says nothing, and imported twice it changes nothing', async () => {
  const pipeline = await startPipeline(FILE, NOW);
  const readings = history('2026-08-20T08:00:00Z', '2026-11-10T08:00:00Z', 40);
  expect(await load(pipeline, readings)).toEqual({ accepted: readings.length, duplicates: 0, rejected: [] });
  const meters = JSON.stringify(await pipeline.store.meters('default'), (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  expect(await load(pipeline, readings)).toEqual({ accepted: 0, duplicates: readings.length, rejected: [] });
  expect(
    JSON.stringify(await pipeline.store.meters('default'), (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
  ).toBe(meters);
  await pipeline.goTo('2026-11-23T10:00:00Z');
  expect(pipeline.news()).toEqual([]);
});

test('history up to today says once what happened lately', async () => {
  const pipeline = await startPipeline(FILE, NOW);
  await load(pipeline, history('2026-08-20T08:00:00Z', '2026-11-23T08:00:00Z', 37));
  expect(pipeline.news().filter((text) => text.includes('Leads'))).toEqual([
    expect.stringMatching(/^🟠 Leads reached 80%[^]*\n851 \/ 1,000/),
  ]);
});

test('a push after history that ended over a level says that it is already there', async () => {
  const pipeline = await startPipeline(FILE, NOW);
  await load(pipeline, history('2026-10-01T08:00:00Z', '2026-11-15T08:00:00Z', 57));
  expect(pipeline.news()).toEqual([]);
  await pipeline.push([{ meter: 'leads', used: 930, total: 1000 }], { source: 'import' });
  expect(pipeline.news()).toEqual([expect.stringMatching(/^🟠 Leads is already at 93%/)]);
});

test('pasted figures are of the configured meter whose label, key or alias the page shows, and pushed ones are of the key that they name', async () => {
  const file = `sources:
  - id: import
    kind: import
    meters:
      lead_credits: { label: Leads }
      seat_credits: { label: Seats, aliases: [Users] }
`;
  const pipeline = await startPipeline(file, NOW);
  const keys = async () =>
    (await pipeline.store.meters('default')).map(({ meter, reading }) => `${meter.key} ${String(reading.used)}`).toSorted();
  const shown = [
    { meter: 'leads', label: 'Leads', used: 4, total: 10 },
    { meter: 'users', label: 'Users', used: 5, total: 10 },
    { meter: 'calls', label: 'Calls', used: 6, total: 10 },
  ];
  expect(await load(pipeline, shown)).toEqual({ accepted: 3, duplicates: 0, rejected: [] });
  const expected = ['calls 6', 'lead_credits 4', 'seat_credits 5'];
  expect(await keys()).toEqual(expected);
  await pipeline.push([{ meter: 'leads', used: 9, total: 10 }], { source: 'import' });
  expect(await keys()).toEqual([...expected, 'leads 9'].toSorted());
});
