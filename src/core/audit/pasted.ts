import { z } from 'zod';
import type { Actor } from './audit.ts';
import { storedDate } from '../json-codecs.ts';

/** Automatic senders of figures: an ingest key, or a poll. */
export const machines = ['push', 'poll'] as const;
export type Machine = (typeof machines)[number];

/** Who pasted or imported the current figures, and when. `over`: what sends the figures of that source automatically. */
export type Pasted = { readonly by: Actor; readonly at: Date; readonly over: Machine | null };

const pastedSchema = z.object({
  platform: z.string(),
  /** Null if no person is known, or if the person is anonymized. */
  by: z.string().nullable(),
  at: storedDate,
  over: z.enum(machines).nullable(),
});

export function encodePasted({ by, at, over }: Pasted): z.input<typeof pastedSchema> {
  return z.encode(pastedSchema, { platform: by.platform, by: by.id, at, over });
}

/**
 * Decodes a stored value.
 *
 * @throws {ZodError} if this version does not know the format
 */
export function decodePasted(stored: unknown): Pasted {
  const { platform, by, at, over } = pastedSchema.parse(stored);
  return { by: { platform, id: by }, at, over };
}

/**
 * Returns what sends the figures of a source automatically; then only admins may paste over them. Null for a source that
 * creditwatch.yml declares as imported or as mail, and for an undeclared source that no key and no poll has sent figures for.
 */
export function machineOf({
  declared,
  kind,
  automatedVia,
}: {
  readonly declared: boolean;
  readonly kind: string;
  readonly automatedVia: Machine | null;
}): Machine | null {
  if (!declared) return automatedVia;
  // Notices do not tell all figures: pasting completes them.
  if (kind === 'import' || kind === 'mail') return null;
  return kind === 'http' ? 'poll' : 'push';
}
