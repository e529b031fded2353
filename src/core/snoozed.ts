import { z } from 'zod';
import { storedDate, storedReadingSchema } from './stored.ts';
import { severitySchema } from './severity.ts';
import type { Snooze } from './snooze.ts';

/** A snooze with who set it and when, as it is kept with its meter. */
export type Snoozed = { readonly snooze: Snooze; readonly by: string; readonly at: Date };

const snoozeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('until'), severity: severitySchema, at: storedDate }),
  z.object({ kind: z.literal('until-reset'), severity: severitySchema, since: storedReadingSchema }),
  z.object({ kind: z.literal('until-total-changes'), severity: severitySchema, since: storedReadingSchema }),
]);
const snoozedSchema = z.object({ snooze: snoozeSchema, by: z.string(), at: storedDate });

export function encodeSnoozed(snoozed: Snoozed): z.input<typeof snoozedSchema> {
  return z.encode(snoozedSchema, snoozed);
}

export function decodeSnoozed(stored: unknown): Snoozed {
  return snoozedSchema.parse(stored);
}

/** A snooze as a message shows it. */
export function shownSnooze({ snooze, by }: Snoozed): { readonly by: string; readonly until: Date | 'reset' | 'total-changes' } {
  switch (snooze.kind) {
    case 'until':
      return { by, until: snooze.at };
    case 'until-reset':
      return { by, until: 'reset' };
    case 'until-total-changes':
      return { by, until: 'total-changes' };
  }
}
