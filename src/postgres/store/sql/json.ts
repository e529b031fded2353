import { z } from 'zod';
import type { Prisma } from '../../generated/client.ts';

/**
 * Converts a value to JSON input for Prisma. Encode bigint and Date values first.
 *
 * @throws Error if JSON cannot hold the value
 */
export function toJson(value: unknown): Prisma.InputJsonValue {
  return notNull.parse(value);
}

const notNull = z.json().transform((json, context): Prisma.InputJsonValue => {
  if (json !== null) return json;
  context.addIssue({ code: 'custom', message: 'null is written as SQL NULL' });
  return z.NEVER;
});
