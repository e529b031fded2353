import { z } from 'zod';
import { MOST_MAIL_BYTES } from './read-mail.ts';

/** JSON escapes line breaks and quotes, and base64 is a third longer. */
export const BODY_LIMIT = 2 * MOST_MAIL_BYTES;

/** The fields in which mail services send the whole mail, with our own first. */
const FIELDS = ['raw', 'email', 'body-mime', 'RawEmail'] as const;
const bodySchema = z.looseObject(Object.fromEntries(FIELDS.map((field) => [field, z.string().optional()])));
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Finds the mail in a JSON body; null if it has none. */
export function rawMailIn(bytes: Buffer): Buffer | null {
  let json: unknown;
  try {
    json = JSON.parse(utf8.decode(bytes));
  } catch {
    return null;
  }
  const body = bodySchema.safeParse(json).data;
  const found = FIELDS.flatMap((field) => {
    const text = body?.[field];
    return typeof text === 'string' && text !== '' ? [text] : [];
  });
  const [only] = found;
  return only === undefined || found.length > 1 ? null : Buffer.from(only, 'utf8');
}
