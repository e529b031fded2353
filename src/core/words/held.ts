import type { Meter } from '../meter.ts';
import type { HeldReading } from '../held-reading.ts';
import { asOf } from './as-of.ts';
import { usedOfTotal } from './figures.ts';
import { boundaryDayOf } from './days.ts';
import { say, type Phrase } from './phrase.ts';

/**
 * What a meter's detail says of figures that came later and do not count yet.
 *
 * @param timeZone the account's, which the day of a period is of
 */
export function heldLine(meter: Pick<Meter, 'decimals' | 'unit'>, { reading, why }: HeldReading, timeZone: string): Phrase {
  const figures = say`${asOf(reading, timeZone)}: ${usedOfTotal(meter, reading)}.`;
  switch (why) {
    case 'zero':
    case 'nothing-left':
    case 'no-total':
    case 'odd-total':
      return say`Waiting to be confirmed by the next figures: ${figures}`;
    case 'old-figure':
      return say`The vendor still shows the figure of the last period, ${figures} It counts once it changes, or after a day.`;
    case 'earlier-period':
      return reading.period === null
        ? say`Waiting to be confirmed by the next figures: ${figures}`
        : say`The vendor named an earlier period, which began on ${boundaryDayOf(reading.period.start, timeZone)}. Waiting to be confirmed by the next figures: ${figures}`;
  }
}
