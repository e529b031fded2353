import { expect, test } from 'vitest';
import { routeSettingsSchema } from '../../src/core/notifications/route.ts';
import type { AccountDeclaration } from '../../src/ports/stores/setup-store.ts';
import { createDatabase, openTestStore, runSql } from '../support/database.ts';

const NOW = new Date('2026-11-30T09:00:00Z');
const numbered = <One>(count: number, make: (nth: number) => One) => Array.from({ length: count }, (_, nth) => make(nth));

/** A file of a large company. */
const LARGE: AccountDeclaration = {
  id: 'default',
  timeZone: 'UTC',
  admins: [],
  viewers: null,
  sources: numbered(400, (nth) => ({
    id: `vendor-${nth}`,
    kind: nth % 2 === 0 ? 'http' : 'push',
    period: null,
    contacts: {},
    meters: Object.fromEntries(
      numbered(5, (key) => [
        `meter_${key}`,
        {
          initial: { label: `Meter ${key}`, unit: 'credits', decimals: 0, aliases: [`m${key}`], consequence: null },
          details: { unit: 'credits' },
        },
      ]),
    ),
    poll: nth % 2 === 0 ? { everyMs: 600_000, leastGapMs: 60_000 } : null,
  })),
  rules: numbered(200, (nth) => ({ id: `rule-${nth}`, kind: 'threshold', meters: 'all', params: { levels: [nth] } })),
  routes: numbered(4_000, (nth) => ({
    id: `route-${nth}`,
    destination: { kind: 'slack', address: `C${nth}` },
    settings: routeSettingsSchema.parse({ meters: 'all', operations: false, mention: {}, digest: { weekday: 'monday', at: '09:00' } }),
  })),
  fallback: [{ kind: 'slack', address: 'C0' }],
};

const COUNTS = `SELECT (SELECT count(*)::int FROM source WHERE declared) AS sources, (SELECT count(*)::int FROM meter WHERE managed) AS meters,
  (SELECT count(*)::int FROM poll) AS polls, (SELECT count(*)::int FROM rule WHERE NOT retired) AS rules, (SELECT count(*)::int FROM route) AS routes,
  (SELECT count(*)::int FROM timer WHERE kind = 'digest') AS digests, (SELECT array_agg(address) FROM destination WHERE fallback) AS fallback`;

test('4,000 routes, 2,000 meters, 400 sources and 200 rules of one file are stored, and stored again without a change', async () => {
  const { url } = await createDatabase();
  const store = openTestStore(url, Buffer.alloc(32, 1));
  const all = { sources: 400, meters: 2_000, polls: 200, rules: 200, routes: 4_000, digests: 4_000, fallback: ['C0'] };
  await store.declare(LARGE, NOW);
  expect(await runSql(url, COUNTS)).toEqual([all]);
  const rows = 'SELECT kind, subject, due_at FROM timer ORDER BY 1, 2';
  const timers = await runSql(url, rows);
  await store.declare(LARGE, new Date(NOW.getTime() + 8 * 86_400_000));
  expect(await runSql(url, COUNTS)).toEqual([all]);
  expect(await runSql(url, rows)).toEqual(timers);
  expect(await runSql(url, 'SELECT max(version) AS version FROM rule')).toEqual([{ version: 1 }]);
  await store.close();
});

test('what a file no longer declares is no longer polled, evaluated or posted, and its figures stay', async () => {
  const { url } = await createDatabase();
  const store = openTestStore(url, Buffer.alloc(32, 1));
  await store.declare(LARGE, NOW);
  await store.declare({ ...LARGE, sources: [], rules: [], routes: [], fallback: [] }, NOW);
  expect(await runSql(url, COUNTS)).toEqual([{ sources: 0, meters: 2_000, polls: 0, rules: 0, routes: 0, digests: 0, fallback: null }]);
  await store.close();
});
