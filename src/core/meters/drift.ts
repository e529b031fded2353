import { z } from 'zod';
import { storedPeriodSchema } from '../json-codecs.ts';
import { DAY_MS } from '../time/local-time.ts';
import { laterPeriod, type Period } from '../time/period.ts';
import { answerFields, shapeSchema, type Answer, type FieldAnswer, type Figures, type MeterAnswer } from './answer.ts';
import { causeKey, isWorthTelling, type DriftCause } from './drift-cause.ts';
import { isFrozen, restAfter, restSchema } from './rest.ts';
import { isOldSize, powerOfChange } from './rescaled.ts';

/** What is known of a meter from earlier answers. */
const meterMemorySchema = z.object({
  /** What each expression last found that could be used. */
  fields: z.partialRecord(z.enum(answerFields), z.object({ expression: z.string(), shape: shapeSchema })),
  mapping: z.string(),
  figures: z.object({
    used: z.string().exactOptional(),
    remaining: z.string().exactOptional(),
    total: z.string().nullable().exactOptional(),
  }),
  rest: restSchema,
  period: storedPeriodSchema.nullable(),
});
type MeterMemory = z.infer<typeof meterMemorySchema>;

/** What a source answered before, by meter. Only meters that had a reading are in it. */
export const answerMemorySchema = z.record(z.string(), meterMemorySchema);
export type AnswerMemory = z.infer<typeof answerMemorySchema>;

/** The memory of a source, and its current causes. */
export type DriftState = { readonly memory: AnswerMemory; readonly causes: readonly DriftCause[] };

export type Drift = DriftState & {
  /** Whether operations have to be told of a new cause, or of one that ended. */
  readonly isNews: boolean;
  /** Meters whose figures must not count. */
  readonly withheld: ReadonlySet<string>;
  /** The periods of meters whose expressions for it no longer fit: without one, a reset would be unknown and alerts invented. */
  readonly periods: ReadonlyMap<string, Period>;
};

/**
 * Compares an answer with the earlier ones of the same source (docs/decisions/0033-drift.md). What was never found is not missed:
 * a changed expression, a renamed meter and a meter that the plan does not have are new, and nothing is known of them.
 *
 * @param everyMs the poll interval
 */
export function followAnswer(before: DriftState, answer: Answer, { at, everyMs }: When): Drift {
  const known = new Map(before.causes.map((cause) => [causeKey(cause), cause]));
  const seen = (cause: DriftCause): DriftCause => {
    const earlier = known.get(causeKey(cause));
    return earlier === undefined ? cause : { ...cause, since: earlier.since, polls: earlier.polls + 1 };
  };
  const { memory, causes, periods } = compared(before, answer, { at, everyMs });
  const after = causes.map((cause) => (before.causes.includes(cause) ? cause : seen(cause)));
  const told = (all: readonly DriftCause[]) =>
    JSON.stringify(
      all
        .filter((cause) => isWorthTelling(cause, everyMs))
        .map(causeKey)
        .toSorted(),
    );
  return {
    memory,
    causes: after,
    isNews: told(before.causes) !== told(after),
    withheld: new Set(after.flatMap((cause) => (cause.kind === 'rescaled' ? [cause.meter] : []))),
    periods,
  };
}

type When = { readonly at: Date; readonly everyMs: number };
type Compared = DriftState & Pick<Drift, 'periods'>;

/** Causes that are still the same objects were not seen in this answer, and have not ended either. */
function compared({ memory, causes }: DriftState, answer: Answer, when: When): Compared {
  const { at } = when;
  const isKnown = Object.keys(memory).length > 0;
  switch (answer.kind) {
    case 'unknown':
      return { memory, causes, periods: NO_PERIODS };
    case 'reached':
      return { memory, causes: [], periods: NO_PERIODS };
    case 'refused':
      return { memory, causes: [...without(causes, 'refused'), { kind: 'refused', ...answer.problem, ...first(at) }], periods: NO_PERIODS };
    case 'unreadable': {
      // A sign-in page does not show that the key works again.
      const isMissed = isKnown && !causes.some(({ kind }) => kind === 'refused');
      const others = without(causes, 'unreadable');
      return {
        memory,
        causes: isMissed ? [...others, { kind: 'unreadable', ...answer.problem, ...first(at) }] : others,
        periods: NO_PERIODS,
      };
    }
    case 'evaluated': {
      const meters = answer.meters.map((meter) => ({ key: meter.key, ...comparedMeter(memory[meter.key] ?? null, causes, meter, when) }));
      const hasFigures = answer.meters.some(({ figures }) => figures !== null);
      return {
        memory: Object.fromEntries(meters.flatMap(({ key, memory: known }) => (known ? [[key, known]] : []))),
        causes: [...(hasFigures ? [] : causes.filter(({ kind }) => kind === 'refused')), ...meters.flatMap((one) => one.causes)],
        periods: new Map(meters.flatMap(({ key, period }) => (period ? [[key, period]] : []))),
      };
    }
  }
}

const NO_PERIODS: ReadonlyMap<string, Period> = new Map();

function first(at: Date): Pick<DriftCause, 'since' | 'polls'> {
  return { since: at, polls: 1 };
}

function without(causes: readonly DriftCause[], kind: DriftCause['kind']): readonly DriftCause[] {
  return causes.filter((cause) => cause.kind !== kind);
}

type ComparedMeter = { readonly memory: MeterMemory | null; readonly causes: readonly DriftCause[]; readonly period: Period | null };

function comparedMeter(
  before: MeterMemory | null,
  causes: readonly DriftCause[],
  meter: MeterAnswer,
  { at, everyMs }: When,
): ComparedMeter {
  const mine = causes.filter((cause) => 'meter' in cause && cause.meter === meter.key);
  const broken = meter.fields.flatMap((field) => brokenField(before, mine, meter.key, field, at) ?? []);
  const lacksPeriod = meter.period === null && broken.some(({ field }) => field === 'periodStart' || field === 'periodEnd');
  const period = lacksPeriod && before?.period ? laterPeriod(before.period, at, 'UTC') : null;
  const fields = { ...before?.fields, ...Object.fromEntries(meter.fields.flatMap((one) => found(one))) };
  const { figures, mapping } = meter;
  // Without figures, neither a change of the unit nor a rest can have ended.
  if (figures === null) {
    const others = mine.filter(({ kind }) => kind !== 'expression');
    return { memory: before && { ...before, fields }, causes: [...broken, ...others], period };
  }
  const same = before?.mapping === mapping ? before : null;
  const rescaled = same && rescaledBy(same, mine, meter, at);
  if (rescaled) return { memory: { ...same, fields }, causes: [...broken, rescaled], period };
  const rest = restAfter(same, figures, { at, everyMs });
  const memory = { fields, mapping, figures: written(figures), rest, period: lastingPeriod(meter.period, before?.period ?? null, at) };
  const frozen: DriftCause[] = isFrozen(rest, figures, meter.resets)
    ? [
        {
          kind: 'frozen',
          meter: meter.key,
          restedMs: rest.restedMs,
          longestMs: rest.longestMs,
          since: new Date(at.getTime() - rest.restedMs),
          polls: 1,
        },
      ]
    : [];
  return { memory, causes: [...broken, ...frozen], period };
}

type ExpressionCause = Extract<DriftCause, { kind: 'expression' }>;

function brokenField(
  before: MeterMemory | null,
  mine: readonly DriftCause[],
  meter: string,
  { field, expression, shape: now, state, origin }: FieldAnswer,
  at: Date,
): ExpressionCause | null {
  if (state !== 'broken') return null;
  const known = before?.fields[field];
  if (known?.expression === expression)
    return { kind: 'expression', meter, field, expression, before: known.shape, now, origin, ...first(at) };
  // Nothing is known of a changed expression. If it does not fit either, what was told has not ended.
  return mine.find((cause): cause is ExpressionCause => cause.kind === 'expression' && cause.field === field) ?? null;
}

function found({ field, expression, shape, state }: FieldAnswer): readonly (readonly [string, MeterMemory['fields']['used']])[] {
  return state === 'fits' ? [[field, { expression, shape }]] : [];
}

function rescaledBy(before: MeterMemory, mine: readonly DriftCause[], { key, figures, fields }: MeterAnswer, at: Date): DriftCause | null {
  if (figures === null) return null;
  const earlier = mine.find((cause) => cause.kind === 'rescaled');
  // Until the total has its old size, whatever else it is by then.
  const power = earlier && !isOldSize(before.figures, figures) ? earlier.power : powerOfChange(before.figures, figures);
  if (power === null) return null;
  const origin = fields.find(({ field }) => field === 'total')?.origin ?? null;
  return { kind: 'rescaled', meter: key, power, origin, ...first(at) };
}

/** The last day of a period may also be the end of a window that moves with each call, so the period is kept that was known before. */
function lastingPeriod(stated: Period | null, before: Period | null, at: Date): MeterMemory['period'] {
  if (stated === null) return before;
  return stated.end.getTime() - at.getTime() > DAY_MS ? stated : before;
}

function written({ used, remaining, total }: Figures): MeterMemory['figures'] {
  return {
    ...(used !== undefined && { used }),
    ...(remaining !== undefined && { remaining }),
    ...(total !== undefined && { total }),
  };
}
