import { expect, test } from 'vitest';
import { backtest } from '../../../src/core/alerts/backtest.ts';
import type { Meter } from '../../../src/core/meters/meter.ts';
import type { Reading } from '../../../src/core/meters/reading.ts';
import { bindRules, rulesFor } from '../../../src/core/rules/registry.ts';
import { backtestMessage } from '../../../src/messages/replies/backtest.ts';
import { plainMessage } from '../../../src/messages/text/plain.ts';
import { readRule } from '../../../src/config/rule.ts';

const leads: Meter = {
  id: 'm',
  account: 'default',
  source: 'push',
  key: 'leads',
  label: 'Leads',
  unit: 'credits',
  decimals: 0,
  aliases: [],
  owner: null,
  consequence: null,
  resets: true,
};
const month = (number: number) => ({ start: new Date(Date.UTC(2026, number - 1, 1)), end: new Date(Date.UTC(2026, number, 1)) });

/** Noon of a day in 2026, in its calendar month. */
function at(number: number, day: number, used: number): Reading {
  return { used: BigInt(used), total: 1000n, observedAt: new Date(Date.UTC(2026, number - 1, day, 12)), period: month(number) };
}

function rule(written: string) {
  const read = readRule(written);
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return bindRules([{ id: 'tried', version: 1, origin: 'file', ...read.value }]);
}

const READINGS = [at(9, 28, 900), at(10, 1, 10), at(10, 20, 790), at(10, 21, 800), at(10, 25, 1000), at(11, 1, 5), at(11, 20, 820)];

function said(written: string, readings: readonly Reading[] = READINGS): readonly string[] {
  const replayed = backtest(rule(written), leads, readings, 'UTC');
  return plainMessage(backtestMessage(replayed, { days: 90, meters: 1, since: null, timeZone: 'UTC' }), {
    timeZone: 'UTC',
    now: new Date('2026-11-23T00:00:00Z'),
  }).split('\n');
}

test('says when a rule would have posted, at which figures, once per level and period', () => {
  expect(said('{ kind: threshold, levels: [80%, 100%] }')).toEqual([
    'On the last 90 days of 1 meter this would have posted 3 times:',
    '🟠 21 Oct 12:00  Leads reached 80% · 800 / 1,000 credits used · 80%',
    '🔴 25 Oct 12:00  Leads is used up (100%) · 1,000 / 1,000 credits used · 100%',
    '🟠 20 Nov 12:00  Leads reached 80% · 820 / 1,000 credits used · 82%',
  ]);
});

test('a rule that would have been quiet says so', () => {
  expect(said('{ kind: threshold, levels: [5000] }')).toEqual(['On the last 90 days of 1 meter this would have posted nothing.']);
});

test('what the meter was over already when the record begins is no news', () => {
  expect(said('{ kind: threshold, levels: [50%] }', [at(10, 20, 790), at(10, 21, 800)])).toEqual([
    'On the last 90 days of 1 meter this would have posted nothing.',
  ]);
});

test('without a rule the standard ones are run', () => {
  expect(backtest(rulesFor(leads, []), leads, READINGS, 'UTC').map(({ severity }) => severity)).toEqual(['warning', 'critical', 'warning']);
});

test('no reading gives nothing', () => {
  expect(backtest(rulesFor(leads, []), leads, [], 'UTC')).toEqual([]);
});
