import { z } from 'zod';

/** Returns the schema of a list that may be missing or empty. */
export function listOf<T extends z.ZodType>(element: T) {
  return z
    .array(element)
    .nullish()
    .transform((elements) => elements ?? []);
}
