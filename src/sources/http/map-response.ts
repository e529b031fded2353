import { TZDate } from '@date-fns/tz';
import { addMonths } from 'date-fns/addMonths';
import { subMonths } from 'date-fns/subMonths';
import type { Cycle, FigureFrom, MeterMapping, PollDefinition } from '../../core/meters/poll.ts';
import { shownDigits, withoutNoise } from '../../core/meters/amount.ts';
import { figureFields, type FigureField } from '../../core/meters/figure-fields.ts';
import { DAY_MS } from '../../core/time/local-time.ts';
import { MOST_DECIMALS } from '../../core/meters/meter.ts';
import { exclusiveEnd, laterPeriod, type Period } from '../../core/time/period.ts';
import { lengthOf } from '../../core/time/period-spec.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { orderOf, parseInstant, type DayOrder, type NotRead, type WrittenInstant } from '../../core/time/parse-date.ts';
import { evidenceOf, type Evidence } from '../../core/text/numbers/evidence.ts';
import type { ExpressionMistake } from '../../messages/text/expression-mistake.ts';
import { settleFigures } from '../../core/text/numbers/figures.ts';
import { readNumber, type WrittenNumber } from '../../core/text/numbers/number.ts';
import { expressionOf, type Found } from './expressions.ts';

type RawFigure = number | string | null;

type RawReading = {
  readonly meter: string;
  readonly used?: RawFigure;
  readonly remaining?: RawFigure;
  readonly total?: RawFigure;
  readonly period?: { readonly start: string; readonly end: string };
  readonly [field: string]: unknown;
};

export type MappedResponse = {
  /** In the form of `POST /v1/usage`, and validated like all others. */
  readonly readings: readonly RawReading[];
  /** Results that cannot be used or are ambiguous. */
  readonly mistakes: readonly ExpressionMistake[];
  /** Missing values that do no harm. */
  readonly notes: readonly ExpressionMistake[];
  /** The keys of optional meters that the answer does not have. */
  readonly absent: readonly string[];
};

/** Notes taken on the way, and the numbers and dates as the answer writes them: one of them can settle how the others are meant. */
type Hearing = {
  readonly mistakes: ExpressionMistake[];
  readonly notes: ExpressionMistake[];
  readonly evidence: Evidence;
  readonly order: DayOrder | null;
};

/** Turns the results of the expressions into readings. An invalid meter does not affect the others. */
export function mapResponse({ meters, cycle }: Pick<PollDefinition, 'meters' | 'cycle'>, found: Found, at: Date): MappedResponse {
  const texts = [...found.values()].flatMap((one) => (one.found === 'value' && typeof one.value === 'string' ? [one.value] : []));
  const hearing: Hearing = {
    mistakes: [],
    notes: [],
    evidence: evidenceOf(texts.flatMap((text) => readNumber(text) ?? [])),
    order: orderOf(texts),
  };
  const { mistakes, notes } = hearing;
  const readings: RawReading[] = [];
  const absent: ExpressionMistake[] = [];
  for (const meter of meters) {
    const reading = readingOf(meter, cycle, found, at, hearing);
    if (reading.ok) readings.push(reading.value);
    else if (meter.optional && isAbsent(meter, found)) absent.push(reading.error);
    else mistakes.push(reading.error);
  }
  // Optional meters may all be missing because the answer has changed.
  const [first] = absent;
  if (readings.length === 0 && mistakes.length === 0 && first !== undefined) return { readings, mistakes: [first], notes, absent: [] };
  return { readings, mistakes, notes, absent: absent.map(({ meter }) => meter) };
}

function isAbsent({ used, remaining, total }: MeterMapping, found: Found): boolean {
  return [used, remaining, total].every((figure) => {
    const text = expressionOf(figure);
    return text === null || found.get(text)?.found === 'nothing';
  });
}

function readingOf(meter: MeterMapping, cycle: Cycle, found: Found, at: Date, hearing: Hearing): Result<RawReading, ExpressionMistake> {
  const figures: Partial<Record<FigureField, number | string | null>> = {};
  const written: { readonly field: FigureField; readonly number: WrittenNumber; readonly from: FigureFrom }[] = [];
  for (const field of figureFields) {
    const from = meter[field];
    if (from === null) continue;
    const value = figureOf(from, found);
    const mistake = (problem: ExpressionMistake['problem']) => err({ meter: meter.key, field, expression: expressionOf(from), problem });
    if (!value.ok) return mistake(value.error);
    if (value.value === null && field !== 'total') return mistake({ kind: 'null' });
    if (value.value === null || typeof value.value !== 'object') figures[field] = value.value;
    else written.push({ field, number: value.value, from });
  }
  const told = meter.unit === null ? undefined : found.get(meter.unit);
  const foundUnit = told?.found === 'value' && told.value !== null ? String(told.value) : null;
  const settled = settleFigures(written, { evidence: hearing.evidence, groups: ',', unit: foundUnit });
  if (!settled.ok) {
    const { field, number, problem } = settled.error;
    const expression = expressionOf(written.find((one) => one.field === field)?.from ?? null);
    return err({ meter: meter.key, field, expression, problem: { kind: 'unclear-number', text: number.text, problem } });
  }
  const { currency, digits } = settled.value;
  Object.assign(figures, settled.value.values);
  const below = figureFields.find((field) => isMistake(figures[field], meter.mistakes));
  if (below !== undefined)
    return err({
      meter: meter.key,
      field: below,
      expression: expressionOf(meter[below]),
      problem: { kind: 'negative', value: figures[below] ?? null },
    });
  // The remaining amount of an unlimited meter has no meaning, and some vendors leave it at 0. With a total it must add up.
  if (figures.used !== undefined && figures.total === null) delete figures.remaining;
  // Credits were bought since the total was stated. The readings then know better.
  const { total, remaining = null } = figures;
  if (figures.used === undefined && isStated(meter) && remaining !== null && Number(remaining) > Number(total ?? remaining)) {
    hearing.notes.push({ meter: meter.key, field: 'total', expression: null, problem: { kind: 'above-stated', remaining } });
    delete figures.total;
  }
  const observed = instantOf('observedAt', meter, found, hearing);
  const observedAt = observed?.at ?? at;
  const period = periodOf(meter, cycle, found, { at: observedAt, hearing });
  const unit = foundUnit ?? currency?.code ?? null;
  // The decimals in creditwatch.yml, or as many as the figures show, so that no digit is lost before evaluation.
  const plain = Object.values(figures).map((value) => (value === null ? 0 : shownDigits(value)));
  const decimals = meter.decimals ?? Math.min(Math.max(currency?.decimals ?? 0, digits, ...plain), MOST_DECIMALS);
  return ok({
    meter: meter.key,
    ...figures,
    ...(unit !== null && { unit }),
    ...(decimals > 0 && { decimals }),
    // A date without a time stays one, because the figure may be from any time of that day.
    observedAt: observed?.dateOnly ? observedAt.toISOString().slice(0, 10) : observedAt.toISOString(),
    ...(period && { period: { start: period.start.toISOString(), end: period.end.toISOString() } }),
  });
}

function isStated({ total }: MeterMapping): boolean {
  return total !== null && 'constant' in total;
}

function isMistake(figure: number | string | null | undefined, mistakes: MeterMapping['mistakes']): boolean {
  if (figure === undefined || figure === null || mistakes === undefined) return false;
  return mistakes === 'minus-one' ? Number(figure) === -1 : String(figure).startsWith('-');
}

/** A JSON number is taken as it is. Text is parsed later, together with the other figures. */
function figureOf(from: FigureFrom, found: Found): Result<number | string | null | WrittenNumber, ExpressionMistake['problem']> {
  if ('constant' in from) return ok(typeof from.constant === 'number' ? withoutNoise(from.constant) : from.constant);
  const evaluated = found.get(from.expression);
  if (evaluated === undefined || evaluated.found === 'nothing') return err({ kind: 'nothing' });
  if (evaluated.found === 'error') return err({ kind: evaluated.runsAway ? 'ran-too-long' : 'failed' });
  if (evaluated.found === 'other') return err({ kind: 'other-type', type: evaluated.type });
  const { value } = evaluated;
  if (value === null) return ok(null);
  if (typeof value === 'number') return ok(withoutNoise(value));
  const number = typeof value === 'string' ? readNumber(value) : null;
  return number === null ? err({ kind: 'not-a-number', value }) : ok(number);
}

/**
 * Returns the period if the answer has both ends or one of them; then its length is one month, or as creditwatch.yml says. A start
 * that lies further back is moved to the current period, because some vendors return the start of the subscription.
 */
function periodOf(
  meter: MeterMapping,
  cycle: Cycle,
  found: Found,
  { at, hearing }: { readonly at: Date; readonly hearing: Hearing },
): Period | null {
  const foundEnd = instantOf('periodEnd', meter, found, hearing)?.at ?? null;
  const start = instantOf('periodStart', meter, found, hearing)?.at ?? null;
  const length = lengthOf(cycle) ?? { months: 1 };
  // An end was requested and is missing, so the vendor has none.
  if (foundEnd === null) {
    if (start === null || start > at || meter.periodEnd !== null || cycle === 'none') return null;
    if ('months' in length)
      return laterPeriod({ start, end: new Date(addMonths(new TZDate(start, 'UTC'), length.months).getTime()) }, at, 'UTC');
    const ms = length.days * DAY_MS;
    const present = start.getTime() + Math.floor((at.getTime() - start.getTime()) / ms) * ms;
    return { start: new Date(present), end: new Date(present + ms) };
  }
  const end = exclusiveEnd(foundEnd);
  const usual = 'months' in length ? subMonths(new TZDate(end, 'UTC'), length.months).getTime() : end.getTime() - length.days * DAY_MS;
  return { start: start ?? new Date(usual), end };
}

function instantOf(
  field: 'periodStart' | 'periodEnd' | 'observedAt',
  meter: MeterMapping,
  found: Found,
  { mistakes, notes, order }: Hearing,
): WrittenInstant | null {
  const expression = meter[field];
  if (expression === null) return null;
  const evaluated = found.get(expression);
  // Vendors use null for "none".
  if (evaluated?.found === 'value' && evaluated.value === null) return null;
  const about = { meter: meter.key, field, expression };
  // Vendors also use an empty text or the start of 1970 for "none".
  if (evaluated?.found !== 'value' || evaluated.value === 0 || (typeof evaluated.value === 'string' && evaluated.value.trim() === '')) {
    notes.push({ ...about, problem: { kind: evaluated?.found === 'value' || evaluated?.found === 'nothing' ? 'nothing' : 'no-time' } });
    return null;
  }
  const instant = polledInstant(evaluated.value, order);
  if (instant.ok) return instant.value;
  mistakes.push({ ...about, problem: { kind: 'unclear-time', value: evaluated.value, problem: instant.error } });
  return null;
}

const LATEST = Date.UTC(2200, 0);

/**
 * Parses a time as vendors write it: seconds or milliseconds since 1970, as a number or digits, or any format of `readInstant`.
 * Times without a zone are UTC.
 *
 * @param order the order of day and month in the same answer, if known
 */
export function polledInstant(raw: string | number | boolean | null, order: DayOrder | null): Result<WrittenInstant, NotRead> {
  if (raw === null || typeof raw === 'boolean') return err({ why: 'no-time' });
  const read = parseInstant(String(raw), order);
  if (!read.ok) return read;
  const at = read.value.at.getTime();
  return at > 0 && at < LATEST ? read : err({ why: 'no-time' });
}
