import { z } from 'zod';
import { storedDate } from '../json-codecs.ts';
import { answerFields, originSchema, shapeSchema } from './answer.ts';
import { isFigureField } from './figure-fields.ts';

/** When a cause was first seen, and in how many polls. */
const seen = { since: storedDate, polls: z.int() };

/** Why the answers of a source no longer mean what they meant, or bring no figures. */
export const causeSchema = z.discriminatedUnion('kind', [
  /** An expression finds nothing, or nothing that can be used, where it found something before. */
  z.object({
    kind: z.literal('expression'),
    meter: z.string(),
    field: z.enum(answerFields),
    expression: z.string(),
    before: shapeSchema,
    now: shapeSchema,
    origin: originSchema,
    ...seen,
  }),
  /** Total and usage changed by the same power of ten. */
  z.object({ kind: z.literal('rescaled'), meter: z.string(), power: z.int(), origin: originSchema.nullable(), ...seen }),
  /** The figures do not change for far longer than ever before. */
  z.object({ kind: z.literal('frozen'), meter: z.string(), restedMs: z.number(), longestMs: z.number(), ...seen }),
  /** The vendor refuses the key: 401 or 403. */
  z.object({ kind: z.literal('refused'), reason: z.string(), remedy: z.string(), ...seen }),
  /** The answer is no longer JSON. */
  z.object({ kind: z.literal('unreadable'), reason: z.string(), remedy: z.string(), ...seen }),
]);
export type DriftCause = z.infer<typeof causeSchema>;

/** The identity of a cause: it is told once until it ends. */
export function causeKey(cause: DriftCause): string {
  switch (cause.kind) {
    case 'expression':
      return JSON.stringify([cause.kind, cause.meter, cause.field]);
    case 'rescaled':
    case 'frozen':
      return JSON.stringify([cause.kind, cause.meter]);
    default:
      return cause.kind;
  }
}

/** Whether a cause keeps a meter from getting new figures. */
export function withholds(cause: DriftCause, meter: string): boolean {
  switch (cause.kind) {
    case 'expression':
      return cause.meter === meter && isFigureField(cause.field);
    case 'rescaled':
      return cause.meter === meter;
    case 'frozen':
      return false;
    default:
      return true;
  }
}

/** Sources that are polled more rarely are not asked a second time first: the next poll would be too late for the same day. */
const CONFIRMS_UP_TO_MS = 20 * 60_000;

/** Whether operations should know of a cause. A single odd answer is ignored if the next poll is soon; a refused key is told at once. */
export function isWorthTelling({ kind, polls }: DriftCause, everyMs: number): boolean {
  return kind === 'refused' || kind === 'frozen' || polls > 1 || everyMs > CONFIRMS_UP_TO_MS;
}
