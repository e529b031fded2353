import { z } from 'zod';
import { figureFields, type FigureField } from '../../core/meters/figure-fields.ts';
import { MOST_DECIMALS } from '../../core/meters/meter.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { evidenceOf, type Evidence } from '../../core/text/numbers/evidence.ts';
import { settleFigures, type NotTaken } from '../../core/text/numbers/figures.ts';
import type { RowProblem } from '../../core/text/import-problem.ts';
import { readNumber, type WrittenNumber } from '../../core/text/numbers/number.ts';

type Written = readonly { readonly field: FigureField; readonly number: WrittenNumber }[];

const readingSchema = z.looseObject({ unit: z.string().optional() });
/** In the form of `POST /v1/usage`. */
const PLAIN = /^\s*[-−]?\d+(?:\.\d+)?\s*$/u;

/**
 * Parses figures in JSON that are text as people write numbers (`"1,614"`), by the format that all of them share. If all are plain
 * decimals they stay unchanged.
 *
 * @returns each reading with plain decimals, or why it is rejected
 */
export function settledReadings(readings: readonly unknown[]): readonly Result<unknown, RowProblem>[] {
  const written = readings.map(writtenIn);
  if (written.flat().every(({ number }) => PLAIN.test(number.text))) return readings.map((reading) => ok(reading));
  const evidence = evidenceOf(written.flatMap((one) => one.map(({ number }) => number)));
  return readings.map((reading, index) => settled(reading, written[index] ?? [], evidence));
}

function writtenIn(reading: unknown): Written {
  const fields = readingSchema.safeParse(reading);
  if (!fields.success) return [];
  return figureFields.flatMap((field) => {
    const text = fields.data[field];
    const number = typeof text === 'string' ? readNumber(text) : null;
    return number === null ? [] : [{ field, number }];
  });
}

function settled(raw: unknown, written: Written, evidence: Evidence): Result<unknown, RowProblem> {
  const reading = readingSchema.safeParse(raw);
  if (!reading.success || written.length === 0) return ok(raw);
  const { unit } = reading.data;
  const figures = settleFigures(written, { evidence, groups: ',', unit });
  if (!figures.ok) return err(badFigure(figures.error));
  const { values, currency, digits } = figures.value;
  const decimals = Math.min(Math.max(currency?.decimals ?? 0, digits), MOST_DECIMALS);
  // The reading's own fields override these, except for the parsed figures.
  return ok({ ...(decimals > 0 && { decimals }), ...(currency !== null && { unit: currency.code }), ...reading.data, ...values });
}

/** Returns the problem of a figure that `settleFigures` rejects. */
export function badFigure({ field, number, problem }: NotTaken<string>): RowProblem {
  return { kind: 'bad-figure', field, number: number.text, problem };
}
