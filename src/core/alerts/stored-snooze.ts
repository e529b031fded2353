import { z } from 'zod';
import { isAhead } from '../time/clock-skew.ts';
import { storedDate, storedReadingSchema } from '../json-codecs.ts';
import { severitySchema } from '../rules/severity.ts';
import { storedPerson, type Person } from '../text/person.ts';
import type { Snooze } from './snooze.ts';

/** A snooze as stored with its meter. */
export type StoredSnooze = {
  readonly snooze: Snooze;
  /** Who set it and when. */
  readonly by: Person;
  readonly at: Date;
  /** How it was set: by a snooze, or by a request for more credits, which snoozes the alert too. */
  readonly with: SnoozedWith;
  /** Whether the meter's rules have a higher severity, which would still be posted. */
  readonly worseComes: boolean;
  /**
   * `observedAt` of the current reading when it was set: conditions that fired later were held back. Null in data from older versions.
   */
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
  by: storedPerson,
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
 * Corrects a snooze that was set before the clock was set back, so that it keeps its length. The end of a period stays as the vendor
 * gave it, see `isSnoozedFor`.
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
