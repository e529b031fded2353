import { expect, test } from 'vitest';
import { runSql } from '../support/database.ts';
import { startPipeline } from '../support/pipeline.ts';

const at = (hour: number) => new Date(Date.UTC(2026, 10, 20, hour));

test('readings of a range come in the order of observation, the late one in its place, the end left out', async () => {
  const pipeline = await startPipeline('', '2026-11-20T12:00:00Z');
  const period = { start: new Date('2026-11-01T00:00:00Z'), end: new Date('2026-12-01T00:00:00Z') };
  await pipeline.push(
    [8, 9, 11].map((hour) => ({
      meter: 'ads',
      used: hour * 100,
      total: null,
      observedAt: at(hour).toISOString(),
      period: { start: period.start.toISOString(), end: period.end.toISOString() },
    })),
  );
  await pipeline.push([
    { meter: 'ads', used: 1000, total: 2000, observedAt: at(10).toISOString() },
    { meter: 'other', used: 1, observedAt: at(10).toISOString() },
  ]);
  const id = await pipeline.meterId('ads');
  expect(await pipeline.store.readings(id, at(9), at(11))).toEqual([
    { used: 900n, total: null, observedAt: at(9), period },
    { used: 1000n, total: 2000n, observedAt: at(10), period: null },
  ]);
  expect(await pipeline.store.readingsBefore(id, at(9), 5)).toEqual([{ used: 800n, total: null, observedAt: at(8), period }]);
  expect(await pipeline.store.readingsBefore(id, at(8), 5)).toEqual([]);
});

test('a reading beyond the years that a database keeps is refused alone: what came with it is taken', async () => {
  const pipeline = await startPipeline('', '2026-11-20T12:00:00Z');
  const period = { start: '2026-11-01T00:00:00Z', end: '9999-12-31T23:59:59-14:00' };
  expect(
    await pipeline.push([
      { meter: 'ads', used: 1, period },
      { meter: 'ads', used: 1, observedAt: '0001-01-01T00:00:00+01:00' },
      { meter: 'ads', used: 1 },
    ]),
  ).toEqual({
    accepted: 1,
    duplicates: 0,
    rejected: [
      { index: 0, reason: 'period.end must lie in the years 1 to 9999' },
      { index: 1, reason: 'observedAt must lie in the years 1 to 9999' },
    ],
  });
});

test('moments are kept to the millisecond, however far away they are', async () => {
  const pipeline = await startPipeline('', '2026-11-20T12:00:00Z');
  const moments = { start: '0001-01-01T00:00:00.007Z', end: '9999-12-31T23:59:59.999Z' };
  await pipeline.push([
    { meter: 'ads', used: 1, total: null, observedAt: '1969-12-31T23:59:59.999Z' },
    { meter: 'ads', used: 2, total: null, observedAt: '2026-11-20T11:59:59.001Z', period: moments },
  ]);
  expect(
    await runSql(
      pipeline.url,
      `SELECT to_char(observed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') AS observed, to_char(period_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') AS start, to_char(period_end AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') AS end FROM reading ORDER BY observed_at`,
    ),
  ).toEqual([
    { observed: '1969-12-31 23:59:59.999000', start: null, end: null },
    { observed: '2026-11-20 11:59:59.001000', start: '0001-01-01 00:00:00.007000', end: '9999-12-31 23:59:59.999000' },
  ]);
});
