import jsonata from 'jsonata';
import { z } from 'zod';
import { intervalSchema } from '../core/time/interval.ts';
import { meterDetailsSchema, nameSchema } from '../core/meters/meter.ts';
import { furtherKeys, requestKeys } from '../core/meters/written-request.ts';
import { periodSpecSchema } from '../core/time/period-spec.ts';
import { writtenContactsSchema, writtenMeterSchema } from './people.ts';

const EVERY = { least: '10s', leastMs: 10_000, most: '7d', mostMs: 7 * 24 * 60 * 60_000 };

/** Parsed here, so that a mistake is found before the start. Evaluated in a worker, where it can be stopped. */
const expression = z
  .string()
  .min(1)
  .superRefine((text, context) => {
    try {
      jsonata(text);
    } catch (error) {
      const { message } = z.object({ message: z.string() }).catch({ message: 'it cannot be read' }).parse(error);
      context.addIssue({ code: 'custom', message: `is not a JSONata expression: ${message}` });
    }
  });

/** A larger number has already lost digits. */
const RANGE = `must be from 0 to ${String(Number.MAX_SAFE_INTEGER)}`;
/** A constant for a figure that the vendor does not report. */
const constant = z.number().refine((value) => value >= 0 && value <= Number.MAX_SAFE_INTEGER, RANGE);
const total = z
  .number()
  .refine((value) => value >= 0, 'must not be negative: null means unlimited')
  .refine((value) => value <= Number.MAX_SAFE_INTEGER, RANGE);
const FIGURE = 'must be a JSONata expression such as data.used, or a number';
const figure = z.union([constant, expression], FIGURE);
const times = { periodStart: expression.optional(), periodEnd: expression.optional(), observedAt: expression.optional() };

const polledMeter = writtenMeterSchema.extend({
  unit: z
    .union(
      [meterDetailsSchema.shape.unit.unwrap(), z.strictObject({ from: expression })],
      'must be text, or { from: a JSONata expression }',
    )
    .optional(),
  used: figure.optional(),
  remaining: figure.optional(),
  total: z.union([total, expression], FIGURE).nullable().optional(),
  /** The total of a meter whose vendor tells only what is used: what may be spent in a period. */
  budget: total.optional(),
  /** The total of a meter whose vendor tells only what is left: what was bought last. */
  lastTopUp: total.optional(),
  ...times,
});

const PROTOCOLS = ['http:', 'https:'];

/** The date on which the key of a source expires. */
export const expiresSchema = z.iso.date('must be a date such as 2026-12-31');

/** A source that is polled over HTTP, as it is written in creditwatch.yml. */
export const polledSourceSchema = z.strictObject({
  id: nameSchema,
  kind: z.literal('http'),
  preset: z.string().optional(),
  ...requestKeys(PROTOCOLS),
  ...furtherKeys(PROTOCOLS, expression),
  /** The key of the preset, or of `{{key}}`. */
  key: z.string().trim().min(1).optional(),
  /** The answer has secrets or personal data, so `try` does not show its texts. */
  sensitive: z.boolean().optional(),
  every: intervalSchema(EVERY).optional(),
  /** Requests per minute. */
  rate: z.number().positive().max(600).optional(),
  period: periodSpecSchema.optional(),
  contacts: writtenContactsSchema.optional(),
  expires: expiresSchema.optional(),
  ...times,
  meters: z
    .record(
      nameSchema,
      polledMeter.nullish().transform((meter) => meter ?? {}),
    )
    .nullish()
    .transform((meters) => meters ?? {}),
});
export type PolledSourceFile = z.infer<typeof polledSourceSchema>;
