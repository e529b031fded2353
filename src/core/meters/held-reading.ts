import { z } from 'zod';
import type { Reading } from './reading.ts';
import { storedDate, storedReadingSchema } from '../json-codecs.ts';

/**
 * Why a reading is held back:
 * - `zero`: usage fell to 0, or nearly to 0, and nothing explains it
 * - `nothing-left`: of a balance nearly nothing is left all of a sudden
 * - `no-total`: the total fell to 0
 * - `odd-total`: the total changed to unlimited, to a tenth or less, to no more than what is used, or to more than a hundred times as much
 * - `old-figure`: a figure of a new period is still that of the old one
 * - `earlier-period`: its period began before the present one
 */
const holdReasons = ['zero', 'nothing-left', 'no-total', 'odd-total', 'old-figure', 'earlier-period'] as const;
export type HoldReason = (typeof holdReasons)[number];

/** A reading that waits to be confirmed. `seenAt` is the latest moment at which the vendor said the same. */
export type HeldReading = { readonly reading: Reading; readonly why: HoldReason; readonly seenAt: Date };

const heldSchema = z.object({ reading: storedReadingSchema, why: z.enum(holdReasons), seenAt: storedDate });

/** A held reading as JSON for the database. */
export function encodeHeld(held: HeldReading): z.input<typeof heldSchema> {
  return z.encode(heldSchema, { ...held, reading: { ...held.reading, period: held.reading.period && { ...held.reading.period } } });
}

/** Reads a stored one back; throws when it is not one this version knows. */
export function decodeHeld(stored: unknown): HeldReading {
  return heldSchema.parse(stored);
}
