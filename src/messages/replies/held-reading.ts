import type { Meter } from '../../core/meters/meter.ts';
import type { HeldReading } from '../../core/meters/held-reading.ts';
import { asOf } from '../text/as-of.ts';
import { usedOfTotal } from '../text/figures.ts';
import { boundaryDayOf } from '../../core/time/days.ts';
import { richText, type RichText } from '../../core/text/rich-text.ts';

/**
 * The line in a meter's details about a held reading, which does not count yet.
 *
 * @param timeZone the account's zone, in which days are worded
 */
export function heldLine(meter: Pick<Meter, 'decimals' | 'unit'>, { reading, why }: HeldReading, timeZone: string): RichText {
  const figures = richText`${asOf(reading, timeZone)}: ${usedOfTotal(meter, reading)}.`;
  switch (why) {
    case 'zero':
    case 'nothing-left':
    case 'no-total':
    case 'odd-total':
      return richText`Waiting to be confirmed by the next figures: ${figures}`;
    case 'old-figure':
      return richText`The vendor still shows the figure of the last period. ${figures} It counts once it changes, or after a day.`;
    case 'earlier-period':
      return reading.period === null
        ? richText`Waiting to be confirmed by the next figures: ${figures}`
        : richText`The vendor named an earlier period, which began on ${boundaryDayOf(reading.period.start, timeZone)}. Waiting to be confirmed by the next figures: ${figures}`;
  }
}
