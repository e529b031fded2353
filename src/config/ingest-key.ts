import { z } from 'zod';
import { listOf } from './list-schema.ts';

/** A key that fits into `Authorization: Bearer` and cannot be guessed. */
export const ingestKeySchema = z
  .string()
  .trim()
  .regex(/^[\x21-\x7e]{16,}$/, 'must have 16 characters or more: letters, digits and signs of ASCII, without spaces');

/** Two are allowed during a replacement, because senders do not change at the same time. */
export const ingestKeysSchema = listOf(ingestKeySchema).refine(
  (keys) => keys.length <= 2,
  'must have at most two: the new one and the one it replaces',
);
