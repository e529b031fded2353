import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { consumptionCsv, countConsumption, type ConsumptionRow } from '../../../src/core/meters/export.ts';
import type { Meter } from '../../../src/core/meters/meter.ts';
import type { Reading } from '../../../src/core/meters/reading.ts';
import { november } from '../../support/watching.ts';

const iso = (text: string) => new Date(text);
const december = { start: iso('2026-12-01T00:00:00Z'), end: iso('2027-01-01T00:00:00Z') };
const apollo: Meter = {
  id: 'm1',
  account: 'default',
  source: 'abmatic',
  key: 'apollo_contacts',
  label: 'Apollo Contacts',
  unit: 'credits',
  decimals: 0,
  aliases: [],
  owner: null,
  consequence: null,
  resets: true,
};

function at(observedAt: string, used: bigint, overrides: Partial<Reading> = {}): Reading {
  return { used, total: 1000n, observedAt: iso(observedAt), period: november, ...overrides };
}

function consumptionRows(
  meter: Meter,
  readings: readonly Reading[],
  options: Parameters<typeof countConsumption>[1],
): readonly ConsumptionRow[] {
  const count = countConsumption(meter, options);
  return [...readings.flatMap((reading) => count.add(reading)), ...count.end()];
}

/** Day, consumed, used of each line. */
function lines(readings: readonly Reading[], timeZone = 'UTC', since: Date | null = null): readonly string[] {
  const csv = consumptionCsv(consumptionRows(apollo, readings, { timeZone, since }));
  return csv
    .trimEnd()
    .split('\r\n')
    .slice(1)
    .map((line) =>
      line
        .split(',')
        .filter((_cell, column) => [5, 8, 9].includes(column))
        .join(' '),
    );
}

describe('consumption per day', () => {
  test('is what lies between two readings, on the day of the later one', () => {
    expect(lines([at('2026-11-20T08:00:00Z', 100n), at('2026-11-20T20:00:00Z', 140n), at('2026-11-23T08:00:00Z', 200n)])).toEqual([
      '2026-11-20 40 140',
      '2026-11-23 60 200',
    ]);
  });

  test('of a single first reading is nothing: when that was consumed is not known', () => {
    expect(lines([at('2026-11-20T08:00:00Z', 100n)])).toEqual(['2026-11-20 0 100']);
  });

  test('belongs to the day of the account, not of the host', () => {
    const readings = [at('2026-11-20T08:00:00Z', 100n), at('2026-11-20T22:59:59Z', 110n), at('2026-11-20T23:00:00Z', 125n)];
    expect(lines(readings, 'UTC')).toEqual(['2026-11-20 25 125']);
    expect(lines(readings, 'Europe/Berlin')).toEqual(['2026-11-20 10 110', '2026-11-21 15 125']);
  });

  test('starts again from zero with a reset, and that day has a row for each period', () => {
    const readings = [
      at('2026-11-30T22:00:00Z', 900n),
      at('2026-11-30T23:59:00Z', 905n),
      at('2026-12-01T00:10:00Z', 7n, { period: december }),
      at('2026-12-01T09:00:00Z', 12n, { period: december }),
    ];
    expect(lines(readings, 'Europe/Berlin')).toEqual(['2026-11-30 0 900', '2026-12-01 5 905', '2026-12-01 12 12']);
  });

  test('starts again from zero with a presumed reset, in the same row', () => {
    const fallen = [at('2026-11-20T10:00:00Z', 5n), at('2026-11-20T11:00:00Z', 5n)];
    expect(lines([at('2026-11-20T08:00:00Z', 800n), at('2026-11-20T09:00:00Z', 820n), ...fallen])).toEqual(['2026-11-20 25 5']);
  });

  test('is less on the days before a correction, so that a period still adds up to what is used', () => {
    expect(lines([at('2026-11-20T08:00:00Z', 0n), at('2026-11-21T08:00:00Z', 500n), at('2026-11-22T08:00:00Z', 480n)])).toEqual([
      '2026-11-20 0 0',
      '2026-11-21 480 500',
      '2026-11-22 0 480',
    ]);
  });

  test('does not mind a top-up', () => {
    expect(lines([at('2026-11-20T08:00:00Z', 500n), at('2026-11-21T08:00:00Z', 510n, { total: 2500n })])).toEqual([
      '2026-11-20 0 500',
      '2026-11-21 10 510',
    ]);
  });

  test('uses an earlier reading as the baseline and leaves out its row', () => {
    expect(lines([at('2026-11-19T23:00:00Z', 100n), at('2026-11-20T08:00:00Z', 130n)], 'UTC', iso('2026-11-20T00:00:00Z'))).toEqual([
      '2026-11-20 30 130',
    ]);
  });

  test('has one row for a day and a period where a fall is taken for a reset and the period is named on', () => {
    const period = { start: iso('2026-11-01T00:00:00Z'), end: iso('2026-12-01T00:00:00Z') };
    const rows = consumptionRows(
      apollo,
      [
        at('2026-11-20T08:00:00Z', 1n, { total: null, period }),
        at('2026-11-20T09:00:00Z', 0n, { total: null, period: null }),
        at('2026-11-20T10:00:00Z', 0n, { total: null, period }),
      ],
      { timeZone: 'UTC' },
    );
    expect(rows.map((row) => [row.consumed, row.period?.start ?? null])).toEqual([
      [0n, period.start],
      [0n, null],
    ]);
  });

  test('is never below zero and in the order of the days, whatever the readings are', () => {
    const reading = fc.record({
      used: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }),
      hours: fc.integer({ min: 1, max: 2000 }),
      total: fc.option(fc.bigInt({ min: 0n, max: 2n ** 63n - 1n })),
      named: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.array(reading, { maxLength: 40 }),
        fc.constantFrom('UTC', 'Europe/Berlin', 'Africa/Cairo', 'Australia/Lord_Howe'),
        (drafts, timeZone) => {
          let now = iso('2026-01-01T00:00:00Z').getTime();
          const readings = drafts.map(({ used, hours, total, named }): Reading => {
            now += hours * 3_600_000;
            const observedAt = new Date(now);
            const month = observedAt.getUTCMonth();
            const year = observedAt.getUTCFullYear();
            return {
              used,
              total,
              observedAt,
              period: named ? { start: new Date(Date.UTC(year, month, 1)), end: new Date(Date.UTC(year, month + 1, 1)) } : null,
            };
          });
          const rows = consumptionRows(apollo, readings, { timeZone });
          expect(rows.filter(({ consumed }) => consumed < 0n)).toEqual([]);
          // Days never go back, and no day has two neighbouring rows of the same period.
          for (const [index, row] of rows.entries()) {
            const before = rows[index - 1];
            if (before)
              expect(
                row.day >= before.day && !(row.day === before.day && row.period?.start.getTime() === before.period?.start.getTime()),
              ).toBe(true);
          }
        },
      ),
    );
  });
});

describe('the file', () => {
  test('has the header, CRLF and every column', () => {
    const rows = consumptionRows(apollo, [at('2026-11-20T08:00:00Z', 100n), at('2026-11-21T08:00:00Z', 1614n, { total: 100_000n })], {
      timeZone: 'UTC',
    });
    expect(consumptionCsv(rows)).toBe(
      'account,source,meter,label,unit,day,period_start,period_end,consumed,used,total\r\n' +
        'default,abmatic,apollo_contacts,Apollo Contacts,credits,2026-11-20,2026-11-01T00:00:00Z,2026-12-01T00:00:00Z,0,100,1000\r\n' +
        'default,abmatic,apollo_contacts,Apollo Contacts,credits,2026-11-21,2026-11-01T00:00:00Z,2026-12-01T00:00:00Z,1514,1614,100000\r\n',
    );
  });

  test('without rows is the header alone', () => {
    expect(consumptionCsv([])).toBe('account,source,meter,label,unit,day,period_start,period_end,consumed,used,total\r\n');
  });

  test('leaves an unknown period and an unlimited total empty, and writes money with its decimals', () => {
    const money = { ...apollo, decimals: 2 };
    const csv = consumptionCsv(
      consumptionRows(
        money,
        [
          at('2026-11-20T08:00:00Z', 2575n, { total: null, period: null }),
          at('2026-11-20T09:00:00Z', 2570n, { total: null, period: null }),
        ],
        { timeZone: 'UTC' },
      ),
    );
    expect(csv.split('\r\n')[1]).toBe('default,abmatic,apollo_contacts,Apollo Contacts,credits,2026-11-20,,,0.00,25.70,');
  });

  test.each([
    ['a comma', 'Contacts, Apollo', '"Contacts, Apollo"'],
    ['a quote', 'the "big" one', '"the ""big"" one"'],
    ['a line break', 'two\nlines', '"two\nlines"'],
    ['a formula', '=HYPERLINK("http://x","y")', `"'=HYPERLINK(""http://x"",""y"")"`],
    ['a plus', '+1', "'+1"],
    ['a minus', '-2+3', "'-2+3"],
    ['an at sign', '@SUM(A1)', "'@SUM(A1)"],
    ['a formula after a space', ' =1+1', "' =1+1"],
    ['a tab', '\t1', "'\t1"],
    ['a wide equals sign', '＝1', "'＝1"],
    ['a formula behind a semicolon', 'a;=1+1', "a;'=1+1"],
    ['a formula behind a semicolon and a space', 'a; @SUM(A1)', "a; '@SUM(A1)"],
    ['a formula behind a tab', 'a\t+1', "a\t'+1"],
    ['a formula behind a bar', 'a|-1', "a|'-1"],
    ['a formula behind a comma', 'a,=1', `"a,'=1"`],
    ['a formula behind a line break', 'a\n=1', `"a\n'=1"`],
    ['an equals sign inside', 'a=b', 'a=b'],
  ])('makes a label with %s harmless', (_case, label, cell) => {
    const csv = consumptionCsv(consumptionRows({ ...apollo, label }, [at('2026-11-20T08:00:00Z', 1n)], { timeZone: 'UTC' }));
    expect(csv).toContain(`default,abmatic,apollo_contacts,${cell},credits,2026-11-20,`);
  });
});
