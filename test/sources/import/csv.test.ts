import { describe, expect, test } from 'vitest';
import { draftReading } from '../../../src/core/meters/reading.ts';
import { readingProblemText } from '../../../src/messages/text/reading-problem.ts';
import { parseImport } from '../../../src/sources/import/parse-import.ts';
import { importProblemText, ROW_PROBLEMS } from '../../../src/messages/forms/import-problems.ts';

const ARRIVED = new Date('2026-11-23T09:00:00Z');

function taken(text: string) {
  const imported = parseImport(text);
  if (!imported.ok) throw new Error(imported.error);
  return imported.value;
}

/** Returns the error of each row by its position. */
function complaints(text: string): readonly string[] {
  const { readings, places, notes } = taken(text);
  return [
    ...readings.flatMap((reading, index) => {
      const draft = draftReading(reading, ARRIVED);
      return draft.ok ? [] : [`${places[index] ?? ''}: ${readingProblemText(draft.error)}`];
    }),
    ...notes,
  ];
}

describe('history as CSV', () => {
  test('has one reading per row, in the source import, with all fields of the row', () => {
    const csv =
      'meter,used,total,observedAt,periodStart,periodEnd,unit,label\nleads,1614,1000000,2026-11-01T00:00:00Z,2026-11-01T00:00:00Z,2026-12-01T00:00:00Z,credits,"Leads, all"\nleads,1620,unlimited,2026-11-02T00:00:00Z,,,,\nleads,1630,null,2026-11-03T00:00:00Z,,,,\n';
    expect(taken(csv)).toEqual({
      source: 'import',
      form: 'table',
      places: ['line 2', 'line 3', 'line 4'],
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
        'line 2: used 1.614 could be 1.614 or 1614: write 1614, or 1.6140',
        'line 3: used 1,614 could be 1.614 or 1614: write 1614, or 1.6140',
      ],
      lost: 2,
    });
    expect(taken(table('1.614', '12.345.678')).readings).toMatchObject([{ used: '1614' }, { used: '12345678' }]);
    expect(taken(table('1.614', '25,75')).readings).toMatchObject([{ used: '1614' }, { used: '25.75', decimals: 2 }]);
    expect(taken(table('1,614', '25,75')).readings).toMatchObject([{ used: '1.614' }, { used: '25.75' }]);
    expect(taken(table('1,614', '25,75', '12,345,678')).notes).toHaveLength(1);
  });

  test.each([
    ['1.614;10,000', 'used 1.614 and 10,000 use points and commas in contradictory ways'],
    ['1614;1,0000', 'total 1,0000 does not group its digits by three'],
    ['$5;€10', 'total €10 is in EUR, and another figure is in USD'],
    ['120m;500m', 'used 120m ends in "m", which may be a unit'],
  ])('%s is rejected by line', (figures, why) => {
    expect(taken(`meter;used;total;observedAt\na;${figures};2026-11-01\nb;5;10;2026-11-01`)).toMatchObject({
      readings: [{ meter: 'b', used: '5' }],
      notes: [expect.stringContaining(`line 2: ${why}`)],
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
      notes: ['line 2: used 1,614 could be 1.614 or 1614: write 1614, or 1.6140'],
      lost: 1,
    });
  });

  test.each(['REST calls', 'Free contacts', 'Left clicks'])('a column "%s" is unknown', (header) => {
    expect(parseImport(`meter,used,${header},observedAt\na,1,2,2026-11-01`)).toMatchObject({
      ok: false,
      error: importProblemText({ kind: 'unknown-columns', names: [header] }),
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
      'line 2: observedAt could be 2026-04-03 or 2026-03-04: write the day as 2026-04-03',
      'line 3: observedAt could be 2026-06-05 or 2026-05-06: write the day as 2026-06-05',
    ]);
  });

  test("accepts Excel's separator hint, and counts its line", () => {
    const csv = '\uFEFFsep=;\r\nmeter;used;observedAt\r\na;x;2026-11-01T00:00:00Z\r\nb;2;2026-11-01T00:00:00Z\r\n';
    expect(taken(csv).readings).toMatchObject([{ meter: 'a' }, { meter: 'b', used: '2' }]);
    expect(taken(csv).places).toEqual(['line 3', 'line 4']);
  });

  test('rejects a row that could not be decoded', () => {
    expect(taken('meter,used,observedAt\nGr\uFFFDe,1,2026-11-01\nb,2,2026-11-01')).toMatchObject({
      places: ['line 3'],
      notes: [`line 2: ${ROW_PROBLEMS.undecodable}`],
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
    expect(complaints(rows.join('\n'))).toEqual([
      'line 3: used must be a number or a decimal string',
      'line 4: observedAt must be an ISO 8601 time with a zone, such as 2026-11-23T08:00:00Z',
      expect.stringMatching(/^line 6: observedAt is .* ahead of this server's clock \(\S+Z\): check the clock of the sender/),
      'line 7: period.end must be an ISO 8601 time with a zone, such as 2026-11-23T08:00:00Z',
      'line 8: observedAt must be an ISO 8601 time with a zone, such as 2026-11-23T08:00:00Z',
      'line 9: meter must have 1 to 200 characters, none of them a slash, a control character or invisible',
      'line 5: has more cells than the header. Put numbers such as "1,614" in quotes, or leave the comma out',
    ]);
  });

  test.each([
    ['meter,used,total\na,1,10', importProblemText({ kind: 'missing-columns', names: ['observedAt'] })],
    ['meter,used,totl,observedAt\na,1,10,2026-11-01T00:00:00Z', importProblemText({ kind: 'unknown-columns', names: ['totl'] })],
    ['meter,used,Used,observedAt\na,1,2,2026-11-01T00:00:00Z', importProblemText({ kind: 'repeated-columns', names: ['used'] })],
    [
      'meter,used,observedAt\n"a,1,2026-11-01T00:00:00Z',
      'This is not CSV: Quote Not Closed: the parsing is finished with an opening quote at line 2.',
    ],
  ])('%j is rejected with the expected header', (csv, message) => {
    expect(parseImport(csv)).toEqual({ ok: false, error: message });
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
