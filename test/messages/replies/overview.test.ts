import { overviewOfLines } from '../../../src/core/status/overview.ts';
import { describe, expect, test } from 'vitest';
import { overviewMessage } from '../../../src/messages/replies/overview.ts';
import { credit, OBSERVED, overview, printed, type Credit } from '../credits.ts';

const said = (...credits: readonly Credit[]) =>
  printed(overviewMessage(overview(...credits), { timeZone: 'UTC', subscribeWith: null, invokedAs: '/usage', canShare: true }));
const OCTOBER = { start: new Date('2026-10-01T00:00:00Z'), end: new Date('2026-11-01T00:00:00Z') };
const ended = { period: OCTOBER, observedAt: new Date('2026-10-30T10:00:00Z') };

describe('the overview', () => {
  test('of the six meters of the vendor: worst first, whatever their units and sizes', () => {
    expect(
      said(
        credit('Abmatic Contacts', 40_982, 20_000_000),
        credit('Campaigns', 494_936, 1_000_000_000, { unit: 'visitors' }),
        credit('Apollo Contacts', 803_412, 1_000_000),
        credit('Abmatic IP Reveal', 379_180, 100_000_000, { unit: 'lookups' }),
        credit('OpenAI Tokens', 4_984_062, 1_500_000_000, { unit: 'tokens' }),
        credit('Abmatic Accounts', 24_171, 4_000_000),
      ),
    ).toBe(`Credits: 1 of 6 needs attention · as of 14:05
🟠 Apollo Contacts  803,412 / 1,000,000 credits used · 80%
   ▓▓▓▓▓▓▓▓░░ 196,588 left · reset 1 Dec
🟢 Abmatic Accounts  24,171 / 4,000,000 credits used · 0.6%
🟢 Abmatic IP Reveal  379,180 / 100,000,000 lookups used · 0.3%
🟢 OpenAI Tokens  4,984,062 / 1,500,000,000 tokens used · 0.3%
🟢 Abmatic Contacts  40,982 / 20,000,000 credits used · 0.2%
🟢 Campaigns  494,936 / 1,000,000,000 visitors used · <0.1%`);
  });

  test('says when what needs attention runs out, and until when all the green surely lasts', () => {
    const shown = overview(
      credit('Apollo Contacts', 803_412, 1_000_000),
      credit('Campaigns', 494_936, 1_000_000_000, { unit: 'visitors' }),
    );
    const until = new Date('2026-12-01T00:00:00Z');
    const day = (date: number) => new Date(Date.UTC(2026, 10, date, 12));
    const forecasts = [
      { kind: 'runs-out', earliest: day(21), likely: day(22), latest: day(24), perDay: 45_700n, resets: until, toLast: 15_800n },
      { kind: 'lasts', until, usedAtEnd: 500_000n, perDay: 10n },
    ] as const;
    const lines = shown.lines.map((line, index) => ({ ...line, forecast: forecasts[index] ?? line.forecast }));
    expect(
      printed(
        overviewMessage(overviewOfLines(lines), {
          timeZone: 'UTC',
          subscribeWith: '/usage subscribe',
          invokedAs: '/usage',
          canShare: true,
        }),
      ),
    ).toBe(`Credits: 1 of 2 needs attention · as of 14:05
🟠 Apollo Contacts  803,412 / 1,000,000 credits used · 80%
   ▓▓▓▓▓▓▓▓░░ 196,588 left · runs out 21–24 Nov, reset 1 Dec
🟢 Campaigns  494,936 / 1,000,000,000 visitors used · <0.1%
All green meters last until 1 Dec.
No channel gets alerts yet: /usage subscribe`);
  });

  test('says the year of a day that could be taken for the same of another year', () => {
    const year = { start: new Date('2025-11-01T00:00:00Z'), end: new Date('2026-11-01T00:00:00Z') };
    const november = { start: new Date('2025-11-01T00:00:00Z'), end: new Date('2025-12-01T00:00:00Z') };
    const next = { start: new Date('2026-11-01T00:00:00Z'), end: new Date('2027-11-01T00:00:00Z') };
    expect(
      said(
        credit('Old', 50, 100, { period: november }),
        credit('Ended', 40, 100, { period: year }),
        credit('Next', 20, 100, { period: next }),
      ),
    ).toBe(`Credits: 1 fine, 2 out of date · as of 14:05
⚪ Old  50 / 100 credits used · 50%
   figures are less than an hour old, their period ended 1 Dec 2025
⚪ Ended  40 / 100 credits used · 40%
   figures are less than an hour old, their period ended 1 Nov
🟢 Next  20 / 100 credits used · 20%
   ▓▓░░░░░░░░ 80 left · reset 1 Nov 2027`);
  });

  test('says of which source a meter is where another source has one of the same name', () => {
    expect(
      said(credit('Credits', 50, 1000, { source: 'acme' }), credit('Credits', 20, 1000, { source: 'bolt' }), credit('Leads', 10, 1000)),
    ).toBe(`All 3 meters are fine · as of 14:05
🟢 Credits of acme  50 / 1,000 credits used · 5%
🟢 Credits of bolt  20 / 1,000 credits used · 2%
🟢 Leads  10 / 1,000 credits used · 1%`);
  });

  test('puts a used up meter before one over 80%, and that before what is fine, by the share of the own allowance', () => {
    expect(
      said(credit('Fine', 5, 10), credit('Nearly', 999, 1000), credit('Over', 11, 10), credit('Warned', 80, 100), credit('Up', 10, 10)),
    ).toBe(
      `Credits: 4 of 5 need attention · as of 14:05
🔴 Over  11 / 10 credits used · 110%
   ▓▓▓▓▓▓▓▓▓▓ 1 over · reset 1 Dec
🔴 Up  10 / 10 credits used · 100%
   ▓▓▓▓▓▓▓▓▓▓ 0 left · reset 1 Dec
🟠 Nearly  999 / 1,000 credits used · 99%
   ▓▓▓▓▓▓▓▓▓░ 1 left · reset 1 Dec
🟠 Warned  80 / 100 credits used · 80%
   ▓▓▓▓▓▓▓▓░░ 20 left · reset 1 Dec
🟢 Fine  5 / 10 credits used · 50%
   ▓▓▓▓▓░░░░░ 5 left · reset 1 Dec`,
    );
  });

  test.each<[string, Credit, string]>([
    [
      '79.99% is 79%, and fine',
      credit('A', 7_999, 10_000),
      '🟢 A  7,999 / 10,000 credits used · 79%\n   ▓▓▓▓▓▓▓░░░ 2,001 left · reset 1 Dec',
    ],
    [
      'exactly 80% is a warning',
      credit('A', 8_000, 10_000),
      '🟠 A  8,000 / 10,000 credits used · 80%\n   ▓▓▓▓▓▓▓▓░░ 2,000 left · reset 1 Dec',
    ],
    [
      '99.999999% is 99%',
      credit('A', 999_999_999n, 1_000_000_000n),
      '🟠 A  999,999,999 / 1,000,000,000 credits used · 99%\n   ▓▓▓▓▓▓▓▓▓░ 1 left · reset 1 Dec',
    ],
    ['from 10% there is a bar', credit('A', 10, 100), '🟢 A  10 / 100 credits used · 10%\n   ▓░░░░░░░░░ 90 left · reset 1 Dec'],
    ['below it there is none', credit('A', 99, 1_000), '🟢 A  99 / 1,000 credits used · 9%'],
    ['below 1% there is one digit', credit('A', 99, 10_000), '🟢 A  99 / 10,000 credits used · 0.9%'],
    ['0.1% is 0.1%', credit('A', 1, 1_000), '🟢 A  1 / 1,000 credits used · 0.1%'],
    ['below it is less than that', credit('A', 1, 1_001), '🟢 A  1 / 1,001 credits used · <0.1%'],
    ['nothing is 0%', credit('A', 0, 1_000), '🟢 A  0 / 1,000 credits used · 0%'],
    ['nothing of nothing has no share', credit('A', 0, 0), '🟢 A  0 / 0 credits used · none included'],
    ['something of nothing is over', credit('A', 5, 0), '🔴 A  5 / 0 credits used · over'],
    ['without an allowance it is unlimited', credit('A', 494_936, null, { unit: 'visitors' }), '🟢 A  494,936 visitors used · unlimited'],
    [
      'a lower bound without a total is not unlimited',
      { ...credit('A', 8_800, null), reading: { ...credit('A', 8_800, null).reading, isAtLeast: true } },
      '⚪ A  at least 8,800 credits used · total not known (mail of 23 Nov)',
    ],
    [
      'the largest figure is exact',
      credit('A', 2n ** 63n - 1n, 2n ** 63n - 1n),
      '🔴 A  9,223,372,036,854,775,807 / 9,223,372,036,854,775,807 credits used · 100%\n   ▓▓▓▓▓▓▓▓▓▓ 0 left · reset 1 Dec',
    ],
    [
      'money keeps its cents',
      credit('A', 2_575, 10_050, { unit: 'EUR', decimals: 2 }),
      '🟢 A  25.75 / 100.50 EUR used · 25%\n   ▓▓░░░░░░░░ 74.75 left · reset 1 Dec',
    ],
    ['cents alone have their zero', credit('A', 5, 10_000, { unit: 'EUR', decimals: 2 }), '🟢 A  0.05 / 100.00 EUR used · <0.1%'],
    ['without a unit there is none', credit('A', 5, 1_000, { unit: '' }), '🟢 A  5 / 1,000 used · 0.5%'],
    [
      'without a period there is no reset',
      credit('A', 50, 100, { period: null }),
      '🟢 A  50 / 100 credits used · 50%\n   ▓▓▓▓▓░░░░░ 50 left',
    ],
  ])('%s', (_what, one, line) => {
    expect(said(one).split('\n').slice(1).join('\n')).toBe(line);
  });

  test('says "as of" once when all figures are of one minute, else of each', () => {
    const sameMinute = new Date(OBSERVED.getTime() + 59_999);
    expect(said(credit('A', 2, 1_000), credit('B', 1, 1_000, { observedAt: sameMinute }))).toBe(`Both meters are fine · as of 14:05
🟢 A  2 / 1,000 credits used · 0.2%
🟢 B  1 / 1,000 credits used · 0.1%`);
    expect(
      said(
        credit('A', 4, 1_000),
        credit('B', 3, 1_000, { observedAt: new Date('2026-11-23T14:04:59Z') }),
        credit('C', 2, 1_000, { observedAt: new Date('2026-11-22T14:05:00Z') }),
        credit('D', 1, 1_000, { observedAt: new Date('2025-11-23T14:05:00Z'), period: null }),
      ),
    ).toBe(`Credits: 3 fine, 1 out of date
🟢 A  4 / 1,000 credits used · 0.4% · as of 14:05
🟢 B  3 / 1,000 credits used · 0.3% · as of 14:04
🟢 C  2 / 1,000 credits used · 0.2% · as of 22 Nov 14:05
⚪ D  1 / 1,000 credits used · 0.1% · as of 23 Nov 2025 14:05
   figures are 365 days old`);
  });

  test('shows figures of a period that has ended as out of date, not as fine and not as an alert', () => {
    expect(said(credit('Old', 100, 100, ended), credit('Apollo', 1, 1_000))).toBe(`Credits: 1 fine, 1 out of date
⚪ Old  100 / 100 credits used · 100% · as of 30 Oct 10:00
   figures are 24 days old, their period ended 1 Nov
🟢 Apollo  1 / 1,000 credits used · 0.1% · as of 14:05`);
    expect(said(credit('Old', 100, 100, ended), credit('Apollo', 90, 100)).split('\n')[0]).toBe(
      'Credits: 1 of 2 needs attention, 1 out of date',
    );
    expect(said(credit('Old', 100, 100, ended)).split('\n')[0]).toBe('Credits: 1 out of date · as of 30 Oct 10:00');
  });

  test('of one meter is short', () => {
    expect(said(credit('A', 1, 1_000))).toBe('A is fine · as of 14:05\n🟢 A  1 / 1,000 credits used · 0.1%');
    expect(said(credit('A', 900, 1_000)).split('\n')[0]).toBe('A needs attention · as of 14:05');
  });

  test('does not say that a meter without a known total is fine', () => {
    const unknown = credit('B', 8_800, null);
    const notice = { ...unknown, reading: { ...unknown.reading, isAtLeast: true } };
    expect(said(credit('A', 1, 1_000), notice).split('\n')[0]).toBe('Credits: 1 fine, 1 without a known total · as of 14:05');
  });

  test('does not say that all is fine without the sources that have a problem', () => {
    const at = new Date('2026-11-23T14:00:00Z');
    const poll = { account: 'default', everyMs: 60_000, dueAt: at, lastSuccessAt: at, failures: 0 };
    const broken = { reason: '401: the key was refused', remedy: 'Put a valid key there.', at };
    const headline = (...problems: readonly ({ reason: string; remedy: string; at: Date } | null)[]) =>
      printed(
        overviewMessage(overview(credit('A', 1, 1_000)), {
          timeZone: 'UTC',
          subscribeWith: null,
          invokedAs: '/usage',
          canShare: true,
          polls: problems.map((problem, index) => ({ ...poll, source: `s${String(index)}`, problem })),
        }),
      ).split('\n')[0];
    expect(headline(null)).toBe('A is fine · as of 14:05');
    expect(headline(broken, null)).toBe('A is fine · 1 source has a problem · as of 14:05');
    expect(headline(broken, broken)).toBe('A is fine · 2 sources have a problem · as of 14:05');
  });

  test('says when no channel gets alerts', () => {
    expect(
      printed(
        overviewMessage(overview(credit('A', 1, 1_000)), {
          timeZone: 'UTC',
          subscribeWith: '/usage subscribe',
          invokedAs: '/usage',
          canShare: true,
        }),
      ),
    ).toBe('A is fine · as of 14:05\n🟢 A  1 / 1,000 credits used · 0.1%\nNo channel gets alerts yet: /usage subscribe');
  });

  test('shows times in the zone of its reader, and the day of the reset as it is for all', () => {
    const text = overviewMessage(overview(credit('A', 50, 100)), {
      timeZone: 'UTC',
      subscribeWith: null,
      invokedAs: '/usage',
      canShare: true,
    });
    expect(printed(text, 'Pacific/Auckland')).toBe(
      'A is fine · as of 03:05\n🟢 A  50 / 100 credits used · 50%\n   ▓▓▓▓▓░░░░░ 50 left · reset 1 Dec',
    );
    expect(printed(text, 'America/New_York')).toContain('as of 09:05');
    expect(printed(text, 'America/New_York')).toContain('reset 1 Dec');
  });
});
