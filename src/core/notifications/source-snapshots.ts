import { z } from 'zod';
import { keyExpirySchema } from '../meters/key-expiry.ts';
import { toldCauseSchema } from './told-causes.ts';

/** Problems of a source's answers, or of its key. */
export const sourceProblemSnapshot = z.object({
  kind: z.literal('source-problem'),
  source: z.string(),
  /** All that the message told, and what of it has ended. */
  causes: z.array(toldCauseSchema),
});
export type SourceProblemSnapshot = z.infer<typeof sourceProblemSnapshot>;

/** A key that expires soon, or has expired. */
export const keyExpirySnapshot = z.object({
  kind: z.literal('key-expiry'),
  source: z.string(),
  /** `http`: the key is in this installation; otherwise a sender has it. */
  sourceKind: z.string(),
  expiry: keyExpirySchema,
  /** Days until the date, when the warning was due or could be sent; negative after it. */
  daysLeft: z.int(),
});
export type KeyExpirySnapshot = z.infer<typeof keyExpirySnapshot>;
