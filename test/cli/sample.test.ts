import { describe, expect, test } from 'vitest';
import { samplePeriods, sampleReadings } from '../../src/cli/sample.ts';
import { forecast } from '../../src/core/meters/forecast.ts';
import { contains, periodAt } from '../../src/core/time/period.ts';
import { rulesFor } from '../../src/core/rules/registry.ts';
import { evaluateReading, newMeterState } from '../../src/core/alerts/evaluate.ts';
import { startPipeline } from '../support/pipeline.ts';
import { credit } from '../messages/credits.ts';

const DAY_MS = 24 * 60 * 60_000;
const { meter } = credit('Apollo Contacts', 0, 0);

/** One meter of the sample under the standard rules, with what was said at its last reading. */
function meterState(key: string, now: Date, timeZone: string) {
  const periods = samplePeriods(now, timeZone);
  let state = newMeterState(meter);
  let said: readonly string[] = [];
  for (const { used, total, observedAt } of sampleReadings(now, timeZone).filter((one) => one.meter === key)) {
    const at = new Date(observedAt);
    const reading = { used: BigInt(used), total: BigInt(total ?? 0), observedAt: at, period: periodAt(periods, at, timeZone) };
    const step = evaluateReading(state, { rules: rulesFor(meter, []), timeZone }, reading, () => 'alert');
    state = step.meterState;
    said = step.announcements.flatMap(({ findings }) => findings.map(({ condition }) => condition));
  }
  const reading = state.current?.reading;
  if (!reading) throw new Error(`no readings of ${key}`);
  return { said, reading, expected: forecast(state.history, reading) };
}

test.each(['UTC', 'Europe/Berlin', 'America/New_York', 'Pacific/Auckland'])(
  'whatever day it is in %s, Apollo Contacts has just reached 80% and runs out before its reset',
  (timeZone) => {
    const first = Date.UTC(2027, 11, 1);
    for (let day = 0; day < 400; day += 5) {
      // At another hour every time.
      const now = new Date(first + day * DAY_MS + (day % 24) * 3_600_000);
      const { said, reading, expected } = meterState('apollo_contacts', now, timeZone);
      expect([now, said, expected.kind]).toEqual([now, ['used:80%'], 'runs-out']);
      expect(reading.period && contains(reading.period, now)).toBe(true);
    }
  },
);

test('the other five end at the figures of the usage page, say nothing and last', () => {
  const now = new Date('2026-11-23T14:05:00Z');
  const figures = {
    campaigns: 494_936n,
    open_ai: 4_984_062n,
    abmatic_accounts: 24_171n,
    abmatic_contacts: 40_982n,
    abmatic_ip_reveal: 379_180n,
  };
  for (const [key, used] of Object.entries(figures)) {
    const { said, reading, expected } = meterState(key, now, 'UTC');
    expect([key, reading.used, reading.observedAt, said, expected.kind]).toEqual([key, used, now, [], 'lasts']);
  }
});

describe('through the pipeline', () => {
  test.each([
    ['2027-01-01T09:00:00Z', 'runs out 5–6 Jan', '11 Jan'],
    ['2027-01-02T09:00:00Z', 'runs out 6–7 Jan', '16 Jan'],
    ['2027-03-03T00:10:00Z', 'runs out 6–8 Mar', '11 Mar'],
    ['2027-01-31T23:50:00Z', 'runs out 4–6 Feb', '11 Feb'],
    ['2028-02-29T12:00:00Z', 'runs out 4–5 Mar', '11 Mar'],
  ])('at %s it is one message with its forecast, %s', async (now, runsOut, reset) => {
    const { day } = samplePeriods(new Date(now), 'UTC');
    const pipeline = await startPipeline(
      `sources: [{ id: abmatic, kind: push, period: { every: month, day: ${String(day)} } }]\nroutes: [{ slack: C0ONE, meters: all }]\n`,
      now,
    );
    expect(await pipeline.push(sampleReadings(pipeline.now(), 'UTC'))).toMatchObject({ rejected: [], duplicates: 0 });
    const [said, ...more] = pipeline.news();
    expect(more).toEqual([]);
    expect(said).toContain(`🟠 Apollo Contacts reached 80%: ${runsOut}\n803,412 / 1,000,000 credits used · 196,588 left\n`);
    expect(said).toMatch(/That is \d+(–\d+)? days? before the reset/);
    expect(said).toContain(`(${reset}). Use at most `);
  });
});
