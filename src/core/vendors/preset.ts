import { z } from 'zod';
import { meterDetailsSchema, nameSchema } from '../meters/meter.ts';
import { furtherKeys, requestKeys, requestNameSchema } from '../meters/written-request.ts';
import { periodSpecSchema } from '../time/period-spec.ts';

/** JSONata over the answer. A test evaluates every expression of every preset. */
const expression = z.string().min(1);
const times = { periodStart: expression.optional(), periodEnd: expression.optional(), observedAt: expression.optional() };
const page = z.url({ protocol: /^https$/ });

const HTTPS = ['https:'];
/** `is`: what it is and where to find it; continues "needs …". `usual`: taken if the operator says nothing. */
const valueSchema = z.strictObject({ is: z.string(), example: z.string(), usual: z.string().optional() });

/** Maps a vendor's response to a meter, in JSONata; a number or null is a constant. */
const presetMeterSchema = meterDetailsSchema.extend({
  unit: z.union([z.string(), z.strictObject({ from: expression })]).optional(),
  used: z.union([expression, z.number()]).optional(),
  remaining: z.union([expression, z.number()]).optional(),
  total: z.union([expression, z.number()]).nullable().optional(),
  ...times,
  /** Not every plan has it. */
  optional: z.boolean().optional(),
  /** The vendor reports debts: only -1 is a mistake. Without it, every negative figure is, because some vendors answer one to a bad key. */
  negative: z.boolean().optional(),
});

const KEY_VARIABLE = /\$\{(\w+)\}/;

/** `preset.yml` in a vendor's folder: the vendor's usage endpoint, as data. Settings in creditwatch.yml override it. */
export const presetFileSchema = z.strictObject({
  /** `documented`: read in the vendor's own documentation or code. `reported`: read in other people's code that calls the endpoint. */
  confidence: z.enum(['documented', 'reported']),
  /** The page or repository that it was read in, to check it against, and the day of that. For Abmatic AI, a page of this repository. */
  docs: z.string().min(1),
  read: z.iso.date(),
  ...requestKeys(HTTPS),
  ...furtherKeys(HTTPS, expression),
  /** Null if the operator has an endpoint of their own. */
  url: requestKeys(HTTPS).url.unwrap().nullable(),
  /** What the operator must say about their account. `{{name}}` stands for it. */
  values: z.record(requestNameSchema, valueSchema).default({}),
  /**
   * The key: its kind, the page where it is made, and the usual variable for it. With `header`, it is sent there as `value` says; without
   * it, `{{key}}` stands where it goes. Null if no key is needed.
   */
  key: z
    .strictObject({ header: z.string().optional(), value: z.string().regex(KEY_VARIABLE), kind: z.string(), page: page.optional() })
    .nullable(),
  /** Each request costs credits, so it is polled once a day. */
  costs: z.boolean().default(false),
  /** The answer has secrets or personal data beside the figures. */
  sensitive: z.boolean().default(false),
  /** The page where more is bought. */
  buy: page.optional(),
  /** The vendor's limit of requests per minute; null if there is none to respect. */
  ratePerMinute: z.number().positive().nullable().default(null),
  /** How its periods recur, if the answer does not say. `every: none`: prepaid, never resets. */
  period: periodSpecSchema.optional(),
  ...times,
  meters: z.record(nameSchema, presetMeterSchema),
});

export type PresetMeter = z.infer<typeof presetMeterSchema>;

/** A vendor's usage endpoint, with the names of the vendor. */
export type Preset = z.infer<typeof presetFileSchema> & { readonly name: string; readonly label: string };

/** Returns the name of the usual variable for the key of a preset; null if it needs no key. */
export function usualKeyVariable({ key }: Pick<Preset, 'key'>): string | null {
  return KEY_VARIABLE.exec(key?.value ?? '')?.[1] ?? null;
}
