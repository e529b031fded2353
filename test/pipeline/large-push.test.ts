import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { createIngest } from '../../src/pipeline/ingest/ingest.ts';
import type { IngestOpening, IngestStore } from '../../src/ports/stores/ingest-store.ts';
import { StoreUnavailable } from '../../src/ports/stores/store-errors.ts';
import { runSql } from '../support/database.ts';
import { startPipeline, type Pipeline } from '../support/pipeline.ts';
import { recordedLog } from '../support/slack/recorded-log.ts';

const FILE = `sources: [{ id: vendor, kind: push }]
routes:
  - { slack: C0ONE, meters: all, digest: false }
`;
const COUNT = 4_500;
const ROWS = `SELECT (SELECT count(*)::int FROM reading) AS readings, (SELECT count(*)::int FROM alert) AS alerts, (SELECT count(*)::int FROM firing) AS firings,
  (SELECT count(*)::int FROM notification WHERE kind = 'alert') AS notifications, (SELECT count(*)::int FROM delivery) AS deliveries`;

/** The write side of a service whose store may fail, with what it woke and the size of each transaction. */
function ingestThrough(pipeline: Pipeline, failure: (nth: number) => 'at its start' | 'at its commit' | null = () => null) {
  const openings: IngestOpening[] = [];
  const woken: string[] = [];
  const store: IngestStore = {
    namesOf: (account, source) => pipeline.store.namesOf(account, source),
    forgetEvents: (before) => pipeline.store.forgetEvents(before),
    async ingest(opening, work) {
      openings.push(opening);
      const fails = failure(openings.length);
      if (fails === 'at its start') throw new StoreUnavailable(null);
      return pipeline.store.ingest(opening, async (transaction) => {
        const result = await work(transaction);
        if (fails === 'at its commit') throw new StoreUnavailable(null);
        return result;
      });
    },
  };
  const ingest = createIngest({ store, log: recordedLog(), newId: randomUUID, wake: (id) => void woken.push(id) });
  return { ingest, openings, woken };
}

/** A reading of each meter, without a time of its own: it counts as observed when it arrives. */
const push = (used: number, at: string, eventId: string | null) => ({
  account: 'default',
  source: 'vendor',
  via: 'push' as const,
  eventId,
  arrivedAt: new Date(at),
  readings: Array.from({ length: COUNT }, (_, nth) => ({ meter: `meter_${String(nth)}`, used, total: 1000 })),
});

test.each(['at its start', 'at its commit'] as const)(
  'a push of 4,500 crossing meters whose second transaction fails %s is not accepted; sent again, it counts and announces each meter once',
  async (fails) => {
    const pipeline = await startPipeline(FILE, '2026-11-28T09:00:00Z');
    const first = ingestThrough(pipeline, (nth) => (nth === 2 ? fails : null));
    await expect(first.ingest(push(850, '2026-11-28T09:00:00Z', 'event'))).rejects.toMatchObject({
      name: 'StoreUnavailable',
      isStoredInPart: true,
    });
    const [{ readings: stored } = {}] = await runSql(pipeline.url, ROWS);
    expect(Number(stored)).toBeGreaterThan(0);
    expect(Number(stored)).toBeLessThan(COUNT);
    // What was stored is posted, although the push failed.
    expect(first.woken).toHaveLength(1);

    const second = ingestThrough(pipeline);
    const once = { readings: COUNT, alerts: COUNT, firings: COUNT, notifications: COUNT, deliveries: COUNT };
    expect(await second.ingest(push(850, '2026-11-28T09:00:05Z', 'event'))).toEqual({
      accepted: COUNT - Number(stored),
      duplicates: Number(stored),
      rejected: [],
    });
    expect(await runSql(pipeline.url, ROWS)).toEqual([once]);
    // The event was counted as a whole, so a replay is a no-op.
    expect(await second.ingest(push(850, '2026-11-28T09:00:10Z', 'event'))).toEqual({ accepted: 0, duplicates: COUNT, rejected: [] });
    expect(await runSql(pipeline.url, ROWS)).toEqual([once]);
  },
  120_000,
);

test('a push that fails in its first transaction stored nothing, and says so', async () => {
  const pipeline = await startPipeline(FILE, '2026-11-28T09:00:00Z');
  const { ingest, openings } = ingestThrough(pipeline, () => 'at its start');
  await expect(ingest(push(850, '2026-11-28T09:00:00Z', 'event'))).rejects.toMatchObject({ isStoredInPart: false });
  // Of the transactions that were to follow, none was tried.
  expect(openings.length).toBeLessThanOrEqual(2);
  expect(await runSql(pipeline.url, 'SELECT count(*)::int AS meters FROM meter')).toEqual([{ meters: 0 }]);
});

test('no transaction has more than 2,000 meters, whether they come in one push or in many at once', async () => {
  const pipeline = await startPipeline(FILE, '2026-11-28T09:00:00Z');
  const one = ingestThrough(pipeline);
  expect(await one.ingest(push(10, '2026-11-28T09:00:00Z', null))).toEqual({ accepted: COUNT, duplicates: 0, rejected: [] });
  expect(one.openings.map(({ keys }) => keys.length).toSorted((a, b) => a - b)).toEqual([500, 2000, 2000]);
  expect(new Set(one.openings.flatMap(({ keys }) => keys)).size).toBe(COUNT);

  const many = ingestThrough(pipeline);
  const { readings, ...rest } = push(20, '2026-11-28T09:01:00Z', null);
  const parts = Array.from({ length: 9 }, (_, part) => readings.slice(part * 500, (part + 1) * 500));
  const reports = await Promise.all(parts.map((part) => many.ingest({ ...rest, readings: part })));
  expect(reports).toEqual(parts.map(() => ({ accepted: 500, duplicates: 0, rejected: [] })));
  expect(Math.max(...many.openings.map(({ keys }) => keys.length))).toBeLessThanOrEqual(2000);
  expect(many.openings.length).toBeLessThan(parts.length);
});

test('a bad reading and a repeated one are reported by their place in the push, wherever it was split', async () => {
  const pipeline = await startPipeline(FILE, '2026-11-28T09:00:00Z');
  const { ingest } = ingestThrough(pipeline);
  const sent = push(10, '2026-11-28T09:00:00Z', null);
  const readings = sent.readings.map((reading, nth) => (nth === 1_000 || nth === 4_000 ? { ...reading, used: -1 } : reading));
  const report = await ingest({ ...sent, readings: [...readings, { meter: 'meter_4499', used: 10, total: 1000 }] });
  expect(report).toMatchObject({ accepted: COUNT - 2, duplicates: 1 });
  expect(report.rejected.map(({ index }) => index)).toEqual([1_000, 4_000]);
});
