import { figureFields, type FigureField } from '../../core/meters/figure-fields.ts';
import { MOST_DECIMALS } from '../../core/meters/meter.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { narrowed, onlyOf, parseInstant, type DayOrder } from '../../core/time/parse-date.ts';
import { alsoSeen, NO_EVIDENCE, type Evidence } from '../../core/text/numbers/evidence.ts';
import { settleFigures } from '../../core/text/numbers/figures.ts';
import { readNumber, type WrittenNumber } from '../../core/text/numbers/number.ts';
import type { Column } from './csv-columns.ts';
import type { Shown } from '../../core/text/numbers/numeral.ts';
import type { RowProblem } from '../../core/text/import-problem.ts';
import { badFigure } from './json-figures.ts';

export type Cells = Readonly<Partial<Record<Column, string>>>;

const DATES = ['observedAt', 'periodStart', 'periodEnd'] as const satisfies readonly Column[];
const USUAL_INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?Z$/;
const UNLIMITED = new Set(['unlimited', 'null', 'unbegrenzt', 'illimité', 'ilimitado', '∞']);

/** How the file writes numbers and dates, as far as the rows so far show. Updated while rows are read. */
export type Habits = {
  evidence: Evidence;
  orders: ReadonlySet<DayOrder> | null;
  readonly groups: ',' | null;
  readonly isOfCommas: boolean;
};

/**
 * Returns the initial habits. A comma that separates cells is not a decimal separator. With semicolons between cells it may be one;
 * then only the numbers themselves can tell.
 */
export function habitsOf(delimiter: string): Habits {
  return { evidence: NO_EVIDENCE, orders: null, groups: delimiter === ';' ? null : ',', isOfCommas: delimiter === ',' };
}

/** Learns the habits of the file from rows. */
export function learn(habits: Habits, rows: readonly Cells[]): void {
  for (const row of rows) {
    for (const column of figureFields) {
      const number = numberIn(row[column]);
      if (number !== null) habits.evidence = alsoSeen(habits.evidence, number);
    }
    for (const column of DATES) {
      const date = row[column] ?? '';
      if (date !== '' && !USUAL_INSTANT.test(date)) habits.orders = narrowed(habits.orders, date);
    }
  }
}

function numberIn(cell: string | undefined): WrittenNumber | null {
  // Most cells have only digits, which show nothing about the habits.
  return cell === undefined || cell === '' || /^\d+$/.test(cell) ? null : readNumber(cell);
}

/**
 * Converts a row to a reading in the form of `POST /v1/usage`, which reports invalid fields.
 *
 * @returns the reading, or why the row is rejected if a figure is ambiguous
 */
export function rowReading(row: Cells, habits: Habits): Result<unknown, RowProblem> {
  if (Object.values(row).some((value) => value.includes('\uFFFD'))) return err({ kind: 'undecodable' });
  const written = figureFields.flatMap((field) => {
    const number = numberIn(row[field]);
    return number === null ? [] : [{ field, number }];
  });
  const settled = settleFigures(written, {
    evidence: habits.evidence,
    groups: habits.groups,
    unit: row.unit,
    limited: (number, shown) => limitedBy(number, shown, habits),
  });
  if (!settled.ok) return err(badFigure(settled.error));
  const { values: settledBy, currency, digits } = settled.value;
  const figures: Partial<Record<FigureField, string | null | undefined>> = { ...row, ...settledBy };
  if (UNLIMITED.has(row.total?.toLowerCase() ?? '')) figures.total = null;
  // The remaining amount of an unlimited meter only says that it is unlimited.
  if (figures.used && UNLIMITED.has(row.remaining?.toLowerCase() ?? '')) {
    figures.remaining = '';
    figures.total ||= null;
  }
  const { used, remaining, total } = figures;
  const hasTotal = total !== undefined && total !== '';
  const decimals = currency === null ? digits : Math.max(currency.decimals, digits);
  const unit = row.unit || currency?.code;
  return ok({
    meter: row.meter,
    ...(used === undefined || (used === '' && remaining) ? {} : { used }),
    ...(remaining === undefined || (remaining === '' && used !== undefined) || (used && total === null) ? {} : { remaining }),
    // History needs times: a row without one must not count as now.
    observedAt: instantIn(row.observedAt ?? '', habits),
    ...(hasTotal ? { total } : {}),
    ...(row.periodStart || row.periodEnd
      ? { period: { start: instantIn(row.periodStart, habits), end: instantIn(row.periodEnd, habits) } }
      : {}),
    ...(unit ? { unit } : {}),
    ...(row.label ? { label: row.label } : {}),
    ...(decimals > 0 ? { decimals: Math.min(decimals, MOST_DECIMALS) } : {}),
  });
}

/** If commas separate cells and decimals have a point, `1,614` is ambiguous. A factor of a thousand is not guessed. */
function limitedBy({ text }: WrittenNumber, shown: Shown, { isOfCommas }: Habits): Shown {
  return isOfCommas && shown === 'comma' && text.includes(',') ? 'mixed' : shown;
}

/** Converts a time to ISO 8601; a date stays a date. An invalid time is left unchanged. */
function instantIn(cell: string | undefined, { orders }: Habits): string | undefined {
  if (cell === undefined || USUAL_INSTANT.test(cell)) return cell;
  const read = parseInstant(cell, onlyOf(orders));
  if (!read.ok) return cell;
  const text = read.value.at.toISOString();
  return read.value.dateOnly ? text.slice(0, 10) : text;
}
