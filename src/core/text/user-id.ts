import { z } from 'zod';

const DIRECTORY_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Stands for whoever did something where nobody is to know any more who that was. */
export const SOMEBODY = 'somebody';

/** What a platform calls a person. The directory's ids mean the same in capitals, and are kept as Teams sends them: small. */
export const userIdSchema = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .transform((id) => (DIRECTORY_ID.test(id) ? id.toLowerCase() : id));
