import { z } from 'zod';
import { userIdSchema } from './user-id.ts';

/** The account that needs no naming: the only one of a deployment without `accounts:`. */
export const DEFAULT_ACCOUNT = 'default';

/** What a meter is called and means to people. Identity is (account, source, key). */
export type Meter = {
  readonly id: string;
  readonly account: string;
  readonly source: string;
  readonly key: string;
  readonly label: string;
  /** What is counted, in the plural: `credits`, `tokens`. Empty when nobody said. */
  readonly unit: string;
  /** Digits after the point; amounts are integers of the last one. */
  readonly decimals: number;
  readonly aliases: readonly string[];
  /** Whom a critical alert mentions: a platform user id. */
  readonly owner: string | null;
  /** What happens when it runs out, as a sentence: `Contact enrichment through Apollo may pause.` */
  readonly consequence: string | null;
  /** False for a balance: prepaid, what is left of it never resets. */
  readonly resets: boolean;
};

/** Digits after the point that a meter may keep. */
export const MOST_DECIMALS = 6;

/** What a file, a catalogue or a reading may say about a meter; what is absent is left as it was. */
export const meterDetailsSchema = z.strictObject({
  label: z.string().trim().min(1).max(200).optional(),
  unit: z.string().trim().max(60).optional(),
  decimals: z.int().min(0).max(MOST_DECIMALS).optional(),
  aliases: z.array(z.string().min(1)).optional(),
  owner: userIdSchema.optional(),
  consequence: z.string().trim().min(1).max(500).optional(),
});
export type MeterDetails = z.infer<typeof meterDetailsSchema>;

/** `all`, or bare keys (`open_ai`: every meter of that key) and `source/key` (exactly one). */
export const meterSelectorSchema = z.union([z.literal('all'), z.array(z.string().min(1)).min(1)], 'must be all, or a list of meter keys');
export type MeterSelector = z.infer<typeof meterSelectorSchema>;

export function selects(selector: MeterSelector, meter: Pick<Meter, 'source' | 'key'>): boolean {
  return selector === 'all' || selector.some((name) => name === meter.key || name === `${meter.source}/${meter.key}`);
}

// Control characters and the slash of `source/key` have no place in a name that people type.
const NAME = /^[^\p{Cc}/]{1,200}$/u;

/** A source id or meter key: 1 to 200 characters, no control characters and no slash. */
export const nameSchema = z.string().trim().regex(NAME, 'must have 1 to 200 characters, without control characters or a slash');

/** Text from outside made fit to show: control characters out, at most `max` characters, cut with an ellipsis. */
export function presentable(text: string, max: number): string {
  const clean = text.replace(/[\s\p{Cc}\p{Cs}]+/gu, ' ').trim();
  const characters = Array.from(clean);
  return characters.length <= max ? clean : `${characters.slice(0, max - 1).join('')}…`;
}
