import { TZDate } from '@date-fns/tz';
import { addMonths } from 'date-fns/addMonths';
import { subMonths } from 'date-fns/subMonths';
import type { Cycle, FigureFrom, MeterMapping, PollDefinition } from '../../core/poll.ts';
import { laterPeriod, MONTHS, type Period } from '../../core/period.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { Evaluated } from './evaluator.ts';

/** What the expressions found, by their text. */
export type Found = ReadonlyMap<string, Evaluated>;

type RawReading = { readonly meter: string; readonly [field: string]: unknown };

export type Understood = {
  /** As `POST /v1/usage` takes them; checked there like all others. */
  readonly readings: readonly RawReading[];
  /** Meters whose expressions found nothing of use, each in words that name the expression. */
  readonly mistakes: readonly string[];
  /** What is missing and does no harm. */
  readonly notes: readonly string[];
};

/** Every expression of a source, each once. */
export function expressionsOf({ meters }: Pick<PollDefinition, 'meters'>): readonly string[] {
  const all = meters.flatMap(({ used, remaining, total, unit, periodStart, periodEnd, observedAt }) => [
    ...[used, remaining, total].map(textOf),
    unit,
    periodStart,
    periodEnd,
    observedAt,
  ]);
  return [...new Set(all.filter((text) => text !== null))];
}

function textOf(figure: FigureFrom | null): string | null {
  return figure && 'expression' in figure ? figure.expression : null;
}

/** Turns what the expressions found into readings. One meter that cannot be understood does not sink the others. */
export function understand({ meters, cycle }: Pick<PollDefinition, 'meters' | 'cycle'>, found: Found, at: Date): Understood {
  const readings: RawReading[] = [];
  const mistakes: string[] = [];
  const notes: string[] = [];
  const absent: string[] = [];
  for (const meter of meters) {
    const reading = readingOf(meter, cycle, found, at, notes);
    if (reading.ok) readings.push(reading.value);
    else if (meter.optional && isAbsent(meter, found)) absent.push(reading.error);
    else mistakes.push(reading.error);
  }
  // Meters that not every plan has may all be missing only because the answer has changed.
  const [first] = absent;
  if (readings.length === 0 && mistakes.length === 0 && first !== undefined) return { readings, mistakes: [first], notes };
  return { readings, mistakes, notes };
}

function isAbsent({ used, remaining, total }: MeterMapping, found: Found): boolean {
  return [used, remaining, total].every((figure) => {
    const text = textOf(figure);
    return text === null || found.get(text)?.found === 'nothing';
  });
}

function readingOf(meter: MeterMapping, cycle: Cycle, found: Found, at: Date, notes: string[]): Result<RawReading, string> {
  const figures: Record<string, number | string | null> = {};
  for (const field of ['used', 'remaining', 'total'] as const) {
    const from = meter[field];
    if (from === null) continue;
    const value = figureOf(from, found);
    if (!value.ok) return err(`${field} of ${meter.key}: ${value.error}`);
    if (value.value === null && field !== 'total') return err(`${field} of ${meter.key}: ${named(from)} is null`);
    figures[field] = value.value;
  }
  // What is left of an unlimited amount says nothing, and some vendors leave it null or 0.
  if (figures['used'] !== undefined) delete figures['remaining'];
  const observedAt = instantOf('observedAt', meter, found, notes);
  const period = periodOf(meter, cycle, found, { at: observedAt ?? at, notes });
  const unit = meter.unit === null ? undefined : found.get(meter.unit);
  return ok({
    meter: meter.key,
    ...figures,
    ...(unit?.found === 'value' && unit.value !== null && { unit: String(unit.value) }),
    observedAt: (observedAt ?? at).toISOString(),
    ...(period && { period: { start: period.start.toISOString(), end: period.end.toISOString() } }),
  });
}

function named(from: FigureFrom): string {
  return 'expression' in from ? `the expression ${from.expression}` : 'the constant';
}

function figureOf(from: FigureFrom, found: Found): Result<number | string | null, string> {
  if ('constant' in from) return ok(from.constant);
  const evaluated = found.get(from.expression);
  if (evaluated === undefined || evaluated.found === 'nothing') return err(`${named(from)} found nothing`);
  if (evaluated.found === 'error')
    return err(evaluated.runsAway ? `${named(from)} ran for too long` : `${named(from)} does not fit the answer`);
  if (evaluated.found === 'other') return err(`${named(from)} found ${evaluated.type}, not a number`);
  const { value } = evaluated;
  if (value === null || typeof value === 'number') return ok(value);
  if (typeof value === 'string' && /^-?\d[\d_,]*(\.\d+)?$/.test(value.trim())) return ok(value.trim().replace(/[_,]/g, ''));
  return err(`${named(from)} found ${typeof value === 'string' ? 'text' : 'true or false'}, not a number`);
}

/**
 * The period when the vendor tells it, or only one of its ends: then it is a month (or what the file says) long. What began
 * longer ago has gone on since: some vendors tell when a subscription began, and not its present period.
 */
function periodOf(
  meter: MeterMapping,
  cycle: Cycle,
  found: Found,
  { at, notes }: { readonly at: Date; readonly notes: string[] },
): Period | null {
  const toldEnd = instantOf('periodEnd', meter, found, notes);
  const start = instantOf('periodStart', meter, found, notes);
  const months = cycle === 'none' ? MONTHS.month : MONTHS[cycle];
  // Where an end is asked for and is not there, the vendor knows of none.
  if (toldEnd === null) {
    if (start === null || start > at || meter.periodEnd !== null || cycle === 'none') return null;
    return laterPeriod({ start, end: new Date(addMonths(new TZDate(start, 'UTC'), months).getTime()) }, at, 'UTC');
  }
  const end = afterLastSecond(toldEnd);
  return { start: start ?? new Date(subMonths(new TZDate(end, 'UTC'), months).getTime()), end };
}

/** Some vendors give the last second of a period (`23:59:59`) as its end; ours is the moment after it. */
function afterLastSecond(end: Date): Date {
  const nextHour = Math.ceil((end.getTime() + 1) / 3_600_000) * 3_600_000;
  return nextHour - end.getTime() <= 1_000 ? new Date(nextHour) : end;
}

function instantOf(field: 'periodStart' | 'periodEnd' | 'observedAt', meter: MeterMapping, found: Found, notes: string[]): Date | null {
  const expression = meter[field];
  if (expression === null) return null;
  const evaluated = found.get(expression);
  // Null is a vendor's way to say that there is none.
  if (evaluated?.found === 'value' && evaluated.value === null) return null;
  const instant = evaluated?.found === 'value' ? parseInstant(evaluated.value) : null;
  if (instant === null)
    notes.push(`${field} of ${meter.key}: the expression ${expression} found ${evaluated?.found === 'nothing' ? 'nothing' : 'no time'}`);
  return instant;
}

/** Below this a number counts seconds since 1970, above it milliseconds: as milliseconds it would be in 1973, as seconds in 5138. */
const FIRST_MILLISECONDS = 100_000_000_000;
const ISO = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)\s*(Z|[+-]\d{2}:?\d{2})?)?$/i;
const LATEST = Date.UTC(2200, 0);

/** Seconds or milliseconds since 1970, as number or digits; ISO dates and times. Without a zone it is UTC. */
export function parseInstant(raw: string | number | boolean | null): Date | null {
  if (raw === null || typeof raw === 'boolean') return null;
  const text = String(raw).trim();
  if (/^\d{9,14}(\.\d+)?$/.test(text)) {
    const count = Number(text);
    return sane(new Date(Math.round(count < FIRST_MILLISECONDS ? count * 1_000 : count)));
  }
  const [, date, time = '00:00:00', zone = 'Z'] = ISO.exec(text) ?? [];
  return date === undefined ? null : sane(new Date(`${date}T${time}${zone.toUpperCase()}`));
}

function sane(at: Date): Date | null {
  return Number.isFinite(at.getTime()) && at.getTime() > 0 && at.getTime() < LATEST ? at : null;
}
