import { z } from 'zod';

/** Encode bigint and Date as JSON strings, so that a stored snapshot is read back exactly. */
export const storedBigint = z.codec(z.string().regex(/^-?\d+$/), z.bigint(), {
  decode: (text) => BigInt(text),
  encode: (value) => value.toString(),
});
export const storedDate = z.codec(z.iso.datetime(), z.date(), { decode: (text) => new Date(text), encode: (value) => value.toISOString() });

export const storedPeriodSchema = z.object({ start: storedDate, end: storedDate });

export const storedReadingSchema = z.object({
  used: storedBigint,
  total: storedBigint.nullable(),
  observedAt: storedDate,
  period: storedPeriodSchema.nullable(),
  isTotalUnknown: z.boolean().exactOptional(),
  /** Only the day is known. Older versions did not store this. */
  isCoarse: z.boolean().exactOptional(),
  /** A lower bound. Older versions knew none. */
  isAtLeast: z.boolean().exactOptional(),
});

/** Encodes a reading as JSON for the database. */
export function encodeReading({ period, ...reading }: Readonly<z.output<typeof storedReadingSchema>>): z.input<typeof storedReadingSchema> {
  return z.encode(storedReadingSchema, { ...reading, period: period && { ...period } });
}
