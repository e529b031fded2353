import { formatPace, formatPercent } from '../../core/meters/amount.ts';
import { knownTotalOf } from '../../core/meters/reading.ts';
import type { Forecast } from '../../core/meters/forecast.ts';
import { DAY_MS, localDayOf } from '../../core/time/local-time.ts';
import type { AlertSnapshot } from '../../core/notifications/notification.ts';
import { boundaryDay, boundaryDayOf, dayRangeText } from '../../core/time/days.ts';
import { richText, type RichText } from '../../core/text/rich-text.ts';

/** The parts of an alert that come from the forecast: the end of its title, and sentences below its figures. `lasts`: whether the credits last long enough. */
export type Outlook = { readonly headline: RichText; readonly sentences: readonly RichText[]; readonly lasts: boolean };

const NONE: Outlook = { headline: [], sentences: [], lasts: false };

/** Words whether the remaining credits last. Empty without a forecast, and if they are used up. */
export function outlookOf({ forecast, findings, meter, reading }: AlertSnapshot, timeZone: string): Outlook {
  if (forecast === null || (reading.total !== null && reading.used >= reading.total)) return NONE;
  if (forecast.kind === 'lasts') {
    const share = formatPercent(forecast.usedAtEnd, knownTotalOf(reading));
    return {
      headline: richText` and should last${share === null ? ' until' : `: about ${share} at`} the reset on ${boundaryDayOf(forecast.until, timeZone, reading.observedAt)}`,
      sentences: [],
      lasts: true,
    };
  }
  if (forecast.kind === 'none') return NONE;
  if (isFar(forecast, reading)) return { headline: richText` and should last for more than half a year`, sentences: [], lasts: true };
  // If only the forecast rule fired, the title of the alert already says when the credits run out.
  const isInTitle = findings.at(-1)?.kind === 'forecast';
  return {
    headline: isInTitle ? [] : richText`: runs out ${runOutText(forecast, timeZone)}`,
    sentences: [neededPace(forecast, meter.decimals, timeZone)],
    lasts: false,
  };
}

/** `At this pace it lasts until 1 Dec.` Null without a forecast. */
export function paceSentence({ forecast, reading }: AlertSnapshot, timeZone: string): RichText | null {
  if (forecast === null || forecast.kind === 'none') return null;
  if (forecast.kind === 'lasts')
    return richText`At this pace it lasts until ${boundaryDayOf(forecast.until, timeZone, reading.observedAt)}.`;
  return isFar(forecast, reading)
    ? richText`At this pace it lasts for more than half a year.`
    : richText`At this pace it runs out ${runOutText(forecast, timeZone)}.`;
}

/** Beyond half a year, no day is shown: it would need a year, and a pace does not hold for that long. */
const FAR_DAYS = 183;

function isFar({ likely }: Extract<Forecast, { kind: 'runs-out' }>, { observedAt }: AlertSnapshot['reading']): boolean {
  return likely.getTime() - observedAt.getTime() > FAR_DAYS * DAY_MS;
}

/** `21–24 Nov`. */
export function runOutText({ earliest, latest }: Extract<Forecast, { kind: 'runs-out' }>, timeZone: string): string {
  return dayRangeText(localDayOf(earliest, timeZone), localDayOf(latest, timeZone));
}

function neededPace(
  { earliest, latest, resets, perDay, toLast }: Extract<Forecast, { kind: 'runs-out' }>,
  decimals: number,
  timeZone: string,
): RichText {
  if (resets === null || toLast === null) return richText`You use about ${formatPace(perDay, decimals)} a day.`;
  const days = (at: Date) => Math.max(0, boundaryDay(resets, timeZone) - localDayOf(at, timeZone));
  const [least, most] = [days(latest), days(earliest)];
  const range = least === most ? (most === 1 ? '1 day' : `${String(most)} days`) : `${String(least)}–${String(most)} days`;
  return richText`That is ${range} before the reset (${boundaryDayOf(resets, timeZone)}). Use at most ${formatPace(toLast, decimals)} a day to last; you use about ${formatPace(perDay, decimals)}.`;
}
