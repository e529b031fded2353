import { z } from 'zod';
import { isAhead } from '../time/clock-skew.ts';
import { storedDate, storedReadingSchema } from '../json-codecs.ts';
import { severitySchema } from '../rules/severity.ts';
import type { Snooze } from './snooze.ts';

/** A snooze as it is kept with its meter. */
export type StoredSnooze = {
  readonly snooze: Snooze;
  /** Who set it and when. */
  readonly by: string;
  readonly at: Date;
  /** What they did: made it quiet, or asked the vendor for more, which makes it quiet too. */
  readonly with: SnoozedWith;
  /** Whether the meter's rules know anything worse, which would come through. */
  readonly worseComes: boolean;
  /** Of the latest reading at that time: what came to hold later was held back. Null in what older versions stored. */
  readonly readingAt: Date | null;
};
export const snoozedWith = ['snooze', 'request'] as const;
type SnoozedWith = (typeof snoozedWith)[number];

const snoozeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('until'), severity: severitySchema, at: storedDate }),
  z.object({ kind: z.literal('until-reset'), severity: severitySchema, since: storedReadingSchema }),
  z.object({ kind: z.literal('until-total-changes'), severity: severitySchema, since: storedReadingSchema }),
]);
const snoozedSchema = z.object({
  snooze: snoozeSchema,
  by: z.string(),
  at: storedDate,
  with: z.enum(snoozedWith).default('snooze'),
  worseComes: z.boolean().default(false),
  readingAt: storedDate.nullable().default(null),
});

export function encodeSnooze(snoozed: StoredSnooze): z.input<typeof snoozedSchema> {
  return z.encode(snoozedSchema, snoozed);
}

export function decodeSnooze(stored: unknown): StoredSnooze {
  return snoozedSchema.parse(stored);
}

/**
 * A snooze that was set by a clock which has been set back since: it lasts no longer than it was to last then. The end of a
 * period is left as it is, which the vendor said, see `isQuiet`.
 */
export function putRight(snoozed: StoredSnooze, now: Date): StoredSnooze {
  const { snooze, at: setAt, readingAt } = snoozed;
  if (!isAhead(setAt, now)) return snoozed;
  const right = { ...snoozed, at: now, readingAt: readingAt && earlier(readingAt, now) };
  if (snooze.kind !== 'until') return right;
  const lasts = Math.max(0, snooze.at.getTime() - setAt.getTime());
  return { ...right, snooze: { ...snooze, at: earlier(snooze.at, new Date(now.getTime() + lasts)) } };
}

function earlier(one: Date, other: Date): Date {
  return one < other ? one : other;
}

/** A snooze as a message shows it. */
export type ShownSnooze = Pick<StoredSnooze, 'by' | 'with' | 'worseComes'> & { readonly until: Date | 'reset' | 'total-changes' };

export function shownSnooze({ snooze, by, with: deed, worseComes }: StoredSnooze): ShownSnooze {
  return { by, with: deed, worseComes, until: shownEnd(snooze) };
}

function shownEnd(snooze: Snooze): ShownSnooze['until'] {
  switch (snooze.kind) {
    case 'until':
      return snooze.at;
    case 'until-reset':
      return 'reset';
    case 'until-total-changes':
      return 'total-changes';
  }
}
