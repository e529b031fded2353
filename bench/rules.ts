/**
 * Measures the cost of evaluating one more reading with every kind of rule: from remembered state, as an ingest does, and as a
 * plain pure function that reads the whole history of the meter. Both in one run: over histories of 10, 90 and 365 days of hourly
 * readings, and over 1,000 to 100,000 meters. One thread, no database.
 *
 *   npm run bench -- rules
 */
import type { Meter } from '../src/core/meters/meter.ts';
import type { Reading } from '../src/core/meters/reading.ts';
import { bindRules, ruleKinds } from '../src/core/rules/registry.ts';
import { decodeHistory, encodeBody } from '../src/core/meters/stored-history.ts';
import { evaluateReading, newMeterState, type MeterState } from '../src/core/alerts/evaluate.ts';

const HOUR_MS = 3_600_000;
const START_MS = Date.UTC(2026, 0, 1);
const MONTH_HOURS = 30 * 24;
/** Different histories, which the meters of a run share. */
const DIFFERENT = 20;
const NEEDS: Readonly<Record<string, object>> = { stale: { after: '1d' } };

const rules = bindRules(
  Object.values(ruleKinds).map(({ kind, standard, written }) => ({
    id: kind,
    kind,
    version: 1,
    meters: 'all',
    params: standard ?? written.parse(NEEDS[kind] ?? {}),
    origin: 'file',
  })),
);
const by = { rules, timeZone: 'Europe/Berlin' };
console.log(`${String(rules.length)} rules a meter: ${rules.map(({ rule }) => rule.kind).join(', ')}\n`);

console.log('one more reading       from what is remembered   with its JSON read and written   from all readings again    ratio');
const perReading = [10, 90, 365].map((days) => compare(days));
console.log(
  `Growth from 10 to 365 days: from what is remembered ${ratio(perReading[2]?.remembered, perReading[0]?.remembered)}, from all readings ${ratio(perReading[2]?.naive, perReading[0]?.naive)}\n`,
);

console.log('one more reading of each meter, 90 days remembered');
const remembered = lives(90);
for (const meters of [1000, 10_000, 100_000]) {
  const us = usEach(meters, (index) => decide(pick(remembered, index)));
  const naive = perReading[1]?.naive ?? 0;
  console.log(
    `${padded(meters.toLocaleString('en'), 8)} meters   ${padded(((us * meters) / 1e6).toFixed(2), 7)} s   ${us.toFixed(1)} µs a reading   (from all readings again: ${((naive * meters) / 1e6).toFixed(0)} s, by the cost of one)`,
  );
}

type Life = { readonly meterState: MeterState; readonly stored: string; readonly readings: readonly Reading[]; readonly next: Reading };

function compare(days: number): { readonly remembered: number; readonly naive: number } {
  const all = lives(days);
  // Runs once before the measurement, so that both use compiled code.
  usEach(2000, (index) => decide(pick(all, index)));
  const kept = usEach(10_000, (index) => decide(pick(all, index)));
  const asStored = usEach(2000, (index) => decideStored(pick(all, index)));
  const naive = usEach(DIFFERENT, (index) =>
    walk(pick(all, index).meterState.meter, [...pick(all, index).readings, pick(all, index).next]),
  );
  console.log(
    `${padded(String(days), 3)} days of history   ${padded(kept.toFixed(1), 17)} µs   ${padded(asStored.toFixed(1), 27)} µs   ${padded(naive.toFixed(0), 20)} µs   ${padded(Math.round(naive / kept).toLocaleString('en'), 6)}×`,
  );
  return { remembered: kept, naive };
}

function lives(days: number): readonly Life[] {
  return Array.from({ length: DIFFERENT }, (_, seed): Life => {
    const readings = hourly(seed, days * 24 + 1);
    const next = readings.pop();
    if (next === undefined) throw new Error('no readings');
    const meterState = walk(meterOf(seed), readings);
    return {
      meterState,
      readings,
      next,
      stored: JSON.stringify({ history: meterState.history && encodeBody(meterState.history), memories: [...meterState.memories] }),
    };
  });
}

function walk(meter: Meter, readings: readonly Reading[]): MeterState {
  let ids = 0;
  let meterState = newMeterState(meter);
  for (const reading of readings) meterState = evaluateReading(meterState, by, reading, () => `alert-${String((ids += 1))}`).meterState;
  return meterState;
}

function decide({ meterState, next }: Life): void {
  evaluateReading(meterState, by, next, () => 'alert');
}

/** As in an ingest: remembered state is read from JSON and written as JSON. */
function decideStored({ meterState, stored, next }: Life): string {
  const {
    history,
    memories,
  }: { history: unknown; memories: [string, { ruleVersion: number; state: unknown; firings: Record<string, number> }][] } =
    JSON.parse(stored);
  const step = evaluateReading(
    { ...meterState, history: decodeHistory(history, null), memories: new Map(memories) },
    by,
    next,
    () => 'alert',
  );
  return JSON.stringify({
    history: step.meterState.history && encodeBody(step.meterState.history),
    memories: [...step.meterState.memories],
  });
}

/**
 * More on workdays than on weekends, more in the morning than at night, different for each meter; monthly periods, some of which
 * run out.
 */
function hourly(seed: number, count: number): Reading[] {
  let random = seed + 1;
  const next = (below: number) => {
    random = (random * 48_271) % 2_147_483_647;
    return random % below;
  };
  let used = 0;
  return Array.from({ length: count }, (_, hour): Reading => {
    const observedAt = new Date(START_MS + hour * HOUR_MS);
    const day = observedAt.getUTCDay();
    if (hour % MONTH_HOURS === 0) used = 0;
    used += day === 0 || day === 6 ? next(20) : next(observedAt.getUTCHours() > 6 ? 200 + seed * 10 : 50);
    const start = START_MS + Math.floor(hour / MONTH_HOURS) * MONTH_HOURS * HOUR_MS;
    return {
      used: BigInt(used),
      total: 60_000n,
      observedAt,
      period: { start: new Date(start), end: new Date(start + MONTH_HOURS * HOUR_MS) },
    };
  });
}

function meterOf(seed: number): Meter {
  return {
    id: `meter-${String(seed)}`,
    account: 'default',
    source: 'bench',
    key: `meter-${String(seed)}`,
    label: 'Meter',
    unit: 'credits',
    decimals: 0,
    aliases: [],
    owner: null,
    consequence: null,
    resets: true,
  };
}

function usEach(times: number, work: (index: number) => unknown): number {
  const startedAt = performance.now();
  for (let index = 0; index < times; index += 1) work(index);
  return ((performance.now() - startedAt) * 1000) / times;
}

function pick(all: readonly Life[], index: number): Life {
  const one = all[index % all.length];
  if (one === undefined) throw new Error('no lives');
  return one;
}

function ratio(a = 0, b = 1): string {
  return `${(a / b).toFixed(1)}×`;
}

function padded(text: string, width: number): string {
  return text.padStart(width);
}
