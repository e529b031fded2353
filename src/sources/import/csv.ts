import { CsvError, parse } from 'csv-parse/sync';
import { z } from 'zod';
import { err, ok, type Result } from '../../core/result.ts';
import type { Imported } from '../../ports/import.ts';

/** Where history from a file goes unless told otherwise. */
const CSV_SOURCE = 'import';

const REQUIRED = ['meter', 'used', 'observedAt'] as const;
const COLUMNS = ['meter', 'used', 'total', 'observedAt', 'periodStart', 'periodEnd', 'unit', 'label'] as const;
const HEADER = 'meter,used,total,observedAt[,periodStart,periodEnd,unit,label]';

const records = z.array(z.object({ record: z.record(z.string(), z.string()), info: z.object({ lines: z.number(), error: z.object({ record: z.array(z.string()) }).optional() }) }));

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
  const [first = ''] = text.split(/\r?\n/, 1);
  const delimiter = [',', ';', '\t'].find((one) => first.includes(one)) ?? ',';
  const given = first.split(delimiter).map(bare);
  const unknown = given.filter((name) => columnOf(name) === null);
  if (unknown.length > 0) return err(`The header has ${unknown.map((name) => `"${name}"`).join(', ')}, which is no column. It takes ${HEADER}.`);
  const missing = REQUIRED.filter((column) => !given.some((name) => columnOf(name) === column));
  if (missing.length > 0) return err(`The header lacks ${missing.join(', ')}. It takes ${HEADER}.`);
  let parsed: z.infer<typeof records>;
  try {
    parsed = records.parse(parse(text, { columns: (header: string[]) => header.map((name) => columnOf(bare(name)) ?? name), delimiter, info: true, trim: true, skip_empty_lines: true, skip_records_with_empty_values: true, relax_column_count: true }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return err(`This is not CSV: ${error.message}.`);
  }
  const tooLong = parsed.filter(({ info }) => (info.error?.record.length ?? 0) > given.length);
  const rows = parsed.filter((row) => !tooLong.includes(row));
  return ok({
    source: CSV_SOURCE,
    readings: rows.map(({ record }) => readingOf(record)),
    digest: null,
    places: rows.map(({ info }) => `line ${String(info.lines)}`),
    // With a comma too many all that follows would stand under the wrong name.
    notes: tooLong.map(({ info }) => `line ${String(info.lines)}: has more cells than the header. Put numbers such as "1,614" in quotes, or leave the comma out`),
  });
}

function bare(name: string): string {
  return name.trim().replace(/^"(.*)"$/, '$1').trim();
}

/** `observed_at` and `Observed At` are `observedAt`. */
function columnOf(name: string): (typeof COLUMNS)[number] | null {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[\s_-]/g, '');
  return COLUMNS.find((column) => plain(column) === plain(name)) ?? null;
}

/** The row as `POST /v1/usage` would have it; what is wrong with it is said there, by field. */
function readingOf({ meter, used, total, observedAt, periodStart, periodEnd, unit, label }: Readonly<Record<string, string | undefined>>): unknown {
  return {
    meter,
    used,
    // Of history the moment matters: a row without one is not taken for now.
    observedAt: observedAt ?? '',
    ...(total === undefined || total === '' ? {} : { total: total.toLowerCase() === 'unlimited' ? null : total }),
    ...(periodStart || periodEnd ? { period: { start: periodStart, end: periodEnd } } : {}),
    ...(unit ? { unit } : {}),
    ...(label ? { label } : {}),
  };
}
