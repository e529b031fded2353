import { z } from 'zod';
import type { Actor } from './audit.ts';
import { storedDate } from '../json-codecs.ts';

/** What sends figures without a person: an ingest key, or a poll. */
export const machines = ['push', 'poll'] as const;
export type Machine = (typeof machines)[number];

/** Who pasted or imported the figures that count, and when. `over`: what sends the figures of that source otherwise. */
export type Pasted = { readonly by: Actor; readonly at: Date; readonly over: Machine | null };

const pastedSchema = z.object({
  platform: z.string(),
  /** Null: nobody is named, or whoever it was is forgotten. */
  by: z.string().nullable(),
  at: storedDate,
  over: z.enum(machines).nullable(),
});

export function encodePasted({ by, at, over }: Pasted): z.input<typeof pastedSchema> {
  return z.encode(pastedSchema, { platform: by.platform, by: by.id, at, over });
}

/** Reads a stored one back; throws when it is not one that this version knows. */
export function decodePasted(stored: unknown): Pasted {
  const { platform, by, at, over } = pastedSchema.parse(stored);
  return { by: { platform, id: by }, at, over };
}

/**
 * What sends the figures of a source: then people in chat do not paste over them, unless they are admins. Null for a source that
 * creditwatch.yml declares as imported, and for one that it does not declare and that no key and no poll has fed.
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
  if (kind === 'import') return null;
  return kind === 'http' ? 'poll' : 'push';
}
