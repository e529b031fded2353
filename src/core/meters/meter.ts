import { z } from 'zod';
import { plainText } from '../text/plain-text.ts';
import type { Person } from '../text/person.ts';

/** The only account of a deployment without `accounts:`. */
export const DEFAULT_ACCOUNT = 'default';

/** A meter and how it is shown. Its identity is (account, source, key). */
export type Meter = {
  readonly id: string;
  readonly account: string;
  readonly source: string;
  readonly key: string;
  readonly label: string;
  /** The counted unit, in the plural: `credits`, `tokens`. Empty if unknown. */
  readonly unit: string;
  /** Decimals; amounts are integers in units of the last digit. */
  readonly decimals: number;
  readonly aliases: readonly string[];
  /** The person that a critical alert mentions. */
  readonly owner: Person | null;
  /** What happens when it runs out, as a sentence: `Contact enrichment through Apollo may pause.` */
  readonly consequence: string | null;
  /** False for a balance, which is prepaid and never resets. */
  readonly resets: boolean;
};

/** The most decimals of a meter. */
export const MOST_DECIMALS = 6;

/** A name without invisible characters. */
function plain() {
  return z
    .string()
    .overwrite((text) => plainText(text))
    .trim();
}

/** Details that a file, a preset or a reading may give; omitted ones do not change. The owner comes from creditwatch.yml alone. */
export const meterDetailsSchema = z.strictObject({
  label: plain().min(1).max(200).optional(),
  unit: plain().max(60).optional(),
  decimals: z.int().min(0).max(MOST_DECIMALS).optional(),
  aliases: z.array(plain().min(1)).optional(),
  consequence: plain().min(1).max(500).optional(),
});
export type MeterDetails = z.infer<typeof meterDetailsSchema> & { readonly owner?: Person | undefined };

/** `all`, or bare keys (`open_ai`: every meter of that key) and `source/key` (exactly one). */
export const meterSelectorSchema = z.union([z.literal('all'), z.array(z.string().min(1)).min(1)], 'must be all, or a list of meter keys');
export type MeterSelector = z.infer<typeof meterSelectorSchema>;

export function selects(selector: MeterSelector, meter: Pick<Meter, 'source' | 'key'>): boolean {
  return selector === 'all' || selector.some((name) => name === meter.key || name === `${meter.source}/${meter.key}`);
}

// Names that people type contain no control characters, and no slash, which separates `source/key`.
const NAME = /^[^\p{Cc}/]{1,200}$/u;

const NAMED = 'must have 1 to 200 characters, without control characters or a slash';
/** A source id or meter key: 1 to 200 characters, no control or invisible characters and no slash. */
export const nameSchema = z
  .string()
  .trim()
  .regex(NAME, NAMED)
  .refine((text) => plainText(text) === text, 'must have no invisible characters in it');

/** Cleans external text for display: removes control and invisible characters and cuts it to `max` characters, with an ellipsis. */
export function presentable(text: string, max: number): string {
  const clean = plainText(text.replace(/\uFEFF/g, '').replace(/[\s\p{Cc}\p{Cs}]+/gu, ' ')).trim();
  const characters = Array.from(clean);
  return characters.length <= max ? clean : `${characters.slice(0, max - 1).join('')}…`;
}

/** Returns the words of a key or a label in lower case: the same for `clay_credits` and `Clay Credits`. */
export function splitName(name: string): readonly string[] {
  return name
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}
