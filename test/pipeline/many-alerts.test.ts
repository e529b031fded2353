import { expect, test } from 'vitest';
import { runSql } from '../support/database.ts';
import { startPipeline } from '../support/pipeline.ts';

const COUNT = 4_000;
const FILE = `sources: [{ id: vendor, kind: push }]
routes:
  - { slack: C0ONE, meters: all, digest: false }
  - { slack: C0TWO, meters: all, digest: false }
`;
const ROWS = `SELECT (SELECT count(*)::int FROM alert WHERE open_topic IS NOT NULL) AS alerts, (SELECT count(*)::int FROM firing) AS firings,
  (SELECT count(*)::int FROM notification WHERE kind = 'alert') AS notifications, (SELECT count(*)::int FROM delivery WHERE status = 'pending') AS deliveries`;

test('4,000 meters that cross a level in one push each get their alert in every channel, and so when they recover', async () => {
  const pipeline = await startPipeline(FILE, '2026-11-28T09:00:00Z');
  const push = (used: number, at: string) =>
    pipeline.ingest({
      account: 'default',
      source: 'vendor',
      via: 'push',
      eventId: null,
      arrivedAt: new Date(at),
      readings: Array.from({ length: COUNT }, (_, nth) => ({ meter: `meter_${nth}`, used, total: 1000 })),
    });
  expect(await push(1, pipeline.now().toISOString())).toEqual({ accepted: COUNT, duplicates: 0, rejected: [] });
  expect(await push(850, '2026-11-28T09:01:00Z')).toEqual({ accepted: COUNT, duplicates: 0, rejected: [] });
  expect(await runSql(pipeline.url, ROWS)).toEqual([{ alerts: COUNT, firings: COUNT, notifications: COUNT, deliveries: 2 * COUNT }]);
  expect(await push(100, '2026-11-28T09:02:00Z')).toEqual({ accepted: COUNT, duplicates: 0, rejected: [] });
  expect(await runSql(pipeline.url, ROWS)).toEqual([{ alerts: 0, firings: COUNT, notifications: 2 * COUNT, deliveries: 6 * COUNT }]);
}, 120_000);
