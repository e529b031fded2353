import { z } from 'zod';
import { plainText } from '../text/plain-text.ts';
import { userIdSchema } from '../text/user-id.ts';

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

/** What is called something: nothing may be hidden in it. */
function plain() {
  return z
    .string()
    .overwrite((text) => plainText(text))
    .trim();
}

/** What a file, a catalogue or a reading may say about a meter; what is absent is left as it was. */
export const meterDetailsSchema = z.strictObject({
  label: plain().min(1).max(200).optional(),
  unit: plain().max(60).optional(),
  decimals: z.int().min(0).max(MOST_DECIMALS).optional(),
  aliases: z.array(plain().min(1)).optional(),
  owner: userIdSchema.optional(),
  consequence: plain().min(1).max(500).optional(),
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

const NAMED = 'must have 1 to 200 characters, without control characters or a slash';
/** A source id or meter key: 1 to 200 characters, no control or invisible characters and no slash. */
export const nameSchema = z
  .string()
  .trim()
  .regex(NAME, NAMED)
  .refine((text) => plainText(text) === text, 'must have no invisible characters in it');

/** Text from outside made fit to show: control characters and what is invisible out, at most `max` characters, cut with an ellipsis. */
export function presentable(text: string, max: number): string {
  const clean = plainText(text.replace(/\uFEFF/g, '').replace(/[\s\p{Cc}\p{Cs}]+/gu, ' ')).trim();
  const characters = Array.from(clean);
  return characters.length <= max ? clean : `${characters.slice(0, max - 1).join('')}…`;
}

/** The words of a key or a label in small letters: the same of `clay_credits` and `Clay Credits`. */
export function splitName(name: string): readonly string[] {
  return name
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}
