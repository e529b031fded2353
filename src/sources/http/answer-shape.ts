import type { AnswerField, FieldAnswer, Figures, MeterAnswer, Shape } from '../../core/meters/answer.ts';
import { isFigureField } from '../../core/meters/figure-fields.ts';
import type { PollDefinition } from '../../core/meters/poll.ts';
import { readNumber } from '../../core/text/numbers/number.ts';
import { orderOf, type DayOrder } from '../../core/time/parse-date.ts';
import type { Evaluated } from './evaluator.ts';
import { expressionsOfMeter, type Found } from './expressions.ts';
import { polledInstant, type MappedResponse } from './map-response.ts';

/** Describes an answer by meter and expression: what was found, by kind, and whether it could be used. */
export function meterAnswers(
  { meters, cycle, preset }: Pick<PollDefinition, 'meters' | 'cycle' | 'preset'>,
  found: Found,
  { readings, mistakes }: Pick<MappedResponse, 'readings' | 'mistakes'>,
): readonly MeterAnswer[] {
  const order = orderOf([...found.values()].flatMap((one) => (one.found === 'value' && typeof one.value === 'string' ? [one.value] : [])));
  const read = new Map(readings.map((reading) => [reading.meter, reading]));
  return meters.map((meter): MeterAnswer => {
    const reading = read.get(meter.key);
    const fields = expressionsOfMeter(meter).map(([field, expression]): FieldAnswer => {
      const evaluated = found.get(expression) ?? { found: 'nothing' as const };
      const wrong = mistakes.filter((one) => one.meter === meter.key && one.field === field);
      const own = meter.settings?.[field];
      const origin = { setting: own ?? `meters.${meter.key}.${field}`, preset: own === undefined ? (preset ?? null) : null };
      return { field, expression, origin, ...judged(field, evaluated, { wrong, order }) };
    });
    return {
      key: meter.key,
      mapping: JSON.stringify([meter.used, meter.remaining, meter.total, meter.unit, meter.decimals]),
      resets: cycle !== 'none',
      fields,
      figures: reading === undefined ? null : figuresOf(reading),
      period: reading?.period === undefined ? null : { start: new Date(reading.period.start), end: new Date(reading.period.end) },
    };
  });
}

type Judged = Pick<FieldAnswer, 'shape' | 'state'>;

const TYPES = { list: 'list', 'long-text': 'text', object: 'group' } as const;

function judged(
  field: AnswerField,
  evaluated: Evaluated,
  { wrong, order }: { readonly wrong: MappedResponse['mistakes']; readonly order: DayOrder | null },
): Judged {
  const broken = (shape: Shape): Judged => ({ shape, state: 'broken' });
  if (evaluated.found === 'nothing') return broken({ kind: 'nothing' });
  if (evaluated.found === 'error') return broken({ kind: 'failure' });
  if (evaluated.found === 'other')
    return broken({ kind: TYPES[evaluated.type], ...(evaluated.size !== undefined && { size: evaluated.size }) });
  if (wrong.some(({ problem }) => problem.kind === 'negative')) return broken({ kind: 'negative' });
  const { value } = evaluated;
  if (value === null) return { shape: { kind: 'null' }, state: field === 'used' || field === 'remaining' ? 'broken' : 'none' };
  const shape = shapeOf(value);
  if (field === 'unit') return { shape, state: 'fits' };
  if (isFigureField(field)) {
    const isNumber = typeof value === 'number' || (typeof value === 'string' && readNumber(value) !== null);
    return isNumber && wrong.length === 0 ? { shape: { kind: 'number' }, state: 'fits' } : broken(shape);
  }
  // Vendors write 0 or an empty text for "none".
  if (value === 0 || (typeof value === 'string' && value.trim() === '')) return { shape, state: 'none' };
  return polledInstant(value, order).ok ? { shape: { kind: 'time' }, state: 'fits' } : broken(shape);
}

function shapeOf(value: string | number | boolean): Shape {
  if (typeof value === 'string') return { kind: 'text', size: value.length };
  return { kind: typeof value === 'number' ? 'number' : 'yes-no' };
}

function figuresOf({ used, remaining, total }: MappedResponse['readings'][number]): Figures {
  return {
    ...(used !== undefined && used !== null && { used: String(used) }),
    ...(remaining !== undefined && remaining !== null && { remaining: String(remaining) }),
    ...(total !== undefined && { total: total === null ? null : String(total) }),
  };
}
