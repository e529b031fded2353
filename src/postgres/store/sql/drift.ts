import { z } from 'zod';
import { answerMemorySchema, type AnswerMemory, type DriftState } from '../../../core/meters/drift.ts';
import { causeSchema, type DriftCause } from '../../../core/meters/drift-cause.ts';
import { toldMessagesSchema, type ToldMessage } from '../../../core/notifications/told-causes.ts';

const causesSchema = z.array(causeSchema);

/** Returns the texts of the two JSON columns; causes are null if there are none. */
export function encodeDrift({ memory, causes }: DriftState): { readonly memory: string; readonly causes: string | null } {
  return {
    memory: JSON.stringify(z.encode(answerMemorySchema, memory)),
    causes: causes.length === 0 ? null : JSON.stringify(z.encode(causesSchema, [...causes])),
  };
}

/** What another version wrote is forgotten: a memory is learned again from the next answer. */
export function decodeAnswerMemory(stored: unknown): AnswerMemory {
  return answerMemorySchema.safeParse(stored).data ?? {};
}

export function decodeCauses(stored: unknown): readonly DriftCause[] {
  return causesSchema.safeParse(stored).data ?? [];
}

export function encodeTold(told: readonly ToldMessage[]): string | null {
  return told.length === 0 ? null : JSON.stringify(z.encode(toldMessagesSchema, [...told]));
}

export function decodeTold(stored: unknown): readonly ToldMessage[] {
  return toldMessagesSchema.safeParse(stored).data ?? [];
}
