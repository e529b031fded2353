import { z } from 'zod';
import type { Prisma } from '../../generated/client.ts';

/** A value as Prisma stores JSON. Throws on what JSON cannot hold (bigint, Date): those are encoded before. */
export function toJson(value: unknown): Prisma.InputJsonValue {
  return notNull.parse(value);
}

const notNull = z.json().transform((json, context): Prisma.InputJsonValue => {
  if (json !== null) return json;
  context.addIssue({ code: 'custom', message: 'null is written as SQL NULL' });
  return z.NEVER;
});
