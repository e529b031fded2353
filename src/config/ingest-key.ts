import { z } from 'zod';

/** A key that fits into `Authorization: Bearer` and cannot be guessed. */
export const ingestKeySchema = z
  .string()
  .trim()
  .regex(/^[\x21-\x7e]{16,}$/, 'must have 16 characters or more: letters, digits and signs of ASCII, without spaces');
