import { err, ok, type Result } from '../../core/result.ts';
import { roleOf } from '../../core/text/numbers/roles.ts';
import type { ImportProblem } from '../../core/text/import-problem.ts';

const COLUMNS = ['meter', 'used', 'remaining', 'total', 'observedAt', 'periodStart', 'periodEnd', 'unit', 'label'] as const;
export type Column = (typeof COLUMNS)[number];

/** Other names that programs and people use for our columns. */
const ALSO: Readonly<Record<string, Column>> = {
  allowance: 'total',
  limit: 'total',
  quota: 'total',
  included: 'total',
  gesamt: 'total',
  kontingent: 'total',
  date: 'observedAt',
  datum: 'observedAt',
  fecha: 'observedAt',
  day: 'observedAt',
  time: 'observedAt',
  timestamp: 'observedAt',
};

/** The position of a table in the file, its cell separator, and its columns. */
export type Table = { readonly delimiter: string; readonly headerLine: number; readonly columns: readonly Column[] };

/** Longer than any header. */
const LONGEST_HEADER = 1_000;

/** Excel's own hint: the character that separates the cells below. */
const HINT = /^\uFEFF?"?sep=(?<delimiter>.)"?;*$/iu;

/** Whether a text starts like one of our tables: with a header that names the meter. */
export function looksLikeCsv(text: string): boolean {
  const { header, delimiter } = headerOf(text);
  const names = cellsOf(header, delimiter).map(columnOf);
  return names.length > 1 && names.includes('meter');
}

/** Whether the first part of a file does not contain the header yet. */
export function lacksHeader(text: string): boolean {
  const begin = text.search(/\S/);
  const first = begin < 0 ? -1 : text.indexOf('\n', begin);
  return first < 0 || (HINT.test(text.slice(0, first).trim()) && text.indexOf('\n', first + 1) < 0);
}

/** Reads the header. */
export function tableOf(text: string): Result<Table, ImportProblem> {
  const { header, delimiter, headerLine } = headerOf(text);
  const given = cellsOf(header, delimiter);
  const named = given.map((name) => ({ name, column: columnOf(name) }));
  const unknown = named.filter(({ column }) => column === null);
  if (unknown.length > 0) return err({ kind: 'unknown-columns', names: unknown.map(({ name }) => name) });
  const columns = named.flatMap(({ column }) => column ?? []);
  const missing = [
    ...(['meter', 'observedAt'] as const).filter((column) => !columns.includes(column)),
    ...(columns.includes('used') || columns.includes('remaining') ? [] : (['used'] as const)),
  ];
  if (missing.length > 0) return err({ kind: 'missing-columns', names: missing });
  const repeated = COLUMNS.filter((column) => columns.filter((one) => one === column).length > 1);
  if (repeated.length > 0) return err({ kind: 'repeated-columns', names: repeated });
  return ok({ delimiter, headerLine, columns });
}

function headerOf(text: string): { readonly header: string; readonly delimiter: string; readonly headerLine: number } {
  const lines = text.split(/\r\n|\r|\n/, 2);
  const hinted = HINT.exec((lines[0] ?? '').trim())?.groups?.['delimiter'];
  const line = (hinted === undefined ? lines[0] : lines[1]) ?? '';
  const header = line.length > LONGEST_HEADER ? '' : line;
  const known = (delimiter: string) => cellsOf(header, delimiter).filter((name) => columnOf(name) !== null).length;
  const delimiter = hinted ?? [',', ';', '\t', '|'].toSorted((a, b) => known(b) - known(a))[0] ?? ',';
  return { header, delimiter, headerLine: hinted === undefined ? 1 : 2 };
}

function cellsOf(header: string, delimiter: string): readonly string[] {
  return header
    .replace(/^\uFEFF/, '')
    .split(delimiter)
    .map((name) =>
      name
        .trim()
        .replace(/^"(.*)"$/, '$1')
        .trim(),
    );
}

/** `observed_at` and `Observed At` become `observedAt`, `Credits left` becomes `remaining`. */
function columnOf(name: string): Column | null {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[\s_-]/g, '');
  const exact = COLUMNS.find((column) => plain(column) === plain(name));
  if (exact !== undefined) return exact;
  if (name.includes('%')) return null;
  const { role, contradicts } = roleOf(
    name.split(/[^\p{L}\p{M}]+/u).filter((word) => word !== ''),
    'name',
  );
  if (contradicts) return null;
  return role ?? ALSO[plain(name)] ?? null;
}
