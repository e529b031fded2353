import { describe, expect, test } from 'vitest';
import type { AlertSnapshot } from '../../../src/core/notifications/notification.ts';
import { bindRules, ruleKinds } from '../../../src/core/rules/registry.ts';
import { messageFor } from '../../../src/messages/notices/notification.ts';
import { plainRichText } from '../../../src/messages/text/plain.ts';
import { evaluateReading, newMeterState, type MeterState } from '../../../src/core/alerts/evaluate.ts';
import { snapshotOf } from '../../../src/pipeline/notify/alert-snapshot.ts';
import { credit, NOW, printed, type Credit } from '../credits.ts';
import { slackUser } from '../../support/people.ts';
import type { Person } from '../../../src/core/text/person.ts';

const APOLLO = { consequence: 'Contact enrichment through Apollo may pause.' };

/** What is announced when usage goes from one reading to the next, by these levels; null when nothing is. */
function announced(readings: readonly Credit[], levels: readonly unknown[] = ['80%', '100%']): AlertSnapshot | null {
  const params = ruleKinds['threshold']?.written.parse({ levels });
  const rules = bindRules([{ id: 'r', kind: 'threshold', version: 1, meters: 'all', params, origin: 'file' }]);
  let snapshot: AlertSnapshot | null = null;
  let meterState: MeterState | null = null;
  readings.forEach(({ meter, reading }, index) => {
    const observedAt = new Date(reading.observedAt.getTime() - (readings.length - 1 - index) * 60_000);
    const step = evaluateReading(meterState ?? newMeterState(meter), { rules, timeZone: 'UTC' }, { ...reading, observedAt }, () => 'a');
    meterState = step.meterState;
    const [announcement] = step.announcements;
    snapshot = announcement ? snapshotOf(announcement.alert, { ...announcement, meter, history: null, snoozed: null }) : null;
  });
  return snapshot;
}

function said(snapshot: AlertSnapshot | null, { timeZone = 'UTC', mentions = [] as readonly Person[] } = {}): string {
  return snapshot === null ? '' : printed(messageFor(snapshot, { timeZone, mentions, place: 'new' }), timeZone);
}

const DECEMBER = new Date('2026-12-01T00:00:00Z');
const quiet = credit('Apollo Contacts', 100_000, 1_000_000, APOLLO);

describe('an alert', () => {
  test('at 80%', () => {
    expect(said(announced([quiet, credit('Apollo Contacts', 803_412, 1_000_000, APOLLO)]))).toBe(`🟠 Apollo Contacts reached 80%
803,412 / 1,000,000 credits used · 196,588 left
Reset in 8 days (1 Dec). At 100%, contact enrichment through Apollo may pause. As of 14:05.`);
  });

  test('at 80% that will run out says when, how long that is before the reset, and what a day may use to reach it', () => {
    const snapshot = announced([quiet, credit('Apollo Contacts', 803_412, 1_000_000, APOLLO)]);
    const day = (date: number) => new Date(Date.UTC(2026, 10, date, 12));
    const forecast = {
      kind: 'runs-out',
      earliest: day(21),
      likely: day(22),
      latest: day(24),
      perDay: 45_700n,
      resets: DECEMBER,
      toLast: 15_800n,
    } as const;
    expect(said(snapshot && { ...snapshot, forecast, reading: { ...snapshot.reading, observedAt: new Date('2026-11-23T14:05:00Z') } }))
      .toBe(`🟠 Apollo Contacts reached 80%: runs out 21–24 Nov
803,412 / 1,000,000 credits used · 196,588 left
That is 7–10 days before the reset (1 Dec). Use at most 15,800 a day to last; you use about 45,700.
At 100%, contact enrichment through Apollo may pause. As of 14:05.`);
  });

  test('at 80% that should last says so in its first line, and that there is nothing to do', () => {
    const snapshot = announced([credit('Campaigns', 1, 1_000_000, APOLLO), credit('Campaigns', 803_412, 1_000_000, APOLLO)]);
    expect(said(snapshot && { ...snapshot, forecast: { kind: 'lasts', until: DECEMBER, usedAtEnd: 840_000n, perDay: 4_600n } }))
      .toBe(`🟡 Campaigns reached 80% and should last: about 84% at the reset on 1 Dec. Nothing to do.
803,412 / 1,000,000 credits used · 196,588 left
As of 14:05.`);
  });

  test('at 100%, with whom it mentions', () => {
    const warned = credit('Apollo Contacts', 900_000, 1_000_000, APOLLO);
    expect(
      said(announced([quiet, warned, credit('Apollo Contacts', 1_000_214, 1_000_000, APOLLO)]), {
        mentions: [slackUser('anna'), slackUser('tom')],
      }),
    ).toBe(`🔴 Apollo Contacts is used up (100%)  @anna @tom
1,000,214 / 1,000,000 credits used · 214 over
Contact enrichment through Apollo may pause. Reset in 8 days (1 Dec). As of 14:05.`);
  });

  test('of a jump over both levels is one that names both', () => {
    expect(said(announced([quiet, credit('Apollo Contacts', 1_000_000, 1_000_000, APOLLO)])))
      .toBe(`🔴 Apollo Contacts is used up (passed 80% and 100%)
1,000,000 / 1,000,000 credits used · 0 left
Contact enrichment through Apollo may pause. Reset in 8 days (1 Dec). As of 14:05.`);
    expect(said(announced([credit('A', 1, 100), credit('A', 96, 100)], ['50%', '80%', '95%'])).split('\n')[0]).toBe(
      '🟠 A reached 50%, 80% and 95%',
    );
  });

  test('of a meter that is over a level when it is first seen says where it already is', () => {
    expect(said(announced([credit('Apollo Contacts', 930_000, 1_000_000, APOLLO)]))).toBe(`🟠 Apollo Contacts is already at 93%
930,000 / 1,000,000 credits used · 70,000 left
Reset in 8 days (1 Dec). At 100%, contact enrichment through Apollo may pause. As of 14:05.`);
    expect(said(announced([credit('Apollo Contacts', 1_139_999, 1_000_000, APOLLO)])).split('\n')[0]).toBe(
      '🔴 Apollo Contacts is already at 113%',
    );
  });

  test('at a level of 50% is a notice', () => {
    expect(said(announced([credit('A', 1, 100), credit('A', 50, 100)], ['50%'])).split('\n')[0]).toBe('🟡 A reached 50%');
  });

  test('at an amount, without an allowance, says nothing of 100%', () => {
    const at = (used: number) => credit('Page Views', used, null, { unit: 'views', consequence: 'The reports may pause.' });
    expect(said(announced([at(1), at(50_000)], [50_000]))).toBe(`🟠 Page Views reached 50,000
50,000 views used
Reset in 8 days (1 Dec). As of 14:05.`);
    expect(said(announced([at(70_000)], [50_000])).split('\n')[0]).toBe('🟠 Page Views is already past 50,000');
  });

  test('that is critical before all is used up does not say that anything has paused', () => {
    expect(said(announced([quiet, credit('Apollo Contacts', 900_000, 1_000_000, APOLLO)], [{ used: '90%', severity: 'critical' }])))
      .toBe(`🔴 Apollo Contacts reached 90%
900,000 / 1,000,000 credits used · 100,000 left
Reset in 8 days (1 Dec). At 100%, contact enrichment through Apollo may pause. As of 14:05.`);
  });

  test('by what remains', () => {
    expect(said(announced([credit('A', 1, 100), credit('A', 85, 100)], [{ remaining: '20%' }])).split('\n')[0]).toBe(
      '🟠 A has 20% or less left',
    );
  });

  test('of money keeps its cents', () => {
    const eur = (used: number) => credit('Ads', used, 10_050, { unit: 'EUR', decimals: 2 });
    expect(said(announced([eur(2_575), eur(8_040)]))).toBe(`🟠 Ads reached 80%
80.40 / 100.50 EUR used · 20.10 left
Reset in 8 days (1 Dec). As of 14:05.`);
  });

  test.each([
    ['2026-11-23T23:00:00Z', 'Reset today (23 Nov).'],
    ['2026-11-24T00:00:00Z', 'Reset tomorrow (24 Nov).'],
    ['2026-11-25T00:00:00Z', 'Reset in 2 days (25 Nov).'],
    ['2027-11-23T00:00:00Z', 'Reset in 365 days (23 Nov 2027).'],
  ])('whose period ends %s counts in calendar days', (end, sentence) => {
    const period = { start: new Date('2026-11-01T00:00:00Z'), end: new Date(end) };
    expect(said(announced([credit('A', 1, 100, { period }), credit('A', 80, 100, { period })]))).toContain(`\n${sentence} As of 14:05.`);
  });

  test('counts days in the zone of the account', () => {
    const snapshot = announced([quiet, credit('Apollo Contacts', 800_000, 1_000_000)]);
    expect(said(snapshot, { timeZone: 'America/New_York' })).toContain('Reset in 8 days (1 Dec). As of 09:05.');
  });

  test('without a period says nothing of a reset', () => {
    expect(said(announced([credit('A', 1, 100, { period: null }), credit('A', 80, 100, { period: null })]))).toBe(
      '🟠 A reached 80%\n80 / 100 credits used · 20 left\nAs of 14:05.',
    );
  });

  test('stands alone in its first line, for the phone', () => {
    const snapshot = announced([quiet, credit('Apollo Contacts', 803_412, 1_000_000, APOLLO)]);
    expect(
      snapshot &&
        plainRichText(messageFor(snapshot, { timeZone: 'UTC', mentions: [slackUser('anna')], place: 'new' }).summary, {
          timeZone: 'UTC',
          now: NOW,
        }),
    ).toBe('🟠 Apollo Contacts reached 80% · 803,412 / 1,000,000 credits used · 196,588 left');
  });
});

describe('the buttons of an alert', () => {
  const at = new Date('2026-11-20T14:05:00Z');
  const warned = announced([quiet, credit('Apollo Contacts', 803_412, 1_000_000, APOLLO)]);
  const buttons = (more: Partial<AlertSnapshot>, place: 'new' | 'reply' = 'new') =>
    warned === null
      ? []
      : (messageFor({ ...warned, ...more }, { timeZone: 'UTC', mentions: [], place }).buttons ?? []).map(
          ({ action, label, value }) => `${action} ${value}: ${label}`,
        );
  const [onIt, request, snooze, endSnooze] = [
    "acknowledge a: I'm on it",
    'request a: Request credits',
    'snooze a: Snooze',
    'snooze a off: End snooze',
  ];

  test.each<[string, Partial<AlertSnapshot>, readonly (string | undefined)[]]>([
    ['that fired', {}, [onIt, request, snooze]],
    ['that somebody is on', { acknowledged: { by: slackUser('anna'), at } }, [request, snooze]],
    ['for which more was requested', { requested: { by: slackUser('tom'), at } }, [onIt, snooze]],
    [
      'that is snoozed',
      { snoozed: { by: slackUser('anna'), until: 'reset', with: 'snooze', worseComes: true } },
      [onIt, request, endSnooze],
    ],
    ['of something that no credits help against', { topic: 'unusual' }, [onIt, snooze]],
    ['that will last', { forecast: { kind: 'lasts', until: new Date('2026-12-01T00:00:00Z'), usedAtEnd: 840_000n, perDay: 1n } }, []],
    ['that is over', { change: 'recovered' }, []],
    ['that is closed', { change: 'closed', closed: { why: 'period-ended', at } }, []],
    ['that a newer message follows', { change: 'superseded' }, []],
  ])('%s are what can still be done', (_what, more, expected) => {
    expect(buttons(more)).toEqual(expected);
  });

  test('are not repeated in the thread', () => {
    expect(buttons({ change: 'recovered' }, 'reply')).toEqual([]);
  });

  test('leave the last lines to what was pressed', () => {
    const lines = (more: Partial<AlertSnapshot>) =>
      said(warned && { ...warned, ...more })
        .split('\n')
        .slice(3);
    expect(lines({ acknowledged: { by: slackUser('anna'), at: new Date('2026-11-23T14:05:00Z') } })).toEqual(['@anna is on it, 14:05']);
    expect(
      lines({
        requested: { by: slackUser('tom'), at },
        snoozed: { by: slackUser('tom'), until: 'total-changes', with: 'request', worseComes: true },
      }),
    ).toEqual(['Requested by @tom, Fri: quiet until the total changes']);
    const snoozed = { by: slackUser('anna'), until: new Date('2026-11-30T09:00:00Z'), with: 'snooze', worseComes: true } as const;
    expect(lines({ requested: { by: slackUser('tom'), at }, snoozed })).toEqual([
      'Requested by @tom, Fri',
      'Snoozed by @anna until 30 Nov 09:00. You will still hear if it gets worse.',
    ]);
    expect(lines({ snoozed: { ...snoozed, worseComes: false } })).toEqual(['Snoozed by @anna until 30 Nov 09:00']);
    expect(lines({ snoozed: { ...snoozed, until: 'total-changes', with: 'request' } })).toEqual([
      'Quiet until the total changes: @anna requested more. You will still hear if it gets worse.',
    ]);
    expect(lines({ requested: { by: slackUser('tom'), at: new Date('2026-11-06T14:05:00Z') } })).toEqual(['Requested by @tom, 6 Nov']);
  });
});

describe('a recovery', () => {
  const over = credit('Apollo Contacts', 1_000_214, 1_000_000, APOLLO);
  const toppedUp = announced([over, credit('Apollo Contacts', 1_000_214, 2_500_000, APOLLO)]);

  test('says that it is fine again, with the figures and how long it was not', () => {
    expect(said(toppedUp)).toBe(
      '✅ Apollo Contacts is fine again: 40%\n1,000,214 / 2,500,000 credits used · 1,499,786 left · was over for 1 min',
    );
  });

  test.each([
    ['2026-11-23T14:04:30Z', 'less than a minute'],
    ['2026-11-23T13:59:59Z', '5 min'],
    ['2026-11-22T22:40:00Z', '15 h 25 min'],
    ['2026-11-21T23:05:00Z', '1 d 15 h'],
    ['2026-09-21T14:05:00Z', '2 mo 2 d'],
  ])('since %s it was over for %s', (overSince, lasted) => {
    expect(said(toppedUp && { ...toppedUp, overSince: new Date(overSince) })).toContain(`was over for ${lasted}`);
  });

  test('adds one line for whoever looked after it: what was topped up, and how long it lasts now', () => {
    const forecast = { kind: 'lasts', until: DECEMBER, usedAtEnd: 1_300_000n, perDay: 40_000n } as const;
    const snapshot = toppedUp && { ...toppedUp, forecast };
    expect(
      snapshot && printed(messageFor(snapshot, { timeZone: 'UTC', mentions: [slackUser('anna'), slackUser('tom')], place: 'reply' })),
    ).toBe('Topped up by 1,500,000. cc @anna @tom\nAt this pace it lasts until 1 Dec.');
  });

  test.each(
    (['top-up', 'plan-cut', 'correction'] as const).flatMap((kind) => [true, false].map((underSummary) => [kind, underSummary] as const)),
  )("whatever it was (%s, under a summary: %s) is nobody's doing: who is called stands behind it, as a copy", (kind, underSummary) => {
    const snapshot = toppedUp && { ...toppedUp, cause: { kind, amount: 1_500_000n } };
    const reply =
      snapshot && messageFor(snapshot, { timeZone: 'UTC', mentions: [slackUser('anna'), slackUser('tom')], place: 'reply', underSummary });
    expect(reply && printed({ ...reply, lines: [] })).toMatch(/^[^@]+\. cc @anna @tom$/);
  });

  test('mentions nobody', () => {
    expect(said(toppedUp, { mentions: [slackUser('anna')] })).not.toContain('@');
  });
});

test('a test message says that it is one', () => {
  expect(printed(messageFor({ kind: 'test', route: 'slack:C0123456789' }, { timeZone: 'UTC', mentions: [], place: 'new' }))).toBe(
    '🧪 Test message from Creditwatch\nAlerts of slack:C0123456789 arrive here. This one is only a test: nothing to do.',
  );
});
