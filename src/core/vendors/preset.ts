import { z } from 'zod';
import { meterDetailsSchema, nameSchema } from '../meters/meter.ts';
import { periodSpecSchema } from '../time/period-spec.ts';

/** JSONata over the answer. A test evaluates every expression of every preset. */
const expression = z.string().min(1);
const times = { periodStart: expression.optional(), periodEnd: expression.optional(), observedAt: expression.optional() };
const page = z.url({ protocol: /^https$/ });

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

/** `preset.yml` in a vendor's folder: the vendor's usage endpoint, as data. Settings in creditwatch.yml override it. */
export const presetFileSchema = z.strictObject({
  /** `documented`: read in the vendor's own documentation or code. `reported`: read in other people's code that calls the endpoint. */
  confidence: z.enum(['documented', 'reported']),
  /** The page or repository that it was read in, to check it against, and the day of that. For Abmatic AI, a page of this repository. */
  docs: z.string().min(1),
  read: z.iso.date(),
  method: z.enum(['GET', 'POST']).default('GET'),
  /** Null if the operator has an endpoint of their own. */
  url: page.nullable(),
  body: z.string().optional(),
  /** Headers that the endpoint requires, besides the key. */
  headers: z.record(z.string(), z.string()).default({}),
  /** The header of the key, its format, the kind of key, and the page where it is made. Null if no key is needed. */
  key: z.strictObject({ header: z.string(), value: z.string(), kind: z.string(), page: page.optional() }).nullable(),
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
