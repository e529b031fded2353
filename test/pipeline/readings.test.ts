import { expect, test } from 'vitest';
import { startPipeline } from '../support/pipeline.ts';

const at = (hour: number) => new Date(Date.UTC(2026, 10, 20, hour));

test('readings of a range come in the order of observation, the late one in its place, the end left out', async () => {
  const pipeline = await startPipeline('', '2026-11-20T12:00:00Z');
  const period = { start: new Date('2026-11-01T00:00:00Z'), end: new Date('2026-12-01T00:00:00Z') };
  await pipeline.push([8, 9, 11].map((hour) => ({ meter: 'ads', used: hour * 100, total: null, observedAt: at(hour).toISOString(), period: { start: period.start.toISOString(), end: period.end.toISOString() } })));
  await pipeline.push([{ meter: 'ads', used: 1000, total: 2000, observedAt: at(10).toISOString() }, { meter: 'other', used: 1, observedAt: at(10).toISOString() }]);
  const id = await pipeline.meterId('ads');
  expect(await pipeline.store.readings(id, at(9), at(11))).toEqual([
    { used: 900n, total: null, observedAt: at(9), period },
    { used: 1000n, total: 2000n, observedAt: at(10), period: null },
  ]);
  expect(await pipeline.store.readingBefore(id, at(9))).toEqual({ used: 800n, total: null, observedAt: at(8), period });
  expect(await pipeline.store.readingBefore(id, at(8))).toBeNull();
});
