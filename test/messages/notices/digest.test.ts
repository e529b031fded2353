import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  digestSnapshotSchema,
  fasterThanUsual,
  stateOf,
  worstFirst,
  type DigestMeter,
  type DigestSnapshot,
} from '../../../src/core/notifications/digest.ts';
import { thresholdDetail } from '../../../src/core/rules/threshold.ts';
import { digestMessage } from '../../../src/messages/notices/digest.ts';
import { plainMessage, plainRichText } from '../../../src/messages/text/plain.ts';
import { shortNames } from '../../../src/messages/text/short-name.ts';
import { slackUser } from '../../support/people.ts';

const iso = (text: string) => new Date(text);
const BERLIN = 'Europe/Berlin';
// Monday 23 November, 09:00 in Berlin; the figures are of 08:58.
const DUE = iso('2026-11-23T08:00:00Z');
const AS_OF = iso('2026-11-23T07:58:00Z');
const november = { start: iso('2026-10-31T23:00:00Z'), end: iso('2026-11-30T23:00:00Z') };

type Overrides = Partial<Omit<DigestMeter, 'meter' | 'reading'>> & {
  reading?: Partial<DigestMeter['reading']>;
  meter?: Partial<DigestMeter['meter']>;
};

function meter(
  label: string,
  unit: string,
  used: bigint,
  total: bigint | null,
  { reading, meter: named, ...overrides }: Overrides = {},
): DigestMeter {
  return {
    meter: { source: 'abmatic', key: label, label, unit, decimals: 0, resets: true, ...named },
    topUp: null,
    fullest: null,
    reading: { used, total, observedAt: AS_OF, period: november, ...reading },
    severity: null,
    consumed: { week: null, weekBefore: null },
    days: [],
    runOut: null,
    lasts: true,
    usedUpSince: null,
    fired: [],
    acknowledgedBy: null,
    requestedAt: null,
    freshness: 'current',
    ...overrides,
  };
}

/** An alert that was posted when usage reached a share, in tenths of a percent. */
function reached(perMille: number, time: string, { firstSight = false } = {}): DigestMeter['fired'][number] {
  const detail = z.encode(thresholdDetail, { level: { of: 'used', perMille, severity: 'warning' }, firstSight, balance: null });
  const at = iso(time);
  return {
    findings: [{ kind: 'threshold', condition: `used:${String(perMille)}`, severity: 'warning', detail }],
    reading: { used: BigInt(perMille), total: 1000n, observedAt: at, period: november },
    at,
  };
}

const apollo = meter('Apollo Contacts', 'credits', 1_000_214n, 1_000_000n, {
  severity: 'critical',
  lasts: false,
  consumed: { week: 319_400n, weekBefore: 332_000n },
  usedUpSince: iso('2026-11-22T17:40:00Z'),
  fired: [reached(1000, '2026-11-22T17:40:00Z')],
  acknowledgedBy: slackUser('Anna'),
  requestedAt: iso('2026-11-20T12:00:00Z'),
});
const healthy = [
  meter('Campaigns', 'visitors', 494_936n, 1_000_000_000n, { consumed: { week: 210_000n, weekBefore: 99_000n } }),
  meter('OpenAI Tokens', 'tokens', 4_984_062n, 1_500_000_000n),
  meter('Abmatic Accounts', 'credits', 24_171n, 4_000_000n),
  meter('Abmatic Contacts', 'credits', 40_982n, 20_000_000n),
  meter('Abmatic IP Reveal', 'lookups', 379_180n, 100_000_000n),
];

function snapshot(meters: readonly DigestMeter[], overrides: Partial<DigestSnapshot> = {}): DigestSnapshot {
  return {
    kind: 'digest',
    timeZone: 'Europe/Berlin',
    week: { start: iso('2026-11-15T23:00:00Z'), end: iso('2026-11-22T23:00:00Z') },
    dueAt: DUE,
    late: false,
    meters: [...meters],
    ...overrides,
  };
}

function read(meters: readonly DigestMeter[], overrides: Partial<DigestSnapshot> = {}): string {
  return plainMessage(digestMessage(snapshot(meters, overrides), { timeZone: BERLIN, accountZone: BERLIN }), {
    timeZone: BERLIN,
    now: DUE,
  });
}

describe('a digest', () => {
  test('has what needs attention first, and the healthy in one line', () => {
    expect(read([...healthy, apollo])).toBe(
      [
        '📊 Credits, 16–22 Nov: 1 used up, 5 fine',
        '🔴 Apollo Contacts  1,000,214 / 1,000,000 · 100% · +319,400 (last week +332,000)',
        '   Used up since Sun 18:40 · @Anna is on it · more requested Fri, no answer yet',
        '🟢 Accounts, IP Reveal, OpenAI, Contacts, Campaigns: under 1%, all last until 1 Dec',
        'Faster than usual: Campaigns, 2.1× last week',
        'As of 08:58',
      ].join('\n'),
    );
  });

  test('is one line when all is well', () => {
    const calm = healthy.map((one) => ({ ...one, consumed: { week: null, weekBefore: null } }));
    const fine = [...calm, meter('Apollo Contacts', 'credits', 1_614n, 1_000_000n)];
    expect(read(fine)).toBe('📊 Credits, 16–22 Nov: all 6 fine, nothing runs out before 1 Dec. As of 08:58.');
    expect(read(fine.slice(0, 1))).toBe('📊 Credits, 16–22 Nov: fine, nothing runs out before 1 Dec. As of 08:58.');
  });

  test('is sent without any figures too', () => {
    expect(read([])).toBe('📊 Credits, 16–22 Nov: no figures yet.');
  });

  test('begins "Credits digest" on a phone, and names the worst', () => {
    const say = (meters: readonly DigestMeter[], overrides: Partial<DigestSnapshot> = {}) =>
      plainRichText(digestMessage(snapshot(meters, overrides), { timeZone: BERLIN, accountZone: BERLIN }).summary, {
        timeZone: BERLIN,
        now: DUE,
      });
    expect(say([...healthy, apollo])).toBe('Credits digest, 16–22 Nov: 1 used up, 5 fine. Apollo Contacts 100%');
    expect(say(healthy)).toBe('Credits digest, 16–22 Nov: all 5 fine');
    expect(say([], { late: true })).toBe('Credits digest, 16–22 Nov (late): no figures yet');
  });

  test('says that it is late, and when it was due', () => {
    expect(read([apollo], { late: true }).split('\n')).toEqual([
      '📊 Credits, 16–22 Nov (late): 1 used up',
      expect.stringContaining('Apollo Contacts'),
      expect.stringContaining('@Anna is on it'),
      'As of 08:58 · This digest was due 09:00.',
    ]);
    expect(read(healthy.slice(1), { late: true })).toBe(
      '📊 Credits, 16–22 Nov (late): all 4 fine, nothing runs out before 1 Dec. As of 08:58.\nThis digest was due 09:00.',
    );
  });

  test('names the days of the account: a week across two months, and across two years', () => {
    expect(read([], { week: { start: iso('2026-11-29T23:00:00Z'), end: iso('2026-12-06T23:00:00Z') } })).toContain(
      'Credits, 30 Nov – 6 Dec:',
    );
    expect(read([], { week: { start: iso('2026-12-27T23:00:00Z'), end: iso('2027-01-03T23:00:00Z') } })).toContain(
      'Credits, 28 Dec – 3 Jan:',
    );
  });
});

describe('the chart of a digest', () => {
  /** 16 November is the first day of its week. */
  const monday = Date.UTC(2026, 10, 16) / 86_400_000;
  const days = Array.from({ length: 14 }, (_, index) => ({ day: monday - 7 + index, consumed: 1000n + BigInt(index) }));

  test('shows the worst one that needs attention, the week beside the week before, and says of which meter it is', () => {
    const { chart } = digestMessage(snapshot([...healthy, { ...apollo, days }]), { timeZone: BERLIN, accountZone: BERLIN });
    expect(chart).toMatchObject({ title: 'Apollo Contacts: credits used per day', shape: 'bar', series: [{ name: 'credits' }] });
    expect([chart?.categories.length, chart?.categories.at(0), chart?.categories.at(-1)]).toEqual([14, '9 Nov', '22 Nov']);
    expect(chart?.series[0]?.values).toEqual(days.map(({ consumed }) => Number(consumed)));
  });

  test('begins with the first day that is known', () => {
    expect(
      digestMessage(snapshot([{ ...apollo, days: days.slice(9) }]), { timeZone: BERLIN, accountZone: BERLIN }).chart?.categories,
    ).toEqual(['18 Nov', '19 Nov', '20 Nov', '21 Nov', '22 Nov']);
  });

  test('is left out when there is nothing to do, when fewer than four days are known, and for figures that are old', () => {
    const chartOf = (...meters: readonly DigestMeter[]) => digestMessage(snapshot(meters), { timeZone: BERLIN, accountZone: BERLIN }).chart;
    expect(chartOf(...healthy.map((one) => ({ ...one, days })))).toBeUndefined();
    expect(chartOf({ ...apollo, days: days.slice(0, 3) })).toBeUndefined();
    expect(chartOf({ ...apollo, days, freshness: 'stale' })).toBeUndefined();
  });

  test('has a title of at most 50 characters, whatever the meter is called', () => {
    const title =
      digestMessage(snapshot([{ ...apollo, days, meter: { ...apollo.meter, label: 'x'.repeat(200) } }]), {
        timeZone: BERLIN,
        accountZone: BERLIN,
      }).chart?.title ?? '';
    expect(title).toMatch(/^x+…x*: credits used per day$/);
    expect(title.length).toBeLessThanOrEqual(50);
  });
});

describe('a meter in it', () => {
  const lines = (one: DigestMeter) => read([one]).split('\n').slice(1, -1);

  test('that runs out says when, and when the reset is', () => {
    const one = meter('Apollo Contacts', 'credits', 803_412n, 1_000_000n, {
      severity: 'warning',
      lasts: false,
      consumed: { week: 319_400n, weekBefore: null },
      runOut: { earliest: iso('2026-11-26T10:00:00Z'), latest: iso('2026-11-28T10:00:00Z') },
      fired: [reached(800, '2026-11-17T13:05:00Z')],
    });
    expect(lines(one)).toEqual([
      '🟠 Apollo Contacts  803,412 / 1,000,000 · 80% · +319,400',
      '   Runs out 26–28 Nov, reset 1 Dec · Reached 80% Tue 14:05',
    ]);
    expect(read([one])).toContain('Credits, 16–22 Nov: 1 needs attention\n');
    expect(lines({ ...one, runOut: { earliest: iso('2026-11-26T10:00:00Z'), latest: iso('2026-11-26T20:00:00Z') } })[1]).toContain(
      'Runs out 26 Nov, reset 1 Dec',
    );
    expect(lines({ ...one, reading: { ...one.reading, period: null } })[1]).toContain('   Runs out 26–28 Nov · ');
  });

  test('that runs out needs attention before any level is reached', () => {
    expect(
      lines(
        meter('Campaigns', 'visitors', 500n, 1000n, {
          lasts: false,
          runOut: { earliest: iso('2026-11-28T10:00:00Z'), latest: iso('2026-12-02T10:00:00Z') },
        }),
      ),
    ).toEqual(['🟠 Campaigns  500 / 1,000 · 50%', '   Runs out 28 Nov – 2 Dec, reset 1 Dec']);
  });

  test('with a notice that will last counts as fine and still has its line', () => {
    const noticed = meter('Campaigns', 'visitors', 800n, 1000n, { severity: 'notice' });
    expect(read([noticed, meter('OpenAI Tokens', 'tokens', 1n, 1000n)]).split('\n')).toEqual([
      '📊 Credits, 16–22 Nov: all 2 fine, nothing runs out before 1 Dec. As of 08:58.',
      '🟡 Campaigns  800 / 1,000 · 80%',
      '   Should last until 1 Dec',
    ]);
  });

  test('whose source is silent is not called fine, nor bad', () => {
    const stale = meter('Apollo Contacts', 'credits', 1_000_214n, 1_000_000n, {
      severity: 'critical',
      freshness: 'stale',
      acknowledgedBy: slackUser('Anna'),
      reading: { observedAt: iso('2026-11-16T07:15:00Z') },
    });
    expect(read([stale]).split('\n')).toEqual([
      '📊 Credits, 16–22 Nov: 1 without current figures',
      '⚪ Apollo Contacts  1,000,214 / 1,000,000 · 100% · no figures since 16 Nov 08:15',
      '   @Anna is on it',
    ]);
    const expired = meter('Apollo Contacts', 'credits', 5n, 10n, {
      freshness: 'expired',
      reading: {
        observedAt: iso('2026-10-31T07:15:00Z'),
        period: { start: iso('2026-09-30T22:00:00Z'), end: iso('2026-10-31T23:00:00Z') },
      },
    });
    expect(read([expired])).toContain('its period ended 1 Nov, no figures since 31 Oct 08:15');
  });

  test('that fired and is fine again is mentioned', () => {
    const again = meter('Campaigns', 'visitors', 40n, 100n, { fired: [reached(800, '2026-11-17T13:05:00Z')] });
    expect(read([again]).split('\n')).toEqual([
      '📊 Credits, 16–22 Nov: fine, nothing runs out before 1 Dec. As of 08:58.',
      'Fine again: Campaigns (reached 80% Tue 14:05)',
    ]);
  });

  test('that was corrected down shows that', () => {
    expect(lines(meter('Campaigns', 'visitors', 900n, 1000n, { severity: 'warning', consumed: { week: -20n, weekBefore: 0n } }))[0]).toBe(
      '🟠 Campaigns  900 / 1,000 · 90% · -20 (last week +0)',
    );
  });

  test('of money keeps its decimals', () => {
    expect(
      lines(
        meter('Spend', 'USD', 9_050n, 10_000n, {
          severity: 'warning',
          meter: { decimals: 2 },
          consumed: { week: 1_234n, weekBefore: null },
        }),
      )[0],
    ).toBe('🟠 Spend  90.50 / 100.00 · 90% · +12.34');
  });
});

describe('the healthy', () => {
  const green = (meters: readonly DigestMeter[]) =>
    read([apollo, ...meters])
      .split('\n')
      .find((line) => line.startsWith('🟢'));

  test('one by itself lasts', () => {
    expect(green([meter('Campaigns', 'visitors', 9n, 1000n)])).toBe('🟢 Campaigns: under 1%, lasts until 1 Dec');
  });

  test.each([
    [9n, 1n],
    [10n, 5n],
    [49n, 5n],
    [50n, 10n],
    [345n, 40n],
    [799n, 80n],
    [999n, 100n],
  ])('%i of 1,000 is under %i %', (used, percent) => {
    expect(green([meter('Campaigns', 'visitors', used, 1000n)])).toContain(`under ${String(percent)}%`);
  });

  test('that reset on different days last until their reset', () => {
    const other = meter('OpenAI Tokens', 'tokens', 1n, 1000n, {
      reading: { period: { start: november.start, end: iso('2027-01-01T00:00:00Z') } },
    });
    expect(green([meter('Campaigns', 'visitors', 1n, 1000n), other])).toBe('🟢 Campaigns, OpenAI: under 1%, all last until their reset');
    expect(read([meter('Campaigns', 'visitors', 1n, 1000n), other])).toContain('all 2 fine, nothing runs out before its reset. As of');
  });

  test('are promised nothing where it is too early to tell, or nobody knows the reset', () => {
    expect(green([meter('Campaigns', 'visitors', 1n, 1000n, { lasts: false })])).toBe('🟢 Campaigns: under 1%');
    expect(green([meter('Campaigns', 'visitors', 1n, 1000n, { reading: { period: null } })])).toBe('🟢 Campaigns: under 1%');
    expect(read([meter('Campaigns', 'visitors', 1n, 1000n, { lasts: false })])).toBe('📊 Credits, 16–22 Nov: fine. As of 08:58.');
  });

  test('without a limit have no share and always last', () => {
    expect(green([meter('Campaigns', 'visitors', 1n, null, { lasts: false })])).toBe('🟢 Campaigns');
    expect(green([meter('Campaigns', 'visitors', 1n, null, { lasts: false }), meter('OpenAI Tokens', 'tokens', 20n, 1000n)])).toBe(
      '🟢 OpenAI, Campaigns: under 5%, all last until 1 Dec',
    );
  });

  test('of different minutes are as of the oldest', () => {
    expect(read([apollo, meter('Campaigns', 'visitors', 1n, 1000n, { reading: { observedAt: iso('2026-11-23T07:45:00Z') } })])).toMatch(
      /\nAs of 08:45 or later$/,
    );
  });

  test('and the bad are cut where nobody would read on', () => {
    const many = Array.from({ length: 200 }, (_, index) => meter(`Meter ${String(index)}`, '', 1n, 1000n));
    expect(green(many)).toMatch(/^🟢 (?:Meter \d+, ){4}Meter \d+ and 195 more: under 1%/);
    const bad = many.map((one) => ({ ...one, severity: 'warning' as const }));
    expect(read(bad).split('\n')).toContain('+195 more: 195 need attention');
    expect(read(bad).split('\n')).toHaveLength(1 + 5 * 2 + 1 + 1);
    const twice = { week: 200n, weekBefore: 100n };
    const eventful = many.map((one) => ({
      ...one,
      consumed: twice,
      fired: [reached(800, '2026-11-17T13:05:00Z')],
    }));
    const lines = read(eventful).split('\n');
    for (const kind of ['Fine again: ', 'Faster than usual: ']) {
      const line = lines.find((one) => one.startsWith(kind)) ?? '';
      expect(line.match(/Meter \d+/g)).toHaveLength(5);
      expect(line).toMatch(/ and 195 more$/);
    }
  });
});

test.each<[string, DigestMeter['fired'][number], string]>([
  ['an alert', reached(1000, '2026-11-17T13:05:00Z'), 'used up Tue 14:05'],
  ['an alert of the first reading', reached(800, '2026-11-17T13:05:00Z', { firstSight: true }), 'at 80% when first seen, Tue 14:05'],
  // Earlier versions stored its sentence alone, which is quoted as it is.
  ['an alert of an earlier version', { headline: 'is used up (100 %)', at: iso('2026-11-17T13:05:00Z') }, '“is used up (100%)” Tue 14:05'],
])('%s is named in the past tense when the meter is fine again', (_which, fired, past) => {
  expect(read([meter('Leads', '', 1n, 1000n, { fired: [fired] })]).split('\n')).toContain(`Fine again: Leads (${past})`);
});

test.each<[string, DigestMeter, ReturnType<typeof stateOf>]>([
  ['exactly all of it', meter('A', '', 100n, 100n), 'used-up'],
  ['one less than all', meter('A', '', 99n, 100n), 'fine'],
  ['something of nothing', meter('A', '', 1n, 0n), 'used-up'],
  ['nothing of nothing', meter('A', '', 0n, 0n), 'fine'],
  ['any amount without a limit', meter('A', '', 100n, null), 'fine'],
  ['a warning', meter('A', '', 80n, 100n, { severity: 'warning' }), 'needs-attention'],
  ['a notice', meter('A', '', 80n, 100n, { severity: 'notice' }), 'fine'],
  ['all of it, long ago', meter('A', '', 100n, 100n, { freshness: 'stale' }), 'not-monitored'],
])('%s is %s', (_case, one, state) => {
  expect(stateOf(one)).toBe(state);
});

test('worst first: by state, then severity, then share of the own allowance', () => {
  const order = worstFirst([
    meter('fine', '', 10n, 1000n),
    meter('stale', '', 999n, 1000n, { freshness: 'stale' }),
    meter('low', '', 85n, 100n, { severity: 'warning' }),
    meter('lower', '', 900_000n, 1_000_000n, { severity: 'warning' }),
    meter('over', '', 11n, 10n, { severity: 'critical' }),
    meter('forecast', '', 40n, 100n, { severity: 'critical', runOut: { earliest: DUE, latest: DUE } }),
    meter('more', '', 20n, 1000n),
  ]);
  expect(order.map((one) => one.meter.label)).toEqual(['over', 'forecast', 'lower', 'low', 'stale', 'more', 'fine']);
});

test.each<[bigint | null, bigint | null, string | null]>([
  [21n, 10n, '2.1×'],
  [2199n, 1000n, '2.1×'],
  [15n, 10n, '1.5×'],
  [149n, 100n, null],
  [18n, 9n, null],
  [100n, 0n, null],
  [null, 100n, null],
  [100n, null, null],
])('a week of %s after one of %s is faster by %s', (week, weekBefore, factor) => {
  const [found] = fasterThanUsual([meter('A', '', 1n, 100n, { consumed: { week, weekBefore } })]);
  expect(found ? `${String(found.tenths / 10n)}.${String(found.tenths % 10n)}×` : null).toBe(factor);
});

test('names lose their source and unit only while they stay different', () => {
  const short = (...meters: readonly (readonly [string, string, string])[]) => [
    ...shortNames(meters.map(([source, label, unit]) => ({ source, label, unit }))).values(),
  ];
  expect(
    short(['abmatic', 'Abmatic Accounts', 'credits'], ['abmatic', 'OpenAI Tokens', 'tokens'], ['abmatic', 'Tokens', 'tokens']),
  ).toEqual(['Accounts', 'OpenAI', 'Tokens']);
  expect(short(['abmatic', 'Abmatic Contacts', 'credits'], ['other', 'Contacts', 'credits'])).toEqual(['Abmatic Contacts', 'Contacts']);
  expect(short(['a', 'A Tokens', 'tokens'], ['b', 'B Tokens', 'tokens'])).toEqual(['A Tokens', 'B Tokens']);
});

test('a stored digest reads back as it was, through JSON', () => {
  const original = snapshot([
    ...healthy,
    apollo,
    meter('Big', '', 2n ** 62n, null, { runOut: { earliest: DUE, latest: AS_OF }, reading: { period: null } }),
  ]);
  const stored: unknown = JSON.parse(JSON.stringify(z.encode(digestSnapshotSchema, original)));
  expect(digestSnapshotSchema.parse(stored)).toEqual(original);
});
