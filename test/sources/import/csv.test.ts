import { describe, expect, test } from 'vitest';
import { draftReading } from '../../../src/core/meters/reading.ts';
import { parseImport } from '../../../src/sources/import/parse-import.ts';
import { noteCode } from '../../support/import-notes.ts';

const ARRIVED = new Date('2026-11-23T09:00:00Z');
const AMBIGUOUS = { code: 'ambiguous', less: '1.614', more: '1614' };

function taken(text: string) {
  const imported = parseImport(text);
  if (!imported.ok) throw new Error(imported.error.kind);
  return imported.value;
}

/** What is wrong with each row, by its position: of a reading, as it would be rejected, and of a row that is none. */
function complaints(text: string): readonly object[] {
  const { readings, places, notes } = taken(text);
  return [
    ...readings.flatMap((reading, index) => {
      const draft = draftReading(reading, ARRIVED);
      return draft.ok ? [] : [{ ...places[index], ...draft.error }];
    }),
    ...notes.map((note) => ({ ...('at' in note ? note.at : {}), code: noteCode(note) })),
  ];
}

describe('history as CSV', () => {
  test('has one reading per row, in the source import, with all fields of the row', () => {
    const csv =
      'meter,used,total,observedAt,periodStart,periodEnd,unit,label\nleads,1614,1000000,2026-11-01T00:00:00Z,2026-11-01T00:00:00Z,2026-12-01T00:00:00Z,credits,"Leads, all"\nleads,1620,unlimited,2026-11-02T00:00:00Z,,,,\nleads,1630,null,2026-11-03T00:00:00Z,,,,\n';
    expect(taken(csv)).toEqual({
      source: 'import',
      form: 'table',
      places: [{ line: 2 }, { line: 3 }, { line: 4 }],
      notes: [],
      lost: 0,
      digest: null,
      readings: [
        {
          meter: 'leads',
          used: '1614',
          total: '1000000',
          observedAt: '2026-11-01T00:00:00Z',
          period: { start: '2026-11-01T00:00:00Z', end: '2026-12-01T00:00:00Z' },
          unit: 'credits',
          label: 'Leads, all',
        },
        { meter: 'leads', used: '1620', total: null, observedAt: '2026-11-02T00:00:00Z' },
        { meter: 'leads', used: '1630', total: null, observedAt: '2026-11-03T00:00:00Z' },
      ],
    });
    expect(complaints(csv)).toEqual([]);
  });

  test.each([
    ['meter;used;total;observedAt\r\na;1;10;2026-11-01T00:00:00Z\r\n', 'semicolons and CRLF'],
    ['meter\tused\ttotal\tobservedAt\na\t1\t10\t2026-11-01T00:00:00Z', 'tabs'],
    [
      '\uFEFF"Meter","Used","Total","Observed At"\n"a","1","10","2026-11-01T00:00:00Z"\n',
      'a byte order mark, quotes and a header as people write it',
    ],
    ['used,observed_at,meter,total\n1,2026-11-01T00:00:00Z,a,10\n\n,,,\n', 'columns in another order and empty rows'],
  ])('is read in all its variants: %#', (csv) => {
    expect(taken(csv).readings).toEqual([{ meter: 'a', used: '1', total: '10', observedAt: '2026-11-01T00:00:00Z' }]);
  });

  test.each([
    ['"1,614"', '"1,000,000"', ','],
    ['1 614', '1 000 000', ','],
    ["1'614", "1'000'000", ','],
    ['"12,34"', '"100,00"', ',', '12.34', '100.00'],
    ['1.614', '1.000.000', ';'],
    ['25,75', '100,00', ';', '25.75', '100.00'],
    ['1.2M', '5M', '\t', '1200000', '5000000'],
    ['€68.67', '€100.00', ';', '68.67', '100.00'],
    ['"1,614"', '"5,000"', ',', '1614', '5000'],
    ['1.614,50', '5.000,00', ';', '1614.50', '5000.00'],
  ])('reads %s of %s between "%s"', (used, total, delimiter, plainUsed = '1614', plainTotal = '1000000') => {
    const csv = [
      ['meter', 'used', 'total', 'observedAt'],
      ['a', used, total, '2026-11-01T00:00:00Z'],
    ].map((cells) => cells.join(delimiter));
    expect(taken(csv.join('\n'))).toMatchObject({ readings: [{ used: plainUsed, total: plainTotal }], notes: [] });
  });

  test('an ambiguous number is settled by its column, or reported by line', () => {
    const row = (used: string) => `a;${used};;2026-11-01T00:00:00Z`;
    const table = (...used: readonly string[]) => ['meter;used;total;observedAt', ...used.map(row)].join('\n');
    expect(taken(table('1.614', '1,614'))).toMatchObject({
      readings: [],
      notes: [
        { at: { line: 2 }, problem: { kind: 'bad-figure', field: 'used', number: '1.614', problem: AMBIGUOUS } },
        { at: { line: 3 }, problem: { kind: 'bad-figure', field: 'used', number: '1,614', problem: AMBIGUOUS } },
      ],
      lost: 2,
    });
    expect(taken(table('1.614', '12.345.678')).readings).toMatchObject([{ used: '1614' }, { used: '12345678' }]);
    expect(taken(table('1.614', '25,75')).readings).toMatchObject([{ used: '1614' }, { used: '25.75', decimals: 2 }]);
    expect(taken(table('1,614', '25,75')).readings).toMatchObject([{ used: '1.614' }, { used: '25.75' }]);
    expect(taken(table('1,614', '25,75', '12,345,678')).notes).toHaveLength(1);
  });

  test.each([
    ['1.614;10,000', { field: 'used', number: '1.614', problem: { code: 'contradictory-marks', other: '10,000' } }],
    ['1614;1,0000', { field: 'total', number: '1,0000', problem: { code: 'odd-groups' } }],
    ['$5;€10', { field: 'total', number: '€10', problem: { code: 'two-currencies', currency: 'EUR', other: 'USD' } }],
    ['120m;500m', { field: 'used', number: '120m', problem: { code: 'unclear-magnitude', magnitude: 'm' } }],
  ])('%s is rejected by line', (figures, problem) => {
    expect(taken(`meter;used;total;observedAt\na;${figures};2026-11-01\nb;5;10;2026-11-01`)).toMatchObject({
      readings: [{ meter: 'b', used: '5' }],
      notes: [{ at: { line: 2 }, problem }],
      lost: 1,
    });
  });

  test('the last second of a period counts as its end, as in a poll', () => {
    const { readings } = taken('meter,used,observedAt,periodStart,periodEnd\na,1,2026-11-02T00:00:00Z,2026-11-01,2026-11-30T23:59:59Z');
    expect(draftReading(readings[0], ARRIVED)).toMatchObject({
      ok: true,
      value: { period: { start: new Date('2026-11-01T00:00:00Z'), end: new Date('2026-12-01T00:00:00Z') } },
    });
  });

  test('commas as decimal separators do not settle an ambiguous number if commas also separate the cells', () => {
    expect(taken('meter,used,total,observedAt\na,"1,614","25,75",2026-11-01\nb,"25,75",100,2026-11-01')).toMatchObject({
      readings: [{ meter: 'b', used: '25.75' }],
      notes: [{ at: { line: 2 }, problem: { field: 'used', number: '1,614', problem: AMBIGUOUS } }],
      lost: 1,
    });
  });

  test.each(['REST calls', 'Free contacts', 'Left clicks'])('a column "%s" is unknown', (header) => {
    expect(parseImport(`meter,used,${header},observedAt\na,1,2,2026-11-01`)).toMatchObject({
      ok: false,
      error: { kind: 'unknown-columns', names: [header] },
    });
  });

  test.each([
    ['5,9,', { used: '5', remaining: '9' }],
    ['5,9,20', { used: '5', remaining: '9', total: '20' }],
    ['5,0,unlimited', { used: '5', total: null }],
    ['5,unlimited,', { used: '5', total: null }],
  ])('used, remaining and total %j are kept if they have a meaning', (figures, expected) => {
    const csv = `meter,used,remaining,total,observedAt\na,${figures},2026-11-01`;
    expect(taken(csv).readings).toEqual([{ meter: 'a', ...expected, observedAt: '2026-11-01' }]);
    expect(complaints(csv)).toEqual([]);
  });

  test.each(['remaining', 'Credits left', 'Available', 'Verbleibend', 'restants', 'Unused credits'])(
    'a column "%s" is the remaining amount',
    (header) => {
      const csv = `date,meter,${header},limit\n2026-11-01,a,"998,386","1,000,000"\n`;
      expect(taken(csv).readings).toEqual([{ meter: 'a', remaining: '998386', total: '1000000', observedAt: '2026-11-01' }]);
      expect(complaints(csv)).toEqual([]);
    },
  );

  test.each([
    ['23.11.2026 08:00', '2026-11-23T08:00:00.000Z'],
    ['11/23/2026 8:00 AM', '2026-11-23T08:00:00.000Z'],
    ['23/11/2026', '2026-11-23'],
    ['2026-11-23 08:00:00 +0000', '2026-11-23T08:00:00.000Z'],
    ['2026-11-23 08:00 UTC', '2026-11-23T08:00:00.000Z'],
    ['"Mon, 23 Nov 2026 08:00:00 +0000"', '2026-11-23T08:00:00.000Z'],
    ['23-Nov-26', '2026-11-23'],
  ])('reads the time %s', (written, observedAt) => {
    const csv = `meter,used,observedAt\na,1,${written}`;
    expect(taken(csv).readings).toEqual([{ meter: 'a', used: '1', observedAt }]);
    expect(complaints(csv)).toEqual([]);
  });

  test('an ambiguous date is settled by its column, or rejected with both dates', () => {
    const table = (...dates: readonly string[]) => ['meter,used,observedAt', ...dates.map((date) => `a,1,${date}`)].join('\n');
    expect(complaints(table('03/04/2026', '13/04/2026 08:00'))).toEqual([]);
    expect(taken(table('03/04/2026', '04/13/2026')).readings).toMatchObject([{ observedAt: '2026-03-04' }, { observedAt: '2026-04-13' }]);
    expect(complaints(table('03/04/2026', '05/06/2026'))).toEqual([
      { line: 2, code: 'bad-time', field: 'observedAt', problem: expect.objectContaining({ why: 'two-days' }) },
      { line: 3, code: 'bad-time', field: 'observedAt', problem: expect.objectContaining({ why: 'two-days' }) },
    ]);
  });

  test("accepts Excel's separator hint, and counts its line", () => {
    const csv = '\uFEFFsep=;\r\nmeter;used;observedAt\r\na;x;2026-11-01T00:00:00Z\r\nb;2;2026-11-01T00:00:00Z\r\n';
    expect(taken(csv).readings).toMatchObject([{ meter: 'a' }, { meter: 'b', used: '2' }]);
    expect(taken(csv).places).toEqual([{ line: 3 }, { line: 4 }]);
  });

  test('rejects a row that could not be decoded', () => {
    expect(taken('meter,used,observedAt\nGr\uFFFDe,1,2026-11-01\nb,2,2026-11-01')).toMatchObject({
      places: [{ line: 3 }],
      notes: [{ at: { line: 2 }, problem: { kind: 'undecodable' } }],
      lost: 1,
    });
  });

  test('reports by line why a row is rejected, and imports the others', () => {
    const rows = [
      'meter,used,total,observedAt,periodStart,periodEnd',
      'a,1,10,2026-11-01T00:00:00Z,,',
      'a,,10,2026-11-02T00:00:00Z,,',
      'a,5,10,yesterday,,',
      'a,1,614,10,2026-11-03T00:00:00Z,,,',
      'a,6,10,2026-11-24T12:00:00Z,,',
      'a,7,10,2026-11-04T00:00:00Z,2026-11-01T00:00:00Z,',
      'a,8',
      ',9,10,2026-11-05T00:00:00Z,,',
    ];
    expect(complaints(rows.join('\n'))).toMatchObject([
      { line: 3, code: 'not-an-amount', field: 'used' },
      { line: 4, code: 'bad-time', field: 'observedAt', problem: { why: 'no-time' } },
      { line: 6, code: 'ahead-of-clock' },
      { line: 7, code: 'bad-time', field: 'period.end', problem: { why: 'no-time' } },
      { line: 8, code: 'bad-time', field: 'observedAt', problem: { why: 'no-time' } },
      { line: 9, code: 'bad-name', field: 'meter' },
      { line: 5, code: 'too-many-cells' },
    ]);
  });

  test.each([
    ['meter,used,total\na,1,10', { kind: 'missing-columns', names: ['observedAt'] }],
    ['meter,used,totl,observedAt\na,1,10,2026-11-01T00:00:00Z', { kind: 'unknown-columns', names: ['totl'] }],
    ['meter,used,Used,observedAt\na,1,2,2026-11-01T00:00:00Z', { kind: 'repeated-columns', names: ['used'] }],
    [
      'meter,used,observedAt\n"a,1,2026-11-01T00:00:00Z',
      { kind: 'not-csv', why: 'Quote Not Closed: the parsing is finished with an opening quote at line 2', line: null },
    ],
  ])('%j is rejected', (csv, error) => {
    expect(parseImport(csv)).toEqual({ ok: false, error });
  });
});

test('full-width digits are digits, and figures that do not add up are kept together to be rejected', () => {
  const read = parseImport(
    'meter,used,remaining,total,observedAt\na,１６,84,100,2026-11-23T08:00:00Z\na,100,800,1000,2026-11-24T08:00:00Z',
  );
  expect(read).toMatchObject({
    ok: true,
    value: {
      readings: [
        { used: '16', total: '100' },
        { used: '100', remaining: '800', total: '1000' },
      ],
    },
  });
});
