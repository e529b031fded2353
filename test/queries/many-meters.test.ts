import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createChat } from '../../src/commands/chat.ts';
import type { Alert } from '../../src/core/alerts/alert.ts';
import type { UsageHistory } from '../../src/core/meters/history.ts';
import type { MeterNow } from '../../src/core/status/meter-status.ts';
import { linesOf, overviewOf, type MeterLine } from '../../src/core/status/overview.ts';
import { DAY_MS } from '../../src/core/time/local-time.ts';
import { commonAsOf } from '../../src/messages/text/as-of.ts';
import { overviewMessage } from '../../src/messages/replies/overview.ts';
import type { ReadStore } from '../../src/ports/stores/read-store.ts';
import { meterJson, meterJsonText, overviewJsonText } from '../../src/queries/overview-json.ts';
import { createQueries } from '../../src/queries/queries.ts';
import { changesNothing, messageOf, requesterIn } from '../support/chat.ts';
import { meterNow, readStoreOf } from '../support/read-store.ts';
import { credit, NOW } from '../messages/credits.ts';

// Large: 10,000 meters.

const clock = { now: () => NOW, sleep: () => Promise.resolve() };
const requester = requesterIn('default');

/** A week of even consumption, or the first reading alone. */
function historyOf(perDay: bigint | null, end: Date): UsageHistory {
  const days = perDay === null ? 0 : 8;
  const samples = Array.from({ length: days + 1 }, (_, nth) => ({
    at: new Date(end.getTime() - (days - nth) * DAY_MS),
    consumed: BigInt(nth) * (perDay ?? 0n),
  }));
  return {
    consumed: 0n,
    earlierSamples: samples.slice(0, -1),
    latestSample: samples.at(-1) ?? null,
    earlierDays: [],
    latestDay: null,
    topUp: null,
    fullest: 900n,
  };
}

const openAlert: Alert = {
  id: 'alert',
  topic: 'unusual',
  status: 'firing',
  severity: 'notice',
  conditions: [],
  openedAt: NOW,
  resolvedAt: null,
  resolution: null,
  acknowledged: null,
  requested: null,
  repeatedAt: null,
};

const minute = (minutes: number) => new Date(NOW.getTime() - minutes * 60_000);
/** `when`: few times make it likely that all meters have the same. */
function accountOf(when: readonly Date[], paces: readonly (bigint | null)[]) {
  const one = fc.record({
    used: fc.bigInt({ min: 0n, max: 130n }),
    total: fc.constantFrom(100n, 100n, 100n, 0n, null),
    label: fc.constantFrom('Apollo', 'Campaigns', 'open ai', 'Ärger', 'B'),
    source: fc.constantFrom('abmatic', 'crm'),
    at: fc.constantFrom(...when),
    isCoarse: fc.boolean(),
    perDay: fc.constantFrom(...paces),
    hasPeriod: fc.boolean(),
    resets: fc.boolean(),
    alerts: fc.constantFrom<readonly Alert[]>([], [], [openAlert], [openAlert, { ...openAlert, severity: 'critical' }]),
  });
  return fc.array(one, { maxLength: 120, size: 'max' }).map((all) =>
    all.map(({ used, total, label, source, at, isCoarse, perDay, hasPeriod, resets, alerts }, nth): MeterNow => {
      const { meter, reading } = credit(label, used, total, {
        id: `m${String(nth)}`,
        key: `k${String(nth)}`,
        source,
        resets,
        observedAt: at,
      });
      const known = { ...reading, isCoarse, period: hasPeriod ? reading.period : null };
      return meterNow({ meter, reading: known, history: historyOf(perDay, at), alerts });
    }),
  );
}

const accounts = fc.oneof(
  accountOf([minute(1)], [1n]),
  accountOf([new Date('2026-11-23T00:00:00Z'), new Date('2026-11-22T23:00:00Z'), new Date('2026-11-22T23:30:00Z')], [0n, 1n]),
  accountOf([minute(1), minute(2), minute(60 * 24 * 9)], [0n, 1n, 30n, null]),
);

/** Until when all green meters last, by its definition. */
function lastOf(lines: readonly MeterLine[]): Date | 'each-reset' | null {
  const green = lines.filter(({ severity, freshness }) => severity === null && freshness === 'current').map(({ forecast }) => forecast);
  const isSure = green.every((one) => one.kind === 'lasts' || (one.kind === 'none' && (one.why === 'idle' || one.why === 'no-allowance')));
  const ends = green.flatMap((one) => (one.kind === 'lasts' ? [one.until.getTime()] : []));
  if (!isSure || ends[0] === undefined) return null;
  return new Set(ends).size === 1 ? new Date(ends[0]) : 'each-reset';
}

test('an overview that is read in parts says what an overview of all meters says', async () => {
  await fc.assert(
    fc.asyncProperty(accounts, fc.constantFrom('UTC', 'Europe/Berlin'), async (meters, timeZone) => {
      const lines = linesOf(meters, [], NOW);
      const { overview } = await createQueries({ store: readStoreOf(meters), clock }).overview('default');
      expect(overview.lines).toEqual(lines.slice(0, 40));
      const sources = (label: string) => new Set(lines.filter((line) => line.meter.label === label).map((line) => line.meter.source));
      expect(overview).toMatchObject({
        count: lines.length,
        needAttention: lines.filter(({ severity }) => severity === 'warning' || severity === 'critical').length,
        outdated: lines.filter(({ freshness }) => freshness !== 'current').length,
        openAlerts: lines.flatMap(({ alerts }) => alerts).length,
        sharedLabels: new Set(lines.map(({ meter }) => meter.label).filter((label) => sources(label).size > 1)),
        greenLasts: lastOf(lines),
      });
      const stamps = lines.map(({ reading }) => reading);
      expect(commonAsOf([...stamps.slice(0, 1), ...overview.stamps], timeZone)).toEqual(commonAsOf(stamps, timeZone));
      const how = { timeZone, subscribeWith: null, invokedAs: '/usage', canShare: false };
      expect(overviewMessage(overview, how)).toEqual(overviewMessage(overviewOf(meters, [], NOW), how));
    }),
    { numRuns: 150 },
  );
}, 60_000);

test('the JSON of all meters is sorted as the overview, and its text is the JSON', async () => {
  await fc.assert(
    fc.asyncProperty(accounts, async (meters) => {
      const queries = createQueries({ store: readStoreOf(meters), clock });
      const lines = linesOf(meters, [], NOW);
      let text = '';
      for await (const part of overviewJsonText(await queries.ranking('default', meterJsonText), true)) text += part;
      expect(JSON.parse(text)).toEqual({
        asOf: NOW.toISOString(),
        needAttention: lines.filter(({ severity }) => severity === 'warning' || severity === 'critical').length,
        routed: true,
        meters: lines.map(meterJson),
      });
    }),
    { numRuns: 50 },
  );
}, 60_000);

/** A store that counts how many meters it hands out: their names and figures, and all that is known of them. */
function counting(meters: readonly MeterNow[]) {
  const read = { figures: 0, whole: 0, histories: 0 };
  const store = readStoreOf(meters);
  const counted: ReadStore = {
    ...store,
    meters: () => Promise.reject(new Error('all of all meters was read')),
    async metersById(account, ids) {
      const found = await store.metersById(account, ids);
      read.whole += found.length;
      return found;
    },
    async *figures(account, which) {
      for await (const part of store.figures(account, which)) {
        read.figures += part.length;
        yield part;
      }
    },
    async *histories(account, ids) {
      for await (const part of store.histories(account, ids)) {
        read.histories += part.length;
        yield part;
      }
    },
  };
  const chat = createChat({ ...changesNothing, queries: createQueries({ store: counted, clock }), clock });
  return { read, ask: async (text: string) => messageOf(await chat.answer(text, requester)) };
}

const MANY = Array.from({ length: 2_000 }, (_, nth) =>
  meterNow(
    credit(`Meter ${String(nth)} of all`, nth % 70, 100, {
      id: `m${String(nth)}`,
      key: `meter_${String(nth)}_of_all`,
      aliases: [`x${String(nth)}x`],
    }),
  ),
);

test.each([
  ['meter_77_of_all', 1],
  ['abmatic/meter_77_of_all', 1],
  ['METER 77 OF ALL', 1],
  ['x77x', 1],
  ['77 of', 20],
  ['history meter_77_of_all', 1],
  ['history x77x last month', 1],
  ['check meter_77_of_all 10', 1],
  ['check x77x 10 meter_78_of_all 20', 2],
  ['request x77x', 1],
  ['snooze x77x', 1],
  ['billing x77x', 1],
  ['export meter_77_of_all', 1],
])('"%s" among 2,000 meters reads the meters that it names', async (text, most) => {
  const { read, ask } = counting(MANY);
  await ask(text);
  expect(read.figures).toBeGreaterThan(0);
  expect(read.figures).toBeLessThanOrEqual(2 * most);
  expect(read.whole).toBeLessThanOrEqual(most);
});

test('the overview of 2,000 meters reads everything about those that it shows', async () => {
  const { read, ask } = counting(MANY);
  const message = await ask('');
  expect(message.lines.length).toBeGreaterThan(20);
  expect(read).toEqual({ figures: 2_000, whole: 40, histories: 250 });
});

test('an unknown name among 2,000 meters is answered from their names', async () => {
  const { read, ask } = counting(MANY);
  expect((await ask('metre_77_of_all')).buttons?.map(({ value }) => value)).toEqual(['abmatic/meter_77_of_all']);
  expect(read).toEqual({ figures: 2_000, whole: 0, histories: 0 });
});
