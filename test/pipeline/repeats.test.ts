import { randomUUID } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { createIngest } from '../../src/pipeline/ingest/ingest.ts';
import type { Ingest, IngestRequest } from '../../src/ports/inbound/ingest.ts';
import { runSql, openTestStore } from '../support/database.ts';
import { startPipeline } from '../support/pipeline.ts';
import { recordedLog } from '../support/slack/recorded-log.ts';

const FILE = 'sources: [{ id: abmatic, kind: push }]\n';
const NOW = '2026-11-05T09:00:00Z';
const at = (minute: number) => new Date(Date.parse('2026-11-03T08:00:00Z') + minute * 60_000).toISOString();
const leads = (minute: number, used = minute) => ({ meter: 'leads', used, total: 10_000, observedAt: at(minute) });

async function figuresOf(url: string, meter = 'leads'): Promise<readonly string[]> {
  const rows = await runSql(
    url,
    `SELECT to_char(reading.observed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || ' ' || reading.used AS figure
     FROM reading JOIN meter ON meter.id = meter_id WHERE key = '${meter}' ORDER BY reading.observed_at`,
  );
  return rows.map(({ figure }) => String(figure));
}

test('late readings, such as are on record, two of one moment and new ones in one ingest: each moment counts once, and the last figure stays', async () => {
  const pipeline = await startPipeline(FILE, NOW);
  await pipeline.push([leads(10), leads(20)]);
  const mixed = [leads(30), leads(30, 999), leads(20, 999), leads(5), leads(5, 999), leads(10, 999), leads(15), leads(40), leads(40)];
  expect(await pipeline.push(mixed)).toEqual({ accepted: 8, duplicates: 1, rejected: [] });
  const figures = [
    [5, 999],
    [10, 999],
    [15, 15],
    [20, 999],
    [30, 999],
    [40, 40],
  ] as const;
  expect(await figuresOf(pipeline.url)).toEqual(figures.map(([minute, used]) => `${at(minute)} ${String(used)}`));
  expect(await pipeline.push(mixed)).toEqual({ accepted: 0, duplicates: 9, rejected: [] });
  expect(await figuresOf(pipeline.url)).toEqual(figures.map(([minute, used]) => `${at(minute)} ${String(used)}`));
  expect(await runSql(pipeline.url, 'SELECT used, observed_at FROM meter')).toMatchObject([{ observed_at: new Date(at(40)) }]);
});

/** Another process on the same database. */
function startIngest(url: string): Ingest {
  const store = openTestStore(url, Buffer.alloc(32, 1));
  onTestFinished(() => store.close());
  return createIngest({ store, log: recordedLog(), newId: randomUUID, wake: () => undefined });
}
const submission = (readings: readonly unknown[], eventId: string | null = null): IngestRequest => ({
  account: 'default',
  source: 'abmatic',
  via: 'push',
  eventId,
  arrivedAt: new Date(NOW),
  readings,
});

test('two processes that are given the same readings at the same time take each of them once', async () => {
  const pipeline = await startPipeline(FILE, NOW);
  await pipeline.push([leads(0)]);
  const ingest = startIngest(pipeline.url);
  const readings = Array.from({ length: 1_500 }, (_, index) => leads(index + 1));
  const reports = await Promise.all([pipeline.push(readings), ingest(submission(readings))]);
  const sum = (pick: (report: (typeof reports)[number]) => number) => reports.reduce((total, report) => total + pick(report), 0);
  expect([sum(({ accepted }) => accepted), sum(({ duplicates }) => duplicates), sum(({ rejected }) => rejected.length)]).toEqual([
    1_500, 1_500, 0,
  ]);
  expect(await figuresOf(pipeline.url)).toHaveLength(1_501);
});

test('readings that are on record although their meter stands earlier are known all the same, and what came with them is taken', async () => {
  const pipeline = await startPipeline(FILE, NOW);
  const ingest = startIngest(pipeline.url);
  await ingest(submission([leads(10), leads(20), leads(700)]));
  // As somebody may do in the database.
  await runSql(pipeline.url, `UPDATE meter SET used = 10, observed_at = '${at(10)}'`);
  // More than are written at first: those before the repeats have been decided by then.
  const many = Array.from({ length: 690 }, (_, index) => leads(index + 11, index + 11));
  const mails = { ...leads(30), meter: 'mails' };
  expect(await ingest(submission([...many, mails], 'event of the push'))).toEqual({ accepted: 689, duplicates: 2, rejected: [] });
  expect(await figuresOf(pipeline.url)).toEqual([10, ...many.map(({ used }) => used)].map((minute) => `${at(minute)} ${String(minute)}`));
  expect(await figuresOf(pipeline.url, 'mails')).toEqual([`${at(30)} 30`]);
  expect(await runSql(pipeline.url, "SELECT used FROM meter WHERE key = 'leads'")).toEqual([{ used: '699' }]);
  // Though its transaction began three times.
  expect(await runSql(pipeline.url, 'SELECT event_id FROM received_event')).toEqual([{ event_id: 'event of the push' }]);
});
