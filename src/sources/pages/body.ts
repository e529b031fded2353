import { z } from 'zod';
import { nameSchema } from '../../core/meters/meter.ts';
import { DAY_MS } from '../../core/time/local-time.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { PageProblem } from '../../messages/replies/pages.ts';

/** 1 MiB in UTF-8. A body is larger, because JSON escapes line breaks and quotes. */
const MOST_TEXT_BYTES = 1024 * 1024;
export const BODY_LIMIT = 2 * 1024 * 1024;
const LONGEST_URL = 2_000;
/** A page can wait for a connection this long. Clocks may differ by some minutes. */
const OLDEST_MS = DAY_MS;
const AHEAD_MS = 5 * 60_000;

const bodySchema = z.strictObject({
  source: nameSchema,
  text: z.string(),
  url: z
    .string()
    .max(LONGEST_URL)
    .refine((text) => URL.canParse(text) && new URL(text).protocol === 'https:'),
  capturedAt: z.iso.datetime({ offset: true }).transform((text) => new Date(text)),
  /** Whether to say what the page means and store nothing. */
  preview: z.boolean().optional(),
});
export type PageBody = z.infer<typeof bodySchema>;
const fields = bodySchema.keyof();

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Parses the body of `POST /v1/pages`. */
export function parsePageBody(bytes: Buffer, now: Date): Result<PageBody, PageProblem> {
  let json: unknown;
  try {
    json = JSON.parse(utf8.decode(bytes));
  } catch {
    return err({ kind: 'not-json' });
  }
  const parsed = bodySchema.safeParse(json);
  if (!parsed.success) {
    const field = fields.safeParse(parsed.error.issues[0]?.path[0]);
    return err({ kind: 'bad-field', field: field.success ? field.data : null });
  }
  const { text, capturedAt } = parsed.data;
  if (Buffer.byteLength(text) > MOST_TEXT_BYTES) return err({ kind: 'long-text', mostBytes: MOST_TEXT_BYTES });
  if (capturedAt.getTime() > now.getTime() + AHEAD_MS) return err({ kind: 'too-late', now });
  if (capturedAt.getTime() < now.getTime() - OLDEST_MS) return err({ kind: 'too-early', now });
  return ok(parsed.data);
}
