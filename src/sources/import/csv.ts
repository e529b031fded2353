import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { CsvError, parse as parseStream, type Options } from 'csv-parse';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { err, ok, type Result } from '../../core/result.ts';
import type { Imported, ImportedPart, OpenedImport } from '../../ports/import.ts';
import { MOST_TOGETHER } from '../../ports/ingest.ts';

/** Where history from a file goes unless told otherwise. */
const CSV_SOURCE = 'import';

const REQUIRED = ['meter', 'used', 'observedAt'] as const;
const COLUMNS = ['meter', 'used', 'total', 'observedAt', 'periodStart', 'periodEnd', 'unit', 'label'] as const;
const HEADER = 'meter,used,total,observedAt[,periodStart,periodEnd,unit,label]';

const recordSchema = z.object({
  record: z.record(z.string(), z.string()),
  info: z.object({ lines: z.number(), error: z.object({ record: z.array(z.string()) }).optional() }),
});
type Row = z.infer<typeof recordSchema>;

/** A row is short. What is longer began with a quote that nobody closed, and would swallow the rest of the file. */
const LONGEST_ROW = 64 * 1024;

/** Whether a text begins like a table of ours: with a header that names the meter. */
export function looksLikeCsv(text: string): boolean {
  const [first = ''] = text.split(/\r?\n/, 1);
  const names = first.split(/[,;\t]/).map((name) => columnOf(bare(name)));
  return names.length > 1 && names.includes('meter');
}

/**
 * Reads history as CSV (RFC 4180; semicolons and tabs are understood too), one reading a row, under a header that names
 * the columns in any order. An empty total is left to what is known of the meter, `unlimited` is none.
 */
export function parseCsv(text: string): Result<Imported, string> {
  const table = tableOf(text);
  if (!table.ok) return table;
  try {
    return ok({
      source: CSV_SOURCE,
      digest: null,
      ...partOf(z.array(recordSchema).parse(parse(text, table.value.options)), table.value.width),
    });
  } catch (error) {
    return err(notCsv(error));
  }
}

/**
 * The same of a file of any size, so many rows at a time. What is no CSV any more ends it: what came before that was read.
 *
 * @param head begins the file, and holds the whole header
 */
export function streamCsv(head: string, rest: AsyncIterable<string>): Result<OpenedImport, string> {
  const table = tableOf(head);
  return table.ok ? ok({ source: CSV_SOURCE, digest: null, parts: partsOf(head, rest, table.value) }) : table;
}

/** Rows are kept as they are read: those in the buffers of a stream would be lost with its first mistake. */
async function* partsOf(head: string, rest: AsyncIterable<string>, { options, width }: Table): AsyncGenerator<ImportedPart> {
  const rows: Row[] = [];
  let line = 1;
  const keep = (record: unknown): null => {
    const row = recordSchema.parse(record);
    line = row.info.lines;
    rows.push(row);
    return null;
  };
  const parser = parseStream({ ...options, on_record: keep }).resume();
  // Whoever writes is told.
  parser.on('error', () => {});
  try {
    await written(parser, head);
    for await (const chunk of rest) {
      await written(parser, chunk);
      while (rows.length >= MOST_TOGETHER) yield { ...partOf(rows.splice(0, MOST_TOGETHER), width), broken: null };
    }
    parser.end();
    await finished(parser);
  } catch (error) {
    return yield { ...partOf(rows, width), broken: notCsv(error, ` after line ${String(line)}`) };
  }
  yield { ...partOf(rows, width), broken: null };
}

function written(parser: Writable, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    parser.write(text, (error) => (error ? reject(error) : resolve()));
  });
}

type Table = { readonly width: number; readonly options: Options };

/** What the header says. */
function tableOf(text: string): Result<Table, string> {
  const [first = ''] = text.split(/\r?\n/, 1);
  const delimiter = [',', ';', '\t'].find((one) => first.includes(one)) ?? ',';
  const given = first.split(delimiter).map(bare);
  const unknown = given.filter((name) => columnOf(name) === null);
  if (unknown.length > 0)
    return err(`The header has ${unknown.map((name) => `"${name}"`).join(', ')}, which is no column. It takes ${HEADER}.`);
  const missing = REQUIRED.filter((column) => !given.some((name) => columnOf(name) === column));
  if (missing.length > 0) return err(`The header lacks ${missing.join(', ')}. It takes ${HEADER}.`);
  const repeated = COLUMNS.filter((column) => given.filter((name) => columnOf(name) === column).length > 1);
  if (repeated.length > 0) return err(`The header has ${repeated.join(', ')} twice. Leave one of them out.`);
  const columns = (header: string[]) => header.map((name) => columnOf(bare(name)) ?? name);
  return ok({
    width: given.length,
    options: {
      columns,
      delimiter,
      info: true,
      trim: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      relax_column_count: true,
      max_record_size: LONGEST_ROW,
    },
  });
}

function partOf(all: readonly Row[], width: number): Pick<Imported, 'readings' | 'places' | 'notes' | 'lost'> {
  const isTooLong = ({ info }: Row) => (info.error?.record.length ?? 0) > width;
  const rows = all.filter((row) => !isTooLong(row));
  // With a comma too many all that follows would stand under the wrong name.
  const notes = all
    .filter(isTooLong)
    .map(
      ({ info }) =>
        `line ${String(info.lines)}: has more cells than the header. Put numbers such as "1,614" in quotes, or leave the comma out`,
    );
  return {
    readings: rows.map(({ record }) => readingOf(record)),
    places: rows.map(({ info }) => `line ${String(info.lines)}`),
    notes,
    lost: notes.length,
  };
}

/** @param where what the library names is where it gave up, which may be far from where it began */
function notCsv(error: unknown, where = ''): string {
  if (!(error instanceof CsvError)) throw error;
  return `This is not CSV${where}: ${error.message}.`;
}

function bare(name: string): string {
  return name
    .trim()
    .replace(/^"(.*)"$/, '$1')
    .trim();
}

/** `observed_at` and `Observed At` are `observedAt`. */
function columnOf(name: string): (typeof COLUMNS)[number] | null {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[\s_-]/g, '');
  return COLUMNS.find((column) => plain(column) === plain(name)) ?? null;
}

/** The row as `POST /v1/usage` would have it; what is wrong with it is said there, by field. */
function readingOf({
  meter,
  used,
  total,
  observedAt,
  periodStart,
  periodEnd,
  unit,
  label,
}: Readonly<Record<string, string | undefined>>): unknown {
  return {
    meter,
    used,
    // Of history the moment matters: a row without one is not taken for now.
    observedAt: observedAt ?? '',
    ...(total === undefined || total === '' ? {} : { total: ['unlimited', 'null'].includes(total.toLowerCase()) ? null : total }),
    ...(periodStart || periodEnd ? { period: { start: periodStart, end: periodEnd } } : {}),
    ...(unit ? { unit } : {}),
    ...(label ? { label } : {}),
  };
}
