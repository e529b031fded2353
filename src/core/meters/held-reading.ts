import { z } from 'zod';
import type { Reading } from './reading.ts';
import { encodeReading, storedDate, storedReadingSchema } from '../json-codecs.ts';

/**
 * Why a reading is held:
 * - `zero`: usage dropped to 0, or nearly to 0, and nothing explains it
 * - `nothing-left`: nearly nothing is left of a balance, suddenly
 * - `no-total`: the total dropped to 0
 * - `odd-total`: the total changed to unlimited, to a tenth or less, to no more than `used`, or to more than a hundred times as much
 * - `old-figure`: the period is new, but the figure is still that of the last one
 * - `earlier-period`: its period began before the current one
 */
const holdReasons = ['zero', 'nothing-left', 'no-total', 'odd-total', 'old-figure', 'earlier-period'] as const;
export type HoldReason = (typeof holdReasons)[number];

/** A reading that waits for confirmation. `seenAt`: when the vendor last reported the same. */
export type HeldReading = { readonly reading: Reading; readonly why: HoldReason; readonly seenAt: Date };

const heldSchema = z.object({ reading: storedReadingSchema, why: z.enum(holdReasons), seenAt: storedDate });

/** Encodes a held reading as JSON for the database. */
export function encodeHeld(held: HeldReading): z.input<typeof heldSchema> {
  return { reading: encodeReading(held.reading), why: held.why, seenAt: z.encode(storedDate, held.seenAt) };
}

/**
 * Decodes a stored held reading.
 *
 * @throws {ZodError} if this version does not know the format
 */
export function decodeHeld(stored: unknown): HeldReading {
  return heldSchema.parse(stored);
}
