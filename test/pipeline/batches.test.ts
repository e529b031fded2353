import { expect, test } from 'vitest';
import { runSql } from '../support/database.ts';
import { startPipeline } from '../support/pipeline.ts';

const FILE =
  'sources: [{ id: abmatic, kind: push, period: { every: month, day: 1 } }]\nroutes:\n  - { slack: C0ALERTS, meters: all, digest: false }\n';
/** Rises over levels, is corrected, topped up, cut and reset. */
const FIGURES: readonly (readonly [observedAt: string, used: number, total: number])[] = [
  ['2026-10-28T08:00:00Z', 500, 1000],
  ['2026-10-29T08:00:00Z', 850, 1000],
  ['2026-10-30T08:00:00Z', 700, 1000],
  ['2026-10-31T08:00:00Z', 1010, 1000],
  ['2026-11-01T08:00:00Z', 20, 1000],
  ['2026-11-02T08:00:00Z', 810, 1000],
  ['2026-11-03T08:00:00Z', 810, 2500],
  ['2026-11-04T08:00:00Z', 820, 900],
  ['2026-11-05T08:00:00Z', 905, 900],
];

/** What is on record after the same readings in batches of a size: firings, and the alerts that they belong to. */
async function recordAfter(
  batches: readonly (readonly number[])[],
): Promise<{ firings: readonly Record<string, unknown>[]; alerts: unknown; meters: unknown }> {
  const pipeline = await startPipeline(FILE, '2026-11-05T09:00:00Z');
  for (const batch of batches) {
    await pipeline.push(
      batch.flatMap((index) =>
        FIGURES[index] ? [{ meter: 'leads', used: FIGURES[index][1], total: FIGURES[index][2], observedAt: FIGURES[index][0] }] : [],
      ),
    );
  }
  return {
    firings: await runSql(pipeline.url, 'SELECT rule_id, period_began_at, condition, occurrence FROM firing ORDER BY 2, 3, 4'),
    alerts: await runSql(
      pipeline.url,
      'SELECT topic, status, severity, resolution, opened_at, resolved_at FROM alert ORDER BY opened_at, topic',
    ),
    meters: await runSql(pipeline.url, 'SELECT used, total, observed_at, period_began_at, history FROM meter'),
  };
}

const each = FIGURES.map((_, index) => [index]);
const all = FIGURES.map((_, index) => index);

test('the record is the same however the readings were batched, and in whatever order they stand in a batch', async () => {
  const expected = await recordAfter(each);
  expect(expected.firings.map(({ condition }) => condition)).toEqual([
    'used:100%',
    'used:80%',
    'used:80%',
    'runs-out',
    'used:100%',
    'used:80%',
    'used:80%',
  ]);
  expect(await recordAfter([all])).toEqual(expected);
  expect(await recordAfter([all.toReversed()])).toEqual(expected);
  expect(await recordAfter([all.slice(0, 3), all.slice(2, 7), all])).toEqual(expected);
});

test('what is written in several parts is decided like one: levels crossed far apart, figures that were there already, two of one moment', async () => {
  const many = Array.from({ length: 1300 }, (_, minute) => ({
    meter: `leads_${String(minute % 2)}`,
    used: minute,
    total: 1250,
    observedAt: new Date(Date.parse('2026-11-04T08:00:00Z') + minute * 60_000).toISOString(),
  }));
  // The first part ends with the 500th: its twin begins the next.
  const twice = [499, 1298].map((nth) => ({ ...many[nth], used: nth - 1 }));
  const inOne = await startPipeline(FILE, '2026-11-05T09:00:00Z');
  expect(await inOne.push(many.slice(600, 700))).toMatchObject({ accepted: 100, duplicates: 0 });
  // Those of the middle are there already; of the two of one moment the last stays.
  expect(await inOne.push([...many, ...twice])).toEqual({ accepted: 1202, duplicates: 100, rejected: [] });
  const inTurn = await startPipeline(FILE, '2026-11-05T09:00:00Z');
  for (let from = 0; from < many.length; from += 100) {
    if (from === 0) expect(await inTurn.push(many.slice(600, 700))).toMatchObject({ accepted: 100 });
    await inTurn.push([...many.slice(from, from + 100), ...twice.filter((_, index) => [400, 1200][index] === from)]);
  }
  const record = async ({ url }: { readonly url: string }) => ({
    firings: await runSql(
      url,
      'SELECT meter.key, rule_id, condition, occurrence FROM firing JOIN meter ON meter.id = meter_id ORDER BY 1, 2, 3, 4',
    ),
    meters: await runSql(url, 'SELECT key, used, total, observed_at, history_tip FROM meter ORDER BY key'),
    readings: await runSql(
      url,
      'SELECT key, reading.used, reading.observed_at FROM reading JOIN meter ON meter.id = meter_id ORDER BY 1, 3',
    ),
  });
  const [one, turns] = [await record(inOne), await record(inTurn)];
  expect(one.readings).toHaveLength(1300);
  expect(one.firings).toEqual([
    { key: 'leads_0', rule_id: 'standard:threshold', condition: 'used:100%', occurrence: 1 },
    { key: 'leads_0', rule_id: 'standard:threshold', condition: 'used:80%', occurrence: 1 },
    { key: 'leads_1', rule_id: 'standard:threshold', condition: 'used:100%', occurrence: 1 },
    { key: 'leads_1', rule_id: 'standard:threshold', condition: 'used:80%', occurrence: 1 },
  ]);
  expect(one).toEqual(turns);
});
