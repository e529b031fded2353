import { z } from 'zod';

const DIRECTORY_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Replaces a person who is anonymized. */
export const SOMEBODY = 'somebody';

/** A platform's id of a person. Directory ids are case-insensitive and stored in lower case, as Teams sends them. */
export const userIdSchema = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .transform((id) => (DIRECTORY_ID.test(id) ? id.toLowerCase() : id));
