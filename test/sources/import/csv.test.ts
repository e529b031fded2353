import { describe, expect, test } from 'vitest';
import { draftReading } from '../../../src/core/reading.ts';
import { parseImport } from '../../../src/sources/import/parse-import.ts';

const ARRIVED = new Date('2026-11-23T09:00:00Z');

function taken(text: string) {
  const imported = parseImport(text);
  if (!imported.ok) throw new Error(imported.error);
  return imported.value;
}

/** What is wrong with each row, by its place. */
function complaints(text: string): readonly string[] {
  const { readings, places, notes } = taken(text);
  return [
    ...readings.flatMap((reading, index) => {
      const draft = draftReading(reading, ARRIVED);
      return draft.ok ? [] : [`${places[index] ?? ''}: ${draft.error}`];
    }),
    ...notes,
  ];
}

describe('history as CSV', () => {
  test('is one reading a row, into the source import, with everything that the row says', () => {
    const csv =
      'meter,used,total,observedAt,periodStart,periodEnd,unit,label\nleads,1614,1000000,2026-11-01T00:00:00Z,2026-11-01T00:00:00Z,2026-12-01T00:00:00Z,credits,"Leads, all"\nleads,1620,unlimited,2026-11-02T00:00:00Z,,,,\nleads,1630,null,2026-11-03T00:00:00Z,,,,\n';
    expect(taken(csv)).toEqual({
      source: 'import',
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
  ])('is understood in its variants: %#', (csv) => {
    expect(taken(csv).readings).toEqual([{ meter: 'a', used: '1', total: '10', observedAt: '2026-11-01T00:00:00Z' }]);
  });

  test('says of each row by its line why it is not taken, and takes the others', () => {
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
      expect.stringMatching(/^line 6: observedAt is .* ahead of this server's clock \(\S+Z\): check the clock of what sends it/),
      'line 7: period.end must be an ISO 8601 time with a zone, such as 2026-11-23T08:00:00Z',
      'line 8: observedAt must be an ISO 8601 time with a zone, such as 2026-11-23T08:00:00Z',
      'line 9: meter must have 1 to 200 characters, without control characters or a slash',
      'line 5: has more cells than the header. Put numbers such as "1,614" in quotes, or leave the comma out',
    ]);
  });

  test.each([
    ['meter,used,total\na,1,10', 'The header lacks observedAt. It takes meter,used,total,observedAt[,periodStart,periodEnd,unit,label].'],
    [
      'meter,used,totl,observedAt\na,1,10,2026-11-01T00:00:00Z',
      'The header has "totl", which is no column. It takes meter,used,total,observedAt[,periodStart,periodEnd,unit,label].',
    ],
    ['meter,used,Used,observedAt\na,1,2,2026-11-01T00:00:00Z', 'The header has used twice. Leave one of them out.'],
    [
      'meter,used,observedAt\n"a,1,2026-11-01T00:00:00Z',
      'This is not CSV: Quote Not Closed: the parsing is finished with an opening quote at line 2.',
    ],
  ])('with %j says what it takes', (csv, message) => {
    expect(parseImport(csv)).toEqual({ ok: false, error: message });
  });
});
