import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Reading } from '../../../../src/core/meters/reading.ts';
import { forecastDetail } from '../../../../src/core/rules/forecast.ts';
import type { Level } from '../../../../src/core/rules/level.ts';
import { ruleKinds, type RuleKindName } from '../../../../src/core/rules/registry.ts';
import { spikeDetail } from '../../../../src/core/rules/spike.ts';
import { thresholdDetail } from '../../../../src/core/rules/threshold.ts';
import { underUseDetail } from '../../../../src/core/rules/under-use.ts';
import { localDayOf } from '../../../../src/core/time/local-time.ts';
import { alertHeadline, alertInThePast } from '../../../../src/messages/alerts/alert.ts';
import { plainRichText } from '../../../../src/messages/text/plain.ts';
import { APOLLO, november } from '../../../support/watching.ts';

const NOON = new Date('2026-11-22T12:00:00Z');
const reading: Reading = { used: 930n, total: 1000n, observedAt: NOON, period: november };

type Detail = z.infer<typeof thresholdDetail>;
type Alert = { readonly details: readonly unknown[]; readonly reading?: Partial<Reading> };

const used = (perMille: number): Level => ({ of: 'used', perMille, severity: 'warning' });
const left = (perMille: number): Level => ({ of: 'remaining', perMille, severity: 'warning' });
const amount = (of: Level['of'], whole: number): Level => ({ of, amount: `${String(whole)}000000`, severity: 'warning' });
const levels = (all: readonly (Level | null)[], more: Partial<Detail> = {}) =>
  all.map((level) => z.encode(thresholdDetail, { level, firstSight: false, balance: null, ...more }));
const first = { firstSight: true };
const balance = { balance: { left: 130n, of: 1000n, ofTopUp: true } };
const runsOut = {
  kind: 'runs-out',
  earliest: new Date('2026-11-26T00:00:00Z'),
  latest: new Date('2026-11-28T00:00:00Z'),
  likely: new Date('2026-11-27T00:00:00Z'),
  perDay: 18n,
  resets: november.end,
  toLast: 9n,
} as const;

/** The headline of each alert, which follows the name of the meter, and its past tense, which stands before a time. */
const ALERTS = {
  threshold: [
    [{ details: levels([used(800)]) }, 'reached 80%', 'reached 80%'],
    [{ details: levels([used(500), amount('used', 300), used(800)]) }, 'reached 50%, 300 and 80%', 'reached 50%, 300 and 80%'],
    [{ details: levels([left(200), used(800)]) }, 'reached 80% (also passed 20% left)', 'reached 80% (also passed 20% left)'],
    [{ details: levels([used(1000)]) }, 'is used up (100%)', 'used up'],
    [{ details: levels([used(800), used(1000)]) }, 'is used up (passed 80% and 100%)', 'used up'],
    [{ details: levels([null]) }, 'is used, but none is included', 'used, though none is included,'],
    [{ details: levels([null]), reading: { isTotalUnknown: true } }, 'is used up', 'used up'],
    [{ details: levels([used(800)], first) }, 'is already at 93%', 'at 93% when first seen,'],
    [{ details: levels([amount('used', 500)], first) }, 'is already past 500', 'past 500 when first seen,'],
    [{ details: levels([amount('remaining', 200)], first) }, 'already has 200 left or less', '200 left or less when first seen,'],
    [{ details: levels([amount('remaining', 500)]) }, 'has 500 or less left', '500 or less left'],
    [{ details: levels([left(200), left(100)]) }, 'has 10% or less left (also passed 20% left)', '10% or less left (also passed 20% left)'],
    [
      { details: levels([used(500), used(800)], balance) },
      'is down to 20% of its last top-up (also passed 50%)',
      'down to 20% of its last top-up (also passed 50%)',
    ],
    [
      { details: levels([used(800)], { ...first, ...balance }) },
      'is already down to 13% of its last top-up',
      'down to 13% of its last top-up when first seen,',
    ],
    [{ details: levels([used(1000)], balance) }, 'is used up', 'used up'],
    [{ details: levels([used(1000)], { ...first, ...balance }) }, 'is already used up', 'used up when first seen,'],
  ],
  forecast: [
    [{ details: [z.encode(forecastDetail, { forecast: runsOut, timeZone: 'UTC' })] }, 'runs out 26–28 Nov', 'warned'],
    [{ details: [z.encode(forecastDetail, { forecast: { kind: 'none', why: 'too-early' }, timeZone: 'UTC' })] }, 'may run out', 'warned'],
  ],
  spike: [
    [
      { details: [z.encode(spikeDetail, { day: localDayOf(NOON, 'UTC'), consumed: 5000n, usual: 300n })] },
      'used 5,000 in a day, usually about 300',
      'used 5,000 in a day, usually about 300',
    ],
    [
      { details: [z.encode(spikeDetail, { day: localDayOf(NOON, 'UTC'), consumed: 5000n, usual: 0n })] },
      'used 5,000 in a day, usually none on a Sunday',
      'used 5,000 in a day, usually none on a Sunday',
    ],
  ],
  'under-use': [
    [
      { details: [z.encode(underUseDetail, { unused: 400n, perDay: 1n, toUse: 50n })] },
      'may leave 40% unused: about 400',
      'seemed to leave 40% unused: about 400,',
    ],
    [
      { details: [z.encode(underUseDetail, { unused: 400n, perDay: 1n, toUse: 50n })], reading: { total: null } },
      'may leave a large share unused: about 400',
      'seemed to leave a large share unused: about 400,',
    ],
  ],
  stale: [[{ details: [{}] }, 'is out of date', 'out of date']],
} as const satisfies Record<RuleKindName, readonly (readonly [Alert, now: string, past: string])[]>;

const text = (words: Parameters<typeof plainRichText>[0]) => plainRichText(words, { timeZone: 'UTC', now: NOON });

function alertOf(kind: string, { details, reading: other }: Alert) {
  return {
    findings: details.map((detail) => ({ kind, condition: 'any', severity: 'warning' as const, detail })),
    reading: { ...reading, ...other },
    meter: APOLLO,
  };
}

describe.each(Object.entries(ALERTS))('an alert of the kind %s', (kind, rows) => {
  test.each<readonly [Alert, string, string]>(rows)('%j reads "%s", and afterwards "%s"', (alert, now, past) => {
    const one = alertOf(kind, alert);
    expect([text(alertHeadline(one)), text(alertInThePast(one))]).toEqual([now, past]);
  });
});

test('every kind of rule is in the table, and a kind that a later version removed has words too', () => {
  expect(Object.keys(ALERTS).toSorted()).toEqual(Object.keys(ruleKinds).toSorted());
  const unknown = alertOf('removed', { details: [{}] });
  expect([text(alertHeadline(unknown)), text(alertInThePast(unknown))]).toEqual(['needs attention', 'needed attention']);
});
