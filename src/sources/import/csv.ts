import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { CsvError, parse as parseStream, type Options } from 'csv-parse';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { err, ok, type Result } from '../../core/result.ts';
import type { Imported, ImportedPart, OpenedImport } from '../../ports/inbound/import.ts';
import { MOST_PER_BATCH } from '../../ports/inbound/ingest.ts';
import { tableOf, type Table } from './csv-columns.ts';
import { habitsOf, learn, rowReading, type Habits } from './csv-rows.ts';
import type { ImportNote, ImportPlace, ImportProblem } from '../../core/text/import-problem.ts';

/** The default source for imported history. */
const CSV_SOURCE = 'import';

const recordSchema = z.object({
  record: z.record(z.string(), z.string()),
  info: z.object({ lines: z.number(), error: z.object({ record: z.array(z.string()) }).optional() }),
});
type Row = z.infer<typeof recordSchema>;

/** Rows are short. A longer one starts with an unclosed quote, which would swallow the rest of the file. */
const LONGEST_ROW = 64 * 1024;

/**
 * Reads history as CSV (RFC 4180, also with semicolons or tabs). The header names the columns in any order; each row is a reading.
 * An empty total keeps the known total of the meter, `unlimited` removes it.
 */
export function parseCsv(text: string): Result<Imported, ImportProblem> {
  const table = tableOf(text);
  if (!table.ok) return table;
  try {
    return ok({
      source: CSV_SOURCE,
      form: 'table',
      digest: null,
      ...partOf(z.array(recordSchema).parse(parse(text, optionsOf(table.value))), startReading(table.value)),
    });
  } catch (error) {
    return err(notCsv(error));
  }
}

/**
 * Reads CSV of any size in parts. Invalid CSV ends the stream; the parts before it are kept.
 *
 * @param head the start of the file, with the whole header
 */
export function streamCsv(head: string, rest: AsyncIterable<string>): Result<OpenedImport, ImportProblem> {
  const table = tableOf(head);
  return table.ok ? ok({ source: CSV_SOURCE, form: 'table', digest: null, parts: partsOf(head, rest, table.value) }) : table;
}

/** Keeps rows as they are parsed, because the rows in a stream's buffers would be lost at its first error. */
async function* partsOf(head: string, rest: AsyncIterable<string>, table: Table): AsyncGenerator<ImportedPart> {
  const reading = startReading(table);
  const rows: Row[] = [];
  let line = 1;
  const keep = (record: unknown, info: unknown): null => {
    const row = recordSchema.parse({ record, info });
    line = row.info.lines;
    rows.push(row);
    return null;
  };
  // The callback gets the position anyway; `info` would compute it a second time for each row.
  const parser = parseStream({ ...optionsOf(table), info: false, on_record: keep }).resume();
  // The callback of `write` receives the error.
  parser.on('error', () => {});
  try {
    await written(parser, head);
    for await (const chunk of rest) {
      await written(parser, chunk);
      while (rows.length >= MOST_PER_BATCH) yield { ...partOf(rows.splice(0, MOST_PER_BATCH), reading), broken: null };
    }
    parser.end();
    await finished(parser);
  } catch (error) {
    return yield { ...partOf(rows, reading), broken: notCsv(error, line) };
  }
  yield { ...partOf(rows, reading), broken: null };
}

function written(parser: Writable, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    parser.write(text, (error) => (error ? reject(error) : resolve()));
  });
}

function optionsOf({ delimiter, headerLine, columns }: Table): Options {
  return {
    columns: () => [...columns],
    delimiter,
    from_line: headerLine,
    info: true,
    trim: true,
    skip_empty_lines: true,
    skip_records_with_empty_values: true,
    relax_column_count: true,
    max_record_size: LONGEST_ROW,
  };
}

type Reading = { readonly width: number; readonly habits: Habits };

function startReading({ columns, delimiter }: Table): Reading {
  return { width: columns.length, habits: habitsOf(delimiter) };
}

function partOf(all: readonly Row[], { width, habits }: Reading): Pick<Imported, 'readings' | 'places' | 'notes' | 'lost'> {
  const isTooLong = ({ info }: Row) => (info.error?.record.length ?? 0) > width;
  learn(
    habits,
    all.filter((row) => !isTooLong(row)).map(({ record }) => record),
  );
  const readings: unknown[] = [];
  const places: ImportPlace[] = [];
  const notes: ImportNote[] = [];
  for (const row of all) {
    const place = { line: row.info.lines };
    // After an extra comma, all further values would be in the wrong columns.
    const reading = isTooLong(row) ? err({ kind: 'too-many-cells' as const }) : rowReading(row.record, habits);
    if (reading.ok) {
      readings.push(reading.value);
      places.push(place);
    } else notes.push({ at: place, problem: reading.error });
  }
  return { readings, places, notes, lost: notes.length };
}

/** @param line the last row before the mistake; the library only knows where it gave up, which may be far from it */
function notCsv(error: unknown, line: number | null = null): ImportProblem {
  if (!(error instanceof CsvError)) throw error;
  return { kind: 'not-csv', why: error.message, line };
}
